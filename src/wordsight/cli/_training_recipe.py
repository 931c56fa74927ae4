"""A training recipe: which model learns from what, by a TOML file, flags and ``--set``; checked before any work."""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from wordsight.errors import ParameterError, unknown_name
from wordsight.models.base import Model
from wordsight.models.registry import model_class
from wordsight.storage.config import read_config
from wordsight.storage.json_toml import read_toml
from wordsight.storage.streams import existing
from wordsight.vectors.formats import native

SETTINGS: dict[str, Any] = {
    "output": str,
    "from": str,
    "model.name": str,
    "corpus.text": str | list[str],
    "corpus.directory": str,
    "corpus.min_count": int,
    "corpus.tokenizer": str,
    "corpus.language": str | list[str],
    "features.path": str,
    "features.images": str,
    "lexicon.table": str,
    "captions.table": str,
    "captions.format": str,
    "captions.shards": str,
    "captions.tokenizer": str,
    "captions.splits": str | list[str],
    "captions.data": str,
    "captions.languages": str | list[str],
    "parallel.table": str,
}
"""Setting → type of its value; the other settings of ``model`` are its hyperparameters."""

GIVEN_BY = {
    "corpus": (("corpus.text", "--text FILE"), ("corpus.directory", "--corpus DIR")),
    "lexicon": (("lexicon.table", "--lexicon TABLE"),),
    "captions": (("captions.table", "--captions FILE"), ("captions.data", "--data emoji-world")),
    "parallel": (("parallel.table", "--parallel TABLE"),),
    "features": (("features.path", "--features DIR"),),
}
"""What a model can need → the settings that give it and their flags."""


def read_recipe(path: Path) -> dict[str, Any]:
    """The settings of a TOML file by dotted name: ``dim = 100`` in the section ``[model]`` is ``model.dim``.

    Raises:
        DataError: missing or not valid TOML; the message names the line.
        UnknownNameError: a section that no recipe has.
    """
    return dict(_dotted(read_toml(path), path))


def _dotted(sections: Mapping[str, Any], path: Path) -> Iterator[tuple[str, Any]]:
    known = {name.partition(".")[0] for name in SETTINGS}
    for section, values in sections.items():
        if section not in known:
            raise unknown_name(f"section of {path}", section, known, hint=f"a recipe has: {', '.join(sorted(known))}")
        if isinstance(values, dict):
            yield from ((f"{section}.{name}", value) for name, value in values.items())
        else:
            yield section, values


def parse_assignment(text: str) -> tuple[str, Any]:
    """``"model.dim=100"`` → ``("model.dim", 100)``; the value is read as TOML, and as a string where it is none.

    Raises:
        ParameterError: there is no ``=``.
    """
    name, equals, value = text.partition("=")
    if not equals:
        raise ParameterError(f"--set {text}: write section.name=value, such as model.dim=100")
    try:
        parsed = tomllib.loads(f"value = {value}")
    except tomllib.TOMLDecodeError:
        parsed = {"value": value}
    return name.strip(), parsed["value"] if len(parsed) == 1 else value


class TrainingRecipe:
    """Checked settings.

    Args:
        settings: by dotted name, as :data:`SETTINGS` lists them.

    Raises:
        UnknownNameError: no such model, hyperparameter or setting; the message suggests near ones.
        ParameterError: a value of the wrong type, settings that exclude each other, or an input that the model
            needs or does not take.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = dict(settings)
        if "model.name" not in settings:
            raise ParameterError("no model is named: write wordsight train MODEL, or name = ... in [model]")
        cls = model_class(_typed("model.name", settings["model.name"], str))
        self.model: Model = cls.from_settings({k: v for k, v in self.section("model").items() if k != "name"})
        """The model, not yet fitted."""
        known = [*SETTINGS, *(f"model.{name}" for name in cls.parameters())]
        for name, value in settings.items():
            if name in SETTINGS:
                self._settings[name] = _typed(name, value, SETTINGS[name])
            elif not name.startswith("model."):
                raise unknown_name("setting", name, known, hint=f"there are: {', '.join(SETTINGS)}")
        self._check_inputs()
        if "output" not in settings:
            raise ParameterError("no place for the result: give --output DIR")

    @property
    def started_from(self) -> Path | None:
        """The model directory or vectors to start from, if any."""
        return Path(self._settings["from"]) if "from" in self._settings else None

    @property
    def starts_from_model(self) -> bool:
        """Whether :attr:`started_from` is a model, rather than vectors alone."""
        return self.started_from is not None and "model" in _config(self.started_from)

    @property
    def output(self) -> Path:
        """Where the result goes."""
        return Path(self._settings["output"])

    def section(self, name: str) -> dict[str, Any]:
        """The settings of one section, by the names they have there."""
        start = f"{name}."
        return {key.removeprefix(start): value for key, value in self._settings.items() if key.startswith(start)}

    def _check_inputs(self) -> None:
        title, needed, optional = self.model.title, set(self.model.inputs), set(self.model.optional)
        if "spaces" in needed:
            raise ParameterError(f"{title} learns from vectors of several languages; use wordsight align")
        if "lexicon" in needed or ("captions" in needed and "captions.data" not in self._settings):
            needed.add("features")
            if "captions" in optional and "captions.table" not in self._settings:
                optional.add("features")
        if {"captions.table", "captions.data"} <= set(self._settings):
            raise ParameterError("captions come from a table or a data set; leave out --captions or --data")
        lacking = []
        for kind, ways in GIVEN_BY.items():
            given = [flag for setting, flag in ways if setting in self._settings]
            if given and kind not in needed:
                raise ParameterError(f"{title} takes no {kind}; leave out {_and(given)}")
            if kind in needed - optional and not given:
                lacking.append(" or ".join(flag for _, flag in ways))
        if needed <= optional and not any(
            setting in self._settings for kind in needed for setting, _ in GIVEN_BY[kind]
        ):
            lacking = [" or ".join(flag for kind in self.model.inputs for _, flag in GIVEN_BY[kind])]
        if "from" in self._settings and "text" not in inspect.signature(type(self.model).fit).parameters:
            raise ParameterError(f"{title} cannot start from another model; leave out --from")
        if lacking:
            raise ParameterError(f"{title} learns from {_and(self.model.inputs)}; give also: {'; '.join(lacking)}")
        if self._settings.get("features.path", "").endswith(".npy") and "features.images" not in self._settings:
            raise ParameterError("features in a .npy file need the table of their rows' images: give --images TABLE")
        extra = [f"corpus.{name}" for name in self.section("corpus") if name != "directory"]
        if "corpus.directory" in self._settings and extra:
            raise ParameterError(f"corpus.directory is a corpus that is encoded already; leave out {_and(extra)}")


def _and(items: Iterable[str]) -> str:
    return " and ".join(items)


def _typed(name: str, value: Any, kind: Any) -> Any:
    """The value, if it is of the type, which is ``str``, ``int`` or ``str | list[str]``.

    Raises:
        ParameterError: it is of another type.
    """
    if kind == str | list[str] and isinstance(value, list):
        return [_typed(name, item, str) for item in value]
    if value in ("", []):
        raise ParameterError(f"{name} is empty; leave it out, or say what it is")
    if type(value) is not (str if kind == str | list[str] else kind):
        wanted = {int: "a whole number", str: "text"}.get(kind, "text or a list of texts")
        raise ParameterError(f"{name} is {value!r}; it must be {wanted}")
    return value


def merged(path: Path | None, flags: Mapping[str, Any], assignments: Sequence[str]) -> TrainingRecipe:
    """What a recipe file says, overridden by flags, both overridden by assignments.

    Args:
        path: of the file; None for none.
        flags: setting → value; None where a flag was not given.
        assignments: each like ``model.dim=50``.

    Raises:
        ParameterError, UnknownNameError, DataError: the file or an assignment makes no sense.
    """
    settings = read_recipe(path) if path else {}
    given = {name: str(value) if isinstance(value, Path) else value for name, value in flags.items()}
    given = {name: value for name, value in given.items() if value is not None}
    # What is given by a flag replaces all that the recipe says of the same thing.
    replaced = [name for name in settings if "corpus.directory" in given and name.startswith("corpus.")]
    replaced += ["corpus.directory"] * ("corpus.text" in given) + ["features.images"] * ("features.path" in given)
    kept = {name: value for name, value in settings.items() if name not in replaced}
    said = kept | given | dict(map(parse_assignment, assignments))
    return TrainingRecipe(_earlier_settings(said) | said)


def _earlier_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The hyperparameters of the model to go on from, unless another one is named.

    Raises:
        DataError: there is no such directory or file.
    """
    path = settings.get("from")
    if not isinstance(path, str) or not path:
        return {}
    config = _config(existing(path, what="model or vectors to start from"))
    name = config.get("model")
    if name is None or model_class(settings.get("model.name", name)).name != name:
        return {}
    known = model_class(name).parameters()
    found = {f"model.{key}": value for key, value in config["hyperparameters"].items() if key in known}
    return {"model.name": name, **found}


def _config(path: Path) -> dict[str, Any]:
    """The ``config.json`` of a vectors directory; empty for a file."""
    if not path.is_dir():
        return {}
    config = read_config(path, native.KIND, version=native.FORMAT_VERSION)
    return {name: value for name, value in config.items() if value is not None}
