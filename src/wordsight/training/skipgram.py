"""Passes over a corpus with the skip-gram kernel: tables, learning rate, threads, progress, interruption."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from wordsight.errors import ParameterError
from wordsight.kernels.products import LANES
from wordsight.kernels.sampling import Sampling
from wordsight.kernels.skipgram import Tables, skipgram_kernel
from wordsight.kernels.visual import VisualTerm
from wordsight.progress import progress
from wordsight.text.corpus import Corpus

CHUNK = 1 << 15
"""Tokens a thread takes at a time."""
FINAL_RATE = 1e-4
"""The learning rate falls linearly to this share of its first value, as in word2vec."""


class SkipGramTraining:
    """The state of one skip-gram run and its passes over the corpus.

    With one worker the run is repeatable bit for bit; several update the tables without locks (Hogwild), so that
    their results differ slightly from run to run.

    Attributes:
        tables: what is trained, see :class:`~wordsight.kernels.skipgram.Tables`.
        history: for each epoch its mean loss a (word, context) pair, estimated from every 32nd block of windows, and the
            words of the corpus a second.
        interrupted: whether Ctrl-C ended the run early.
    """

    def __init__(
        self,
        corpus: Corpus,
        *,
        dim: int,
        window: int,
        negatives: int,
        subsample: float,
        epochs: int,
        learning_rate: float,
        seed: int,
        workers: int | None,
        offset_rows: np.ndarray | None = None,
        visual: VisualTerm | None = None,
    ) -> None:
        """Sets up the tables: input vectors uniform in ±1/(2 dim), output vectors zero, as in word2vec.

        Args:
            corpus: what to read.
            dim: length of the vectors.
            window: greatest distance of a context word; each occurrence draws its own from 1 to window.
            negatives: drawn for each occurrence, with probability proportional to count^0.75.
            subsample: threshold of :meth:`~wordsight.text.vocabulary.Vocabulary.keep_probabilities`.
            epochs: passes over the corpus.
            learning_rate: the first; it falls linearly.
            seed: of all random numbers.
            workers: threads; None for one a core.
            offset_rows: int32 [n_words], each word's row among the offsets z, or -1; None for no offsets.
            visual: what the kernel adds to the objective for visual words; padded as by :func:`aligned_zeros`.

        Raises:
            ParameterError: a value makes no sense.
        """
        for name, value in (("dim", dim), ("window", window), ("negatives", negatives), ("epochs", epochs)):
            if value < 1:
                raise ParameterError(f"{name} is {value}; it must be at least 1")
        if not learning_rate > 0:
            raise ParameterError(f"learning_rate is {learning_rate}; it must be positive")
        self._corpus = corpus
        self._dim = dim
        self._window, self._negatives = window, negatives
        self._epochs, self._learning_rate = epochs, learning_rate
        self._workers = workers or os.cpu_count() or 1
        self._term: Any = visual  # what the kernel is handed last; other kernels have others
        self._seeds = np.random.SeedSequence(seed)
        self.tables = self._new_tables(offset_rows if offset_rows is not None else np.zeros(0, dtype=np.int32))
        keep = corpus.vocabulary.keep_probabilities(subsample) * (2**32 - 1)
        self._sampling = Sampling(keep.astype(np.uint32), *corpus.vocabulary.alias_table())
        self._kernel = skipgram_kernel(self.tables.inputs.shape[1])
        self.history: list[dict[str, float]] = []
        self.interrupted = False

    def _new_tables(self, offset_rows: np.ndarray) -> Tables:
        n_words = len(self._corpus.vocabulary)
        n_offsets = int(offset_rows.max(initial=-1)) + 1
        inputs = aligned_zeros(n_words + 1, self._dim)
        random = np.random.default_rng(self._seeds.spawn(1)[0])
        inputs[:-1, : self._dim] = (random.random((n_words, self._dim), dtype=np.float32) - 0.5) / self._dim
        return Tables(
            inputs=inputs,
            outputs=aligned_zeros(n_words + 1, self._dim),
            offset_rows=offset_rows,
            offsets=aligned_zeros(n_offsets, self._dim),
            offset_gradients=aligned_zeros(n_offsets, self._dim),
            offset_updates=np.zeros(n_offsets, dtype=np.int64),
        )

    def input_vectors(self) -> np.ndarray:
        """A copy of e without its padding, float32 [n_words, dim]."""
        return np.ascontiguousarray(self.tables.inputs[:-1, : self._dim])

    def output_vectors(self) -> np.ndarray:
        """A copy of v without its padding, float32 [n_words, dim]."""
        return np.ascontiguousarray(self.tables.outputs[:-1, : self._dim])

    def run(self, label: str, *, segments: int = 1, between: Callable[[float], dict[str, float]] | None = None) -> None:
        """Makes all passes, with a progress bar; Ctrl-C ends them early and leaves what was learned.

        Args:
            label: the model's name, for the progress bar.
            segments: parts of an epoch after each of which all threads wait for ``between``.
            between: called with the share of the whole run that is done; returns figures for the progress bar and the
                history.
        """
        bounds = np.linspace(0, len(self._corpus), segments + 1).astype(np.int64)
        total = self._epochs * len(self._corpus)
        figures: dict[str, float] = {}
        with ThreadPoolExecutor(self._workers) as pool, progress(label, total, unit="words") as advance:
            try:
                for epoch in range(self._epochs):
                    start, tally = time.perf_counter(), np.zeros(2)
                    for i in range(segments):
                        tally += self._segment(pool, epoch, bounds[i], bounds[i + 1], advance, figures)
                        if between is not None:
                            figures = between((epoch * len(self._corpus) + bounds[i + 1]) / total)
                    speed = len(self._corpus) / (time.perf_counter() - start)
                    loss = float(tally[0] / max(tally[1], 1))
                    self.history.append({"epoch": epoch + 1, "loss": loss, **figures, "words_per_second": speed})
            except KeyboardInterrupt:
                self.interrupted = True
                pool.shutdown(cancel_futures=True)

    def _segment(
        self,
        pool: ThreadPoolExecutor,
        epoch: int,
        start: int,
        stop: int,
        advance: Callable[..., None],
        figures: dict[str, float],
    ) -> np.ndarray:
        """Trains on ``ids[start:stop]`` with all threads; returns summed loss and its number of pairs, float64 [2]."""
        edges = np.append(np.arange(start, stop, CHUNK), stop)
        seeds = self._seeds.spawn(1)[0].generate_state(len(edges), dtype=np.uint64) | np.uint64(1)
        ids, offsets = self._corpus.ids, self._corpus.offsets

        def work(chunk: int) -> tuple[float, int]:
            first, last = edges[chunk], edges[chunk + 1]
            rates = (self._rate(epoch, first), self._rate(epoch, last))
            settings = (self._sampling, self._window, self._negatives, rates, seeds[chunk], self._term)
            return self._kernel(ids, offsets, first, last, self.tables, *settings)

        tally = np.zeros(2)
        for chunk, result in enumerate(pool.map(work, range(len(edges) - 1))):
            tally += result
            advance(int(edges[chunk + 1] - edges[chunk]), loss=tally[0] / max(tally[1], 1), **figures)
        return tally

    def _rate(self, epoch: int, position: int) -> float:
        done = (epoch + position / len(self._corpus)) / self._epochs
        return float(self._learning_rate * max(1 - done, FINAL_RATE))


def aligned_zeros(rows: int, dim: int) -> np.ndarray:
    """float32 zeros [rows, dim padded to a multiple of 16], aligned so that no 16 of them split a cache line."""
    columns = -(-dim // LANES) * LANES
    size = rows * columns * 4
    buffer = np.zeros(size + 64, dtype=np.uint8)
    start = -buffer.ctypes.data % 64
    return buffer[start : start + size].view(np.float32).reshape(rows, columns)
