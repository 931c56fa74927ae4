"""What a declaration of hyperparameters makes."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

from wordsight.errors import ParameterError
from wordsight.models.base import Model
from wordsight.models.parameters import hyperparameters, learned, new_default, parameter


@hyperparameters
class Base(Model):
    """A base."""

    rate: float = parameter(0.5, "how fast", above=0, at_most=1)
    size: int = parameter(3, "how much", at_least=1)

    def fit(self, *inputs: Any, **named: Any) -> Base:
        raise NotImplementedError


@hyperparameters
class Derived(Base):
    """A first line.

    A second paragraph.

    Attributes:
        weights_: what is learned.
    """

    kind: str | None = parameter(None, "which kind", choices=("round", "square"))
    rate: float = new_default(0.25)
    weights_: np.ndarray = learned()


def test_what_is_declared_is_the_constructor() -> None:
    assert str(inspect.signature(Derived)).startswith(
        "(*, seed: 'int' = 0, rate: 'float' = 0.25, size: 'int' = 3, kind"
    )
    model = Derived(size=7)
    assert model.size == 7 and model.rate == 0.25 and Base().rate == 0.5
    assert not hasattr(model, "weights_")


def test_own_hyperparameters_come_first_and_a_new_default_keeps_meaning_and_bounds() -> None:
    parameters = Derived.parameters()
    assert list(parameters) == ["kind", "rate", "size", "seed"]
    assert parameters["rate"].default == 0.25
    assert parameters["rate"].doc == "how fast" and parameters["rate"].kind == "a number, above 0 and at most 1"
    assert parameters["kind"].optional and parameters["kind"].kind == "'round' or 'square', or None"


def test_the_documentation_lists_the_arguments_before_what_is_learned() -> None:
    assert inspect.getdoc(Derived) == "\n".join(
        [
            "A first line.",
            "",
            "A second paragraph.",
            "",
            "Args:",
            "    kind: which kind (default None; 'round' or 'square', or None).",
            "    rate: how fast (default 0.25; a number, above 0 and at most 1).",
            "    size: how much (default 3; a whole number, at least 1).",
            "    seed: start of all random numbers (default 0; a whole number, at least 0 and at most 4,294,967,295).",
            "",
            "Attributes:",
            "    weights_: what is learned.",
        ]
    )
    assert Derived.description.startswith("A first line.") and "Args" not in Derived.description


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"size": 0}, "size is 0; it must be at least 1"),
        ({"size": 2.0}, "size is 2.0; it must be a whole number"),
        ({"size": False}, "size is False; it must be a whole number"),
        ({"size": np.bool_(True)}, "it must be a whole number"),
        ({"rate": 0}, "rate is 0; it must be above 0 and at most 1"),
        ({"rate": 1.5}, "rate is 1.5; it must be above 0 and at most 1"),
        ({"rate": float("nan")}, "rate is nan; it must be finite"),
        ({"rate": None}, "rate is None; it must be a number"),
        ({"kind": "rond"}, "kind is 'rond'; it must be 'round' or 'square', or None"),
        ({"kind": 1}, "kind is 1; it must be text or None"),
    ],
)
def test_one_style_of_message(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ParameterError) as raised:
        Derived(**settings).validate()
    assert str(raised.value).endswith(said)


def test_numbers_of_numpy_are_numbers() -> None:
    settings: dict[str, Any] = {"size": np.int32(2), "rate": np.float32(0.5)}
    Derived(**settings).validate()


@pytest.mark.parametrize(
    ("name", "written", "meant"),
    [("kind", "none", None), ("kind", "round", "round"), ("rate", 1, 1.0), ("size", 2, 2), ("size", "none", "none")],
)
def test_what_recipes_and_flags_write(name: str, written: Any, meant: Any) -> None:
    read = Derived.parameters()[name].read(written)
    assert read == meant and type(read) is type(meant)
