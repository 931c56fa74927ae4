"""Passes over a corpus with a kernel: learning rate, threads, progress, checkpoints, interruption.

A run consists of epochs, passes over the corpus; an epoch of segments, at whose ends all threads wait; a segment of
chunks, which the threads share out.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np

from wordsight.devices import n_workers
from wordsight.errors import ParameterError, check_at_least_1
from wordsight.interruption import interruption
from wordsight.kernels.compiling import compile_kernel
from wordsight.kernels.sampling import Sampling
from wordsight.kernels.vector_tables import VectorTables
from wordsight.progress import Advance, epoch_ended, progress
from wordsight.storage.arrays import check_not_cut, release
from wordsight.text.corpus import Corpus
from wordsight.training.checkpoint import Stage, stage
from wordsight.training.divergence import check_loss, check_size
from wordsight.training.draws import check_draws
from wordsight.training.state import AllChanging

CHUNK = 1 << 15
"""Tokens in a chunk, the work of one thread at a time."""
CORPUS_FINAL_RATE = 1e-4
"""The learning rate falls linearly to this share of its first value, as in word2vec."""
FREQUENT = 64
"""Number of words whose vectors are checked after each chunk: the most frequent, which diverge first."""

Kernel = Callable[..., tuple[float, int]]
"""Function with the arguments of a skip-gram kernel that returns a summed loss and its number of terms."""


class Term(Protocol):
    """A term that a model adds to a kernel's objective: the last argument of the kernel."""

    def changing(self) -> dict[str, np.ndarray]:
        """The term's arrays that change during training, by name."""


class Segment(NamedTuple):
    """A segment that was read; the argument of the function that runs between segments.

    Attributes:
        done: finished share of the run, 0 … 1.
        rate: mean learning rate of the segment.
    """

    done: float
    rate: float


Between = Callable[[Segment], dict[str, float]]


class CorpusPasses:
    """Passes over a corpus, in which a kernel trains tables of vectors.

    With one worker a run is repeatable bit for bit. Several workers update the tables without locks (Hogwild); their
    results differ slightly from run to run.

    Attributes:
        tables: the trained tables.
        history: for each epoch the mean loss of a term, the last figures of ``between``, and the words per second.
        interrupted: whether Ctrl-C ended the run early.
    """

    def __init__(
        self,
        corpus: Corpus,
        tables: VectorTables,
        sampling: Sampling,
        kernel: Callable[[int], Kernel],
        *,
        term: Term | None = None,
        window: int,
        negatives: int,
        epochs: int,
        learning_rate: float,
        seed: int,
        workers: int | None,
    ) -> None:
        """Prepares a run.

        Args:
            corpus: the text.
            tables: tables to train, in place.
            sampling: tables that words are drawn by.
            kernel: padded dimension → kernel.
            term: term that the model adds to the kernel's objective, if any.
            window: greatest distance of a context word.
            negatives: words drawn as negatives for each occurrence.
            epochs: passes over the corpus.
            learning_rate: initial learning rate; it falls linearly.
            seed: seed of all random numbers.
            workers: threads; None: one for each core.

        Raises:
            ParameterError: a value makes no sense.
            DataError: subsampling leaves nothing of the text.
        """
        check_at_least_1(window=window, negatives=negatives, epochs=epochs)
        if not learning_rate > 0:
            raise ParameterError(f"learning_rate is {learning_rate}; it must be positive")
        corpus.check_ids()
        if len(corpus):
            check_draws(corpus, sampling, window=window, negatives=negatives, epochs=epochs)
        self.tables = tables
        self.epochs, self.n_tokens = epochs, len(corpus)
        self.history: list[dict[str, float]] = []
        self.interrupted = False
        self._corpus, self._term = corpus, term
        self._kernel = kernel(tables.inputs.shape[1])
        self._draws = (sampling, window, negatives)
        self._learning_rate, self._seed, self._workers = learning_rate, seed, n_workers(workers)

    def run(
        self,
        label: str,
        *,
        segments: int = 1,
        between: Between | None = None,
        changing: AllChanging | None = None,
    ) -> None:
        """Makes all passes, as a stage of checkpoints; Ctrl-C ends them early and keeps what was learned.

        A text without words changes nothing.

        Args:
            label: label of the progress bar, such as the model's name.
            segments: segments of an epoch.
            between: called after each segment, when all threads wait; returns figures for progress bar and history.
            changing: objects that ``between`` changes beside the tables and the term, by name, for the checkpoints.

        Raises:
            DivergenceError: the loss is not finite, or the vectors are out of bounds.
        """
        if not self.n_tokens:
            return
        term_arrays = {} if self._term is None else self._term.changing()
        facts = {"tokens": self.n_tokens, "epochs": self.epochs, "segments": segments}
        saved = stage(label, facts, {**self.tables._asdict(), **term_arrays, **(changing or {})})
        compile_kernel(self._kernel, *self._arguments(0, 0, (0.0, 0.0), np.uint64(1)))
        total = self.epochs * self.n_tokens
        with ThreadPoolExecutor(self._workers) as pool, progress(label, total, unit="words") as advance:
            run = _Run(self, label, segments, between, saved, pool, advance)
            self.history = run.position.history
            try:
                with interruption.between_steps():
                    run.read()
            except KeyboardInterrupt:
                self.interrupted = True
                pool.shutdown(cancel_futures=True)

    def read(self, epoch: int, first: int, last: int, seed: np.uint64) -> tuple[float, int]:
        """Trains on ``ids[first:last]`` of an epoch; a DataError if the file of the ids has become shorter."""
        check_not_cut(self._corpus.ids)
        result = self._kernel(*self._arguments(first, last, (self.rate(epoch, first), self.rate(epoch, last)), seed))
        release(self._corpus.ids[first:last])
        return result

    def _arguments(self, first: int, last: int, rates: tuple[float, float], seed: np.uint64) -> tuple[object, ...]:
        corpus = self._corpus
        return (corpus.ids, corpus.offsets, first, last, self.tables, *self._draws, rates, seed, self._term)

    def rate(self, epoch: int, token: int) -> float:
        """The learning rate at a token of an epoch."""
        return self._falling((epoch + token / self.n_tokens) / self.epochs)

    def segment(self, epoch: int, first: int, last: int) -> Segment:
        """The segment ``ids[first:last]`` of an epoch, once it was read."""
        before, done = ((epoch * self.n_tokens + token) / (self.epochs * self.n_tokens) for token in (first, last))
        return Segment(done, rate=self._falling((before + done) / 2))

    def _falling(self, done: float) -> float:
        return float(self._learning_rate * max(1 - done, CORPUS_FINAL_RATE))

    def seeds(self, number: int, n: int) -> np.ndarray:
        """The kernel's seeds for a segment, a function of its number in the run alone, uint64 [n]."""
        seeds = np.random.SeedSequence(self._seed, spawn_key=(number,)).generate_state(n, dtype=np.uint64)
        return seeds | np.uint64(1)


@dataclass
class _Position:
    """The position of a run.

    Attributes:
        epoch: number of finished epochs.
        segment: number of finished segments of the current epoch.
        left: numbers of the chunks that the current segment still needs; None before it begins.
        tally: summed loss of the current epoch, and its number of terms.
        figures: last figures of ``between``.
        seconds: time spent on the current epoch.
        history: one entry for each finished epoch.
    """

    epoch: int = 0
    segment: int = 0
    left: list[int] | None = None
    tally: list[float] = field(default_factory=lambda: [0.0, 0])
    figures: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    history: list[dict[str, float]] = field(default_factory=list)

    @property
    def loss(self) -> float:
        """The mean loss of a term in the current epoch."""
        return self.tally[0] / max(self.tally[1], 1)


class _Run:
    """A run, from its position to its end."""

    def __init__(
        self,
        passes: CorpusPasses,
        label: str,
        segments: int,
        between: Between | None,
        saved: Stage,
        pool: ThreadPoolExecutor,
        advance: Advance,
    ) -> None:
        self.position = saved.position(_Position)
        self._passes, self._label, self._segments, self._between = passes, label, segments, between
        self._saved, self._pool, self._advance = saved, pool, advance
        self._bounds = np.linspace(0, passes.n_tokens, segments + 1).astype(np.int64).tolist()
        self._began = 0.0

    def read(self) -> None:
        """Reads the rest of the run."""
        position = self.position
        if self._saved.resumed:
            self._advance(position.epoch * self._passes.n_tokens + self._bounds[position.segment])
        while position.epoch < self._passes.epochs:
            self._read_epoch()
            position.epoch, position.segment, position.tally, position.seconds = position.epoch + 1, 0, [0.0, 0], 0.0
        self._saved.finish(vars(position))

    def _read_epoch(self) -> None:
        """Reads the rest of an epoch."""
        position, n_tokens = self.position, self._passes.n_tokens
        self._began = time.perf_counter() - position.seconds
        while position.segment < self._segments:
            first, last = self._bounds[position.segment : position.segment + 2]
            self._read_segment(first, last)
            position.segment, position.left = position.segment + 1, None
            if self._between is not None:
                position.figures = self._between(self._passes.segment(position.epoch, first, last))
            if self._saved.due:
                self._save(last)
        self._check(n_tokens)
        speed = {"words_per_second": n_tokens / (time.perf_counter() - self._began)}
        position.history.append({"epoch": position.epoch + 1, "loss": position.loss, **position.figures, **speed})
        epoch_ended(position.history[-1])

    def _read_segment(self, first: int, last: int) -> None:
        """Reads the rest of a segment with all threads; they pause for checkpoints."""
        position = self.position
        edges = [*range(first, last, CHUNK), last]
        seeds = self._passes.seeds(1 + position.epoch * self._segments + position.segment, len(edges))
        left = list(range(len(edges) - 1)) if position.left is None else position.left
        self._advance(last - first - sum(edges[chunk + 1] - edges[chunk] for chunk in left))

        def read(chunk: int) -> tuple[float, int] | None:
            if chunk != left[0] and self._saved.due:
                return None
            return self._passes.read(position.epoch, edges[chunk], edges[chunk + 1], seeds[chunk])

        while left:
            paused = []
            for chunk, result in zip(left, self._pool.map(read, left), strict=True):
                if result is None:
                    paused.append(chunk)
                    continue
                position.tally = [position.tally[0] + float(result[0]), position.tally[1] + int(result[1])]
                self._check(edges[chunk + 1], rows=slice(FREQUENT))
                self._advance(edges[chunk + 1] - edges[chunk], loss=position.loss, **position.figures)
            position.left = left = paused
            if left:
                self._save(edges[left[0]])

    def _save(self, token: int) -> None:
        self._check(token)
        self.position.seconds = time.perf_counter() - self._began
        self._saved.save(vars(self.position), where=self._where(token))

    def _check(self, token: int, rows: slice = slice(None)) -> None:
        """Checks that the loss, and the vectors of some words, are in bounds.

        Raises:
            DivergenceError: they are not.
        """
        passes = self._passes
        about = (self._label, self._where(token), passes.rate(self.position.epoch, token), self._saved.last)
        check_loss(self.position.tally[0], *about)
        learned = [table[rows] for table in passes.tables]
        check_size(float(np.max([[array.max(), -array.min()] for array in learned])), *about)

    def _where(self, token: int) -> str:
        return f"epoch {self.position.epoch + 1} after {token:,} words"
