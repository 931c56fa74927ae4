"""What a task is asked on, read from its function: names, defaults, meanings, and how a command line gives each."""

from __future__ import annotations

import inspect
import os
import re
import typing
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from wordsight.errors import DataError
from wordsight.vectors.word_vectors import WordVectors


@dataclass(frozen=True)
class Given:
    """How a command line gives an input: ``dictionary: Annotated[File, Given("FILE", Path)]``.

    An input without this declaration is for Python only.

    Attributes:
        metavar: what stands for the value in the help, such as ``FILE``.
        type: of the value: ``str``, ``int``, ``Path``, a list of these where there may be several, or ``dict`` for
            any number of ``NAME=VALUE``.
    """

    metavar: str
    type: Any = str


Resamples = Annotated[int, Given("N", int)]
"""How many samples a bootstrap draws."""
Seed = Annotated[int, Given("N", int)]
"""Seed of random numbers."""
LanguageTag = Annotated[str | None, Given("CODE")]
"""Tag of words in the vectors, such as ``en`` in ``en:cat``; None for words without tags."""
ImagesInSpace = Annotated[WordVectors | str | os.PathLike[str], Given("PATH", Path)]
"""Images by id with their vectors in the space of the words, e.g. ``WordVectors(features.ids,
model.image_vectors(features))``, or a file of such vectors."""


@dataclass(frozen=True)
class TaskInput:
    """One input of a task.

    Attributes:
        name: of the parameter.
        meaning: what the function's docstring says of it.
        default: value that it has where it is not given; ``inspect.Parameter.empty`` where it must be.
        given: how a command line gives it; None: not at all.
    """

    name: str
    meaning: str
    default: Any
    given: Given | None

    @property
    def needed(self) -> bool:
        """Whether the task cannot do without."""
        return self.default is inspect.Parameter.empty


def inputs_of(function: Callable[..., Any]) -> dict[str, TaskInput]:
    """The inputs of a task by name: all parameters of its function but the first, which is the vectors."""
    hints = typing.get_type_hints(function, include_extras=True)
    meanings = described_arguments(function)
    _, *parameters = inspect.signature(function).parameters.values()
    return {
        p.name: TaskInput(p.name, meanings.get(p.name, ""), p.default, _given(hints.get(p.name))) for p in parameters
    }


def _given(hint: Any) -> Given | None:
    return next((fact for fact in getattr(hint, "__metadata__", ()) if isinstance(fact, Given)), None)


def described_arguments(function: Callable[..., Any]) -> dict[str, str]:
    """Argument → what the section ``Args:`` of the docstring says of it, in one line."""
    section = re.search(r"^Args:\n((?:    .*\n|\n)*)", (inspect.getdoc(function) or "") + "\n", flags=re.M)
    found: dict[str, str] = {}
    name = ""
    for line in section[1].splitlines() if section else ():
        if entry := re.match(r"    (\w+): (.*)", line):
            name, found[entry[1]] = entry[1], entry[2]
        elif name and line.strip():
            found[name] += f" {line.strip()}"
    return found


def images_in_space(vectors: WordVectors, images: ImagesInSpace) -> WordVectors:
    """Images by their ids, loaded where a file is given.

    Raises:
        DataError: the file cannot be read, or the images are not in the space of the words.
    """
    space = images if isinstance(images, WordVectors) else WordVectors.load(images)
    if space.dim != vectors.dim:
        raise DataError(f"the images have {space.dim} numbers each, but the words have {vectors.dim}")
    return space
