"""``wordsight models``: what can be trained, and with what hyperparameters."""

from __future__ import annotations

from typing import Annotated

import typer

from wordsight.cli import _show as show


def models(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="A model: its hyperparameters and defaults.")
    ] = None,
) -> None:
    """List the models, or the hyperparameters of one."""
    from wordsight.models.registry import MODELS, model_class

    if name is None:
        table = show.table("name", "model", "learns from")
        for key in MODELS:
            cls = model_class(key)
            table.add_row(key, cls.title, ", ".join(cls.inputs))
        show.console().print(table)
        show.next_steps([["models", "pixie"]])
        return
    cls = model_class(name)
    table = show.table(cls.title, "default")
    for parameter, default in cls.defaults().items():
        table.add_row(parameter, "none" if default is None else str(default))
    show.console().print(table)
    show.console().print("Change one in training with --set model.NAME=VALUE.")
