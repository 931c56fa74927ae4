"""The schema of all papers' recipes: the allowed keys, and the types of their values."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from wordsight.errors import ParameterError, unknown_name
from wordsight.models.base import Model
from wordsight.models.registry import model_class

ABOUT = {"title": str, "citation": str, "protocol": str, "measured_on": str}
"""Required key of ``recipe.toml`` → type; beside ``[scales]`` and ``[models]``."""

SETTINGS: dict[str, Any] = {
    # What the page says of the measurements, and which tables are made, where they are others than the recipe's.
    "protocol": str,
    "tables": list[str],
    # Paths in the folder of data; "standard" stands for the data of the standard benchmark.
    "text": str,
    "lexicon": str,
    "captions": str,
    "features": str,
    "image_features": str,
    "shards": str,
    "similarity": str,
    "semsim": str,
    "concreteness": str,
    "wordnet": str,
    # How the data are read.
    "encoder": str,
    "min_count": int,
    "text_tokens": int,
    "max_words": int,
    "languages": list[str],
    "parallel": list[str],
    "text_bytes": int,
    # What is asked.
    "n_candidates": int,
    "candidates_seed": int,
    "hide_words": float,
    "test_share": float,
    "validation_share": float,
    # What is varied.
    "sizes": list[int],
    "gammas": list[float],
    "best_gamma": float,
    "weights": list[float],
    # The retrieval task's network.
    "retrieval_epochs": int,
    "hidden": int,
    "word_norm": float,
    "transform": str,
    # Threads; none: one for each core.
    "workers": int | None,
}
"""Setting of a scale → type; ``[scales.NAME.hyperparameters]`` has the hyperparameters of the models."""

INPUTS: dict[str, Any] = {"text": str, "captions": str, "images": str, "corpus": bool, "dictionary": bool}
"""Input of a model's fit, if the paper has several of a kind → type. ``text`` is the label of a model."""

TABLE: dict[str, Any] = {
    "title": str,
    "note": str,
    # The paper's figures, and what keeps them from being compared with ours.
    "published": dict,
    "not_comparable": str,
    "lines": list[str],
    "per_cent": bool,
    # What the paper claims, and which of our rows are asked.
    "claims": list[dict[str, Any]],
    "rows": dict,
    "sight": dict,
    "paired": dict,
    "against": dict,
    # What the table asks.
    "models": list[str],
    "model": str,
    "text": str,
    "grounded": str,
    "examples": str,
    "sets": list[str],
    "set": str,
    "pairs": int,
    "words": list[str],
    "neighbours": int,
    "shown": int,
    "kinds": list[str],
    "rare_below": int,
    "synonym_distance": int,
    "bins": int,
    "changes": dict,
}
"""Key of a table's file → type."""

CLAIM: dict[str, Any] = {
    "says": str,
    "paper": list[str],
    "column": str,
    "ours": list[dict[str, Any]],
    "where": dict,
    "controls": dict,
}
"""What one of a table's ``[[claims]]`` can say → type: the paper's lines, best first, and our rows, likewise."""

LABELS = ("models", "model", "text", "grounded", "examples")
"""The keys of a table whose values are labels of models."""


def check_recipe(recipe: Mapping[str, Any], tables: Mapping[str, Mapping[str, Any]]) -> None:
    """Checks the content of a paper's TOML files.

    Args:
        recipe: content of ``recipe.toml``, with None in place of ``"none"``.
        tables: name of a table → content of its file.

    Raises:
        UnknownNameError: no such key, model, label or hyperparameter; the message suggests near ones.
        ParameterError: a value has a wrong type, or a key is missing.
    """
    _required("recipe", recipe, [*ABOUT, "scales"])
    _known("recipe", recipe, ABOUT | {"scales": dict, "models": dict})
    models = recipe.get("models", {})
    classes = {label: _check_model(label, about, models) for label, about in models.items()}
    for scale, about in recipe["scales"].items():
        _known(f"scale {scale}", about, SETTINGS | {"hyperparameters": dict})
        check_hyperparameters(f"scale {scale}", about.get("hyperparameters", {}), classes.values())
        for table in about.get("tables", []):
            _label(f"tables of scale {scale}", table, tables)
    for name, about in tables.items():
        _check_table(name, about, classes)


def _check_model(label: str, about: Mapping[str, Any], models: Mapping[str, Any]) -> type[Model]:
    _required(label, about, ["model"])
    cls = model_class(about["model"])
    inputs = about.get("inputs", {})
    _known(f"inputs of {label}", inputs, INPUTS)
    if "text" in inputs:
        _label(f"inputs of {label}", inputs["text"], models)
    check_hyperparameters(label, {k: v for k, v in about.items() if k not in ("model", "inputs")}, [cls])
    return cls


def _check_table(name: str, about: Mapping[str, Any], classes: Mapping[str, type[Model]]) -> None:
    _required(name, about, ["title"])
    _known(name, about, TABLE)
    for key in LABELS:
        labels = about.get(key, [])
        for label in [labels] if isinstance(labels, str) else labels:
            _label(f"{name}, {key}", label, classes)
    _check_published(name, about, classes)
    if "changes" in about:
        _required(name, about, ["model"])
        for changes in about["changes"].values():
            check_hyperparameters(name, changes, [classes[about["model"]]])


def _check_published(name: str, about: Mapping[str, Any], classes: Mapping[str, type[Model]]) -> None:
    """Checks the paper's figures: of models or of the table's own ``lines``, and that claims refer to what is there."""
    lines = dict.fromkeys([*classes, *about.get("words", []), *about.get("lines", [])])
    kind = float | str if "words" in about else float | list[float]
    published = about.get("published", {})
    for label, figures in published.items():
        _label(f"{name}, published", label.partition(" | ")[0], lines)
        _known(f"{name}, {label}", figures, dict.fromkeys(figures, kind))
    for claim in about.get("claims", []):
        _required(f"a claim of {name}", claim, ["says", "paper", "column"])
        _known(f"a claim of {name}", claim, CLAIM)
        _required(name, about, ["rows"])
        for label in claim["paper"]:
            _label(f"{name}, {claim['says']}", label, published)
            _required(f"{name}, {label}", published[label], [claim["column"]])


def check_hyperparameters(where: str, values: Mapping[str, Any], classes: Iterable[type[Model]]) -> dict[str, Any]:
    """Checks hyperparameters; at least one of the models must have each.

    Args:
        where: place in the recipe, for messages.
        values: hyperparameter → value.
        classes: the models.

    Returns:
        The values, with floats in place of whole numbers for float hyperparameters.

    Raises:
        UnknownNameError: no model has such a hyperparameter; the message suggests near ones.
        ParameterError: a value has a wrong type or is out of bounds.
    """
    known = {name: one for cls in classes for name, one in cls.parameters().items()}
    checked = {}
    for name, value in values.items():
        if name not in known:
            hint = f"there are: {', '.join(sorted(known))}"
            raise unknown_name(f"hyperparameter of {where}:", name, known, hint=hint)
        checked[name] = known[name].read(value)
        try:
            known[name].check(checked[name])
        except ParameterError as error:
            raise ParameterError(f"{where}: {error}") from None
    return checked


def _known(where: str, values: Mapping[str, Any], types_of: Mapping[str, Any]) -> dict[str, Any]:
    """Checks names and types of values; returns the values."""
    for name in values:
        if name not in types_of:
            raise unknown_name(f"key of {where}:", name, types_of, hint=f"there are: {', '.join(types_of)}")
    return {name: typed(f"{where}: {name}", value, types_of[name]) for name, value in values.items()}


def _required(where: str, values: Mapping[str, Any], names: list[str]) -> None:
    for name in names:
        if name not in values:
            raise ParameterError(f"{where} has no {name}; add it")


def _label(where: str, label: str, known: Mapping[str, Any]) -> None:
    if label not in known:
        raise unknown_name(f"name in {where}:", label, known, hint=f"there are: {', '.join(known)}")


def typed(name: str, value: Any, hint: Any) -> Any:
    """Checks the type of a value; converts a whole number to a float if needed.

    Args:
        name: name of the value, for the message.
        value: the value.
        hint: its type, such as ``list[int]`` or ``int | None``.

    Raises:
        ParameterError: the value has another type.
    """
    for kind in _kinds(hint):
        if typing.get_origin(kind) is list and type(value) is list:
            return [typed(name, item, *typing.get_args(kind)) for item in value]
        if kind is float and type(value) is int:
            return float(value)
        if type(value) is (typing.get_origin(kind) or kind):
            return value
    names = ["none" if kind is types.NoneType else getattr(kind, "__name__", str(kind)) for kind in _kinds(hint)]
    raise ParameterError(f"{name} is {value!r}; it must be of type {' or '.join(names)}")


def _kinds(hint: Any) -> Iterator[Any]:
    if isinstance(hint, types.UnionType):
        yield from typing.get_args(hint)
    else:
        yield hint
