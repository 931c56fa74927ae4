"""Every error a user can cause: one clear line with what is wrong, where, and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class WordsightError(Exception):
    """Base of all errors that wordsight raises on purpose; the message is one or two lines for the user."""


class DataError(WordsightError, ValueError):
    """Input that cannot be used: a missing, empty, truncated or inconsistent file or array."""


class ParameterError(WordsightError, ValueError):
    """A hyperparameter or option with a name or a value that makes no sense."""


class UnknownNameError(WordsightError, LookupError):
    """A word, model, task, column or setting that is not there; the message suggests near ones."""


class MissingExtraError(WordsightError, ImportError):
    """An optional dependency is not installed; the message names the extra that brings it."""


class OutOfMemoryError(WordsightError, MemoryError):
    """What was asked for needs more memory than is free; the message says what needs it and how much."""


class DivergenceError(WordsightError, ArithmeticError):
    """Training has gone out of bounds; the message names the step, the learning rate and the last good checkpoint."""


class WriteError(WordsightError, OSError):
    """Output could not be written (full disk, no permission); nothing half-written is left behind."""


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
