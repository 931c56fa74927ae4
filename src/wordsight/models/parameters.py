"""Hyperparameters, each declared once with its default, type, bounds and meaning.

A model is a class of keyword-only hyperparameters::

    @hyperparameters
    class Toy(Model):
        dim: int = parameter(100, "length of the vectors", at_least=1)
        mapping: str = parameter("linear", "map from text to visual vectors", choices=("linear", "nonlinear"))
        visual_norm: float | None = parameter(None, "mean length of z; None: unscaled", above=0)
        weights_: np.ndarray = learned()

These lines are the only source of the constructor's signature and docstring, of validation, of the command line's
types and of the tables in the documentation.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
import math
import numbers
import textwrap
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar, dataclass_transform

import numpy as np

from wordsight.errors import ParameterError

T = TypeVar("T")
Class = TypeVar("Class", bound=type)

KINDS: dict[type, tuple[str, Callable[[Any], bool]]] = {
    bool: ("True or False", lambda value: isinstance(value, bool | np.bool_)),
    int: ("a whole number", lambda value: isinstance(value, numbers.Integral) and not isinstance(value, bool)),
    float: ("a number", lambda value: isinstance(value, numbers.Real) and not isinstance(value, bool)),
    str: ("text", lambda value: isinstance(value, str)),
    tuple: ("a tuple", lambda value: isinstance(value, tuple)),
}
"""Type of a hyperparameter → its name in messages, and a test for values of this type."""


LARGEST = 2**31 - 1
"""The largest whole number where a hyperparameter declares no bound: kernels count in 32 bits."""

SMALLEST, GREATEST = float(np.finfo(np.float32).tiny), float(np.finfo(np.float32).max)
"""Between these, but for the sign, are all numbers but 0: what is learned is float32."""
MOST_ROUNDS = 100_000
"""The most epochs, passes, steps or draws that make sense; with more, a run has no end."""
MOST_AROUND = 10_000
"""The most words to either side, and the most negatives, that make sense."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Bounds:
    """Bounds or choices that a hyperparameter's values are restricted to; None: no such bound."""

    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    below: float | None = None
    choices: tuple[str, ...] | None = None

    def __str__(self) -> str:
        """Text such as ``"above 0 and at most 1"``; empty without bounds."""
        if self.choices is not None:
            return " or ".join(map(repr, self.choices))
        sides = (("at least", self.at_least), ("above", self.above), ("at most", self.at_most), ("below", self.below))
        return " and ".join(f"{side} {limit:,}" for side, limit in sides if limit is not None)

    def contain(self, value: Any) -> bool:
        """Tells whether a value of the right type is allowed."""
        if self.choices is not None:
            return value in self.choices
        return (
            (self.at_least is None or value >= self.at_least)
            and (self.above is None or value > self.above)
            and (self.at_most is None or value <= self.at_most)
            and (self.below is None or value < self.below)
        )


@dataclasses.dataclass(frozen=True)
class Parameter:
    """One hyperparameter of a model.

    Attributes:
        name: name of the constructor's argument.
        type: ``int``, ``float``, ``bool``, ``str`` or ``tuple``.
        optional: whether it may be None.
        default: default value.
        bounds: allowed values.
        doc: meaning, in a phrase without capital letter and full stop.
    """

    name: str
    type: type
    optional: bool
    default: Any
    bounds: Bounds
    doc: str

    @property
    def kind(self) -> str:
        """The type and the bounds in words, such as ``"a whole number, at least 1, or None"``."""
        kind = "" if self.bounds.choices else KINDS[self.type][0]
        return ", ".join(filter(None, (kind, str(self.bounds), "or None" if self.optional else "")))

    def read(self, value: Any) -> Any:
        """Converts a value of a recipe or flag: ``"none"`` to None, whole numbers to floats, lists to tuples."""
        if self.optional and value == "none":
            return None
        if self.type is float and type(value) is int:
            return float(value)
        if self.type is tuple and isinstance(value, list):
            return tuple(value)
        return value

    def check(self, value: Any) -> None:
        """Checks a value.

        Raises:
            ParameterError: it has another type, is not finite or is out of bounds.
        """
        if value is None and self.optional:
            return
        wanted, is_one = KINDS[self.type]
        if not is_one(value):
            raise ParameterError(f"{self.name} is {value!r}; it must be {wanted}{' or None' * self.optional}")
        if self.type in (int, float) and not math.isfinite(value):
            raise ParameterError(f"{self.name} is {value}; it must be finite")
        if self.type is float and value and not SMALLEST <= abs(value) <= GREATEST:
            raise ParameterError(f"{self.name} is {value}; it must be 0 or a float32, {SMALLEST:.2g} to {GREATEST:.2g}")
        if self.type is int and self.bounds.at_most is None and abs(value) > LARGEST:
            raise ParameterError(f"{self.name} is {value}; it must be at most {LARGEST:,}")
        if not self.bounds.contain(value):
            raise ParameterError(f"{self.name} is {value!r}; it must be {self.bounds}{', or None' * self.optional}")


def parameter(
    default: T,
    doc: str,
    *,
    at_least: float | None = None,
    above: float | None = None,
    at_most: float | None = None,
    below: float | None = None,
    choices: tuple[str, ...] | None = None,
) -> T:
    """Declares a hyperparameter in the body of a class.

    Args:
        default: default value.
        doc: meaning, in a phrase without capital letter and full stop.
        at_least: least allowed value.
        above: values must be greater than this.
        at_most: greatest allowed value.
        below: values must be less than this.
        choices: allowed values.
    """
    bounds = Bounds(at_least=at_least, above=above, at_most=at_most, below=below, choices=choices)
    made: Any = dataclasses.field(default=default, metadata={"bounds": bounds, "doc": doc})
    return typing.cast(T, made)


def learned(default: Any = dataclasses.MISSING, *, init: Literal[False] = False) -> Any:
    """Declares an attribute that ``fit`` learns, in the body of a class; the constructor does not take it.

    Args:
        default: value before ``fit``; if omitted, the attribute does not exist before ``fit``.
        init: tells type checkers that the constructor does not take it.
    """
    return dataclasses.field(default=default, init=init)


def new_default(default: T) -> T:
    """Declares another default for a hyperparameter of a base class; its meaning and bounds stay the same."""
    made: Any = dataclasses.field(default=default)
    return typing.cast(T, made)


# Type checkers see parameter() as an ordinary default value, and learned() as a field with init=False.
@dataclass_transform(kw_only_default=True, eq_default=False, field_specifiers=(learned,))
def hyperparameters(cls: Class) -> Class:
    """Makes a class with :func:`parameter` lines a keyword-only dataclass whose docstring lists its arguments."""
    made: Any = dataclasses.dataclass(kw_only=True, eq=False, repr=False)(cls)
    made.description = inspect.cleandoc(cls.__doc__ or "")
    made.__doc__ = with_arguments(made.description, parameters_of(cls))
    return cls


@functools.cache
def declared_types(cls: type) -> Mapping[str, Any]:
    """Attribute → type, for all attributes that a class and its bases declare."""
    return typing.get_type_hints(cls)


@functools.cache
def parameters_of(cls: type) -> Mapping[str, Parameter]:
    """Name → hyperparameter of a class: its own first, then those of its bases in method resolution order."""
    hints, found = declared_types(cls), dict[str, Parameter]()
    for base in cls.__mro__:
        for name in inspect.get_annotations(base):
            declarations = [getattr(b, "__dataclass_fields__", {}).get(name) for b in cls.__mro__]
            described = [d.metadata for d in declarations if d is not None and "doc" in d.metadata]
            if described and name not in found:
                default = cls.__dataclass_fields__[name].default  # type: ignore[attr-defined]
                found[name] = Parameter(name, *_kind(hints[name]), default, **described[0])
    return found


def _kind(hint: Any) -> tuple[type, bool]:
    """Splits a type hint into the type and whether None is allowed: ``float | None`` → ``(float, True)``."""
    options = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    (kind,) = [typing.get_origin(option) or option for option in options if option is not types.NoneType]
    return kind, len(options) > 1


def with_arguments(doc: str, declared: Mapping[str, Parameter]) -> str:
    """A docstring with a list of the hyperparameters before the attributes."""
    lines = ["Args:"]
    for one in declared.values():
        lines += textwrap.wrap(
            f"{one.name}: {one.doc} (default {one.default!r}; {one.kind}).",
            width=110,
            initial_indent=" " * 4,
            subsequent_indent=" " * 8,
        )
    before, found, after = doc.partition("\nAttributes:\n")
    return "\n\n".join([before.rstrip(), "\n".join(lines), *([f"Attributes:\n{after}"] if found else [])])
