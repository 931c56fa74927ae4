"""The errors that a user can cause: one clear line that says what is wrong, where, and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class WordsightError(Exception):
    """Base class of all errors that a user can cause; the message is one or two lines."""


class DataError(WordsightError, ValueError):
    """Input that cannot be used: a file or array that is missing, empty, cut off or inconsistent."""


class ParameterError(WordsightError, ValueError):
    """A hyperparameter or option whose name or value is not allowed."""


class UnknownNameError(WordsightError, LookupError):
    """A name of a word, model, task, column or setting that does not exist; the message suggests near ones."""


class MissingExtraError(WordsightError, ImportError):
    """An optional dependency is not installed; the message names the extra that brings it."""


class OutOfMemoryError(WordsightError, MemoryError):
    """What was asked for needs more memory than is free; the message says what needs it and how much."""


class DivergenceError(WordsightError, ArithmeticError):
    """Training diverged; the message names the step, the learning rate and the last good checkpoint."""


class WriteError(WordsightError, OSError):
    """Output that cannot be written (full disk, no permission); nothing half-written is left."""


def refuse_string(value: object, name: str) -> None:
    """Refuses one string where several are needed: it would be taken letter by letter.

    Args:
        value: what the user gave.
        name: what it stands for ("words", "documents", ...).

    Raises:
        ParameterError: it is a string.
    """
    if isinstance(value, str | bytes):
        shown = value if len(value) <= 30 else value[:30]
        raise ParameterError(f"{name} is one string, {shown!r}; give a list, such as [{shown!r}]")


def check_at_least_1(**values: int) -> None:
    """Checks whole numbers that count something.

    Args:
        values: numbers by name, such as ``epochs``.

    Raises:
        ParameterError: one is less than 1.
    """
    for name, value in values.items():
        if value < 1:
            raise ParameterError(f"{name} is {value}; it must be at least 1")


def unknown_name(kind: str, name: str, known: Iterable[str], *, hint: str = "") -> UnknownNameError:
    """Builds the error for a name that is not among the known ones, with a suggestion.

    Args:
        kind: what the name stands for ("word", "model", ...).
        name: what the user wrote.
        known: the names that exist.
        hint: what to do when there is nothing near, e.g. where to see the list.
    """
    near = difflib.get_close_matches(name, list(known), n=3, cutoff=0.6)
    advice = f"did you mean {' or '.join(repr(n) for n in near)}?" if near else hint
    return UnknownNameError(f"unknown {kind} {name!r}" + (f"; {advice}" if advice else ""))
