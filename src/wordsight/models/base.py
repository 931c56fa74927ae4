"""The base class of all models: the scikit-learn contract, saving and loading."""

from __future__ import annotations

import abc
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from wordsight.errors import DataError, ParameterError, unknown_name
from wordsight.grounding.grounding_report import GroundingReport
from wordsight.models.parameters import Parameter, declared_types, hyperparameters, learned, parameter, parameters_of
from wordsight.resources import one_line_out_of_memory
from wordsight.storage.atomic import replace_directory, unchanging
from wordsight.storage.config import read_config
from wordsight.storage.hashes import fingerprint
from wordsight.storage.json_toml import content_of
from wordsight.storage.tensors import read_tensors, write_tensors
from wordsight.vectors.formats import native
from wordsight.vectors.word_vectors import WordVectors
from wordsight.version import versions


@hyperparameters
class Model(abc.ABC):
    """A trainer of word vectors.

    The constructor stores hyperparameters, ``fit`` learns and returns self, what is learned ends in ``_``. A subclass
    is decorated with :func:`~wordsight.models.parameters.hyperparameters`, declares its hyperparameters and learned
    attributes, sets the class attributes, and writes ``fit``, which begins with :meth:`_begin`.

    Attributes:
        vectors_: the learned vectors.
        history_: one entry an epoch: mean losses and speed.
        interrupted_: whether training was stopped by Ctrl-C; what was learned until then is kept.
        report_: which words and images the model was grounded on; None without images.
        encoder_: facts about the encoder of the training images; new images need the same one. None without images.
    """

    name: ClassVar[str]
    """Registry name, e.g. ``"sgns"``."""
    title: ClassVar[str]
    """Name as in the paper, e.g. ``"SGNS"``."""
    citation: ClassVar[str]
    """Authors, title, venue, year."""
    inputs: ClassVar[tuple[str, ...]]
    """The arguments of ``fit``, in order: ``"corpus"``, ``"lexicon"``, ``"captions"``, ``"parallel"``, ``"spaces"``."""
    optional: ClassVar[tuple[str, ...]] = ()
    """The inputs that may be None; at least one input must be given."""
    description: ClassVar[str]
    """The docstring without the list of hyperparameters that was added to it."""

    def __init_subclass__(cls, **settings: Any) -> None:
        """Makes running out of memory in ``fit`` one line, whatever the model."""
        super().__init_subclass__(**settings)
        if "fit" in vars(cls):
            cls.fit = one_line_out_of_memory("training")(cls.fit)  # type: ignore[method-assign]

    seed: int = parameter(0, "start of all random numbers", at_least=0, at_most=2**32 - 1)

    vectors_: WordVectors = learned()
    history_: list[dict[str, float]] = learned()
    interrupted_: bool = learned(False)
    report_: GroundingReport | None = learned(None)
    encoder_: dict[str, str] | None = learned(None)

    @abc.abstractmethod
    def fit(self, *inputs: Any, **named: Any) -> Self:
        """Learns from the inputs that :attr:`inputs` names and sets :attr:`vectors_`."""

    @classmethod
    def parameters(cls) -> Mapping[str, Parameter]:
        """Hyperparameter → its type, default, bounds and meaning."""
        return parameters_of(cls)

    @classmethod
    def defaults(cls) -> dict[str, Any]:
        """Hyperparameter → default value."""
        return {name: one.default for name, one in cls.parameters().items()}

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Hyperparameter → value.

        Args:
            deep: without effect, since no hyperparameter is a model; scikit-learn passes it.
        """
        return {name: getattr(self, name) for name in self.parameters()}

    def set_params(self, **params: Any) -> Self:
        """Sets hyperparameters and returns self; :meth:`validate` checks their values.

        Raises:
            UnknownNameError: the model has no such hyperparameter; the message suggests near ones.
        """
        known = self.parameters()
        for name, value in params.items():
            if name not in known:
                hint = f"{self.title} has: {', '.join(known)}"
                raise unknown_name(f"hyperparameter of {self.title}", name, known, hint=hint)
            setattr(self, name, value)
        return self

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Self:
        """Makes a model from the settings of a recipe or of the command line, and checks it.

        Args:
            settings: hyperparameter → value; ``"none"`` means None, and a whole number may stand for a float.

        Raises:
            UnknownNameError: the model has no such hyperparameter; the message suggests near ones.
            ParameterError: a value is invalid.
        """
        known = cls.parameters()
        read = {name: known[name].read(value) if name in known else value for name, value in settings.items()}
        model = cls().set_params(**read)
        model.validate()
        return model

    def validate(self) -> None:
        """Checks all hyperparameters, before any input is read.

        A subclass that has more to check does so after ``super().validate()``.

        Raises:
            ParameterError: a value has the wrong type, is not finite or is out of bounds, or two values contradict.
        """
        for name, one in self.parameters().items():
            one.check(getattr(self, name))

    def _begin(self) -> None:
        """Begins a fit: checks the hyperparameters and forgets what an earlier fit learned.

        Raises:
            ParameterError: a hyperparameter is invalid; the earlier fit is kept.
        """
        self.validate()
        self.set_params(**{name: self.parameters()[name].read(value) for name, value in self._settings().items()})
        for name in [name for name in vars(self) if name.endswith("_")]:
            delattr(self, name)

    def __repr__(self) -> str:
        changed = [f"{k}={v!r}" for k, v in self.get_params().items() if v != self.defaults()[k]]
        return f"{type(self).__name__}({', '.join(changed)})"

    @property
    def fingerprint(self) -> str:
        """A short stable hash of the hyperparameters and of everything learned."""
        tensors = [array for _, array in sorted(self._tensors().items())]
        return fingerprint(repr(self._settings()), self.vectors_.fingerprint, *tensors)

    def identity(self, *inputs: Any) -> dict[str, Any]:
        """All facts that ``fit(*inputs)`` depends on: hyperparameters, fingerprints of the inputs, versions."""
        return {
            "model": {"name": self.name, **self._settings()},
            "data": {f"{type(value).__name__} {i}": _fingerprint(value) for i, value in enumerate(inputs, start=1)},
            "version": versions("numpy", "numba", "torch"),
        }

    def _settings(self) -> dict[str, Any]:
        """Hyperparameter → value as a plain Python object, for files and fingerprints."""
        return {k: v.item() if isinstance(v, np.generic) else v for k, v in self.get_params().items()}

    def _tensors(self) -> dict[str, np.ndarray]:
        """Learned arrays beside ``vectors_``, by attribute name without ``_``; enough to restore the model.

        By default these are the arrays that the class declares; a subclass that learns other things adds them.
        """
        return {name[:-1]: getattr(self, name) for name in _arrays(type(self))}

    def _restore(self, tensors: Mapping[str, np.ndarray]) -> None:
        """Sets the learned attributes from what :meth:`_tensors` returned; ``vectors_`` is set already.

        Raises:
            KeyError: an array is missing.
        """
        for name in _arrays(type(self)):
            setattr(self, name, tensors[name[:-1]])

    def save(self, directory: str | os.PathLike[str], *, data: Mapping[str, Any] | None = None) -> None:
        """Writes a model directory: a vectors directory plus ``model.safetensors``.

        Args:
            directory: path of the directory; an older model there is replaced once the new one is complete.
            data: facts about the training data for ``config.json``, such as paths, sizes and fingerprints.

        Raises:
            ParameterError: the model is not fitted.
            WriteError: the directory cannot be written; nothing is left half-written.
        """
        if not hasattr(self, "vectors_"):
            raise ParameterError(f"{self!r} is not fitted; call fit first")
        config = {
            "model": self.name,
            "citation": self.citation,
            "hyperparameters": self._settings(),
            "history": self.history_,
            "interrupted": self.interrupted_,
            "encoder": self.encoder_,
            "grounding": self.report_.facts() if self.report_ else None,
            "data": dict(data or {}),
            "versions": versions("numpy", "numba", "torch"),
        }
        with replace_directory(directory) as temporary:
            native.write_files(temporary, self.vectors_.contents(config))
            if tensors := self._tensors():
                write_tensors(temporary / "model.safetensors", tensors)

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
            grounding = config.get("grounding")
            model.report_ = GroundingReport.from_facts(grounding) if grounding else None
            path = directory / "model.safetensors"
            model._restore(read_tensors(path) if path.is_file() else {})
        return model


def _arrays(cls: type[Model]) -> list[str]:
    """The names of the learned arrays that a model declares."""
    return [name for name, kind in declared_types(cls).items() if kind is np.ndarray]


def _fingerprint(value: Any) -> str:
    """Hash of an input of ``fit``; a list of inputs has one hash."""
    if isinstance(value, list | tuple):
        return fingerprint(*map(_fingerprint, value))
    if isinstance(value, str):
        return value
    return str(value.fingerprint) if value is not None else "none"
