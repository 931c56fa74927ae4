"""The vectors directory: ``vectors.safetensors``, ``vocab.txt``, ``config.json`` and a model card, ``README.md``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from wordsight.errors import DataError
from wordsight.storage.atomic import replace_directory, unchanging
from wordsight.storage.config import read_config
from wordsight.storage.json_toml import content_of, write_json
from wordsight.storage.plain_text import read_lines, write_lines
from wordsight.storage.tensors import read_tensors, write_tensors
from wordsight.text.language_tags import languages_of
from wordsight.vectors.buckets import Buckets
from wordsight.vectors.formats._model_card import model_card
from wordsight.vectors.formats.base import Contents, VectorFormat
from wordsight.vectors.subwords import Subwords

KIND = "vectors"
FORMAT_VERSION = 1


def write_files(directory: Path, contents: Contents) -> None:
    """Writes the files of a vectors directory into an existing directory.

    Args:
        directory: where to; usually the temporary one of ``replace_directory``.
        contents: what to write; kind, format version and sizes are added to its facts.

    Raises:
        DataError: a word cannot be a line of UTF-8 text.
        OSError: the disk is full or the directory cannot be written.
    """
    words, matrix = contents.words, contents.matrix
    _check_lines(words)
    sizes = {"kind": KIND, "format_version": FORMAT_VERSION, "n_words": len(words), "dim": matrix.shape[1]}
    config = {**contents.facts, **sizes}
    buckets = contents.buckets.tensors() if contents.buckets else {}
    write_tensors(directory / "vectors.safetensors", {"vectors": matrix, **buckets})
    write_lines(directory / "vocab.txt", words)
    write_json(directory / "config.json", config)
    (directory / "README.md").write_text(model_card(config, languages_of(words)), encoding="utf-8")


def write(path: Path, contents: Contents) -> None:
    """Writes a vectors directory; an older one that wordsight wrote is replaced once the new one is whole.

    Raises:
        DataError: a word cannot be a line of UTF-8 text.
        WriteError: the directory cannot be written; nothing half-written is left.
    """
    with replace_directory(path) as temporary:
        write_files(temporary, contents)


def read(path: Path, *, limit: int | None = None, mmap: bool = True) -> Contents:
    """Reads a vectors directory; one that is replaced meanwhile is read again, so that its files belong together.

    Raises:
        DataError: missing, cut off, or its files do not belong together.
    """
    return unchanging(path, lambda here: _read(here, limit, mmap))


def _read(directory: Path, limit: int | None, mmap: bool) -> Contents:
    facts = read_config(directory, KIND, version=FORMAT_VERSION)
    words = read_lines(directory / "vocab.txt")
    path = directory / "vectors.safetensors"
    tensors = read_tensors(path, mmap=mmap)
    matrix = tensors.get("vectors")
    if matrix is None or matrix.ndim != 2:
        raise DataError(f"{path} has no matrix 'vectors'; get or write the directory again")
    if len(matrix) != len(words):
        raise DataError(f"{directory} has {len(words)} words in vocab.txt but {len(matrix)} vectors; get it again")
    with content_of(path, "a whole vectors file"):
        return Contents(
            words[:limit], matrix[:limit], Buckets.from_tensors(tensors) or Subwords.from_tensors(tensors), facts
        )


def _check_lines(words: Sequence[str]) -> None:
    for word in words:
        if "\n" in word:
            raise DataError(f"the word {word!r} has a line end in it and cannot be a line of vocab.txt; rename it")
    try:
        "".join(words).encode()
    except UnicodeEncodeError as error:
        raise DataError(f"a word has {error.object[error.start]!r} in it, which is no text; rename it") from None


FORMAT = VectorFormat(
    name="native",
    title="vectors directory",
    what="wordsight's own directory: a memory-mapped matrix, the words, the facts of the training, a model card",
    endings=("",),
    sniff=lambda path, head: path.is_dir(),
    read=read,
    write=write,
    directory=KIND,
)
