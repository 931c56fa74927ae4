import bz2
import gzip
import logging
import lzma
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from wordsight.errors import DataError, ParameterError
from wordsight.vectors.word_vectors import WordVectors

FORMATS = ("word2vec-text", "word2vec-binary")
same_folder = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
finite = st.floats(width=32, allow_nan=False, allow_infinity=False)
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(
    lambda word: word.encode().split() == [word.encode()]
)


@st.composite
def spaces(draw: st.DrawFn) -> WordVectors:
    vocabulary = draw(st.lists(words, min_size=1, max_size=6, unique=True))
    shape = (len(vocabulary), draw(st.integers(1, 12)))
    return WordVectors(vocabulary, draw(hnp.arrays(np.float32, shape, elements=finite)))


def assert_same(found: WordVectors, expected: WordVectors) -> None:
    assert found.words == expected.words
    np.testing.assert_array_equal(found.matrix.view(np.int32), expected.matrix.view(np.int32))


@same_folder
@given(spaces(), st.sampled_from(FORMATS))
def test_word2vec_round_trip(tmp_path: Path, vectors: WordVectors, format: str) -> None:
    vectors.save(tmp_path / "v", format=format, overwrite=True)
    assert_same(WordVectors.load(tmp_path / "v"), vectors)
    assert_same(WordVectors.load(tmp_path / "v", format=format), vectors)


@same_folder
@given(spaces())
def test_glove_is_the_text_format_without_the_header(tmp_path: Path, vectors: WordVectors) -> None:
    vectors.save(tmp_path / "v", format="word2vec-text", overwrite=True)
    rows = (tmp_path / "v").read_bytes().split(b"\n", 1)[1]
    if vectors.dim == 1 and vectors.words[0].isdigit() and not vectors.matrix[0, 0] % 1:
        return  # "1984 7" is also a header
    (tmp_path / "glove").write_bytes(rows)
    assert_same(WordVectors.load(tmp_path / "glove", format="glove"), vectors)


@pytest.mark.parametrize("format", FORMATS)
def test_gensim_reads_ours_and_we_read_gensims(tmp_path: Path, format: str) -> None:
    models = pytest.importorskip("gensim.models")
    logging.getLogger("gensim").setLevel(logging.ERROR)
    rng = np.random.default_rng(0)
    vectors = WordVectors(["</s>", "été", "New_York", "\u3000", "3.5"], rng.standard_normal((5, 7)))
    vectors.save(tmp_path / "ours", format=format)
    theirs = models.KeyedVectors.load_word2vec_format(tmp_path / "ours", binary=format == "word2vec-binary")
    assert theirs.index_to_key == vectors.words
    np.testing.assert_array_equal(theirs.vectors, vectors.matrix)
    theirs.save_word2vec_format(tmp_path / "theirs", binary=format == "word2vec-binary")
    assert_same(WordVectors.load(tmp_path / "theirs"), vectors)


@pytest.mark.parametrize(
    ("ending", "compress"), [(".gz", gzip.compress), (".xz", lzma.compress), (".bz2", bz2.compress)]
)
@pytest.mark.parametrize("format", FORMATS)
def test_compressed_files(tmp_path: Path, ending: str, compress: Callable[[bytes], bytes], format: str) -> None:
    vectors = WordVectors(["a", "b"], np.array([[0.1, -2], [3e-9, 4]]))
    vectors.save(tmp_path / "v", format=format)
    whole = compress((tmp_path / "v").read_bytes())
    path = tmp_path / f"v{ending}"
    path.write_bytes(whole)
    assert_same(WordVectors.load(path), vectors)
    path.write_bytes(whole[:-12])
    with pytest.raises(DataError, match=f"v{ending} is damaged or cut off"):
        WordVectors.load(path)
    with pytest.raises(ParameterError, match="uncompressed"):
        vectors.save(path)


def test_text_as_tools_write_it(tmp_path: Path) -> None:
    path = tmp_path / "v.vec"
    path.write_bytes(
        "4 3\r\nthe 1 -.5 2e-3 \r\nnew york 1. +2 3\r\nkaffee\t1\t2\t3\r\nno\u00a0break 4 5 6\r\n\r\n".encode()
    )
    vectors = WordVectors.load(path)
    assert vectors.words == ["the", "new york", "kaffee", "no\u00a0break"]
    np.testing.assert_allclose(vectors.matrix, np.array([[1, -0.5, 0.002], [1, 2, 3], [1, 2, 3], [4, 5, 6]]))


def test_glove_words_with_blanks(tmp_path: Path) -> None:
    (tmp_path / "g.txt").write_text("1984 1 2 3\n. . . 4 5 6\nat name@domain.com 7 8 9\n")
    vectors = WordVectors.load(tmp_path / "g.txt", format="glove")
    assert vectors.words == ["1984", ". . .", "at name@domain.com"]
    assert vectors.dim == 3
    assert WordVectors.load(tmp_path / "g.txt").words == vectors.words


def test_binary_with_and_without_line_ends(tmp_path: Path) -> None:
    rows = [np.array([1, 2.5], dtype="<f4").tobytes(), np.array([10, 32], dtype="<f4").tobytes()]
    for end in (b"", b"\n"):
        (tmp_path / "v.bin").write_bytes(b"2 2\n" + b"a " + rows[0] + end + b"b " + rows[1] + end)
        np.testing.assert_array_equal(WordVectors.load(tmp_path / "v.bin").matrix, [[1, 2.5], [10, 32]])


@pytest.mark.parametrize("format", FORMATS)
def test_many_blocks_and_a_limit(tmp_path: Path, format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wordsight.vectors.formats._rows.BLOCK_BYTES", 300)
    monkeypatch.setattr("wordsight.vectors.formats.word2vec_binary.BLOCK_BYTES", 300)
    vectors = WordVectors([f"w{i}" for i in range(500)], np.random.default_rng(0).standard_normal((500, 9)))
    vectors.save(tmp_path / "v", format=format)
    assert_same(WordVectors.load(tmp_path / "v"), vectors)
    first = WordVectors.load(tmp_path / "v", limit=123)
    assert_same(first, WordVectors(vectors.words[:123], vectors.matrix[:123]))
    assert len(WordVectors.load(tmp_path / "v", limit=999)) == 500
    with pytest.raises(ParameterError, match="limit is 0"):
        WordVectors.load(tmp_path / "v", limit=0)
    if format == "word2vec-text":
        (tmp_path / "g").write_bytes((tmp_path / "v").read_bytes().split(b"\n", 1)[1])
        assert_same(WordVectors.load(tmp_path / "g", format="glove"), vectors)
        assert_same(WordVectors.load(tmp_path / "g", limit=123, format="glove"), first)


@pytest.mark.parametrize("format", FORMATS)
def test_of_a_repeated_word_the_first_row_counts(tmp_path: Path, format: str, caplog: pytest.LogCaptureFixture) -> None:
    WordVectors(["a", "b", "c", "d"], np.arange(8).reshape(4, 2)).save(tmp_path / "v", format=format)
    data = (tmp_path / "v").read_bytes().replace(b"c ", b"a ").replace(b"d ", b"b ")
    (tmp_path / "v").write_bytes(data)
    vectors = WordVectors.load(tmp_path / "v")
    assert vectors.words == ["a", "b"]
    np.testing.assert_array_equal(vectors.matrix, [[0, 1], [2, 3]])
    assert "2 words come again, such as 'a'; the first counts" in caplog.text


TEXT_ERRORS = [
    (b"", "is empty"),
    (b"the 1 2 3\n", r"line 1: no header 'n_words dim'; if this is a GloVe file, use the format glove"),
    (b"0 3\n", "line 1: the header says 0 words of 3 numbers"),
    (b"2 3\n", "is cut off: its header says 2 words, it has 0"),
    (b"2 3\na 1 2 3\n", "is cut off: its header says 2 words, it has 1"),
    (b"1 3\na 1 2 3\nb 1 2 3\n", "more words than the 1 its header says"),
    (b"2 3\na 1 2 3\nb 1 2\n", "line 3: 2 numbers, not 3"),
    (b"2 3\na 1 2\nb 1 2 3\n", "line 2: 2 numbers, not 3"),
    (b"2 3\na 1 2 3\nb 1 2 3 4\n", "line 3: 4 numbers, not 3"),
    (b"2 3\na 1 2 3 4\nb 1 2 3 4\n", "line 2: 4 numbers, not 3"),
    (b"2 3\na 1 2 3\nb 1 x 3\n", "line 3: 'x' where 3 numbers should be"),
    (b"2 3\na 1 2 3\nb 1 \xe9 3\n", "line 3: .* where 3 numbers should be"),
    (b"2 3\na 1 2 3\n\xe9 1 2 3\n", r"line 3: the word b'\\xe9' is not UTF-8"),
    (b"2 3\na 1 2 3\nb 1 nan 3\n", "line 3: a number is not finite"),
    (b"2 3\na 1 2 3\nb 1 -inf 3\n", "line 3: a number is not finite"),
    (b"2 3\na 1 2 3\nb 1 1e39 3\n", "line 3: a number is not finite"),
    (b"2 3\na 1 2 3\n 1 2 3\n", "line 3: no word before the numbers"),
    (b"3 3\na 1 2 3\n\nb 1 2 3\n", "line 3: 0 numbers, not 3"),
    (b"99999999999999999 300\na 1 2 3\n", "announces 99,999,999,999,999,999 words of 300 numbers, too many"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "message"), TEXT_ERRORS)
def test_unusable_text(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "v.txt").write_bytes(data)
    with pytest.raises(DataError, match=rf"v\.txt.*{message}"):
        WordVectors.load(tmp_path / "v.txt", format="word2vec-text")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"2 3\na 1 2 3\n", "line 1: a header .* use word2vec's formats"),
        (b"some text\n", "line 1: no numbers after the word"),
        (b"a 1 2 3\nb 1 2\n", "line 2: 2 numbers, not 3"),
        (b"a 1 2 3\nb 1 nan 3\n", "line 2: a number is not finite"),
    ],
)
def test_unusable_glove(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "g.txt").write_bytes(data)
    with pytest.raises(DataError, match=rf"g\.txt.*{message}"):
        WordVectors.load(tmp_path / "g.txt", format="glove")


def test_every_cut_of_a_binary_file_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "v.bin"
    WordVectors(["a", "été"], np.random.default_rng(0).standard_normal((2, 3))).save(path, format="word2vec-binary")
    whole = path.read_bytes()
    for length in range(len(whole) - 1):  # the last byte is a line end that nobody needs
        path.write_bytes(whole[:length])
        with pytest.raises(DataError, match=r"v\.bin"):
            WordVectors.load(path)


def test_binary_rows_that_cannot_be_used(tmp_path: Path) -> None:
    path = tmp_path / "v.bin"
    WordVectors(["a", "b"], np.array([[1.5, 2], [3, 4]])).save(path, format="word2vec-binary")
    whole = path.read_bytes()
    path.write_bytes(whole.replace(np.float32(3).tobytes(), np.float32(np.nan).tobytes()))
    with pytest.raises(DataError, match="word 2: a number is not finite"):
        WordVectors.load(path)
    path.write_bytes(whole.replace(b"b ", b"\xff "))
    with pytest.raises(DataError, match=r"word 2: the word b'\\xff' is not UTF-8"):
        WordVectors.load(path)


def test_no_such_file(tmp_path: Path) -> None:
    for format in (None, "glove", "word2vec-text", "npz", "native"):
        with pytest.raises(DataError, match="no such"):
            WordVectors.load(tmp_path / "missing", format=format)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("ice cream", "has a blank"),
        ("a\tb", "has a blank"),
        ("a\n", "has a blank"),
        ("", "is empty"),
        ("\ud800", "no text"),
    ],
)
def test_words_that_word2vec_cannot_hold(tmp_path: Path, word: str, message: str, format: str) -> None:
    with pytest.raises(DataError, match=message):
        WordVectors(["a", word], np.eye(2)).save(tmp_path / "v", format=format)
    assert not any(tmp_path.iterdir())
