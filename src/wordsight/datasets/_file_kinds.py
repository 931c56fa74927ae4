"""Kinds of files beside tables and vectors: how each is recognised and described."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wordsight.errors import DataError
from wordsight.evaluation.data.analogies import read_analogies
from wordsight.evaluation.data.dictionaries import read_dictionary
from wordsight.grounding.caption_formats import FORMATS, sniffed
from wordsight.storage.arrays import load_array
from wordsight.storage.json_toml import parse_json, read_toml
from wordsight.storage.plain_text import read_text
from wordsight.storage.tables import read_table, sniff_delimiter

_LANGUAGE = re.compile(r"[a-z]{2}([-_][A-Za-z]{2,4})?")


@dataclass(frozen=True)
class FileKind:
    """A kind of file.

    Attributes:
        kind: what such a file is called.
        recognises: tells from the path and the first lines whether it is one.
        describe: says what is in it; raises DataError where something is wrong with it.
        use: what it is for.
    """

    kind: str
    recognises: Callable[[Path, Sequence[str]], bool]
    describe: Callable[[Path], str]
    use: str


def _matrix(path: Path) -> str:
    matrix = load_array(path)
    if matrix.ndim != 2 or matrix.dtype.kind not in "fiub":
        raise DataError(f"features must be a matrix of numbers, not {matrix.dtype} {list(matrix.shape)}")
    return f"{matrix.shape[0]} rows of {matrix.shape[1]} numbers ({matrix.dtype})"


def _recipe(path: Path) -> str:
    return f"sections {', '.join(read_toml(path))}"


def _captions_in_json(path: Path, images: str, captions: str) -> str:
    content: Any = parse_json(read_text(path), path)
    try:
        n_images = len(content["images"])
        n = len(content[captions]) if captions in content else sum(len(one[captions]) for one in content["images"])
    except (KeyError, TypeError) as error:
        raise DataError(f"{path} has no {images} with {captions} ({error})") from None
    return f"{n} captions of {n_images} images"


def _lines(path: Path) -> str:
    return f"{sum(1 for line in read_text(path).split(chr(10)) if line.strip())} captions"


def _analogies(path: Path) -> str:
    sections = read_analogies(path)
    return f"{sum(len(section.questions) for section in sections)} questions in {len(sections)} sections"


def _is_captions(name: str) -> Callable[[Path, Sequence[str]], bool]:
    return lambda path, head: bool(head) and sniffed(path) == name


def _has_fields(n: int) -> Callable[[Path, Sequence[str]], bool]:
    """Whether all lines have so many words, and letters alone; a single line is a text."""
    return lambda path, head: (
        len(head) > 1 and all(len(line.split()) == n and not any(c.isdigit() for c in line) for line in head)
    )


def _has_languages(path: Path, head: Sequence[str]) -> bool:
    """Whether the first line names languages alone, such as ``en`` and ``de``."""
    columns = head[0].strip().split(sniff_delimiter(head[0])) if len(head) > 1 else []
    return len(columns) > 1 and all(_LANGUAGE.fullmatch(column.strip()) for column in columns)


def _parallel(path: Path) -> str:
    table = read_table(path)
    return f"{len(table)} sentences in {', '.join(table.columns)}"


TRAIN_CAPTIONS = "wordsight train imagevec --captions, with the features of its images"
KINDS = (
    FileKind("feature matrix", lambda path, head: path.suffix == ".npy", _matrix, "--features, with --images TABLE"),
    FileKind("recipe", lambda path, head: path.suffix == ".toml", _recipe, "wordsight train --config"),
    FileKind(
        FORMATS["karpathy"].what,
        _is_captions("karpathy"),
        lambda path: _captions_in_json(path, "images", "sentences"),
        TRAIN_CAPTIONS,
    ),
    FileKind(
        FORMATS["coco"].what,
        _is_captions("coco"),
        lambda path: _captions_in_json(path, "images", "annotations"),
        TRAIN_CAPTIONS,
    ),
    FileKind(FORMATS["flickr"].what, _is_captions("flickr"), _lines, TRAIN_CAPTIONS),
    FileKind(FORMATS["conceptual"].what, _is_captions("conceptual"), _lines, "captions.table, with captions.shards"),
    FileKind(
        "analogy questions",
        lambda path, head: bool(head) and (head[0].startswith(": ") or _has_fields(4)(path, head)),
        _analogies,
        "wordsight eval --task analogy",
    ),
    FileKind("parallel text", _has_languages, _parallel, "wordsight train --parallel"),
    FileKind(
        "bilingual dictionary",
        _has_fields(2),
        lambda path: f"{len(read_dictionary(path))} pairs of words",
        "wordsight eval --task translation, wordsight align --dictionary",
    ),
)
"""In the order in which they are tried."""
