"""HTML for notebooks: tables with bars and pictures in one look; every text is escaped."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from typing import NamedTuple


class Bar(NamedTuple):
    """A number with a bar below it.

    Attributes:
        value: its length, 1 being the whole width; no bar where it is negative or NaN.
        text: the number as it is written.
    """

    value: float
    text: str


class Picture(NamedTuple):
    """A picture.

    Attributes:
        name: said where it cannot be seen.
        source: its ``data:`` address; empty: the name stands in its stead.
    """

    name: str
    source: str


Cell = str | Bar | Sequence[Picture]

_TABLE = "border-collapse:collapse;font-size:90%"
_CELL = "text-align:left;vertical-align:middle;padding:.25em .9em .25em 0;border-bottom:1px solid #8884"
_PICTURE = "height:48px;max-width:96px;object-fit:contain;vertical-align:middle;margin-right:4px;background:#fff"
_BAR = "height:4px;border-radius:2px;background:#5c7f9c"
WIDTH = 120
"""Pixels of a bar of length 1."""


def html_table(caption: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """A table.

    Args:
        caption: stands above.
        columns: their titles.
        rows: a cell for each column; words in any script, numbers with bars, or pictures.
    """
    head = "".join(f'<th scope="col" style="{_CELL}">{_escaped(column)}</th>' for column in columns)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return (
        f'<table style="{_TABLE}"><caption style="text-align:left;padding:.3em 0">{_escaped(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _cell(content: Cell) -> str:
    if isinstance(content, str):
        return f'<td style="{_CELL}"><bdi>{_escaped(content)}</bdi></td>'
    if isinstance(content, Bar):
        return f'<td style="{_CELL};min-width:{WIDTH}px">{_escaped(content.text)}{_drawn(content.value)}</td>'
    return f'<td style="{_CELL}">{"".join(map(_shown, content))}</td>'


def _drawn(value: float) -> str:
    if not math.isfinite(value) or value <= 0:
        return ""
    return f'<div style="{_BAR};width:{round(WIDTH * min(value, 1.0))}px"></div>'


def _shown(picture: Picture) -> str:
    name = _escaped(picture.name)
    if not picture.source:
        return f'<bdi style="margin-right:.6em">{name}</bdi>'
    return f'<img style="{_PICTURE}" src="{_escaped(picture.source)}" alt="{name}" title="{name}">'


def _escaped(text: str) -> str:
    return html.escape(text, quote=True)
