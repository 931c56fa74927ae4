"""Checkpoints: a run that is killed goes on where it was and ends, with one worker, as if nothing had happened.

    with checkpointing("pixie.partial", facts):
        model.fit(corpus, lexicon)

``fit`` does the same each time, so the loops of a model (pre-training, the text, ...) come in the same order. Each is a
*stage*: it tells what it changes (arrays, tensors, modules, optimizers, generators). That is saved, with the position
in the loop, every few minutes and at its end. In a second run a stage that ended is put at its end without being run,
and the one that was under way goes on. Outside of the block nothing is saved and nothing is spent.
"""

from __future__ import annotations

import contextlib
import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from wordsight.errors import DataError, WriteError
from wordsight.interruption import interruption
from wordsight.storage.atomic import replace_file
from wordsight.storage.tensors import read_metadata, read_tensors, write_tensors
from wordsight.storage.unfinished import UnfinishedRun
from wordsight.training.state import AllChanging, joined, put_back, split

T = TypeVar("T")

log = logging.getLogger(__name__)

MINUTES = 5.0
"""Between two checkpoints, by default."""


_active: ContextVar[Checkpoints | None] = ContextVar("checkpoints", default=None)


@contextlib.contextmanager
def checkpointing(directory: Path, facts: Mapping[str, Any], *, minutes: float = MINUTES) -> Iterator[Checkpoints]:
    """Saves the loops that run within the block, and first puts them where an earlier run left them.

    The folder stays when the block ends, since what was learned is yet to be saved: call ``discard`` after that. It is
    deleted when an error ends the block before there is a checkpoint.

    Args:
        directory: the folder of the checkpoints.
        facts: all that determines the result, as JSON values by name: hyperparameters, fingerprints of the data.
        minutes: between two checkpoints.

    Raises:
        DataError: the folder is of another run (the message names the difference) or damaged.
        WriteError: it cannot be written.
    """
    checkpoints = Checkpoints(UnfinishedRun(directory, "training", facts), 60 * minutes)
    token = _active.set(checkpoints)
    try:
        yield checkpoints
    except BaseException:
        if not checkpoints.exist:
            checkpoints.discard()
        raise
    finally:
        _active.reset(token)


def stage(label: str, settings: Mapping[str, Any], changing: AllChanging) -> Stage:
    """The next loop of the run, put where an earlier run left it; see :class:`Stage`.

    Args:
        label: what the loop does, such as the model's name.
        settings: the loop's, as JSON values; those of an earlier run must be the same.
        changing: all that it changes and that later steps depend on, by name.

    Raises:
        DataError: what an earlier run left is of another loop or damaged.
    """
    checkpoints = _active.get()
    return Stage() if checkpoints is None else checkpoints.next_stage(label, settings, changing)


class Checkpoints:
    """The checkpoints of one run: a file for each of its stages."""

    def __init__(self, partial: UnfinishedRun, seconds: float) -> None:
        self._partial = partial
        self._seconds = seconds
        self._saved = time.monotonic()
        self._n_stages = 0
        self.last: str | None = None
        """The last checkpoint in words, or None."""
        self.open_stage: Stage | None = None

    @property
    def directory(self) -> Path:
        """Where they are."""
        return self._partial.directory

    @property
    def exist(self) -> bool:
        """Whether there is any checkpoint."""
        return any(self.directory.glob("*.safetensors"))

    @property
    def due(self) -> bool:
        """Whether it is time for the next one."""
        return interruption.asked or time.monotonic() - self._saved >= self._seconds

    def next_stage(self, label: str, settings: Mapping[str, Any], changing: AllChanging) -> Stage:
        """Begins a stage, or goes on with it."""
        if self.open_stage is not None:
            return Stage()  # Ctrl-C ended that one early: what follows is no part of the whole run
        path = self.directory / f"{self._n_stages}.safetensors"
        self._n_stages += 1
        self.open_stage = SavedStage(self, path, label, json.loads(json.dumps(settings)), changing)
        return self.open_stage

    def write(self, path: Path, arrays: Mapping[str, np.ndarray], metadata: Mapping[str, str]) -> bool:
        """Writes a checkpoint; where that is not possible, says so and lets the run go on without."""
        self._saved = time.monotonic()
        try:
            with replace_file(path) as temporary:
                write_tensors(temporary, arrays, metadata)
        except WriteError as error:
            log.warning("no checkpoint: %s; the run goes on", error)
            return False
        self._saved = time.monotonic()
        return True

    def discard(self) -> None:
        """Deletes all checkpoints; call it when what was learned is saved."""
        self._partial.discard()


class Stage:
    """A loop as far as checkpoints are concerned; this one, outside of :func:`checkpointing`, saves nothing.

    Attributes:
        resumed: whether an earlier run left a position to go on from.
    """

    resumed = False

    def position(self, kind: Callable[..., T]) -> T:
        """Where to begin: a new ``kind()``, or one of the fields that :meth:`save` was given last.

        Raises:
            DataError: those are of something else.
        """
        return kind()

    @property
    def last(self) -> str | None:
        """The last checkpoint in words, or None."""
        return None

    @property
    def due(self) -> bool:
        """Whether it is time for the next checkpoint, or to stop."""
        return interruption.asked

    def save(self, position: Mapping[str, Any], *, where: str) -> None:
        """Saves all that changes.

        Args:
            position: where the loop is: JSON values and arrays by name.
            where: the same for people.

        Raises:
            KeyboardInterrupt: the loop was asked to stop.
        """
        interruption.stop_if_asked()

    def finish(self, position: Mapping[str, Any]) -> None:
        """Saves the end of the loop; until then it counts as under way."""


class SavedStage(Stage):
    """A loop within :func:`checkpointing`."""

    def __init__(
        self, checkpoints: Checkpoints, path: Path, label: str, settings: dict[str, Any], changing: AllChanging
    ) -> None:
        self._checkpoints = checkpoints
        self._path = path
        self._facts = {"stage": label, **settings}
        self._changing = changing
        self._ended = False
        self._position: dict[str, Any] = {}
        if path.exists():
            self._restore()

    def position(self, kind: Callable[..., T]) -> T:
        """Where to begin."""
        try:
            return kind(**self._position)
        except TypeError as error:
            raise DataError(f"{self._path} is damaged ({error}); {self._advice}") from error

    @property
    def due(self) -> bool:
        """Whether it is time for the next checkpoint, or to stop."""
        return self._checkpoints.due

    @property
    def last(self) -> str | None:
        """The last checkpoint in words, or None."""
        return self._checkpoints.last

    @property
    def _advice(self) -> str:
        return f"delete {self._checkpoints.directory} to begin anew"

    def _restore(self) -> None:
        advice = self._advice
        try:
            metadata = read_metadata(self._path)
            facts, tree = json.loads(metadata["facts"]), json.loads(metadata["state"])
            where = metadata["where"]
        except (KeyError, ValueError, RecursionError) as error:
            raise DataError(f"{self._path} is no whole checkpoint ({error}); {advice}") from error
        if facts != self._facts:
            raise DataError(f"{self._path} is a checkpoint of {facts}, not of {self._facts}; {advice}")
        arrays = read_tensors(self._path)
        try:
            state = joined(tree, arrays)
            put_back(self._changing, state["changing"])
        except (KeyError, ValueError, TypeError, RuntimeError, AttributeError) as error:
            raise DataError(f"{self._path} does not fit the model ({error}); {advice}") from error
        self._position, self._ended, self.resumed = state["position"], metadata["ended"] == "yes", True
        self._checkpoints.last = f"{self._path} ({where})"
        log.info("%s: going on at %s, from %s", facts["stage"], where, self._path)

    def save(self, position: Mapping[str, Any], *, where: str) -> None:
        """Saves all that changes."""
        self._write(position, where, ended=False)
        interruption.stop_if_asked()

    def finish(self, position: Mapping[str, Any]) -> None:
        """Saves the end of the loop."""
        if not self._ended:
            self._write(position, "its end", ended=True)
        self._checkpoints.open_stage = None

    def _write(self, position: Mapping[str, Any], where: str, *, ended: bool) -> None:
        tree, arrays = split({"position": position, "changing": self._changing})
        metadata = {"facts": self._facts, "state": tree}
        texts = {name: json.dumps(value) for name, value in metadata.items()}
        if self._checkpoints.write(self._path, arrays, texts | {"where": where, "ended": "yes" if ended else "no"}):
            self._checkpoints.last = f"{self._path} ({where})"
