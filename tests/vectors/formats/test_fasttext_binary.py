"""fastText's binary files, against gensim's own reader and the paper's n-grams written out."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wordsight.errors import DataError, UnknownNameError
from wordsight.vectors.formats.registry import by_content
from wordsight.vectors.subwords import Subwords
from wordsight.vectors.word_vectors import WordVectors

TEXT = [["goose", "été", "漢字", "a"], ["goose", "duck", "honking", "gänse"], ["a", "goose", "Übermut"]]
OTHERS = ["gooses", "漢", "é", "ducklings", "an", "Ärger", "漢字漢字"]


@pytest.fixture(params=[(3, 6), (1, 3)], ids=str)
def trained(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Any]:
    """A file as fastText writes it, and gensim's vectors of the same model."""
    fasttext = pytest.importorskip("gensim.models.fasttext")
    shortest, longest = request.param
    settings: dict[str, Any] = {"vector_size": 6, "min_count": 1, "min_n": shortest, "max_n": longest, "bucket": 50}
    model = fasttext.FastText(TEXT, epochs=1, seed=1, workers=1, **settings)
    fasttext.save_facebook_model(model, str(tmp_path / "cc.bin"))
    return tmp_path / "cc.bin", fasttext.load_facebook_vectors(str(tmp_path / "cc.bin"))


@pytest.mark.parametrize("mmap", [True, False])
def test_words_and_other_words_have_the_vectors_that_gensim_gives_them(trained: tuple[Path, Any], mmap: bool) -> None:
    path, theirs = trained
    found = by_content(path)
    assert found is not None and found.name == "fasttext-binary"
    ours = WordVectors.load(path, mmap=mmap)
    assert ours.words == theirs.index_to_key
    for word in [*ours.words, *OTHERS]:
        np.testing.assert_allclose(ours[word], theirs[word], rtol=0, atol=1e-6)
    assert "gooses" not in ours
    np.testing.assert_allclose(ours[OTHERS], [theirs[word] for word in OTHERS], rtol=0, atol=1e-6)
    assert dict(ours.most_similar("gooses", topn=3)).keys() == dict(theirs.most_similar("gooses", topn=3)).keys()


def test_subwords_survive_in_a_directory(trained: tuple[Path, Any], tmp_path: Path) -> None:
    ours = WordVectors.load(trained[0])
    ours.save(tmp_path / "vectors")
    again = WordVectors.load(tmp_path / "vectors")
    np.testing.assert_array_equal(again["gooses"], ours["gooses"])


def test_a_limit_keeps_the_vectors(trained: tuple[Path, Any]) -> None:
    whole, few = WordVectors.load(trained[0]), WordVectors.load(trained[0], limit=2)
    assert few.words == whole.words[:2]
    np.testing.assert_array_equal(few.matrix, whole.matrix[:2])


def test_buckets_are_those_of_the_n_grams_by_hand() -> None:
    def bucket(ngram: str) -> int:
        code = 2166136261
        for byte in ngram.encode():
            signed = byte - 256 if byte > 127 else byte
            code = ((code ^ (signed % 2**32)) * 16777619) % 2**32
        return code % 97

    subwords = Subwords(2, 3, np.zeros((97, 2), np.float32))
    ngrams = ["<é", "<ét", "ét", "éts", "ts", "ts>", "s>"]
    assert sorted(subwords.buckets("éts")) == sorted(map(bucket, ngrams))
    assert subwords.buckets("").tolist() == [bucket("<>")]
    assert Subwords(4, 6, subwords.matrix).get("a") is None


def test_a_word_too_short_for_n_grams_is_unknown() -> None:
    vectors = WordVectors(["goose"], np.ones((1, 2)), Subwords(4, 6, np.ones((5, 2), np.float32)))
    np.testing.assert_array_equal(vectors["duck"], [1, 1])
    with pytest.raises(UnknownNameError, match="'a'"):
        vectors["a"]


def test_every_cut_is_noticed(trained: tuple[Path, Any], tmp_path: Path) -> None:
    whole = trained[0].read_bytes()
    end = len(whole) - 4 * 6 * 8 - 17  # the output matrix is not needed
    for length in range(4, end, 61):
        (tmp_path / "cut.bin").write_bytes(whole[:length])
        with pytest.raises(DataError, match=r"cut\.bin"):
            WordVectors.load(tmp_path / "cut.bin", format="fasttext-binary")


def changed(whole: bytes, position: int, layout: str, value: int) -> bytes:
    packed = struct.pack(layout, value)
    return whole[:position] + packed + whole[position + len(packed) :]


@pytest.mark.parametrize(
    ("position", "layout", "value", "message"),
    [
        (4, "<i", 13, "in the versions 11 and 12"),
        (8, "<i", 0, "vectors of 0 numbers"),
        (40, "<i", 7, "announces 8 words and 7 buckets"),
        (68, "<i", 2**31 - 1, "which it cannot hold"),
        (84, "<q", 3, "is pruned and quantised"),
    ],
)
def test_damaged_headers(
    trained: tuple[Path, Any], tmp_path: Path, position: int, layout: str, value: int, message: str
) -> None:
    (tmp_path / "bad.bin").write_bytes(changed(trained[0].read_bytes(), position, layout, value))
    with pytest.raises(DataError, match=message):
        WordVectors.load(tmp_path / "bad.bin", format="fasttext-binary")
