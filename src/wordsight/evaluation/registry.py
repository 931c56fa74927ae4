"""Finds evaluation tasks by name."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from typing import Any

from wordsight.errors import ParameterError, unknown_name
from wordsight.evaluation.result import Results
from wordsight.vectors.word_vectors import WordVectors

# Task → where its function (vectors, **options) -> Results is: listing the tasks imports none of them.
TASKS = {
    "similarity": "wordsight.evaluation.tasks.similarity:similarity",
    "crosslingual": "wordsight.evaluation.tasks.suites:crosslingual",
    "monolingual": "wordsight.evaluation.tasks.suites:monolingual",
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
    module, _, attribute = location.partition(":")
    function: Callable[..., Results] = getattr(importlib.import_module(module), attribute)
    return function


def evaluate(vectors: WordVectors, task: str, **options: Any) -> Results:
    """Evaluates word vectors, from whatever source, on a task.

    Args:
        vectors: what to evaluate.
        task: a task's name, e.g. ``"similarity"``.
        **options: the task's own, e.g. ``files=["EN-MEN-TR-3k.txt"]``.

    Raises:
        UnknownNameError: no such task or option; the message suggests near ones.
        ParameterError: the task needs an option that is not given.
    """
    function = task_function(task)
    _, *parameters = inspect.signature(function).parameters.values()
    known = {parameter.name: parameter for parameter in parameters}
    for name in options:
        if name not in known:
            raise unknown_name(f"option of {task}", name, known, hint=f"it has: {', '.join(known)}")
    lacking = [name for name, p in known.items() if p.default is inspect.Parameter.empty and name not in options]
    if lacking:
        raise ParameterError(f"the task {task} needs the option {' and '.join(lacking)}")
    return function(vectors, **options)
