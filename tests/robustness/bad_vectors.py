"""Bad files of word vectors."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
from tests.robustness.bad_inputs import BadInput, written

from wordsight.storage.tensors import read_tensors
from wordsight.vectors.word_vectors import WordVectors


def vectors(
    what: str, content: bytes | str, handled: str | None = None, holds: Callable[[Any], bool] = bool
) -> BadInput:
    return BadInput(what, written("vectors.vec", content), WordVectors.load, handled, holds)


def safetensors(what: str, header: bytes, data: bytes = b"", length: int | None = None) -> BadInput:
    size = struct.pack("<Q", len(header) if length is None else length)
    return BadInput(what, written("vectors.safetensors", size + header + data), read_tensors)


def one(dtype: str = "F32", shape: str = "[1]", offsets: str = "[0, 4]") -> bytes:
    return f'{{"a": {{"dtype": "{dtype}", "shape": {shape}, "data_offsets": {offsets}}}}}'.encode()


def archive(what: str, arrays: dict[str, Any], damage: Callable[[bytes], bytes] = bytes) -> BadInput:
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    return BadInput(what, written("vectors.npz", damage(stream.getvalue())), WordVectors.load)


ROW = np.arange(3, dtype="<f4").tobytes()
WORD2VEC = [
    vectors("an empty file", ""),
    vectors("a header and nothing else", "2 3\n"),
    vectors("fewer words than the header says", "3 2\na 1 2\nb 3 4\n"),
    vectors("more words than the header says", "1 2\na 1 2\nb 3 4\n"),
    vectors("a header of 0 words", "0 3\n"),
    vectors("a header of 0 dimensions", "2 0\na\nb\n"),
    vectors("a header that announces a petabyte", "1000000000000 300\na 1 2 3\n"),
    vectors("a number missing", "2 3\na 1 2 3\nb 1 2\n"),
    vectors("a number too many", "2 2\na 1 2\nb 1 2 3\n"),
    vectors("a word where a number is due", "2 2\na 1 2\nb 1 x\n"),
    vectors("an infinite number", "1 2\na 1 inf\n"),
    vectors("NaN", "1 2\na 1 nan\n"),
    vectors("a number that float32 cannot hold", "1 2\na 1 1e300\n"),
    vectors("a word in Latin-1", b"1 2\ng\xe4ns 1 2\n"),
    vectors("no word before the numbers", "1 2\n 1 2\n"),
    vectors("a text instead of vectors", "the goose sees\nthe gander\n"),
    vectors("a binary file that is cut off", b"2 3\na " + ROW + b"\nb " + ROW[:5]),
    vectors("a binary file with NaN", b"1 3\na " + b"\xff" * 12),
    vectors("a binary header that announces a terabyte", b"1000000000 300\na " + ROW * 100),
    vectors("a PNG called vectors", b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
    vectors("a zip archive called vectors", b"PK\x03\x04" + bytes(200)),
    vectors("a pickle called vectors", b"\x80\x04\x95" + b"cos\nsystem\n(S'true'\ntR." + bytes(20)),
    vectors("a line of 10 MB", "2 2\na 1 2\n" + "w" * 10_000_000 + " 1 2\n", "it is a long word", lambda v: v.dim == 2),
    vectors("a word that comes twice", "3 1\na 1\nb 2\na 3\n", "the first counts", lambda v: v["a"].tolist() == [1]),
    vectors("a word with a blank in it", "1 2\nNew York 1 2\n", "it is one word", lambda v: v.words == ["New York"]),
    vectors("CRLF line ends", "1 2\r\na 1 2\r\n", "they are line ends", lambda v: v.words == ["a"]),
    vectors("GloVe's words without numbers", "goose\nduck\n"),
    vectors("GloVe with a line of another length", "a 1 2 3\nb 1 2\n"),
]
SAFETENSORS = [
    safetensors("an empty file", b"", length=0),
    safetensors("a header length of 2^63", b"{}", length=2**63),
    safetensors("a header that is not JSON", b"{no}"),
    safetensors("a header that is a list", b"[1, 2]"),
    safetensors("a header that is nested 100,000 deep", b"[" * 100_000),
    safetensors("an array that is longer than the file", one(shape="[1000]", offsets="[0, 4000]"), bytes(4)),
    safetensors("an array that does not fill its bytes", one(shape="[2]"), bytes(4)),
    safetensors("an array of 2^60 rows without bytes", one(shape="[1152921504606846976]", offsets="[0, 0]")),
    safetensors("a negative length", one(shape="[-1]", offsets="[0, -4]"), bytes(4)),
    safetensors("an offset before the file's begin", one(offsets="[-4, 0]"), bytes(4)),
    safetensors("a type that there is not", one(dtype="PICKLE"), bytes(4)),
    safetensors("an entry without a shape", b'{"a": {"dtype": "F32", "data_offsets": [0, 4]}}', bytes(4)),
]

NPZ = [
    archive("words that are pickled objects", {"words": np.array(["a", None], dtype=object), "matrix": np.eye(2)}),
    archive("no words", {"matrix": np.eye(2)}),
    archive("more words than rows", {"words": ["a", "b", "c"], "matrix": np.eye(2)}),
    archive("two matrices", {"words": ["a", "b"], "first": np.eye(2), "second": np.eye(2)}),
    archive("NaN", {"words": ["a"], "matrix": np.array([[1, np.nan]])}),
    archive("an archive that is cut off", {"words": ["a"], "matrix": np.eye(1)}, lambda data: data[:-30]),
    archive("a bomb, 80 MB", {"words": ["a"], "matrix": np.zeros((1, 20_000_000), np.float32)}),
]


GROUPS = {"word2vec, fastText and GloVe": WORD2VEC, "safetensors": SAFETENSORS, "NumPy's archives of vectors": NPZ}
