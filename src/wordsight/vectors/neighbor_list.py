"""Neighbors: words with their cosines, as a list that a notebook shows as a table."""

from __future__ import annotations

from wordsight.notebooks import Bar, html_table


class Neighbors(list[tuple[str, float]]):
    """Pairs of word and cosine, best first: a list like any other."""

    def _repr_html_(self) -> str:
        rows = [(word, Bar(cosine, f"{cosine:.3f}")) for word, cosine in self]
        return html_table(f"{len(self):,} nearest", ("word", "cosine"), rows)
