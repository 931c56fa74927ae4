"""docs/tasks.md and the README's table of tasks, from the registry and the tasks' declarations."""

from __future__ import annotations

import inspect

from pages import NOTE, first_line, table

from wordsight.cli.eval import written
from wordsight.evaluation.registry import TASKS, task_function
from wordsight.evaluation.task_inputs import inputs_of


def tasks_table() -> str:
    """The tasks in the registry, with their required inputs."""
    rows = []
    for name in TASKS:
        function = task_function(name)
        needs = ", ".join(item.name for item in inputs_of(function).values() if item.needed)
        rows.append((f"`{name}`", first_line(function), needs))
    return table(("Task", "What", "Needs"), rows)


def tasks_page() -> str:
    """docs/tasks.md: the table, then each task with its inputs."""
    lead = (
        "`wordsight.evaluate(vectors, task, **inputs)` takes vectors from any source, and so does "
        "`wordsight eval VECTORS --task TASK`, with the inputs as options. Each result says its score, the number of "
        "items it rests on, their share of all (coverage) and a 95 % bootstrap interval.\n\n"
        "`wordsight.compare(a, b, files=…)` and `wordsight compare A B FILE...` compare two spaces on the pairs that "
        "both cover.\n\n"
    )
    text = f"{NOTE}# Tasks\n\n{lead}{tasks_table()}"
    return text + "".join(_section(name) for name in TASKS)


def _section(name: str) -> str:
    function = task_function(name)
    about = (inspect.getdoc(function) or "").split("\n\nArgs:")[0]
    rows = []
    for item in inputs_of(function).values():
        default = "needed" if item.needed else f"`{item.default!r}`"
        option = f"`{written(item)}`" if item.given else "in Python only"
        rows.append((f"`{item.name}`", option, default, item.meaning))
    return f"\n## {name}\n\n{about}\n\n{table(('Input', 'Option', 'Default', 'Meaning'), rows)}"
