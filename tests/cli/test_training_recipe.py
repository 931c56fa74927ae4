"""Recipes: what overrides what, and what is refused before any work is done."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordsight.cli._training_recipe import TrainingRecipe, parse_assignment, read_recipe
from wordsight.errors import DataError, ParameterError, UnknownNameError, WordsightError

SGNS = {"model.name": "sgns", "corpus.text": "text.txt", "output": "out"}
PIXIE = {**SGNS, "model.name": "PIXIE", "lexicon.table": "labels.csv", "features.path": "features"}


def test_a_wrong_hyperparameter_is_refused_before_torch_is_imported_or_a_file_is_read() -> None:
    program = (
        "import sys\n"
        "from wordsight.cli import main\n"
        "try: main(['train', 'pixie', '--text', 'no-such-file', '--set', 'model.composition=foo'])\n"
        "finally: print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr == "wordsight: error: composition is 'foo'; it must be 'concat' or 'sum'\n"
    assert done.returncode == 2 and done.stdout == "False\n"


def test_none_is_written_none_in_recipes_and_flags() -> None:
    recipe = TrainingRecipe({**PIXIE, "model.workers": "none", "model.visual_norm": "none", "model.control": "none"})
    params = recipe.model.get_params()
    assert params["workers"] is params["visual_norm"] is params["control"] is None


def test_a_recipe_makes_the_model_it_describes() -> None:
    recipe = TrainingRecipe({**SGNS, "model.dim": 7, "model.learning_rate": 1, "corpus.min_count": 3})
    assert recipe.model.title == "SGNS"
    assert recipe.model.get_params()["dim"] == 7
    assert repr(recipe.model.get_params()["learning_rate"]) == "1.0"
    assert recipe.section("corpus") == {"text": "text.txt", "min_count": 3}
    assert recipe.output.name == "out"


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"model.dims": 3}, UnknownNameError, "hyperparameter of SGNS 'dims'; did you mean 'dim'"),
        ({"model.dim": "many"}, ParameterError, "dim is 'many'; it must be a whole number"),
        ({"model.dim": 2.5}, ParameterError, "dim is 2.5; it must be a whole number"),
        ({"model.dim": True}, ParameterError, "dim is True; it must be a whole number"),
        ({"model.dim": 0}, ParameterError, "dim is 0; it must be at least 1"),
        ({"model.dim": "none"}, ParameterError, "dim is 'none'; it must be a whole number"),
        ({"model.workers": "all"}, ParameterError, "workers is 'all'; it must be a whole number or None"),
        ({"model.workers": 0}, ParameterError, "workers is 0; it must be at least 1 and at most 1,024, or None"),
        ({"model.seed": -1}, ParameterError, "seed is -1; it must be at least 0"),
        ({"model.subsample": float("nan")}, ParameterError, "subsample is nan; it must be finite"),
        ({"corpus.min_count": True}, ParameterError, "corpus.min_count is True; it must be a whole number"),
        ({"output": 3}, ParameterError, "output is 3; it must be text"),
        ({"model.name": "sgsn"}, UnknownNameError, "did you mean 'sgns'"),
        ({"corpus.mincount": 3}, UnknownNameError, "did you mean 'corpus.min_count'"),
        ({"corpus.text": [1]}, ParameterError, "corpus.text is 1"),
        ({"corpus.directory": "corpus"}, ParameterError, "leave out corpus.text"),
        ({"lexicon.table": "labels.csv"}, ParameterError, "SGNS takes no lexicon; leave out --lexicon TABLE"),
        ({"features.path": "features"}, ParameterError, "SGNS takes no features; leave out --features DIR"),
        ({"model.name": "pixie"}, ParameterError, "give also: --lexicon TABLE; --features DIR"),
    ],
)
def test_what_cannot_be_meant_is_refused(change: dict[str, Any], error: type[WordsightError], said: str) -> None:
    with pytest.raises(error) as raised:
        TrainingRecipe(SGNS | change)
    assert said in str(raised.value)


@pytest.mark.parametrize("lacking", ["model.name", "output", "corpus.text", "lexicon.table", "features.path"])
def test_what_is_lacking_is_named_with_its_flag(lacking: str) -> None:
    flags = {"model.name": "train MODEL", "output": "--output DIR", "corpus.text": "--text FILE or --corpus DIR"}
    flags |= {"lexicon.table": "--lexicon TABLE", "features.path": "--features DIR"}
    with pytest.raises(ParameterError) as raised:
        TrainingRecipe({name: value for name, value in PIXIE.items() if name != lacking})
    assert flags[lacking] in str(raised.value)
    assert not [flag for name, flag in flags.items() if name != lacking and flag in str(raised.value)]


def test_a_toml_file_is_read_by_dotted_names(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text('output = "o"\n[model]\nname = "sgns"\ndim = 5\n[corpus]\ntext = ["a", "b"]\n')
    assert read_recipe(path) == {"output": "o", "model.name": "sgns", "model.dim": 5, "corpus.text": ["a", "b"]}


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        ("[modle]\ndim = 5\n", UnknownNameError, "'modle'; did you mean 'model'"),
        ("[unheard]\n", UnknownNameError, "a recipe has: captions, corpus, features, from, lexicon, model, output"),
        ("dim = \n", DataError, "line 1"),
        ("\xff", DataError, "not valid TOML"),
    ],
)
def test_a_bad_toml_file_is_refused(tmp_path: Path, content: str, error: type[WordsightError], said: str) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(content, encoding="latin-1")
    with pytest.raises(error) as raised:
        read_recipe(path)
    assert said in str(raised.value) and "recipe.toml" in str(raised.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [("7", 7), ("1e-4", 1e-4), ("true", True), ('"7"', "7"), ("[1, 2]", [1, 2]), ("words", "words"), ("", "")],
)
def test_values_are_toml_or_else_strings(text: str, value: object) -> None:
    assert parse_assignment(f"model.dim={text}") == ("model.dim", value)


@given(st.text())
def test_every_text_is_some_value(text: str) -> None:
    name, value = parse_assignment(f"corpus.text={text}")
    assert name == "corpus.text"
    assert value == text or not isinstance(value, str) or text.strip()[:1] in "\"'"


def test_an_assignment_needs_an_equals_sign() -> None:
    with pytest.raises(ParameterError, match=r"section\.name=value"):
        parse_assignment("model.dim")
