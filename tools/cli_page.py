"""docs/cli.md: the ``--help`` of each verb."""

from __future__ import annotations

from typing import Any

import typer
from pages import NOTE, table

from wordsight.cli._app import app
from wordsight.cli.eval import command_of
from wordsight.evaluation.registry import TASKS


def cli_page() -> str:
    """All verbs by panel, each with its arguments and options; eval for each task."""
    group: Any = typer.main.get_command(app)
    panels: dict[str, list[Any]] = {}
    for command in group.commands.values():
        panels.setdefault(command.rich_help_panel, []).append(command)
    text = f"{NOTE}# Command line\n\nWhat `wordsight VERB --help` says. Exit codes: 0; 1 when a check found problems; "
    text += "2 after an error, which is one line; 130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP; "
    text += "124 at a time limit; 141 when nobody reads the output any more.\n"
    for panel, commands in panels.items():
        text += f"\n## {panel}\n"
        for command in commands:
            text += _verb(command)
    return text


def _verb(command: Any) -> str:
    if command.name == "eval":
        about = f"\n### wordsight eval\n\n{command.help}\n"
        tasks = ((f"eval VECTORS --task {task}", typer.main.get_command(command_of(task))) for task in TASKS)
        return about + "".join(_section(name, task, "####") for name, task in tasks)
    if subcommands := getattr(command, "commands", None):
        return "".join(_section(f"{command.name} {name}", verb) for name, verb in subcommands.items())
    return _section(command.name, command)


def _section(name: str, command: Any, heading: str = "###") -> str:
    rows = [
        (f"`{_written(parameter)}`", _default(parameter), " ".join((parameter.help or "").split()))
        for parameter in command.params
    ]
    about = "\n".join(line.strip() for line in (command.help or "").splitlines())
    options = "\n" + table(("Option", "Default", "Meaning"), rows) if rows else ""
    return f"\n{heading} wordsight {name}\n\n{about}\n{options}"


def _written(parameter: Any) -> str:
    """A parameter as it is typed: ``VECTORS`` or ``--output, -o DIR``."""
    metavar = parameter.metavar or ""
    if parameter.param_type_name == "argument":
        return metavar or parameter.name.upper()
    return f"{', '.join(sorted(parameter.opts, key=len, reverse=True))} {metavar}".rstrip()


def _default(parameter: Any) -> str:
    if parameter.required:
        return "needed"
    default = parameter.default
    return "" if default is None or default is False or default == () else f"`{default}`"
