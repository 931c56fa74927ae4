"""What all models share: the scikit-learn contract, saving and loading. Training loops live in training/."""

from __future__ import annotations

import abc
import inspect
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from wordsight.errors import DataError, ParameterError, unknown_name
from wordsight.storage.atomic import replace_directory, unchanging
from wordsight.storage.config import read_config
from wordsight.storage.hashes import fingerprint
from wordsight.storage.json_toml import content_of
from wordsight.vectors.formats import native
from wordsight.vectors.word_vectors import WordVectors
from wordsight.version import versions


class Model(abc.ABC):
    """A trainer of word vectors.

    ``__init__`` only stores hyperparameters, ``fit`` learns and returns self, what is learned ends in ``_``.
    A subclass sets the class attributes, writes ``fit``, and lists in ``_tensors`` what it learned beside
    ``vectors_`` so that it can be saved.
    """

    name: ClassVar[str]
    """Registry name, e.g. ``"sgns"``."""
    title: ClassVar[str]
    """Name as in the paper, e.g. ``"SGNS"``."""
    citation: ClassVar[str]
    """Authors, title, venue, year."""
    inputs: ClassVar[tuple[str, ...]]
    """What ``fit`` takes, in order: of ``"corpus"``, ``"lexicon"``, ``"captions"``, ``"parallel"``, ``"spaces"``."""
    optional: ClassVar[tuple[str, ...]] = ()
    """Those of the inputs that may be None; one of all inputs must be given."""

    vectors_: WordVectors
    """The learned vectors, after ``fit``."""
    history_: list[dict[str, float]]
    """One entry an epoch: mean losses and speed."""
    interrupted_: bool = False
    """Whether training was stopped by Ctrl-C; what was learned until then is kept."""
    encoder_: dict[str, str] | None = None
    """What made the image features of the training, so that new images can be brought into the same space."""

    @abc.abstractmethod
    def fit(self, *inputs: Any) -> Self:
        """Learns from the inputs that :attr:`inputs` names and sets :attr:`vectors_`."""

    @classmethod
    def defaults(cls) -> dict[str, Any]:
        """Hyperparameter → default value, in the order of the constructor."""
        parameters = inspect.signature(cls.__init__).parameters.values()
        return {p.name: p.default for p in parameters if p.name != "self"}

    def get_params(self) -> dict[str, Any]:
        """Hyperparameter → value."""
        return {name: getattr(self, name) for name in self.defaults()}

    def set_params(self, **params: Any) -> Self:
        """Sets hyperparameters and returns self.

        Raises:
            UnknownNameError: the model has no such hyperparameter; the message suggests near ones.
        """
        known = self.defaults()
        for name, value in params.items():
            if name not in known:
                hint = f"{self.title} has: {', '.join(known)}"
                raise unknown_name(f"hyperparameter of {self.title}", name, known, hint=hint)
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        changed = [f"{k}={v!r}" for k, v in self.get_params().items() if v != self.defaults()[k]]
        return f"{type(self).__name__}({', '.join(changed)})"

    @property
    def fingerprint(self) -> str:
        """A short stable hash of the hyperparameters and of all that was learned."""
        return fingerprint(repr(self.get_params()), self.vectors_.fingerprint, *self._tensors().values())

    def identity(self, *inputs: Any) -> dict[str, Any]:
        """All that determines what ``fit(*inputs)`` learns: hyperparameters, fingerprints of the inputs, versions."""
        return {
            "model": {"name": self.name, **self.get_params()},
            "data": {f"{type(value).__name__} {i}": _fingerprint(value) for i, value in enumerate(inputs, start=1)},
            "version": versions("numpy", "numba", "torch"),
        }

    def _tensors(self) -> dict[str, np.ndarray]:
        """Learned arrays beside ``vectors_``, by name; together with the hyperparameters they restore the model."""
        return {}

    def _restore(self, tensors: Mapping[str, np.ndarray]) -> None:
        """Sets what :meth:`_tensors` gave, after ``vectors_`` is set."""

    def save(self, directory: str | os.PathLike[str], *, data: Mapping[str, Any] | None = None) -> None:
        """Writes a model directory: a vectors directory plus ``model.safetensors``.

        Args:
            directory: where to; an older model directory there is replaced once the new one is whole.
            data: facts about the training data to keep in ``config.json`` (paths, sizes, fingerprints).

        Raises:
            ParameterError: the model is not fitted.
            WriteError: the directory cannot be written; nothing half-written is left.
        """
        if not hasattr(self, "vectors_"):
            raise ParameterError(f"{self!r} is not fitted; call fit first")
        config = {
            "model": self.name,
            "citation": self.citation,
            "hyperparameters": self.get_params(),
            "history": self.history_,
            "interrupted": self.interrupted_,
            "encoder": self.encoder_,
            "data": dict(data or {}),
            "versions": versions("numpy", "numba", "torch"),
        }
        with replace_directory(directory) as temporary:
            native.write(temporary, self.vectors_, config)
            if tensors := self._tensors():
                native.write_tensors(temporary / "model.safetensors", tensors)

    @classmethod
    def load(cls, directory: str | os.PathLike[str]) -> Self:
        """Restores a fitted model that :meth:`save` wrote.

        Raises:
            DataError: the directory is missing, damaged or holds another model.
        """
        return unchanging(directory, cls._load)

    @classmethod
    def _load(cls, directory: Path) -> Self:
        config = read_config(directory, native.KIND, version=native.FORMAT_VERSION)
        if config.get("model") != cls.name:
            raise DataError(f"{directory} holds {config.get('model') or 'vectors without a model'}, not {cls.name}")
        with content_of(directory, f"a whole {cls.title} model"):
            model = cls(**config["hyperparameters"])
            model.vectors_ = WordVectors.load(directory)
            model.history_ = config["history"]
            model.interrupted_ = config["interrupted"]
            model.encoder_ = config.get("encoder")
            path = directory / "model.safetensors"
            model._restore(native.read_tensors(path) if path.is_file() else {})
        return model


def _fingerprint(value: Any) -> str:
    """Of an input of ``fit``, or of each of several."""
    if isinstance(value, list | tuple):
        return fingerprint(*map(_fingerprint, value))
    if isinstance(value, str):
        return value
    return str(value.fingerprint) if value is not None else "none"
