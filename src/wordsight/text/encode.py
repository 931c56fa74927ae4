"""Encoding: text in, a corpus directory out, in one pass over the text and a cheap one over its ids."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from wordsight import __version__
from wordsight.errors import DataError, ParameterError
from wordsight.files import write_json, write_lines
from wordsight.progress import progress
from wordsight.text.tokenize import Tokenizer
from wordsight.text.vocabulary import Vocabulary
from wordsight.text.word_table import WordTable, renumber

logger = logging.getLogger(__name__)

KIND = "corpus"
FORMAT_VERSION = 1


class Encoder:
    """One encoding run: counts and encodes in one pass over the text, then renumbers the ids on disk."""

    def __init__(self, splitter: Tokenizer, min_count: int) -> None:
        if min_count < 1:
            raise ParameterError(f"min_count is {min_count}; it must be at least 1")
        self.splitter = splitter
        self.min_count = min_count

    def run(self, blocks: Iterable[bytes], directory: Path, label: str, settings: dict[str, Any] | None) -> None:
        """Writes a whole corpus directory into ``directory``."""
        start = time.perf_counter()
        table = WordTable()
        scratch = directory / "provisional.bin"
        ends, n_read = self._scan(blocks, table, scratch, label)
        vocabulary, new_ids = self._vocabulary(table, label)
        offsets = self._renumber(scratch, directory / "ids.npy", ends, new_ids, vocabulary.total)
        scratch.unlink()
        np.save(directory / "offsets.npy", offsets)
        np.save(directory / "counts.npy", vocabulary.counts)
        write_lines(directory / "vocab.txt", vocabulary.words)
        config = {
            "kind": KIND,
            "format_version": FORMAT_VERSION,
            "n_tokens": vocabulary.total,
            "n_words": len(vocabulary),
            "n_documents": len(offsets) - 1,
            "n_tokens_read": n_read,
            "settings": settings,
            "versions": {"wordsight": __version__},
        }
        write_json(directory / "config.json", config)
        seconds = time.perf_counter() - start
        logger.info("encoded %s: %s of %s tokens kept, %.1f s", label, f"{vocabulary.total:,}", f"{n_read:,}", seconds)

    def _scan(self, blocks: Iterable[bytes], table: WordTable, scratch: Path, label: str) -> tuple[np.ndarray, int]:
        """First pass: writes provisional ids; returns the documents' ends among them and their number."""
        ends: list[np.ndarray] = []
        n_ids = 0
        with scratch.open("wb") as out, progress(f"reading {label}", None, unit="words") as advance:
            for block in blocks:
                encoded = table.encode(block)
                out.write(encoded.ids.data)
                ends.append(encoded.ends + n_ids)
                n_ids += len(encoded.ids)
                advance(len(encoded.ids), vocabulary=f"{table.n_words:,}")
        return np.concatenate(ends) if ends else np.zeros(0, dtype=np.int64), n_ids

    def _vocabulary(self, table: WordTable, label: str) -> tuple[Vocabulary, np.ndarray]:
        """Words that occur often enough, by falling count, then by name; and provisional → final ids."""
        words, counts = table.words(), table.counts()
        if not words:
            raise DataError(f"{label} has no words; is it empty, or is {self.splitter.name!r} the wrong tokenizer?")
        kept = sorted(np.flatnonzero(counts >= self.min_count).tolist(), key=lambda i: (-counts[i], words[i]))
        if not kept:
            raise DataError(
                f"no word of {label} occurs {self.min_count} times (the most frequent: {counts.max()}); lower min_count"
            )
        new_ids = np.full(len(words), -1, dtype=np.int32)
        new_ids[kept] = np.arange(len(kept), dtype=np.int32)
        return Vocabulary([self.splitter.tag(words[i].decode()) for i in kept], counts[kept]), new_ids

    def _renumber(self, scratch: Path, path: Path, ends: np.ndarray, new_ids: np.ndarray, n_tokens: int) -> np.ndarray:
        """Second pass: final ids to ``path``; returns the offsets of the documents that still have words."""
        bounds = np.zeros(len(ends) + 1, dtype=np.int64)
        with scratch.open("rb") as source, path.open("wb") as out:
            _write_header(out, n_tokens)
            old = new = done = 0
            while len(ids := np.fromfile(source, dtype=np.int32, count=1 << 22)):
                stop = int(np.searchsorted(ends, old + len(ids), side="right"))
                before = np.concatenate([[0], np.cumsum(new_ids[ids] >= 0)])
                bounds[done + 1 : stop + 1] = new + before[ends[done:stop] - old]
                left = renumber(ids, new_ids)
                out.write(ids[:left].data)
                old, new, done = old + len(before) - 1, new + left, stop
        return np.unique(bounds)


def _write_header(out: BinaryIO, n_tokens: int) -> None:
    header = {"descr": np.dtype(np.int32).str, "fortran_order": False, "shape": (n_tokens,)}
    np.lib.format.write_array_header_2_0(out, header)
