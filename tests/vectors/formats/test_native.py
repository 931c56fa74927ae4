import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from wordsight.errors import DataError, WriteError
from wordsight.vectors.formats._model_card import model_card
from wordsight.vectors.word_vectors import WordVectors

words = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=8)
spaces = st.lists(words, min_size=1, max_size=6, unique=True).flatmap(
    lambda words: st.integers(1, 5).flatmap(
        lambda dim: st.builds(
            WordVectors,
            st.just(words),
            hnp.arrays(
                np.float32, (len(words), dim), elements=st.floats(width=32, allow_nan=False, allow_infinity=False)
            ),
        )
    )
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spaces, st.booleans())
def test_round_trip(tmp_path: Path, vectors: WordVectors, mmap: bool) -> None:
    vectors.save(tmp_path / "v")
    again = WordVectors.load(tmp_path / "v", mmap=mmap)
    assert again.words == vectors.words
    np.testing.assert_array_equal(again.matrix.view(np.int32), vectors.matrix.view(np.int32))  # also the sign of -0


@pytest.fixture
def vectors() -> WordVectors:
    return WordVectors(["en:cat", "de:Katze", "en:ice cream"], np.random.default_rng(0).standard_normal((3, 4)))


def test_the_files_of_a_directory(tmp_path: Path, vectors: WordVectors) -> None:
    vectors.save(tmp_path / "v", {"model": "pixie", "hyperparameters": {"dim": np.int64(4)}, "kind": "wrong"})
    config = json.loads((tmp_path / "v/config.json").read_text())
    assert config == {
        "model": "pixie", "hyperparameters": {"dim": 4}, "kind": "vectors", "format_version": 1, "n_words": 3, "dim": 4,
        "files": ["README.md", "config.json", "vectors.safetensors", "vocab.txt"],
    }  # fmt: skip
    assert (tmp_path / "v/vocab.txt").read_text() == "en:cat\nde:Katze\nen:ice cream\n"
    assert {path.name for path in tmp_path.iterdir()} == {"v"}
    assert {path.name for path in (tmp_path / "v").iterdir()} == {
        "vectors.safetensors", "vocab.txt", "config.json", "README.md"
    }  # fmt: skip


def test_a_directory_is_replaced_even_by_what_is_mapped_from_it(tmp_path: Path, vectors: WordVectors) -> None:
    vectors.save(tmp_path / "v")
    mapped = WordVectors.load(tmp_path / "v")
    mapped.save(tmp_path / "v")
    np.testing.assert_array_equal(WordVectors.load(tmp_path / "v").matrix, vectors.matrix)


def test_the_model_card(vectors: WordVectors) -> None:
    config = {
        "n_words": 70827, "dim": 100, "model": "pixie", "citation": "Ailem et al. 2018",
        "hyperparameters": {"window": 5, "composition": "sum"}, "data": {"corpus": "a|b\nc", "sizes": [1, 2]},
    }  # fmt: skip
    lines = model_card(config, ["de", "en", "zh_Hant"]).splitlines()
    front = lines[1 : lines.index("---", 1)]
    assert lines[0] == "---"
    assert front == [
        "library_name: wordsight", "tags:", "- word-embeddings", "- pixie", "language:", "- 'de'", "- 'en'"
    ]  # fmt: skip
    text = "\n".join(lines)
    for expected in ("70,827 words of 3 languages (de, en, zh_Hant), 100 dimensions, trained by the model pixie",
                     "Ailem et al. 2018", "| window | 5 |", "| composition | sum |", "| corpus | a\\|b c |",
                     "| sizes | [1, 2] |", "WordVectors.load"):  # fmt: skip
        assert expected in text
    assert "Hyperparameters" not in model_card({"n_words": 1, "dim": 1})


@pytest.mark.parametrize(("word", "message"), [("a\nb", "line end"), ("\ud800", "no text")])
def test_words_that_are_no_line(tmp_path: Path, word: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        WordVectors(["a", word], np.eye(2)).save(tmp_path / "v")
    assert not any(tmp_path.iterdir())


def test_cut_off_or_mixed_up_directories(tmp_path: Path, vectors: WordVectors) -> None:
    directory = tmp_path / "v"
    with pytest.raises(DataError, match="no such vectors"):
        WordVectors.load(directory)
    vectors.save(directory)
    matrix, vocabulary = directory / "vectors.safetensors", directory / "vocab.txt"
    whole = matrix.read_bytes()
    matrix.write_bytes(whole[:-1])
    with pytest.raises(DataError, match=r"vectors\.safetensors is cut off"):
        WordVectors.load(directory)
    matrix.write_bytes(whole)
    vocabulary.write_text("en:cat\nde:Katze\n")
    with pytest.raises(DataError, match=r"2 words in vocab\.txt but 3 vectors"):
        WordVectors.load(directory)
    vocabulary.unlink()
    with pytest.raises(DataError, match=r"no such file: .*vocab\.txt"):
        WordVectors.load(directory)
    (directory / "config.json").write_text('{"kind": "corpus"}')
    with pytest.raises(DataError, match="not a vectors directory"):
        WordVectors.load(directory)


def test_a_full_disk_leaves_the_old_directory(tmp_path: Path, vectors: WordVectors) -> None:
    vectors.save(tmp_path / "v")
    large = WordVectors([f"w{i}" for i in range(1000)], np.ones((1000, 100)))
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))  # no file may grow beyond this
    try:
        with pytest.raises(WriteError, match=r"cannot write .*v: File too large"):
            large.save(tmp_path / "v")
        with pytest.raises(WriteError, match=r"cannot write .*v\.txt: File too large"):
            large.save(tmp_path / "v.txt")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert WordVectors.load(tmp_path / "v").words == vectors.words
    assert {path.name for path in tmp_path.iterdir()} == {"v"}
