"""Passes over a corpus with the skip-gram kernel: tables, learning rate, threads, progress, interruption."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

import numpy as np

from wordsight.errors import ParameterError
from wordsight.kernels.compiling import compile_kernel
from wordsight.kernels.products import LANES
from wordsight.kernels.sampling import Sampling
from wordsight.kernels.skipgram import Tables, skipgram_kernel
from wordsight.kernels.visual_term import VisualTerm
from wordsight.progress import progress
from wordsight.storage.arrays import release
from wordsight.text.corpus import Corpus
from wordsight.training.checkpoint import Stage, stage
from wordsight.training.divergence import check_loss, check_size
from wordsight.training.state import AllChanging

CHUNK = 1 << 15
"""Tokens a thread takes at a time."""
FINAL_RATE = 1e-4
"""The learning rate falls linearly to this share of its first value, as in word2vec."""


FREQUENT = 64
"""The words that are looked at after each chunk: those that occur most often explode first."""

Between = Callable[[float], dict[str, float]]


@dataclass
class _Place:
    """Where a run is: whole epochs and segments behind it, and the chunks that are left of the segment under way.

    Attributes:
        tally: of the epoch under way: the summed loss and its number of pairs.
        figures: what ``between`` gave last.
        seconds: spent on the epoch under way.
    """

    epoch: int = 0
    segment: int = 0
    left: list[int] | None = None
    tally: list[float] = field(default_factory=lambda: [0.0, 0])
    figures: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    history: list[dict[str, float]] = field(default_factory=list)


class _Run(NamedTuple):
    """What a run is made with."""

    label: str
    bounds: np.ndarray
    between: Between | None
    pool: ThreadPoolExecutor
    advance: Callable[..., None]
    saved: Stage


class SkipGramTraining:
    """The state of one skip-gram run and its passes over the corpus.

    With one worker the run is repeatable bit for bit; several update the tables without locks (Hogwild), so that
    their results differ slightly from run to run.

    Attributes:
        tables: what is trained, see :class:`~wordsight.kernels.skipgram.Tables`.
        history: for each epoch its mean loss a (word, context) pair, estimated from every 32nd block of windows, and
            the words of the corpus a second.
        interrupted: whether Ctrl-C ended the run early.
    """

    _in_term: ClassVar[tuple[str, ...]] = ("targets", "gram", "occurrences")
    """The arrays that change in what the kernel is handed last."""

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
            visual: what the kernel adds to the objective for visual words; padded as by :func:`aligned_zeros`.

        Raises:
            ParameterError: a value makes no sense.
        """
        for name, value in (("dim", dim), ("window", window), ("negatives", negatives), ("epochs", epochs)):
            if value < 1:
                raise ParameterError(f"{name} is {value}; it must be at least 1")
        if not learning_rate > 0:
            raise ParameterError(f"learning_rate is {learning_rate}; it must be positive")
        corpus.check_ids()
        self._corpus = corpus
        self._dim = dim
        self._window, self._negatives = window, negatives
        self._epochs, self._learning_rate = epochs, learning_rate
        self._workers = workers or os.cpu_count() or 1
        self._term: Any = visual  # what the kernel is handed last; other kernels have others
        self._seed = seed
        self.tables = self._new_tables()
        keep = corpus.vocabulary.keep_probabilities(subsample) * (2**32 - 1)
        self._sampling = Sampling(keep.astype(np.uint32), *corpus.vocabulary.alias_table())
        self._kernel = skipgram_kernel(self.tables.inputs.shape[1])
        self.history: list[dict[str, float]] = []
        self.interrupted = False

    def _new_tables(self) -> Tables:
        n_words = len(self._corpus.vocabulary)
        inputs = aligned_zeros(n_words + 1, self._dim)
        random = np.random.default_rng(np.random.SeedSequence(self._seed, spawn_key=(0,)))
        inputs[:-1, : self._dim] = (random.random((n_words, self._dim), dtype=np.float32) - 0.5) / self._dim
        return Tables(inputs, outputs=aligned_zeros(n_words + 1, self._dim))

    def input_vectors(self) -> np.ndarray:
        """A copy of e without its padding, float32 [n_words, dim]."""
        return self.tables.inputs[:-1, : self._dim].copy()

    def output_vectors(self) -> np.ndarray:
        """A copy of v without its padding, float32 [n_words, dim]."""
        return self.tables.outputs[:-1, : self._dim].copy()

    def _changing(self) -> dict[str, np.ndarray]:
        """All arrays that change in the course of the run, by name."""
        of_term = self._in_term if self._term is not None else ()
        return self.tables._asdict() | {name: getattr(self._term, name) for name in of_term}

    def run(
        self,
        label: str,
        *,
        segments: int = 1,
        between: Between | None = None,
        changing: AllChanging | None = None,
    ) -> None:
        """Makes all passes, with a progress bar; Ctrl-C ends them early and leaves what was learned.

        It is a stage of :mod:`wordsight.training.checkpoint`: all tables are saved.

        Args:
            label: the model's name, for the progress bar.
            segments: parts of an epoch after each of which all threads wait for ``between``.
            between: called with the share of the whole run that is done; returns figures for the progress bar and the
                history.
            changing: what ``between`` changes beside the tables, by name, for the checkpoints.

        Raises:
            DivergenceError: the loss is no longer finite, or a vector has exploded.
        """
        n_tokens = len(self._corpus)
        settings = {"tokens": n_tokens, "epochs": self._epochs, "segments": segments}
        saved = stage(label, settings, self._changing() | dict(changing or {}))
        at, total = saved.place(_Place), self._epochs * n_tokens
        self.history = at.history
        compile_kernel(self._kernel, *self._given(0, 0, (0.0, 0.0), np.uint64(1)))
        with ThreadPoolExecutor(self._workers) as pool, progress(label, total, unit="words") as advance:
            run = _Run(label, np.linspace(0, n_tokens, segments + 1).astype(np.int64), between, pool, advance, saved)
            try:
                if saved.resumed:
                    advance(at.epoch * n_tokens + int(run.bounds[at.segment]))
                while at.epoch < self._epochs:
                    self._epoch(at, run)
                saved.finish(vars(at))
            except KeyboardInterrupt:
                self.interrupted = True
                pool.shutdown(cancel_futures=True)

    def _epoch(self, at: _Place, run: _Run) -> None:
        """Makes the rest of a pass."""
        n_tokens, began = len(self._corpus), time.perf_counter() - at.seconds
        while at.segment < len(run.bounds) - 1:
            self._segment(at, run, began)
            at.segment, at.left = at.segment + 1, None
            position = int(run.bounds[at.segment])
            if run.between is not None:
                at.figures = run.between((at.epoch * n_tokens + position) / (self._epochs * n_tokens))
            if run.saved.due:
                self._save(at, run, position, began)
        self._check(at, run, n_tokens)
        speed = n_tokens / (time.perf_counter() - began)
        loss = at.tally[0] / max(at.tally[1], 1)
        self.history.append({"epoch": at.epoch + 1, "loss": loss, **at.figures, "words_per_second": speed})
        at.epoch, at.segment, at.tally, at.seconds = at.epoch + 1, 0, [0.0, 0], 0.0

    def _segment(self, at: _Place, run: _Run, began: float) -> None:
        """Trains with all threads on what is left of a segment; they pause while a checkpoint is made."""
        start, stop = run.bounds[at.segment : at.segment + 2].tolist()
        edges = [*range(start, stop, CHUNK), stop]
        seeds = self._seeds(1 + at.epoch * (len(run.bounds) - 1) + at.segment, len(edges))
        left = list(range(len(edges) - 1)) if at.left is None else at.left

        def work(chunk: int) -> tuple[float, int] | None:
            if chunk != left[0] and run.saved.due:
                return None
            first, last = edges[chunk], edges[chunk + 1]
            rates = (self._rate(at.epoch, first), self._rate(at.epoch, last))
            result = self._kernel(*self._given(first, last, rates, seeds[chunk]))
            release(self._corpus.ids[first:last])
            return result

        if at.left is not None:
            run.advance(stop - start - sum(edges[chunk + 1] - edges[chunk] for chunk in left))
        while left:
            paused = []
            for chunk, result in zip(left, run.pool.map(work, left), strict=True):
                if result is None:
                    paused.append(chunk)
                    continue
                at.tally = [at.tally[0] + float(result[0]), at.tally[1] + int(result[1])]
                self._check(at, run, edges[chunk + 1], rows=slice(FREQUENT))
                run.advance(edges[chunk + 1] - edges[chunk], loss=at.tally[0] / max(at.tally[1], 1), **at.figures)
            at.left = left = paused
            if left:
                self._save(at, run, edges[left[0]], began)

    def _given(self, first: int, last: int, rates: tuple[float, float], seed: np.uint64) -> tuple[Any, ...]:
        """What the kernel is called with for ``ids[first:last]``."""
        settings = (self._sampling, self._window, self._negatives, rates, seed, self._term)
        return (self._corpus.ids, self._corpus.offsets, first, last, self.tables, *settings)

    def _save(self, at: _Place, run: _Run, position: int, began: float) -> None:
        self._check(at, run, position)
        at.seconds = time.perf_counter() - began
        run.saved.save(vars(at), where=f"epoch {at.epoch + 1} after {position:,} words")

    def _check(self, at: _Place, run: _Run, position: int, rows: slice = slice(None)) -> None:
        """Does nothing as long as the loss and the vectors (of some words) are in bounds.

        Raises:
            DivergenceError: they are not.
        """
        about = (run.label, f"epoch {at.epoch + 1} after {position:,} words", self._rate(at.epoch, position))
        check_loss(at.tally[0], *about, run.saved.last)
        learned = [table[rows] for table in self.tables]
        check_size(float(np.max([[array.max(), -array.min()] for array in learned])), *about, run.saved.last)

    def _seeds(self, number: int, n: int) -> np.ndarray:
        """The random numbers' seeds of a part of the run, which only its number determines, uint64 [n]."""
        seeds = np.random.SeedSequence(self._seed, spawn_key=(number,)).generate_state(n, dtype=np.uint64)
        return seeds | np.uint64(1)

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
