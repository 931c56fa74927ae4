"""The recipe of a paper, from the TOML files of its folder: models, settings of each scale, published figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wordsight.errors import ParameterError, unknown_name
from wordsight.models.base import Model
from wordsight.models.registry import model_class
from wordsight.papers.schema import ABOUT, SETTINGS, check_hyperparameters, check_recipe, typed
from wordsight.storage.json_toml import read_toml

RECIPES = Path(__file__).parent


@dataclass(frozen=True)
class ModelRecipe:
    """A model of a recipe: ``[models."LABEL"]``.

    Attributes:
        name: registry name.
        inputs: inputs of the fit, if the paper has several of a kind; see ``INPUTS`` in the schema.
        hyperparameters: hyperparameters that differ from those of the scale and from the model's defaults.
    """

    name: str
    inputs: Mapping[str, Any]
    hyperparameters: Mapping[str, Any]


@dataclass(frozen=True)
class PaperRecipe:
    """The recipe of a paper at one scale.

    Attributes:
        name: name of its folder.
        title: title of the page.
        citation: the paper.
        protocol: description of the measurements.
        measured_on: the data that the paper's own figures were measured on.
        scale: name of the scale, ``"standard"``, ``"paper"`` or another that the recipe has.
        settings: settings of the scale, with the shared hyperparameters.
        shared: hyperparameters for all models that have them.
        models: label → model.
        tables: table → content of its TOML file: title, note, published figures, …
    """

    name: str
    title: str
    citation: str
    protocol: str
    measured_on: str
    scale: str
    settings: Mapping[str, Any]
    shared: Mapping[str, Any]
    models: Mapping[str, ModelRecipe]
    tables: Mapping[str, dict[str, Any]]

    @property
    def stem(self) -> str:
        """The beginning of the names of its files: its own, with the scale if this is not the standard one."""
        return self.name if self.scale == "standard" else f"{self.name}-{self.scale}"

    @property
    def compared(self) -> dict[str, ModelRecipe]:
        """The models that the tables compare: all except those that others start from."""
        starts = {model.inputs.get("text") for model in self.models.values()}
        return {label: model for label, model in self.models.items() if label not in starts}

    def unfitted(self, model: ModelRecipe, **run: Any) -> Model:
        """A new model with the hyperparameters of the scale, overridden by its own and by those of a run.

        Hyperparameters of the scale and the run that the model does not have are ignored.

        Args:
            model: model of the recipe.
            **run: hyperparameters of the run, such as the seed.
        """
        cls = model_class(model.name)
        known = cls.defaults()
        given = {**self.shared, "workers": self.settings["workers"], **model.hyperparameters, **run}
        return cls().set_params(**{k: v for k, v in given.items() if k in known or k in model.hyperparameters})


def read_recipe(name: str, scale: str = "standard", changes: Mapping[str, Any] | None = None) -> PaperRecipe:
    """Reads and checks the recipe of a paper.

    Args:
        name: name of the paper.
        scale: scale of the recipe.
        changes: settings that replace those of the recipe.

    Raises:
        UnknownNameError: no such recipe, scale or setting; the message suggests near ones.
        ParameterError: a setting has a wrong type.
    """
    names = sorted(path.parent.name for path in RECIPES.glob("*/recipe.toml"))
    if name not in names:
        raise unknown_name("recipe", name, names, hint=f"there are: {', '.join(names)}")
    recipe, tables = files_of(name)
    check_recipe(recipe, tables)
    scales = recipe["scales"]
    if scale not in scales:
        raise unknown_name("scale", scale, scales, hint=f"{name} has: {', '.join(scales)}")
    models = {label: _model(about) for label, about in recipe.get("models", {}).items()}
    settings = dict(scales[scale])
    shared = settings.pop("hyperparameters", {})
    settings = _changed(name, {"workers": None} | settings | shared, changes or {}, models)
    about = {key: settings.pop(key, recipe[key]) for key in ABOUT}
    shared = {key: settings[key] for key in shared}
    tables = {table: {"note": "", "published": {}} | said for table, said in tables.items()}
    return PaperRecipe(name=name, scale=scale, settings=settings, shared=shared, models=models, tables=tables, **about)


def files_of(name: str) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The content of ``recipe.toml``, and of a paper's tables by name; ``"none"`` is replaced by None."""
    folder = RECIPES / name
    tables = {path.stem: read_toml(path) for path in sorted(folder.glob("*.toml")) if path.stem != "recipe"}
    return _with_none(read_toml(folder / "recipe.toml")), _with_none(tables)


def _with_none(value: Any) -> Any:
    """Replaces ``"none"`` by None, which TOML does not have."""
    if isinstance(value, dict):
        return {name: _with_none(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_with_none(inner) for inner in value]
    return None if value == "none" else value


def _model(about: Mapping[str, Any]) -> ModelRecipe:
    own = {name: value for name, value in about.items() if name not in ("model", "inputs")}
    return ModelRecipe(about["model"], about.get("inputs", {}), own)


def _changed(
    paper: str, settings: dict[str, Any], changes: Mapping[str, Any], models: Mapping[str, ModelRecipe]
) -> dict[str, Any]:
    """The settings with checked changes."""
    for name, value in _with_none(dict(changes)).items():
        if name not in settings:
            raise unknown_name(f"setting of {paper}", name, settings, hint=f"it has: {', '.join(settings)}")
        if name in SETTINGS:
            settings[name] = typed(name, value, SETTINGS[name])
        else:
            classes = [model_class(model.name) for model in models.values()]
            settings[name] = check_hyperparameters("--set", {name: value}, classes)[name]
    if settings["workers"] is not None and settings["workers"] < 1:
        raise ParameterError(f"workers is {settings['workers']}; it must be at least 1, or none for one a core")
    return settings
