"""A paper's recipe: models, settings at each scale and published figures, from the TOML files of its folder."""

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
    """A model as a recipe names it: ``[models."LABEL"]``.

    Attributes:
        name: registry name.
        inputs: what it is fitted on, where the paper has several of a kind; see ``INPUTS`` of the schema.
        hyperparameters: those of its own, where they differ from the scale's and the model's defaults.
    """

    name: str
    inputs: Mapping[str, Any]
    hyperparameters: Mapping[str, Any]


@dataclass(frozen=True)
class PaperRecipe:
    """What is known of a paper before anything is computed.

    Attributes:
        name: of its folder.
        title: of the page.
        citation: the paper.
        protocol: what is measured, and how.
        measured_on: the data that the paper's own figures were measured on.
        scale: ``"standard"`` or ``"paper"``.
        settings: of the scale, its models' hyperparameters among them.
        shared: those of the settings that are hyperparameters of the models, wherever a model has them.
        models: label → model.
        tables: table → what its TOML file says: title, note, published figures, …
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
    def compared(self) -> dict[str, ModelRecipe]:
        """The models that the tables compare: all but those that others start from."""
        starts = {model.inputs.get("text") for model in self.models.values()}
        return {label: model for label, model in self.models.items() if label not in starts}

    def unfitted(self, model: ModelRecipe, **run: Any) -> Model:
        """A new model with the scale's hyperparameters, then its own, then those of a run such as the seed.

        What the model does not have is left out of the scale's and the run's.
        """
        cls = model_class(model.name)
        known = cls.defaults()
        given = {**self.shared, "workers": self.settings["workers"], **model.hyperparameters, **run}
        return cls().set_params(**{k: v for k, v in given.items() if k in known or k in model.hyperparameters})


def read_recipe(name: str, scale: str = "standard", changes: Mapping[str, Any] | None = None) -> PaperRecipe:
    """Reads and checks the recipe of a paper.

    Args:
        name: of the paper.
        scale: one of the recipe's.
        changes: settings in place of the recipe's.

    Raises:
        UnknownNameError: no such recipe, scale or setting; the message suggests near ones.
        ParameterError: a setting is of a wrong type.
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
    about = {key: recipe[key] for key in ABOUT}
    shared = {key: settings[key] for key in shared}
    tables = {table: {"note": "", "published": {}} | said for table, said in tables.items()}
    return PaperRecipe(name=name, scale=scale, settings=settings, shared=shared, models=models, tables=tables, **about)


def files_of(name: str) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """``recipe.toml`` and the files of a paper's tables by name, as they are but for ``"none"``, which is None."""
    folder = RECIPES / name
    tables = {path.stem: read_toml(path) for path in sorted(folder.glob("*.toml")) if path.stem != "recipe"}
    return _with_none(read_toml(folder / "recipe.toml")), _with_none(tables)


def _with_none(value: Any) -> Any:
    """TOML has no None: ``"none"`` stands for it."""
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
    """The settings with some of them changed, each of its type."""
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
