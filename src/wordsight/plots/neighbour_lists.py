"""Neighbours of a word in two spaces: both lists as bars, with lines between words that are in both."""

from __future__ import annotations

from typing import Any

from wordsight.plots.fonts import families
from wordsight.plots.style import FAINT, INK, PALE, SAND, axes_in
from wordsight.vectors.word_vectors import WordVectors

_GAP = 0.14
"""Half of the room between the two lists, where a cosine of 1 has the length 1."""


def neighbours(
    a: WordVectors,
    b: WordVectors,
    word: str,
    *,
    names: tuple[str, str] = ("A", "B"),
    topn: int = 10,
    language: str | None = None,
    ax: Any = None,
) -> Any:
    """Draws a word's nearest words in two spaces; a word that only one list has is highlighted.

    Args:
        a: the space on the left.
        b: the space on the right.
        word: whose neighbours to draw.
        names: of the spaces.
        topn: how many words each list has.
        language: only words with this tag.
        ax: matplotlib axes to draw in; None: a figure is made.

    Returns:
        The matplotlib figure.

    Raises:
        UnknownNameError: a space lacks the word or the language.
        ParameterError: ``topn`` is below 1.
        MissingExtraError: matplotlib is not installed.
    """
    lists = [space.most_similar(word, topn=topn, language=language) for space in (a, b)]
    ranks = [{near: rank for rank, (near, _) in enumerate(found)} for found in lists]
    longest = max(map(len, lists))
    drawn, axes = axes_in(ax, 6.4, 0.8 + 0.3 * longest)
    fonts = families([word, *names, *ranks[0], *ranks[1]])
    for side, name, found, others in zip((-1, 1), names, lists, reversed(ranks), strict=True):
        plain = {"family": fonts, "va": "center", "parse_math": False}
        axes.text(side * _GAP, -1, name, ha="right" if side < 0 else "left", fontsize=10, color=INK, **plain)
        for rank, (near, cosine) in enumerate(found):
            both = near in others
            axes.barh(rank, side * max(cosine, 0), 0.78, side * _GAP, color=PALE if both else SAND)
            inner, outer = ("right", "left") if side < 0 else ("left", "right")
            axes.text(side * (_GAP + 0.02), rank, near, ha=inner, fontsize=9, color=INK, **plain)
            axes.text(side * (_GAP + 1.2), rank, f"{cosine:.2f}", ha=outer, fontsize=8, color=FAINT, **plain)
    for near in ranks[0].keys() & ranks[1].keys():
        axes.plot([-_GAP + 0.01, _GAP - 0.01], [ranks[0][near], ranks[1][near]], color=FAINT, linewidth=1)
    axes.set_title(word, fontsize=11, color=INK, family=fonts, parse_math=False)
    axes.set_xlim(-_GAP - 1.22, _GAP + 1.22)
    axes.set_ylim(longest - 0.4, -1.5)
    axes.set_axis_off()
    return drawn
