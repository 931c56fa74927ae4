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
    table = show.table(cls.title, "default", "type and bounds", "meaning")
    for parameter in cls.parameters().values():
        default = "none" if parameter.default is None else str(parameter.default)
        table.add_row(parameter.name, default, parameter.kind, parameter.doc.replace("``", ""))
    show.console().print(table)
    show.console().print("Change one in training with --set model.NAME=VALUE.")
