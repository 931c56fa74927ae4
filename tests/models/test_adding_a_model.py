"""A new model takes one file and one line in the registry."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.models import test_conformance as conformance

import wordsight
from wordsight.cli import main
from wordsight.models.registry import MODELS, model_class

TOY = '''\
"""Toy: a word is random numbers."""

from __future__ import annotations

from typing import Self

import numpy as np

from wordsight.models.base import Model
from wordsight.models.parameters import hyperparameters, learned, parameter
from wordsight.text.corpus import Corpus
from wordsight.vectors.word_vectors import WordVectors


@hyperparameters
class Toy(Model):
    """Word vectors that say nothing."""

    name = "toy"
    title = "Toy model"
    citation = "Nobody: Nothing. Nowhere."
    inputs = ("corpus",)

    dim: int = parameter(10, "length of the vectors", at_least=1)
    lengths_: np.ndarray = learned()

    def fit(self, corpus: Corpus) -> Self:
        self._begin()
        matrix = np.random.default_rng(self.seed).normal(size=(len(corpus.vocabulary), self.dim)).astype(np.float32)
        self.vectors_, self.history_ = WordVectors(corpus.vocabulary.words, matrix), []
        self.lengths_ = np.linalg.norm(matrix, axis=1)
        return self
'''


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The model's class, once its file is there and its line is in the registry."""
    (tmp_path / "a_toy_model.py").write_text(TOY)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(MODELS, "toy", "a_toy_model:Toy")
    yield model_class("toy")
    sys.modules.pop("a_toy_model", None)
    vars(wordsight).pop("Toy", None)


def test_it_is_public(toy: Any) -> None:
    assert "Toy" in dir(wordsight) and wordsight.Toy is toy


def test_it_keeps_to_what_all_models_keep_to(
    toy: Any, inputs: dict[str, Any], other_inputs: dict[str, Any], tmp_path: Path
) -> None:
    conformance.test_a_refit_equals_a_fresh_fit(toy, inputs, other_inputs)
    conformance.test_saves_and_loads_to_equality(toy, inputs, tmp_path)
    conformance.test_keeps_the_scikit_learn_contract(toy)
    conformance.test_wrong_values_are_refused_before_anything_is_read(toy)
    conformance.test_every_hyperparameter_says_what_it_means_and_what_it_may_be(toy)


def test_the_command_line_trains_it(toy: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = tmp_path / "text.txt"
    text.write_text("the goose swims and the duck swims\n" * 10)
    command = ["train", "toy", "--text", str(text), "-o", str(tmp_path / "model"), "--set", "model.dim=4"]
    with pytest.raises(SystemExit) as ended:
        main(command)
    assert not ended.value.code and "Toy model: 5 words, dim 4" in capsys.readouterr().out
    assert wordsight.load(tmp_path / "model").get_params() == {"dim": 4, "seed": 0}


def test_the_documentation_shows_it(toy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "tools")
    build_docs = importlib.import_module("build_docs")
    assert "| **Toy model** | `toy` | Word vectors that say nothing | text |" in build_docs.models_table()
    assert "| `dim` | `10` | a whole number, at least 1 | length of the vectors |" in build_docs.settings_table(toy)
