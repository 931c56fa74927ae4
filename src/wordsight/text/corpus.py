"""Corpus: a text as word ids on disk, encoded once and memory-mapped ever after."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Self

import numpy as np
import platformdirs

from wordsight.errors import DataError
from wordsight.files import fingerprint, load_array, read_config, read_lines, replace_directory
from wordsight.text.encode import FORMAT_VERSION, KIND, Encoder
from wordsight.text.readers import Paths, document_blocks, file_blocks, paths_of
from wordsight.text.tokenize import Tokenizer
from wordsight.text.tokenize import tokenizer as make_tokenizer
from wordsight.text.vocabulary import Vocabulary


class Corpus:
    """Word ids of a text with the bounds of its documents.

    Attributes:
        vocabulary: the words with their counts.
        ids: int32 [n_tokens]; words below the minimum count are left out.
        offsets: int64 [n_documents + 1]; document d is ``ids[offsets[d]:offsets[d + 1]]``.
    """

    def __init__(self, vocabulary: Vocabulary, ids: np.ndarray, offsets: np.ndarray) -> None:
        self.vocabulary = vocabulary
        self.ids = ids
        self.offsets = offsets

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        documents = len(self.offsets) - 1
        return f"Corpus({len(self):,} tokens, {documents:,} documents, {len(self.vocabulary):,} words)"

    @property
    def fingerprint(self) -> str:
        """A short stable hash of the words, their counts and the documents' bounds."""
        return fingerprint("\n".join(self.vocabulary.words), self.vocabulary.counts, np.asarray(self.offsets))

    def documents(self) -> Iterator[list[str]]:
        """The documents as lists of words."""
        words = self.vocabulary.words
        for start, end in zip(self.offsets[:-1], self.offsets[1:], strict=True):
            yield [words[i] for i in self.ids[start:end]]

    @classmethod
    def from_text(
        cls,
        source: Paths,
        *,
        min_count: int = 5,
        tokenizer: str | Tokenizer = "whitespace",
        language: str | None = None,
        directory: str | os.PathLike[str] | None = None,
    ) -> Self:
        """Encodes text files, or opens what an earlier call with the same files and settings encoded.

        Args:
            source: a file (plain, .gz, .xz, .bz2), a list of files, or ``"-"`` for standard input; every line is a
                document.
            min_count: words that occur less often are left out.
            tokenizer: "whitespace", "text8" or "words".
            language: tag for every word (``en`` makes ``en:cat``).
            directory: where to keep the encoded corpus; by default beside the text (``NAME.wordsight``), or in the
                user's cache folder if that place is read-only. Standard input is kept in memory unless given.

        Raises:
            DataError: a file is missing, empty, damaged or not UTF-8, or no word reaches ``min_count``.
            WriteError: the directory cannot be written; nothing is left of it.
        """
        splitter = make_tokenizer(tokenizer, language)
        paths = paths_of(source)
        encoder = Encoder(splitter, min_count)
        if Path("-") in paths:
            return cls._encoded(encoder, _checked_blocks(paths, splitter), directory, "standard input", None)
        settings = {
            "files": [[str(p.resolve()), p.stat().st_size, p.stat().st_mtime_ns] for p in paths],
            "tokenizer": splitter.name,
            "language": splitter.language,
            "min_count": min_count,
            "format_version": FORMAT_VERSION,
        }
        target = Path(directory) if directory is not None else _default_directory(paths[0], settings)
        if (target / "config.json").is_file() and _settings(target) == settings:
            return cls.load(target)
        label = paths[0].name if len(paths) == 1 else f"{len(paths)} files"
        return cls._encoded(encoder, _checked_blocks(paths, splitter), target, label, settings)

    @classmethod
    def from_documents(
        cls,
        documents: Iterable[str] | Iterable[list[str]],
        *,
        min_count: int = 5,
        tokenizer: str | Tokenizer = "whitespace",
        language: str | None = None,
        directory: str | os.PathLike[str] | None = None,
    ) -> Self:
        """Encodes documents in memory, each a text or a list of words; kept in memory unless ``directory`` is given.

        Raises:
            DataError: the documents are a one-shot iterator, are empty, or no word reaches ``min_count``.
        """
        splitter = make_tokenizer(tokenizer, language)
        blocks = (splitter.normalise(block) for block in document_blocks(documents))
        return cls._encoded(Encoder(splitter, min_count), blocks, directory, "the documents", None)

    @classmethod
    def _encoded(
        cls,
        encoder: Encoder,
        blocks: Iterable[bytes],
        directory: str | os.PathLike[str] | None,
        label: str,
        settings: dict[str, Any] | None,
    ) -> Self:
        if directory is not None:
            with replace_directory(directory) as temporary:
                encoder.run(blocks, temporary, label, settings)
            return cls.load(directory)
        with tempfile.TemporaryDirectory(prefix="wordsight-") as temporary_name:
            encoder.run(blocks, Path(temporary_name), label, settings)
            return cls.load(temporary_name, mmap=False)

    @classmethod
    def load(cls, directory: str | os.PathLike[str], *, mmap: bool = True) -> Self:
        """Opens an encoded corpus; its ids stay on disk unless ``mmap`` is False.

        Raises:
            DataError: the directory is missing, not a corpus, or its files do not fit each other.
        """
        directory = Path(directory)
        config = read_config(directory, KIND, version=FORMAT_VERSION)
        ids = load_array(directory / "ids.npy", mmap=mmap)
        offsets = load_array(directory / "offsets.npy", mmap=mmap)
        counts = load_array(directory / "counts.npy", mmap=False)
        words = read_lines(directory / "vocab.txt")
        whole = len(ids) == config.get("n_tokens") == offsets[-1] and len(words) == len(counts) == config.get("n_words")
        if not whole:
            raise DataError(f"the files in {directory} do not fit each other; delete it and encode the text again")
        return cls(Vocabulary(words, counts), ids, offsets)


def _checked_blocks(paths: list[Path], splitter: Tokenizer) -> Iterator[bytes]:
    """The normalised blocks of all files; every file ends its last document; an error names file and line."""
    for path in paths:
        line = 1
        block = b"\n"
        for block in file_blocks(path):
            try:
                normal = splitter.normalise(block)
            except UnicodeDecodeError as error:
                line += block.count(b"\n", 0, error.start)
                raise DataError(f"{path}, line {line}: not UTF-8; convert the file to UTF-8") from error
            line += block.count(b"\n")
            yield normal
        if not block.endswith(b"\n"):
            yield b"\n"


def _default_directory(path: Path, settings: dict[str, Any]) -> Path:
    """Beside the text where that is writable, else in the user's cache; one sub-folder for each set of settings."""
    name = fingerprint(repr(sorted(settings.items())))
    if os.access(path.parent, os.W_OK):
        return path.with_name(f"{path.name}.wordsight") / name
    return Path(platformdirs.user_cache_dir("wordsight")) / "corpora" / f"{path.name}-{name}"


def _settings(directory: Path) -> object:
    return read_config(directory, KIND, version=FORMAT_VERSION).get("settings")
