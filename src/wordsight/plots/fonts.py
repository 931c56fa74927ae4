"""Fonts: which families matplotlib needs to draw words of any script."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from wordsight.plots.lettering import font_with

log = logging.getLogger(__name__)

PLAIN = "DejaVu Sans"
"""The font that comes with matplotlib."""


def families(texts: Iterable[str]) -> list[str]:
    """The font families that have all characters of some texts, matplotlib's own first.

    A line of the log says which characters no font of this system has.
    """
    from matplotlib import font_manager

    found = {PLAIN: set(font_manager.get_font(font_manager.findfont(PLAIN)).get_charmap())}
    unknown = []
    for character in sorted(set().union(*map(set, texts))):
        if not character.isprintable() or any(ord(character) in known for known in found.values()):
            continue
        path = font_with(character)
        if path is None:
            unknown.append(character)
            continue
        font = font_manager.get_font(path)
        font_manager.fontManager.addfont(path)
        found[font.family_name] = set(font.get_charmap()) | {ord(character)}
    if unknown:
        log.warning("no font on this system has %s; the Noto fonts have most", " ".join(unknown[:10]))
    return list(found)
