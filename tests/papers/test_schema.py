"""Every recipe and every table file against the one schema and the models' constructors."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from typing import Any

import pytest

from wordsight.errors import ParameterError, UnknownNameError, WordsightError
from wordsight.models.registry import model_class
from wordsight.papers.recipes import files_of, read_recipe
from wordsight.papers.registry import REPRODUCTIONS, reproduction_class
from wordsight.papers.schema import check_recipe

Files = tuple[dict[str, Any], dict[str, dict[str, Any]]]


@pytest.mark.parametrize("name", REPRODUCTIONS)
def test_recipes_follow_the_schema(name: str) -> None:
    check_recipe(*files_of(name))
    for scale in files_of(name)[0]["scales"]:
        recipe = read_recipe(name, scale)
        assert recipe.title and recipe.citation and recipe.protocol and recipe.tables
        assert all(table["title"] for table in recipe.tables.values())
        assert recipe.settings["workers"] is None or recipe.settings["workers"] >= 1
        for label, about in recipe.models.items():
            known = inspect.signature(model_class(about.name)).parameters
            assert set(about.hyperparameters) <= set(known), label
            params = recipe.unfitted(about, seed=5).get_params()
            wanted = {k: v for k, v in recipe.shared.items() if k in known} | dict(about.hyperparameters) | {"seed": 5}
            assert {k: params[k] for k in wanted} == wanted, label
    assert reproduction_class(name).name == name


@pytest.fixture
def files() -> Files:
    """The recipe and tables of PIXIE, to be damaged."""
    return copy.deepcopy(files_of("pixie"))


def _unknown_hyperparameter(recipe: Any, tables: Any) -> None:
    recipe["models"]["PIXIE+"]["compositon"] = "sum"


def _wrong_type(recipe: Any, tables: Any) -> None:
    recipe["models"]["PIXIE+"]["composition"] = 3


def _out_of_bounds(recipe: Any, tables: Any) -> None:
    tables["ablation"]["changes"]["defaults"] = {"share": -0.5}


def _unknown_model(recipe: Any, tables: Any) -> None:
    recipe["models"]["PIXIE+"]["model"] = "pixy"


def _no_model(recipe: Any, tables: Any) -> None:
    del recipe["models"]["PIXIE+"]["model"]


def _unknown_input(recipe: Any, tables: Any) -> None:
    recipe["models"]["PIXIE+"]["inputs"] = {"txt": "SGNS"}


def _unknown_setting(recipe: Any, tables: Any) -> None:
    recipe["scales"]["paper"]["min_cuont"] = 5


def _setting_of_a_wrong_type(recipe: Any, tables: Any) -> None:
    recipe["scales"]["paper"]["min_count"] = 5.5


def _hyperparameter_that_no_model_has(recipe: Any, tables: Any) -> None:
    recipe["scales"]["standard"]["hyperparameters"]["batch_size"] = 5


def _hyperparameter_of_a_wrong_type(recipe: Any, tables: Any) -> None:
    recipe["scales"]["standard"]["hyperparameters"]["dim"] = True


def _unknown_section(recipe: Any, tables: Any) -> None:
    recipe["model"] = {}


def _no_title(recipe: Any, tables: Any) -> None:
    del tables["table2"]["title"]


def _unknown_key_of_a_table(recipe: Any, tables: Any) -> None:
    tables["table3"]["modles"] = []


def _unknown_label(recipe: Any, tables: Any) -> None:
    tables["table3"]["models"].append("V-SGNS (C)")


def _published_for_no_model(recipe: Any, tables: Any) -> None:
    tables["table1"]["published"] = {"PIXIE": {"MEN": 0.5}}


def _published_text(recipe: Any, tables: Any) -> None:
    tables["table1"]["published"] = {"SGNS": {"MEN": "0.5"}}


def _unknown_change(recipe: Any, tables: Any) -> None:
    tables["ablation"]["changes"]["defaults"] = {"kl": 1.0}


@pytest.mark.parametrize(
    ("damage", "error", "message"),
    [
        (_unknown_hyperparameter, UnknownNameError, "PIXIE.*'compositon'; did you mean 'composition'"),
        (_wrong_type, ParameterError, "PIXIE.: composition is 3; it must be text"),
        (_out_of_bounds, ParameterError, "ablation: share is -0.5; it must be"),
        (_unknown_model, UnknownNameError, "'pixy'; did you mean 'pixie'"),
        (_no_model, ParameterError, "has no model"),
        (_unknown_input, UnknownNameError, "'txt'; did you mean 'text'"),
        (_unknown_setting, UnknownNameError, "scale paper.*'min_cuont'; did you mean 'min_count'"),
        (_setting_of_a_wrong_type, ParameterError, "min_count is 5.5; it must be of type int"),
        (_hyperparameter_that_no_model_has, UnknownNameError, "'batch_size'"),
        (_hyperparameter_of_a_wrong_type, ParameterError, "scale standard: dim is True; it must be a whole number"),
        (_unknown_section, UnknownNameError, "'model'; did you mean 'models'"),
        (_no_title, ParameterError, "table2 has no title"),
        (_unknown_key_of_a_table, UnknownNameError, "table3.*'modles'; did you mean"),
        (_unknown_label, UnknownNameError, "'V-SGNS .C.'; did you mean"),
        (_published_for_no_model, UnknownNameError, "'PIXIE'; did you mean"),
        (_published_text, ParameterError, "MEN is '0.5'; it must be of type float"),
        (_unknown_change, UnknownNameError, "'kl'"),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) and not isinstance(value, type) else "",
)
def test_what_a_recipe_cannot_say(
    files: Files, damage: Callable[[Any, Any], None], error: type[WordsightError], message: str
) -> None:
    damage(*files)
    with pytest.raises(error, match=message):
        check_recipe(*files)


@pytest.mark.parametrize(("given", "workers"), [("none", None), (None, None), (3, 3)])
def test_no_workers_is_one_a_core(given: object, workers: int | None) -> None:
    recipe = read_recipe("wield", changes={"workers": given})
    assert recipe.settings["workers"] == workers
    assert recipe.unfitted(recipe.models["WIELD"]).get_params()["workers"] == workers


@pytest.mark.parametrize("given", [0, -1])
def test_workers_below_one_are_refused(given: int) -> None:
    with pytest.raises(ParameterError, match=f"workers is {given}; it must be at least 1, or none for one a core"):
        read_recipe("pixie", changes={"workers": given})


def test_a_changed_hyperparameter_has_its_type() -> None:
    assert read_recipe("pixie", changes={"learning_rate": 1}).shared["learning_rate"] == 1.0
    with pytest.raises(ParameterError, match=r"dim is 2\.5; it must be a whole number"):
        read_recipe("pixie", changes={"dim": 2.5})
