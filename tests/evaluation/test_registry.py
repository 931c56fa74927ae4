import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from wordsight.errors import ParameterError, UnknownNameError
from wordsight.evaluation.registry import TASKS, evaluate, task_function
from wordsight.vectors.word_vectors import WordVectors

VECTORS = WordVectors(["a", "b"], np.eye(2))


@pytest.mark.parametrize("task", TASKS)
def test_every_task_is_there_and_documented(task: str) -> None:
    function = task_function(task)
    assert function is task_function(task.upper())
    assert function.__doc__


def test_unknown_tasks_and_options(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="unknown task 'similarty'; did you mean 'similarity'"):
        evaluate(VECTORS, "similarty")
    with pytest.raises(UnknownNameError, match="unknown option of similarity 'file'; did you mean 'files'"):
        evaluate(VECTORS, "similarity", file="a.txt")
    with pytest.raises(ParameterError, match="similarity needs the option files"):
        evaluate(VECTORS, "similarity")


def test_listing_tasks_imports_none() -> None:
    code = (
        "import sys, wordsight.evaluation.registry; print([m for m in sys.modules if m in {'torch', 'numba', 'scipy'}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
