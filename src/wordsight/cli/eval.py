"""``wordsight eval``: vectors on a task, whose inputs are the command's options."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wordsight.cli import _show as show
from wordsight.cli._options import JSONPath, Overwrite, Vectors, paragraphs
from wordsight.errors import ParameterError, unknown_name

if TYPE_CHECKING:
    from wordsight.evaluation.result import Results
    from wordsight.evaluation.task_inputs import TaskInput

DEFAULT_TASK = "similarity"
POSITIONAL = "files"
"""The input that is given as arguments rather than by a flag."""
CONTEXT = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
"""Settings of the command: what follows it is read here, once the task is known."""
OWN_FLAGS = ("--task", "--suite", "--json", "--overwrite", "--help")
SUITE_TASK = "monolingual"
"""The task of a suite: a result for each data set, then their average."""
SuiteName = Annotated[
    str | None,
    typer.Option(
        "--suite",
        metavar="NAME",
        help="english: ten well-known sets of rated pairs with their average, found in the FILEs (folders), "
        "in $WORDSIGHT_DATA or in the cache, or else fetched.",
    ),
]


def evaluate(context: typer.Context) -> None:
    """Judge vectors on a task: similarity, analogy, translation, classification, naming, matching and others.

    With --suite english they are judged on the well-known sets of word similarity, found or fetched.
    """
    arguments = list(context.args)
    suite = any(argument.partition("=")[0] == "--suite" for argument in arguments)
    task = task_named_in(arguments, SUITE_TASK if suite else DEFAULT_TASK)
    if suite and task != SUITE_TASK:
        raise ParameterError(f"--suite is for the task {SUITE_TASK}; leave out --suite or --task {task}")
    command_of(task, arguments)(arguments, prog_name="wordsight eval", standalone_mode=False)


def task_named_in(arguments: Sequence[str], task: str = DEFAULT_TASK) -> str:
    """The value of ``--task``, the last one where there are several; ``task`` where there is none."""
    for i, argument in enumerate(arguments):
        if argument.startswith("--task="):
            task = argument.partition("=")[2]
        elif argument == "--task" and i + 1 < len(arguments):
            task = arguments[i + 1]
    return task.lower()


def command_of(task: str, arguments: Sequence[str] = ()) -> typer.Typer:
    """The command for one task, with the task's inputs as its options.

    Args:
        task: its name.
        arguments: what the user wrote; flags that this task does not have are refused.

    Raises:
        UnknownNameError: no such task or flag; the message says what the task takes.
    """
    from wordsight.cli._results import RESULTS, results_table, write_results
    from wordsight.datasets.suites import suite_files
    from wordsight.evaluation.registry import task_function
    from wordsight.evaluation.task_inputs import inputs_of
    from wordsight.storage.output_files import check_file

    function = task_function(task)
    inputs = {name: item for name, item in inputs_of(function).items() if item.given}
    _check_flags(task, inputs, arguments)

    def judge(vectors: Path, json: Path | None, overwrite: bool, **given: Any) -> None:
        given.pop("task")
        if suite := given.pop("suite"):
            given[POSITIONAL] = suite_files(suite, given.get(POSITIONAL) or ())
        if json is not None:
            check_file(json, RESULTS, overwrite=overwrite)
        results = _judge(task, inputs, vectors, {name: value for name, value in given.items() if value is not None})
        if json is not None:
            write_results(json, results.to_dicts(), overwrite=overwrite)
        show.console().print(results_table(task, results))

    options = [inspect.Parameter("vectors", inspect.Parameter.KEYWORD_ONLY, annotation=Vectors)]
    options += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=_option(task, item))
        for name, item in inputs.items()
    ]
    for name, annotation in (("task", _task_option()), ("suite", SuiteName), ("json", JSONPath)):
        options.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation))
    options.append(inspect.Parameter("overwrite", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Overwrite))
    judge.__signature__ = inspect.Signature(options)  # type: ignore[attr-defined]
    judge.__annotations__ = {option.name: option.annotation for option in options}
    judge.__doc__ = "\n\n".join(paragraphs(function))
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich")
    app.command()(judge)
    return app


def _task_option() -> Any:
    from wordsight.evaluation.registry import TASKS

    others = ", ".join(name for name in TASKS if name != DEFAULT_TASK)
    meaning = f"{DEFAULT_TASK} (the default), {others}. Each has inputs of its own: add --help to see them."
    return Annotated[str | None, typer.Option("--task", metavar="TASK", help=meaning)]


def _option(task: str, item: TaskInput) -> Any:
    """How Typer is told of an input: its flag, type, metavar and help."""
    given = item.given
    assert given is not None
    text = item.meaning.replace("``", "")
    text = text[:1].upper() + text[1:]
    if item.name == POSITIONAL:
        return Annotated[given.type | None, typer.Argument(metavar=f"{given.metavar}...", help=text)]
    several = " May be repeated." if given.type is dict or typer_list(given.type) else ""
    needed = " Needed." if item.needed else ""
    shown = "" if item.needed or item.default is None else f" Default: {item.default}."
    option = typer.Option(
        flag(item.name), metavar=given.metavar, help=text + shown + several + needed, rich_help_panel=f"Task {task}"
    )
    return Annotated[(list[str] if given.type is dict else given.type) | None, option]


def typer_list(type_: Any) -> bool:
    """Whether several values are taken."""
    return getattr(type_, "__origin__", None) is list


def flag(name: str) -> str:
    """``restrict_to`` → ``--restrict-to``."""
    return f"--{name.replace('_', '-')}"


def written(item: TaskInput) -> str:
    """How an input is written on the command line, such as ``--dictionary FILE``."""
    assert item.given is not None
    metavar = item.given.metavar
    return f"{metavar}..." if item.name == POSITIONAL else f"{flag(item.name)} {metavar}"


def _check_flags(task: str, inputs: Mapping[str, TaskInput], arguments: Sequence[str]) -> None:
    known = [*(flag(name) for name in inputs if name != POSITIONAL), *OWN_FLAGS]
    takes = f"it takes: {', '.join(written(item) for item in inputs.values())}"
    for argument in arguments:
        if argument == "--":
            return
        name = argument.partition("=")[0]
        if name.startswith("--") and name not in known:
            raise unknown_name(f"option of the task {task}", name, known, hint=takes)


def _judge(task: str, inputs: Mapping[str, TaskInput], path: Path, given: dict[str, Any]) -> Results:
    """Evaluates the vectors at a path on what was given."""
    from wordsight.evaluation.registry import check_complete, evaluate
    from wordsight.vectors.word_vectors import WordVectors

    check_complete(task, inputs, given, lambda name: written(inputs[name]))
    vectors = WordVectors.load(path)
    return evaluate(vectors, task, **{name: _value(inputs[name], value, path) for name, value in given.items()})


def _value(item: TaskInput, value: Any, model: Path) -> Any:
    """What the library takes, from what stands on the command line."""
    from wordsight.cli._training_recipe import parse_assignment
    from wordsight.models.projected_images import images_for

    readers: dict[str, Callable[[Any], Any]] = {"images": lambda images: images_for(model, images)}
    if item.given and item.given.type is dict:
        return dict(map(parse_assignment, value))
    return readers.get(item.name, lambda same: same)(value)
