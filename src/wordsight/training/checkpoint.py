"""Checkpoints: a killed run continues from the last one; with one worker, to the same bits.

    with checkpointing("pixie.partial", facts):
        model.fit(corpus, lexicon)

Each loop of a ``fit`` (pre-training, the text, ...) is a *stage*; stages always come in the same order. A stage
declares what it changes (arrays, tensors, modules, optimizers, generators). These are saved with the position in the
loop: after a minute, then every few minutes, and at its end. In a second run, finished stages are restored without
being run, and the unfinished one continues. Outside the block nothing is saved.
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
"""Default minutes between two checkpoints."""
FIRST_MINUTES = 1.0
"""Most minutes until the first checkpoint of a run."""


_active: ContextVar[Checkpoints | None] = ContextVar("checkpoints", default=None)


@contextlib.contextmanager
def checkpointing(directory: Path, facts: Mapping[str, Any], *, minutes: float = MINUTES) -> Iterator[Checkpoints]:
    """Saves the loops within the block, and continues those of an earlier run.

    The folder remains after the block: call ``discard`` once the model is saved. It is deleted if an error ends the
    block before the first checkpoint.

    Args:
        directory: folder of the checkpoints.
        facts: all facts that determine the result, as JSON values by name: hyperparameters, fingerprints of the data.
        minutes: time between two checkpoints; the first one comes after a minute at most.

    Raises:
        DataError: the folder belongs to another run (the message names the difference) or is damaged.
        WriteError: the folder cannot be written.
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
    """Begins the next loop of the run, or restores the one of an earlier run.

    Args:
        label: name of the loop, such as the model's name.
        settings: settings of the loop as JSON values; an earlier run must have had the same.
        changing: all objects that the loop changes and that later steps depend on, by name.

    Raises:
        DataError: the checkpoint of an earlier run belongs to another loop or is damaged.
    """
    checkpoints = _active.get()
    return Stage() if checkpoints is None else checkpoints.next_stage(label, settings, changing)


class Checkpoints:
    """The checkpoints of one run, a file for each stage.

    Attributes:
        last: description of the last checkpoint, or None.
    """

    def __init__(self, partial: UnfinishedRun, seconds: float) -> None:
        self._partial = partial
        self._seconds = seconds
        self._wait = min(seconds, 60 * FIRST_MINUTES)
        self._saved = time.monotonic()
        self._n_stages = 0
        self._open = False
        self.last: str | None = None

    @property
    def directory(self) -> Path:
        """The folder of the checkpoints."""
        return self._partial.directory

    @property
    def exist(self) -> bool:
        """Tells whether there is any checkpoint."""
        return any(self.directory.glob("*.safetensors"))

    @property
    def due(self) -> bool:
        """Tells whether the next checkpoint is due."""
        return interruption.asked or time.monotonic() - self._saved >= self._wait

    def next_stage(self, label: str, settings: Mapping[str, Any], changing: AllChanging) -> Stage:
        """Begins a stage, or continues that of an earlier run."""
        if self._open:
            return Stage()  # Ctrl-C ended the last stage early: later ones are not part of the complete run
        path = self.directory / f"{self._n_stages}.safetensors"
        self._n_stages += 1
        self._open = True
        return SavedStage(self, path, label, json.loads(json.dumps(settings)), changing)

    def end_stage(self) -> None:
        """Lets the next stage begin."""
        self._open = False

    def found(self, path: Path, where: str) -> None:
        """Remembers the last checkpoint: its file, and the position in words."""
        self.last = f"{path} ({where})"

    def write(self, path: Path, arrays: Mapping[str, np.ndarray], metadata: Mapping[str, str], where: str) -> None:
        """Writes a checkpoint; if this fails, logs a warning and lets the run continue."""
        self._saved, self._wait = time.monotonic(), self._seconds
        try:
            with replace_file(path) as temporary:
                write_tensors(temporary, arrays, {**metadata, "where": where})
        except WriteError as error:
            log.warning("no checkpoint: %s; the run goes on", error)
            return
        self._saved = time.monotonic()
        self.found(path, where)

    def discard(self) -> None:
        """Deletes all checkpoints; call it once the model is saved."""
        self._partial.discard()


class Stage:
    """The checkpoints of one loop; outside :func:`checkpointing`, this class, which saves nothing.

    Attributes:
        resumed: whether the loop continues from a checkpoint.
    """

    resumed = False

    def position(self, kind: Callable[..., T]) -> T:
        """The position to begin at: ``kind()``, or a ``kind`` of the fields that :meth:`save` got last.

        Raises:
            DataError: the saved fields do not fit.
        """
        return kind()

    @property
    def last(self) -> str | None:
        """Description of the last checkpoint, or None."""
        return None

    @property
    def due(self) -> bool:
        """Tells whether the next checkpoint is due, or the loop has to stop."""
        return interruption.asked

    def save(self, position: Mapping[str, Any], *, where: str) -> None:
        """Saves everything that changes.

        Args:
            position: position of the loop, as JSON values and arrays by name.
            where: the position in words.

        Raises:
            KeyboardInterrupt: the loop was asked to stop.
        """
        interruption.stop_if_asked()

    def finish(self, position: Mapping[str, Any]) -> None:
        """Saves the end of the loop."""


class SavedStage(Stage):
    """The checkpoints of one loop within :func:`checkpointing`."""

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
        """The position to begin at."""
        try:
            return kind(**self._position)
        except TypeError as error:
            raise DataError(f"{self._path} is damaged ({error}); {self._advice}") from error

    @property
    def due(self) -> bool:
        """Tells whether the next checkpoint is due, or the loop has to stop."""
        return self._checkpoints.due

    @property
    def last(self) -> str | None:
        """Description of the last checkpoint, or None."""
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
            raise DataError(f"{self._path} is not a complete checkpoint ({error}); {advice}") from error
        if facts != self._facts:
            raise DataError(f"{self._path} is a checkpoint of {facts}, not of {self._facts}; {advice}")
        arrays = read_tensors(self._path)
        try:
            state = joined(tree, arrays)
            put_back(self._changing, state["changing"])
        except (KeyError, ValueError, TypeError, RuntimeError, AttributeError) as error:
            raise DataError(f"{self._path} does not fit the model ({error}); {advice}") from error
        self._position, self._ended, self.resumed = state["position"], metadata["ended"] == "yes", True
        self._checkpoints.found(self._path, where)
        log.info("%s: going on at %s, from %s", facts["stage"], where, self._path)

    def save(self, position: Mapping[str, Any], *, where: str) -> None:
        """Saves everything that changes."""
        self._write(position, where, ended=False)
        interruption.stop_if_asked()

    def finish(self, position: Mapping[str, Any]) -> None:
        """Saves the end of the loop."""
        if not self._ended:
            self._write(position, "its end", ended=True)
        self._checkpoints.end_stage()

    def _write(self, position: Mapping[str, Any], where: str, *, ended: bool) -> None:
        tree, arrays = split({"position": position, "changing": self._changing})
        metadata = {"facts": self._facts, "state": tree}
        texts = {name: json.dumps(value) for name, value in metadata.items()}
        self._checkpoints.write(self._path, arrays, texts | {"ended": "yes" if ended else "no"}, where)
