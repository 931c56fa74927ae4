"""A paper's recipe: settings at each scale and the published figures, from TOML files in ``recipes/NAME/``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wordsight.errors import ParameterError, unknown_name
from wordsight.storage.json_toml import read_toml

RECIPES = Path(__file__).parent


@dataclass(frozen=True)
class Recipe:
    """What is known of a paper before anything is computed.

    Attributes:
        name: of its folder in ``recipes/``.
        title: of the page.
        citation: the paper.
        protocol: what is measured, and how.
        scale: ``"standard"`` or ``"paper"``.
        settings: of the scale.
        models: label → registry name and hyperparameters of a model, where the recipe lists them.
        tables: table → what its TOML file says: title, note, published figures.
    """

    name: str
    title: str
    citation: str
    protocol: str
    scale: str
    settings: Mapping[str, Any]
    models: Mapping[str, dict[str, Any]]
    tables: Mapping[str, dict[str, Any]]


def read_recipe(name: str, scale: str = "standard", changes: Mapping[str, Any] | None = None) -> Recipe:
    """Reads ``recipes/NAME/``.

    Args:
        name: of the folder.
        scale: one of the recipe's.
        changes: settings in place of the recipe's.

    Raises:
        UnknownNameError: no such recipe, scale or setting; the message suggests near ones.
        ParameterError: a changed setting has another type than the recipe's.
    """
    names = sorted(path.parent.name for path in RECIPES.glob("*/recipe.toml"))
    if name not in names:
        raise unknown_name("recipe", name, names, hint=f"there are: {', '.join(names)}")
    folder = RECIPES / name
    recipe = read_toml(folder / "recipe.toml")
    scales = recipe["scales"]
    if scale not in scales:
        raise unknown_name("scale", scale, scales, hint=f"{name} has: {', '.join(scales)}")
    settings = dict(scales[scale])
    for setting, value in (changes or {}).items():
        if setting not in settings:
            raise unknown_name(f"setting of {name}", setting, settings, hint=f"it has: {', '.join(settings)}")
        if isinstance(settings[setting], float) and type(value) is int:
            value = float(value)
        if type(value) is not type(settings[setting]):
            raise ParameterError(f"{setting} is {value!r}; it must be of type {type(settings[setting]).__name__}")
        settings[setting] = value
    tables = {path.stem: read_toml(path) for path in sorted(folder.glob("*.toml")) if path.stem != "recipe"}
    about = {key: recipe[key] for key in ("title", "citation", "protocol")}
    return Recipe(name=name, scale=scale, settings=settings, models=recipe.get("models", {}), tables=tables, **about)
