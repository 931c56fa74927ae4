"""Encoding: makes a corpus directory of a text, in one pass over the text and a cheap one over its ids."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from wordsight.errors import DataError, check_at_least_1
from wordsight.interruption import interruption
from wordsight.progress import progress
from wordsight.storage.json_toml import write_json
from wordsight.storage.plain_text import write_lines
from wordsight.text._scan import Scan
from wordsight.text._word_table import WordTable, renumber
from wordsight.text.text_files import TextFiles
from wordsight.text.tokenize import Tokenizer
from wordsight.text.unspaced_scripts import say_where_dictionaries_help
from wordsight.text.vocabulary import Vocabulary
from wordsight.version import versions

logger = logging.getLogger(__name__)

KIND = "corpus"
FORMAT_VERSION = 1


class Encoder:
    """One encoding run: counts and encodes in one pass over the text, then renumbers the ids on disk."""

    def __init__(self, splitter: Tokenizer, min_count: int) -> None:
        check_at_least_1(min_count=min_count)
        self.splitter = splitter
        self.min_count = min_count

    def run(self, scan: Scan, blocks: Iterable[bytes], directory: Path, label: str, settings: Any = None) -> None:
        """Writes a whole corpus directory.

        Args:
            scan: the first pass, at its beginning or where an earlier run stopped.
            blocks: the blocks that are still to be read; with :class:`TextFiles` a killed run can be resumed.
            directory: an existing directory.
            label: what the text is called in messages.
            settings: what ``config.json`` says of them.

        Raises:
            DataError: the text has no words, or no word occurs ``min_count`` times.
        """
        start = time.perf_counter()
        self._scan(scan, blocks, label)
        vocabulary, new_ids = self._vocabulary(scan.table, label)
        n_read = scan.n_ids
        offsets = self._renumber(scan.ids_path(), directory / "ids.npy", scan.ends(), new_ids, vocabulary.total)
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
            "versions": versions(),
        }
        write_json(directory / "config.json", config)
        seconds = time.perf_counter() - start
        logger.info("encoded %s: %s of %s tokens kept, %.1f s", label, f"{vocabulary.total:,}", f"{n_read:,}", seconds)

    def _scan(self, scan: Scan, blocks: Iterable[bytes], label: str) -> None:
        """Makes the first pass, or the rest of it."""
        goes_on = interruption.between_steps() if isinstance(blocks, TextFiles) else contextlib.nullcontext()
        with progress(f"reading {label}", None, unit="words") as advance, goes_on:
            for block in blocks:
                advance(scan.add(block), vocabulary=f"{scan.table.n_words:,}")
                if isinstance(blocks, TextFiles) and (scan.due or interruption.asked):
                    scan.save(vars(blocks.position))
                    interruption.stop_if_asked()
        # A short pass is not saved: it is as quickly repeated.
        if isinstance(blocks, TextFiles) and scan.position is not None:
            scan.save(vars(blocks.position))

    def _vocabulary(self, table: WordTable, label: str) -> tuple[Vocabulary, np.ndarray]:
        """Makes the vocabulary, by falling count, then by name; also returns provisional → final ids, int32 [n]."""
        found = table.words()
        counts = found["count"]
        if not counts.size:
            raise DataError(f"{label} has no words; is it empty, or is {self.splitter.name!r} the wrong tokenizer?")
        kept = np.flatnonzero(counts >= self.min_count)
        if not kept.size:
            raise DataError(
                f"no word of {label} occurs {self.min_count} times (the most frequent: {counts.max()}); lower min_count"
            )
        names = table.names(found[kept])
        by_name = np.array(sorted(range(len(names)), key=names.__getitem__))
        order = by_name[np.argsort(-counts[kept][by_name], kind="stable")]
        kept = kept[order]
        new_ids = np.full(counts.size, -1, dtype=np.int32)
        new_ids[kept] = np.arange(len(kept), dtype=np.int32)
        words = [names[i].decode() for i in order]
        say_where_dictionaries_help({label: dict(zip(words, counts[kept].tolist(), strict=True))}, self.splitter.name)
        return Vocabulary(list(map(self.splitter.tag, words)), counts[kept]), new_ids

    def _renumber(self, scratch: Path, path: Path, ends: np.ndarray, new_ids: np.ndarray, n_tokens: int) -> np.ndarray:
        """Makes the second pass: writes final ids; returns the offsets of the documents that still have words."""
        bounds = np.zeros(len(ends) + 1, dtype=np.int64)
        with scratch.open("rb") as source, path.open("wb") as out:
            _write_header(out, n_tokens)
            old = new = done = 0
            while len(ids := np.fromfile(source, dtype=np.int32, count=1 << 22)):
                size = len(ids)
                stop = int(np.searchsorted(ends, old + size, side="right"))
                before = np.empty(stop - done, dtype=np.int64)
                left = renumber(ids, new_ids, ends[done:stop] - old, before)
                bounds[done + 1 : stop + 1] = new + before
                out.write(ids[:left].data)
                old, new, done = old + size, new + left, stop
        return np.unique(bounds)


def _write_header(out: BinaryIO, n_tokens: int) -> None:
    header = {"descr": np.dtype(np.int32).str, "fortran_order": False, "shape": (n_tokens,)}
    np.lib.format.write_array_header_2_0(out, header)
