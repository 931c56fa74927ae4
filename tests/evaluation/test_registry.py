import subprocess
import sys

import numpy as np
import pytest

from wordsight.errors import ParameterError, UnknownNameError
from wordsight.evaluation.registry import TASKS, evaluate, task_function
from wordsight.evaluation.task_inputs import inputs_of
from wordsight.vectors.word_vectors import WordVectors

VECTORS = WordVectors(["a", "b"], np.eye(2))


@pytest.mark.parametrize("task", TASKS)
def test_every_task_is_there_and_documented(task: str) -> None:
    function = task_function(task)
    assert function is task_function(task.upper())
    assert function.__doc__


def test_unknown_tasks_and_inputs() -> None:
    with pytest.raises(UnknownNameError, match="unknown task 'similarty'; did you mean 'similarity'"):
        evaluate(VECTORS, "similarty")
    with pytest.raises(UnknownNameError, match="unknown input of similarity 'file'; did you mean 'files'"):
        evaluate(VECTORS, "similarity", file="a.txt")


def test_a_lacking_input_is_named_beside_all_that_the_task_needs() -> None:
    with pytest.raises(ParameterError, match=r"^the task similarity needs files; give files$"):
        evaluate(VECTORS, "similarity")
    with pytest.raises(ParameterError, match=r"needs dictionary, source and target; give dictionary and target$"):
        evaluate(VECTORS, "translation", source="en")


def test_vectors_of_another_kind_are_refused() -> None:
    class KeyedVectors: ...

    class Fitted:
        vectors_ = VECTORS

    with pytest.raises(
        ParameterError, match=r"takes WordVectors, not .*KeyedVectors; make them with WordVectors\(words"
    ):
        evaluate(KeyedVectors(), "similarity", files="a.txt")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match=r"not str; make them with .* or WordVectors\.load\(path\)"):
        evaluate("vectors.txt", "similarity", files="a.txt")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match=r"not .*Fitted; give the model's vectors_"):
        evaluate(Fitted(), "similarity", files="a.txt")  # type: ignore[arg-type]


@pytest.mark.parametrize("task", TASKS)
def test_every_input_says_what_it_is(task: str) -> None:
    inputs = inputs_of(task_function(task))
    assert inputs["resamples"].default == 1000 and inputs["seed"].default == 0
    for item in inputs.values():
        assert item.meaning.endswith(".") and not item.meaning.startswith("of "), item.name
        assert item.given or not item.needed, f"{item.name} cannot be given on a command line"


def test_listing_tasks_imports_none() -> None:
    code = (
        "import sys, wordsight.evaluation.registry; print([m for m in sys.modules if m in {'torch', 'numba', 'scipy'}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
