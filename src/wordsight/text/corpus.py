"""Corpus: a text as word ids on disk, encoded once and memory-mapped afterwards."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import platformdirs

from wordsight.errors import DataError, WordsightError, WriteError
from wordsight.storage.arrays import blocks, load_array
from wordsight.storage.atomic import delete_directory, replace_directory, unchanging
from wordsight.storage.config import read_config
from wordsight.storage.hashes import fingerprint
from wordsight.storage.locks import locked
from wordsight.storage.outputs import check_directory, unfinished_folder
from wordsight.storage.plain_text import read_lines
from wordsight.storage.streams import existing
from wordsight.storage.unfinished import UnfinishedRun, discard
from wordsight.text._encode import FORMAT_VERSION, KIND, Encoder
from wordsight.text._scan import Scan
from wordsight.text.text_files import Paths, Position, TextFiles, document_blocks, paths_of
from wordsight.text.tokenize import Tokenizer
from wordsight.text.tokenize import tokenizer as make_tokenizer
from wordsight.text.vocabulary import Vocabulary

logger = logging.getLogger(__name__)


class Corpus:
    """The word ids of a text, and where its documents begin and end.

    Attributes:
        vocabulary: the words with their counts.
        ids: int32 [n_tokens], read-only; words below the minimum count are left out.
        offsets: int64 [n_documents + 1], read-only; document d is ``ids[offsets[d]:offsets[d + 1]]``.
    """

    def __init__(self, vocabulary: Vocabulary, ids: np.ndarray, offsets: np.ndarray) -> None:
        self.vocabulary = vocabulary
        self.ids, self.offsets = ids.view(), offsets.view()
        for array in (self.ids, self.offsets):  # mapped or not, both get one type, so that kernels compile once
            array.flags.writeable = False

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        documents = len(self.offsets) - 1
        return f"Corpus({len(self):,} tokens, {documents:,} documents, {len(self.vocabulary):,} words)"

    @property
    def fingerprint(self) -> str:
        """A short stable hash of the words, their counts, and the documents."""
        words = "\n".join(self.vocabulary.words)
        return fingerprint(words, self.vocabulary.counts, np.asarray(self.offsets), np.asarray(self.ids))

    def check_ids(self) -> None:
        """Checks that each id is that of a word; compiled code relies on it.

        Raises:
            DataError: an id is outside the vocabulary.
        """
        for block in blocks(self.ids):
            if block.min() < 0 or block.max() >= len(self.vocabulary):
                raise DataError(
                    "a corpus has an id outside its vocabulary; delete its directory and encode the text again"
                )

    def documents(self) -> Iterator[list[str]]:
        """Yields the documents as lists of words."""
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
        overwrite: bool = True,
    ) -> Self:
        """Encodes text files, or opens what an earlier call with the same files and settings encoded.

        Args:
            source: a file (plain, .gz, .xz, .bz2), a list of files, or ``"-"`` for standard input; every line is a
                document.
            min_count: words that occur less often are left out.
            tokenizer: a name in :data:`wordsight.text.tokenize.TOKENIZERS`, such as "words".
            language: tag for every word (``en`` makes ``en:cat``).
            directory: where to keep the encoded corpus; by default beside the text (``NAME.wordsight``), or in the
                user's cache folder if that place is read-only. Standard input is kept in memory unless given.
            overwrite: whether a finished corpus of other text or settings in ``directory`` may be replaced.

        Raises:
            DataError: a file is missing, empty, damaged or not UTF-8, or no word reaches ``min_count``.
            WriteError: the directory cannot be written or must not be replaced; nothing is left of it.
        """
        splitter = make_tokenizer(tokenizer, language)
        paths = paths_of(source)
        encoder = Encoder(splitter, min_count)
        if Path("-") in paths:
            if directory is not None:
                check_directory(directory, KIND, overwrite=overwrite)
            return cls._encoded(encoder, iter(TextFiles(paths, splitter)), directory, "standard input")
        settings = {
            "files": [[str(p.resolve()), p.stat().st_size, p.stat().st_mtime_ns] for p in paths],
            "tokenizer": splitter.name,
            "language": splitter.language,
            "min_count": min_count,
            "format_version": FORMAT_VERSION,
        }
        target = Path(directory) if directory is not None else _default_directory(paths[0], settings)
        if not _holds(target, settings) or (unfinished_folder(target) / "config.json").is_file():
            try:
                with locked(target, wait=directory is None):
                    if not _holds(target, settings):
                        check_directory(target, KIND, overwrite=overwrite)
                    _encode_files(encoder, paths, target, settings)
                    if directory is None:
                        _delete_outdated(target, settings)
            finally:
                if directory is None:
                    with contextlib.suppress(OSError):  # there is a corpus in it
                        target.parent.rmdir()
        return cls.load(target)

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
            ParameterError: the documents are one string instead of a list.
            DataError: the documents are a one-shot iterator, are empty, or no word reaches ``min_count``.
        """
        splitter = make_tokenizer(tokenizer, language)
        blocks = (splitter.normalise(block) for block in document_blocks(documents))
        return cls._encoded(Encoder(splitter, min_count), blocks, directory, "the documents")

    @classmethod
    def _encoded(
        cls,
        encoder: Encoder,
        blocks: Iterable[bytes],
        directory: str | os.PathLike[str] | None,
        label: str,
    ) -> Self:
        """Encodes a text that can be read only once; a killed run starts over."""
        with tempfile.TemporaryDirectory(prefix="wordsight-") as name:
            scratch = Path(name)
            if directory is None:
                with Scan(scratch) as scan:
                    encoder.run(scan, blocks, scratch, label)
                return cls.load(scratch, mmap=False)
            with locked(directory), replace_directory(directory) as temporary, Scan(scratch) as scan:
                encoder.run(scan, blocks, temporary, label)
        return cls.load(directory)

    @classmethod
    def load(cls, directory: str | os.PathLike[str], *, mmap: bool = True) -> Self:
        """Opens an encoded corpus; its ids stay on disk unless ``mmap`` is False.

        Raises:
            DataError: the directory is missing, not a corpus, or its files do not fit each other.
        """
        return unchanging(directory, lambda here: cls._load(here, mmap))

    @classmethod
    def _load(cls, directory: Path, mmap: bool) -> Self:
        config = read_config(directory, KIND, version=FORMAT_VERSION)
        ids = load_array(directory / "ids.npy", mmap=mmap)
        offsets = load_array(directory / "offsets.npy", mmap=mmap)
        counts = load_array(directory / "counts.npy", mmap=False)
        words = read_lines(directory / "vocab.txt")
        sizes = [len(words), len(words), len(ids)]
        if sizes != [config.get("n_words"), counts.size, config.get("n_tokens")] or not _fitting(ids, offsets, counts):
            raise DataError(f"the files in {directory} do not fit each other; delete it and encode the text again")
        return cls(Vocabulary(words, counts), ids, offsets)


def _fitting(ids: np.ndarray, offsets: np.ndarray, counts: np.ndarray) -> bool:
    """Tells whether these can be a corpus's arrays; :meth:`Corpus.check_ids` looks at each id."""
    arrays = ((ids, np.int32), (offsets, np.int64), (counts, np.int64))
    if not all(array.ndim == 1 and array.dtype == dtype and array.size for array, dtype in arrays):
        return False
    bounds = offsets[0] == 0 and offsets[-1] == len(ids) and bool((np.diff(offsets) >= 0).all())
    return bool(bounds and counts.min() > 0)


def _encode_files(encoder: Encoder, paths: Sequence[Path], target: Path, settings: Mapping[str, Any]) -> None:
    """Encodes files, or goes on where a killed run stopped."""
    partial = UnfinishedRun(unfinished_folder(target), "encoding", settings)
    if _holds(target, settings):  # another process has done it, or was killed at the very end
        partial.discard()
        return
    label = paths[0].name if len(paths) == 1 else f"{len(paths)} files"
    with Scan(partial.directory) as scan:
        if scan.position is not None:
            logger.info("%s: going on after %s words, from %s", label, f"{scan.n_ids:,}", partial.directory)
        files = TextFiles(paths, encoder.splitter, None if scan.position is None else Position(**scan.position))
        try:
            with replace_directory(target) as temporary:
                encoder.run(scan, files, temporary, label, settings)
                _check_unchanged(settings["files"])
        except BaseException as error:
            # An error of the input would only come again, so nothing is kept for the next run.
            if scan.position is None or (isinstance(error, WordsightError) and not isinstance(error, WriteError)):
                partial.discard()
            raise
    partial.discard()


def _check_unchanged(stamps: Iterable[Sequence[Any]]) -> None:
    """Raises a DataError where a file has another size or time than before it was encoded: parts may be missing."""
    for name, size, time in stamps:
        now = existing(name, what="text file").stat()
        if (now.st_size, now.st_mtime_ns) != (size, time):
            raise DataError(f"{name} was changed while it was encoded; nothing is kept of it, encode it again")


def _holds(directory: Path, settings: Mapping[str, Any]) -> bool:
    """Tells whether a directory is a corpus that was encoded from these files with these settings."""
    try:
        return bool(read_config(directory, KIND, version=FORMAT_VERSION).get("settings") == settings)
    except DataError:
        return False


def _delete_outdated(target: Path, settings: Mapping[str, Any]) -> None:
    """Deletes corpora, finished or not, of the same files before these changed."""
    now = _stamps(settings["files"])
    for directory in target.parent.iterdir():
        try:
            config = json.loads((directory / "config.json").read_text(encoding="utf-8"))
            files = config["settings"]["files"] if config["kind"] == KIND else config["begun_with"]["files"]
            then = _stamps(files)
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if then.keys() == now.keys() and then != now:
            with contextlib.suppress(OSError):  # what wordsight did not write stays
                delete_directory(directory) if config["kind"] == KIND else discard(directory)


def _stamps(files: Any) -> dict[str, list[int]]:
    """Returns file → its size and time."""
    return {name: [size, time] for name, size, time in files}


def _default_directory(path: Path, settings: dict[str, Any]) -> Path:
    """Returns a folder for these settings: beside the text, or in the user's cache where that is read-only."""
    name = fingerprint(repr(sorted(settings.items())))
    if os.access(path.parent, os.W_OK):
        return path.with_name(f"{path.name}.wordsight") / name
    return Path(platformdirs.user_cache_dir("wordsight")) / "corpora" / f"{path.name}-{name}"
