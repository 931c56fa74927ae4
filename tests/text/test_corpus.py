from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordsight.errors import DataError, ParameterError
from wordsight.text import text_files as readers
from wordsight.text._word_table import WordTable
from wordsight.text.corpus import Corpus

COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes, ".gz": gzip.compress, ".xz": lzma.compress, ".bz2": bz2.compress
}  # fmt: skip
TEXT = "the goose sees the gander\nthe gander flees\n\nthe end"


def expected(lines: list[list[str]], min_count: int) -> tuple[list[str], list[list[str]]]:
    """The vocabulary and the documents, by a Counter."""
    counts = Counter(word for line in lines for word in line)
    words = sorted((w for w in counts if counts[w] >= min_count), key=lambda w: (-counts[w], w.encode()))
    documents = [[w for w in line if counts[w] >= min_count] for line in lines]
    return words, [d for d in documents if d]


@given(
    st.lists(st.lists(st.text(alphabet="abcdeäß漢", min_size=1, max_size=3), max_size=12), max_size=12),
    st.integers(1, 3),
)
def test_corpus_equals_a_counter(lines: list[list[str]], min_count: int) -> None:
    words, documents = expected(lines, min_count)
    if not words:
        with pytest.raises(DataError):
            Corpus.from_documents(lines, min_count=min_count)
        return
    corpus = Corpus.from_documents(lines, min_count=min_count)
    assert corpus.vocabulary.words == words
    assert list(corpus.documents()) == documents
    assert corpus.vocabulary.total == len(corpus) == sum(map(len, documents))


@given(st.lists(st.binary(min_size=1, max_size=20).filter(lambda w: min(w) > 32), min_size=1, max_size=300))
def test_word_table_grows_and_finds_every_word_again(words: list[bytes]) -> None:
    table = WordTable(capacity=2)
    first = table.encode(b" ".join(words) + b"\n")
    again = table.encode(b"\t".join(words))
    assert first.ids.tolist() == again.ids.tolist()
    found = table.words()
    names = table.names(found)
    assert [names[i] for i in first.ids] == words
    assert first.ends.tolist() == [len(words)] and len(again.ends) == 0
    restored = WordTable.restored(table.state()).encode(b"\x01 ".join(words))
    assert restored.ids.tolist() == first.ids.tolist()
    assert dict(zip(names, (found["count"] // 2).tolist(), strict=True)) == Counter(words)


@pytest.mark.parametrize("suffix", ["", ".gz", ".xz", ".bz2", ".GZ"])
def test_compressed_text_is_encoded_once_beside_it(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"text.txt{suffix}"
    compressors: dict[str, Callable[[bytes], bytes]] = {
        "": bytes,
        ".gz": gzip.compress,
        ".xz": lzma.compress,
        ".bz2": bz2.compress,
    }
    path.write_bytes(compressors[suffix.lower()](b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode()))
    corpus = Corpus.from_text(path, min_count=1)
    assert list(corpus.documents()) == [line.split() for line in TEXT.split("\n") if line]
    assert isinstance(corpus.ids, np.memmap)
    (directory,) = (tmp_path / f"text.txt{suffix}.wordsight").iterdir()
    written = (directory / "ids.npy").stat().st_mtime_ns
    assert list(Corpus.from_text(path, min_count=1).documents()) == list(corpus.documents())
    assert (directory / "ids.npy").stat().st_mtime_ns == written
    os.utime(path, ns=(1, 1))
    Corpus.from_text(path, min_count=1)
    assert [path != directory for path in directory.parent.iterdir()] == [True], "a changed text replaces the old one"


def test_blocks_cut_no_word_and_no_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "BLOCK_BYTES", 7)
    long_line = " ".join(["word"] * 30)
    path = tmp_path / "text.txt"
    path.write_text(f"{TEXT}\n{long_line}\nunbreakableunbreakable\nlast")
    corpus = Corpus.from_text(path, min_count=1)
    assert list(corpus.documents()) == [line.split() for line in path.read_text().split("\n") if line]


def test_many_files_end_their_documents(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("one two")
    corpus = Corpus.from_text([tmp_path / "a.txt", tmp_path / "b.txt"], min_count=1)
    assert list(corpus.documents()) == [["one", "two"], ["one", "two"]]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert Corpus.from_text("-", min_count=1).vocabulary.words[0] == "the"


def test_language_tags_and_a_given_directory(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("Le pain, le vin")
    corpus = Corpus.from_text(path, min_count=1, tokenizer="words", language="fr", directory=tmp_path / "corpus")
    assert corpus.vocabulary.words == ["fr:le", "fr:pain", "fr:vin"]
    assert Corpus.load(tmp_path / "corpus").vocabulary.counts.tolist() == [2, 1, 1]


def test_one_shot_iterators_are_refused() -> None:
    def documents() -> Iterator[str]:
        yield "a b"

    with pytest.raises(DataError, match="one-shot generator"):
        Corpus.from_documents(documents())


def test_errors_say_where(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no such text file: .*missing\.txt"):
        Corpus.from_text(tmp_path / "missing.txt")
    (tmp_path / "empty.txt").touch()
    with pytest.raises(DataError, match=r"empty\.txt has no words"):
        Corpus.from_text(tmp_path / "empty.txt")
    (tmp_path / "rare.txt").write_text("a b c a")
    with pytest.raises(DataError, match=r"no word of rare\.txt occurs 5 times"):
        Corpus.from_text(tmp_path / "rare.txt")
    (tmp_path / "latin1.txt").write_bytes(b"good line\nstra\xdfe\n")
    with pytest.raises(DataError, match=r"latin1\.txt, line 2: not UTF-8"):
        Corpus.from_text(tmp_path / "latin1.txt", min_count=1)
    (tmp_path / "cut.xz").write_bytes(lzma.compress(os.urandom(4000).hex().encode())[:2000])
    with pytest.raises(DataError, match=r"cut\.xz is damaged or cut off"):
        Corpus.from_text(tmp_path / "cut.xz", min_count=1)
    with pytest.raises(ParameterError, match="min_count"):
        Corpus.from_text(tmp_path / "rare.txt", min_count=0)
    assert not [path for path in tmp_path.iterdir() if path.is_dir()], "nothing half-written is left"


@pytest.mark.parametrize(
    ("name", "first", "kind"),
    [
        ("a.txt.zst", b"\x28\xb5\x2f\xfd", "Zstandard"),
        ("a.ZIP", b"PK\x03\x04", "zip"),
        ("a.txt", b"\x1f\x8b\x08", "gzip"),
        ("a.lz4", b"\x04\x22\x4d\x18", "LZ4"),
    ],
)
def test_unknown_compression_is_named_and_leaves_nothing(tmp_path: Path, name: str, first: bytes, kind: str) -> None:
    (tmp_path / name).write_bytes(first + bytes(range(256)))
    with pytest.raises(DataError, match=rf"{name} is compressed \({kind}\); unpack it"):
        Corpus.from_text(tmp_path / name, min_count=1)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_one_string_is_no_list_of_documents() -> None:
    with pytest.raises(ParameterError, match=r"documents is one string, 'the cat'; give a list, such as \['the cat'\]"):
        Corpus.from_documents("the cat")


def test_damaged_directory_is_noticed(tmp_path: Path) -> None:
    Corpus.from_documents([TEXT], min_count=1, directory=tmp_path / "corpus")
    words = tmp_path / "corpus" / "vocab.txt"
    words.write_text(words.read_text().removesuffix("sees\n"))
    with pytest.raises(DataError, match="do not fit each other"):
        Corpus.load(tmp_path / "corpus")
    with pytest.raises(DataError, match=r"no config\.json"):
        Corpus.load(tmp_path)


@pytest.mark.data
def test_standard_corpus_has_the_size_that_the_protocol_states(data: Path, tmp_path: Path) -> None:
    corpus = Corpus.from_text(data / "text" / "en-simplewiki.txt.xz", directory=tmp_path / "corpus")
    assert len(corpus.vocabulary) == 70_827
    assert len(corpus.offsets) - 1 == 102_834
