"""Every reader of files of others, with a good file of its kind for a fuzzer to spoil."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st
from tests.robustness.bad_images import Mean, member, png

from wordsight.cli._training_recipe import read_recipe
from wordsight.datasets.check import check
from wordsight.evaluation.data.candidates import Candidates
from wordsight.evaluation.data.dictionaries import read_dictionary
from wordsight.evaluation.data.rated_pairs import read_pairs
from wordsight.evaluation.data.semsim import read_semsim
from wordsight.grounding.caption_files import coco_captions, img2dataset_captions, karpathy_captions
from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.emoji import read_annotations
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.features import ImageFeatures
from wordsight.images.image_files import find_images
from wordsight.storage.arrays import load_array
from wordsight.storage.config import read_config
from wordsight.storage.tables import read_table
from wordsight.storage.tensors import read_tensors, write_tensors
from wordsight.text.corpus import Corpus
from wordsight.vectors.word_vectors import WordVectors

KEYS = ImageFeatures(["1", "2"], np.eye(2, dtype=np.float32))
FEATURES = ImageFeatures(["1.png", "2.png"], np.eye(2, dtype=np.float32))


@dataclass(frozen=True)
class Reader:
    """What is read, and a good file for it.

    Attributes:
        name: of the file.
        good: its content.
        read: what reads it.
    """

    name: str
    good: bytes
    read: Callable[[Path], Any]


def _npz() -> bytes:
    stream = io.BytesIO()
    np.savez(stream, words=["goose", "duck"], matrix=np.eye(2, 3))
    return stream.getvalue()


def _npy() -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.arange(12, dtype=np.float32).reshape(4, 3))
    return stream.getvalue()


def _tensors(folder: Path) -> bytes:
    path = folder / "made"
    write_tensors(path, {"vectors": np.eye(3, dtype=np.float32), "n": np.arange(2)}, {"about": "x"})
    content = path.read_bytes()
    path.unlink()
    return content


def _word2vec() -> bytes:
    rows = [word + b" " + np.full(3, i, "<f4").tobytes() + b"\n" for i, word in enumerate((b"goose", b"duck"))]
    return b"2 3\n" + b"".join(rows)


def _tar() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        member(archive, "1.png", png())
        member(archive, "1.txt", b"a goose")
        member(archive, "2.json", json.dumps({"caption": "a duck", "url": "u"}).encode())
    return stream.getvalue()


def _parquet() -> bytes:
    import pyarrow
    from pyarrow import parquet

    stream = io.BytesIO()
    parquet.write_table(pyarrow.table({"word": ["goose", "duck"], "image": ["1.png", "2.png"]}), stream)
    return stream.getvalue()


def _text(path: Path) -> Corpus:
    return Corpus.from_text(path, min_count=1, tokenizer="words", directory=path.with_name("corpus"))


CANDIDATES = {
    "kind": "matching candidates", "format_version": 1, "seed": 0, "image_ids": ["a", "b"], "words": ["v", "w"],
    "right_words": [0, 1], "other_words": [[1], [0]], "other_images": [[1], [0]],
}  # fmt: skip
COCO = {"images": [{"id": 1, "file_name": "1.png"}], "annotations": [{"image_id": 1, "caption": "a goose"}]}
KARPATHY = {"images": [{"filename": "1.png", "split": "train", "sentences": [{"raw": "a goose"}]}]}
LINES = "the goose sees\nthe gänder 漢字 flees\n".encode()
TABLE = b'word,image,weight\ngoose,1.png,1\n"duck",2.png,0.5\n'


def readers(folder: Path) -> dict[str, Reader]:
    """By name; ``folder`` is for scratch."""
    return {
        "text": Reader("a.txt", LINES, _text),
        "text.gz": Reader("a.txt.gz", gzip.compress(LINES), _text),
        "text.xz": Reader("a.txt.xz", lzma.compress(LINES), _text),
        "text.bz2": Reader("a.txt.bz2", bz2.compress(LINES), _text),
        "lexicon table": Reader("a.csv", TABLE, lambda p: VisualLexicon.from_table(p, FEATURES)),
        "captions table": Reader(
            "a.tsv", b"image\tcaption\tlang\n1.png\ta goose\ten\n", lambda p: ImageCaptions.from_table(p, FEATURES)
        ),
        "emoji table": Reader("a.tsv", b"lang\temoji\tname\tkeywords\nen\tX\tgoose\tbird|fly\n", read_annotations),
        "parquet": Reader("a.parquet", _parquet(), read_table),
        "rated pairs": Reader("a.txt", b"word1\tword2\tscore\ngoose\tduck\t3.5\nsea\tlake\t1e0\n", read_pairs),
        "semsim": Reader("a.txt", b"WORDPAIR\tSEMANTIC\tVISUAL\ngoose#duck\t3.5\t4\n", read_semsim),
        "dictionary": Reader("a.txt", b"goose oie\nduck\tcanard\n", read_dictionary),
        "word2vec text": Reader("a.vec", b"2 3\ngoose 1 2e0 -3.5\nduck 0 .5 1\n", WordVectors.load),
        "word2vec binary": Reader("a.bin", _word2vec(), WordVectors.load),
        "glove": Reader("a.txt", b"goose 1 2 3\nduck 4 5 6\n", lambda p: WordVectors.load(p, format="glove")),
        "npz": Reader("a.npz", _npz(), WordVectors.load),
        "safetensors": Reader("a.safetensors", _tensors(folder), read_tensors),
        "npy": Reader("a.npy", _npy(), lambda p: load_array(p, mmap=False)),
        "config": Reader(
            "config.json",
            b'{"kind": "vectors", "format_version": 1}',
            lambda p: read_config(p.parent, "vectors", version=1),
        ),
        "candidates": Reader("a.json", json.dumps(CANDIDATES).encode(), Candidates.load),
        "coco": Reader("a.json", json.dumps(COCO).encode(), lambda p: coco_captions(p, FEATURES)),
        "karpathy": Reader("a.json", json.dumps(KARPATHY).encode(), lambda p: karpathy_captions(p, FEATURES)),
        "tar of images": Reader("a.tar", _tar(), lambda p: [image.read() for image in find_images(p)]),
        "tar of captions": Reader(
            "a.tar", _tar(), lambda p: img2dataset_captions(p, ImageFeatures(["1", "2"], np.eye(2)))
        ),
        "image": Reader("a.png", png(), lambda p: ImageFeatures.from_files([p], Mean())),
        "recipe": Reader("a.toml", b'output = "o"\n[model]\nname = "sgns"\ndim = 3\n', read_recipe),
        "data check": Reader("a.txt", TABLE, check),
    }


@st.composite
def spoiled(draw: st.DrawFn, good: bytes) -> bytes:
    """A good file with some bytes changed, left out, put in or doubled; or any bytes at all."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=200))
    data = bytearray(good)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        until = min(len(data), at + draw(st.sampled_from([0, 1, 1, 2, 4, 8, 64, 1024])))
        match draw(st.integers(0, 4)):
            case 0:
                data[at:until] = b""
            case 1:
                data[at:until] = draw(st.binary(min_size=until - at, max_size=until - at))
            case 2:
                data[at:at] = draw(st.binary(max_size=6) | st.sampled_from(TOKENS))
            case 3:
                data[at:until] = draw(st.sampled_from(TOKENS))
            case _:
                data[at:at] = data[at:until]
    return bytes(data)


TOKENS = [
    b"\0", b"\n", b"\r", b"\t", b" ", b",", b'"', b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"-1", b"0", b"1e999",
    b"nan", b"inf", b"99999999999999999999", b"4294967296", b"\\ud800", b"null", b"true", b"{}", b"[]", b"[" * 3000,
    b"{'a':", b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff\xff\xff\xff\x7f", b"..", b"/", b"a" * 3000,
]  # fmt: skip
