"""Finds evaluation tasks by name and asks them of vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from wordsight.errors import ParameterError, unknown_name
from wordsight.evaluation.result import Results
from wordsight.evaluation.task_inputs import TaskInput, inputs_of
from wordsight.extras import registered
from wordsight.vectors.word_vectors import WordVectors

# Task → where its function (vectors, inputs) -> Results is: listing the tasks imports none of them.
TASKS = {
    "similarity": "wordsight.evaluation.tasks.similarity:similarity",
    "crosslingual": "wordsight.evaluation.tasks.crosslingual:crosslingual",
    "monolingual": "wordsight.evaluation.tasks.monolingual:monolingual",
    "analogy": "wordsight.evaluation.tasks.analogy:analogy",
    "translation": "wordsight.evaluation.tasks.translation:translation",
    "classification": "wordsight.evaluation.tasks.classification:classification",
    "naming": "wordsight.evaluation.tasks.naming:naming",
    "matching": "wordsight.evaluation.tasks.matching:matching",
    "retrieval": "wordsight.evaluation.tasks.retrieval:retrieval",
}


def task_function(name: str) -> Callable[..., Results]:
    """The function of a task.

    Raises:
        UnknownNameError: no such task; the message suggests near ones.
    """
    location = TASKS.get(name.lower())
    if location is None:
        raise unknown_name("task", name, TASKS, hint=f"there are: {', '.join(TASKS)}")
    function: Callable[..., Results] = registered(location)
    return function


def evaluate(vectors: WordVectors, task: str, **inputs: Any) -> Results:
    """Evaluates word vectors, from whatever source, on a task.

    Args:
        vectors: what to evaluate.
        task: a task's name, e.g. ``"similarity"``.
        **inputs: the task's own, e.g. ``files=["EN-MEN-TR-3k.txt"]``.

    Raises:
        UnknownNameError: no such task or input; the message suggests near ones.
        ParameterError: no WordVectors, or the task needs an input that is not given.
    """
    function = task_function(task)
    check_vectors(vectors, "evaluate")
    known = inputs_of(function)
    for name in inputs:
        if name not in known:
            raise unknown_name(f"input of {task}", name, known, hint=f"it takes: {', '.join(known)}")
    check_complete(task, known, inputs, str)
    return function(vectors, **inputs)


def check_vectors(vectors: object, caller: str) -> None:
    """Checks that these are word vectors.

    Raises:
        ParameterError: they are something else; the message says how to make vectors of it.
    """
    if isinstance(vectors, WordVectors):
        return
    found = f"{type(vectors).__module__}.{type(vectors).__qualname__}".removeprefix("builtins.")
    advice = "make them with WordVectors(words, matrix) or WordVectors.load(path)"
    if isinstance(getattr(vectors, "vectors_", None), WordVectors):
        advice = "give the model's vectors_"
    raise ParameterError(f"{caller} takes WordVectors, not {found}; {advice}")


def check_complete(
    task: str, known: Mapping[str, TaskInput], given: Iterable[str], shown: Callable[[str], str]
) -> None:
    """Checks that all inputs are there that a task needs.

    Args:
        task: its name.
        known: its inputs by name.
        given: the names of those that are given.
        shown: name → what the user writes for it.

    Raises:
        ParameterError: some are lacking; the message names all that the task needs.
    """
    needed = [name for name, item in known.items() if item.needed]
    lacking = [shown(name) for name in needed if name not in set(given)]
    if lacking:
        raise ParameterError(f"the task {task} needs {_and([shown(name) for name in needed])}; give {_and(lacking)}")


def _and(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
