"""Bad texts, and files that are compressed badly."""

from __future__ import annotations

import bz2
import gzip
import lzma
import random
from collections.abc import Callable
from pathlib import Path

from tests.robustness.bad_inputs import BadInput, written

from wordsight.text import text_files as readers
from wordsight.text.corpus import Corpus
from wordsight.text.tokenize import tokenizer

NOISE = random.Random(0).randbytes(9000).hex().encode()
COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.compress, ".xz": lzma.compress, ".bz2": bz2.compress}


def corpus(path: Path | list[Path]) -> list[list[str]]:
    """The documents of a text, every word kept."""
    return list(Corpus.from_text(path, min_count=1).documents())


def one_word(path: Path) -> list[list[str]]:
    """The same with less patience for texts without blanks."""
    before = readers.LONGEST_WORD
    readers.LONGEST_WORD = 1 << 21
    try:
        return corpus(path)
    finally:
        readers.LONGEST_WORD = before


def text(what: str, content: bytes, handled: str | None = None, documents: object = None) -> BadInput:
    return BadInput(what, written("text.txt", content), corpus, handled, lambda found: found == documents)


def compressed(what: str, ending: str, damage: Callable[[bytes], bytes], content: bytes = NOISE) -> BadInput:
    make = written(f"text.txt{ending}", damage(COMPRESSORS[ending](content)))
    return BadInput(f"{what} `{ending}` file", make, corpus)


def missing(folder: Path) -> Path:
    return folder / "nowhere.txt"


def folder_itself(folder: Path) -> Path:
    return folder


LONG = b"word " * 2_000_000
TEXTS = [
    BadInput("a file that is not there", missing, corpus),
    BadInput("a folder where a text is due", folder_itself, corpus),
    text("an empty file", b""),
    text("blanks and line ends only", b" \n\t\n \r\n"),
    text("Latin-1 in the second line", b"gut\nstra\xdfe\n"),
    text("UTF-16", "\ufeffword word\n".encode("utf-16-le")),
    text("half a UTF-8 character at the end", "word \u6f22".encode()[:-1]),
    text("a UTF-8 surrogate", b"word \xed\xa0\x80\n"),
    text("an overlong UTF-8 slash", b"word \xc0\xaf\n"),
    text("a byte order mark", b"\xef\xbb\xbfgoose\n", "it is left out", [["goose"]]),
    text("CRLF line ends", b"a b\r\nc\r\n", "they are line ends", [["a", "b"], ["c"]]),
    text("NULs and other control characters", b"a\0b\x1fc\x07d\n", "they are blanks", [["a", "b", "c", "d"]]),
    text("no line end at the end", b"a b\nc", "the last line counts", [["a", "b"], ["c"]]),
    BadInput(
        "one line of 10 MB",
        written("text.txt", LONG),
        corpus,
        "it is one document",
        lambda found: len(found) == 1 and len(found[0]) == 2_000_000,
    ),
    BadInput(
        "megabytes without a blank (here 4 MB, where 2 are allowed instead of 64)",
        written("text.txt", b"x" * (1 << 22)),
        one_word,
    ),
    BadInput(
        "words with lone surrogates, from a program",
        lambda folder: "a\ud800b c",
        lambda given: tokenizer("whitespace").tokens(given),
        "each is a question mark",
        lambda found: found == ["a?b", "c"],
    ),
    BadInput(
        "words with blanks in them, from a program",
        lambda folder: [["New York", "is", "big"]],
        lambda given: list(Corpus.from_documents(given, min_count=1).documents()),
        "each part is a word",
        lambda found: found == [["New", "York", "is", "big"]],
    ),
    BadInput(
        "one string instead of a list of documents",
        lambda folder: "the cat",
        lambda given: Corpus.from_documents(given, min_count=1),
    ),
    BadInput(
        "documents that can be read only once",
        lambda folder: iter(["a b"]),
        lambda given: Corpus.from_documents(given, min_count=1),
    ),
]
COMPRESSED = [
    *(compressed("a cut-off", ending, lambda data: data[: len(data) // 2]) for ending in COMPRESSORS),
    *(compressed("a damaged", ending, lambda data: data[:40] + b"\xff" * 40 + data[80:]) for ending in COMPRESSORS),
    *(compressed("plain text called a", ending, lambda data: NOISE) for ending in COMPRESSORS),
    BadInput("a Zstandard file", written("text.txt.zst", b"\x28\xb5\x2f\xfd" + NOISE), corpus),
    BadInput("a zip archive", written("text.zip", b"PK\x03\x04" + NOISE), corpus),
    BadInput("a `.gz` file under another name", written("text.txt", gzip.compress(NOISE)), corpus),
    *(compressed("an empty", ending, lambda data: b"") for ending in (".gz",)),
    *(compressed("a bomb, 200 MB in a", ending, bytes, b"word " * 40_000_000) for ending in (".xz", ".bz2")),
]
GROUPS = {"Text": TEXTS, "Compressed files": COMPRESSED}
