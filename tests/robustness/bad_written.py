"""Directories as wordsight writes them, but damaged, or made by somebody else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from tests.robustness.bad_inputs import BadInput

from wordsight.images.features import ImageFeatures
from wordsight.models.registry import load
from wordsight.models.sgns import SGNS
from wordsight.storage.tensors import write_tensors
from wordsight.text.corpus import Corpus
from wordsight.vectors.word_vectors import WordVectors

Damage = Callable[[Path], object]


def _corpus(folder: Path) -> None:
    Corpus.from_documents(["goose duck", "goose swan"], min_count=1, directory=folder)


def _vectors(folder: Path) -> None:
    WordVectors(["goose", "duck"], np.eye(2)).save(folder)


def _features(folder: Path) -> None:
    ImageFeatures(["1.png", "2.png"], np.eye(2, dtype=np.float32)).save(folder)


def _model(folder: Path) -> None:
    corpus = Corpus.from_documents(["goose duck", "goose swan"], min_count=1)
    SGNS(dim=2, epochs=1, subsample=0, workers=1).fit(corpus).save(folder)


def _train(folder: Path) -> SGNS:
    return SGNS(dim=2, epochs=1, subsample=0, workers=1).fit(Corpus.load(folder))


def damaged(kind: str, what: str, damage: Damage, read: Callable[[Path], Any] | None = None) -> BadInput:
    kinds: dict[str, tuple[Callable[[Path], None], Callable[[Path], Any]]] = {
        "corpus": (_corpus, Corpus.load),
        "vectors": (_vectors, WordVectors.load),
        "features": (_features, ImageFeatures.load),
        "model": (_model, load),
    }
    write, usual = kinds[kind]

    def make(folder: Path) -> Path:
        write(folder / kind)
        damage(folder / kind)
        return folder / kind

    return BadInput(f"{kind}: {what}", make, read or usual)


def cut(name: str, n: int = 4) -> Damage:
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:-n])


def gone(name: str) -> Damage:
    return lambda folder: (folder / name).unlink()


def content(name: str, data: bytes) -> Damage:
    return lambda folder: (folder / name).write_bytes(data)


def array(name: str, values: Any, dtype: str) -> Damage:
    return lambda folder: np.save(folder / name, np.array(values, dtype=dtype), allow_pickle=True)


def config(**changes: Any) -> Damage:
    def damage(folder: Path) -> None:
        path = folder / "config.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | changes))

    return damage


def npy(name: str, shape: str) -> Damage:
    """A header with this shape, and nothing after it."""
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".encode()
    header += b" " * (118 - len(header) - 1) + b"\n"
    return content(name, b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header)


WRITTEN = [
    damaged("vectors", "no config.json", gone("config.json")),
    damaged("vectors", "a config.json that is cut off", cut("config.json")),
    damaged("vectors", "a config.json that is nested 100,000 deep", content("config.json", b"[" * 100_000)),
    damaged("vectors", "a config.json in Latin-1", content("config.json", b'{"kind": "S\xfcden"}')),
    damaged("vectors", "of another kind", config(kind="corpus")),
    damaged("vectors", "of a newer format", config(format_version=99)),
    damaged("vectors", "a format version that is a text", config(format_version="one")),
    damaged("vectors", "no vectors.safetensors", gone("vectors.safetensors")),
    damaged("vectors", "vectors.safetensors cut off", cut("vectors.safetensors")),
    damaged("vectors", "a word too few", content("vocab.txt", b"goose\n")),
    damaged("vectors", "a word twice", content("vocab.txt", b"goose\ngoose\n")),
    damaged("vectors", "words in Latin-1", content("vocab.txt", b"g\xe4ns\nduck\n")),
    damaged("vectors", "a matrix of another name",
            lambda f: write_tensors(f / "vectors.safetensors", {"matrix": np.eye(2, dtype=np.float32)})),
    damaged("vectors", "a matrix with three axes",
            lambda f: write_tensors(f / "vectors.safetensors", {"vectors": np.ones((2, 1, 1), np.float32)})),
    damaged("model", "a hyperparameter that there is not", config(hyperparameters={"dimm": 3})),
    damaged("model", "a model that there is not", config(model="sngs")),
    damaged("model", "hyperparameters that are a list", config(hyperparameters=[1])),
    damaged("model", "no history", lambda f: (f / "config.json").write_text(
        json.dumps({k: v for k, v in json.loads((f / "config.json").read_text()).items() if k != "history"}))),
    damaged("model", "no context vectors", lambda f: write_tensors(f / "model.safetensors", {})),
    damaged("corpus", "ids.npy cut off", cut("ids.npy")),
    damaged("corpus", "an id that no word has", array("ids.npy", [0, 1, 0, 9], "<i4"), _train),
    damaged("corpus", "a negative id", array("ids.npy", [0, 1, 0, -9], "<i4"), _train),
    damaged("corpus", "ids that are floats", array("ids.npy", [0, 1, 0, 2], "<f4")),
    damaged("corpus", "ids that are Python objects (a pickle)", array("ids.npy", [0, 1, 0, 2], "object")),
    damaged("corpus", "documents that end beyond the text", array("offsets.npy", [0, 2, 400], "<i8")),
    damaged("corpus", "documents that end before they begin", array("offsets.npy", [0, 400, 4], "<i8")),
    damaged("corpus", "counts of 0", array("counts.npy", [2, 0, 1], "<i8")),
    damaged("corpus", "counts.npy that announces 2^60 numbers", npy("counts.npy", "(1152921504606846976,)")),
    damaged("features", "features.npy that announces 2^60 numbers", npy("features.npy", "(1073741824, 1073741824)")),
    damaged("features", "features.npy with a header that is code", npy("features.npy", "__import__('os').getpid()")),
    damaged("features", "NaN", array("features.npy", [[1, 2], [3, float("nan")]], "<f4")),
    damaged("features", "texts instead of numbers", array("features.npy", [["a"], ["b"]], "<U1")),
    damaged("features", "an id twice", content("ids.txt", b"1.png\n1.png\n")),
    damaged("features", "an id too few", content("ids.txt", b"1.png\n")),
]  # fmt: skip
GROUPS = {"What wordsight writes": WRITTEN}
