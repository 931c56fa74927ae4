"""The data of PIXIE's word-level tables: those of all papers on word vectors, photographs, and concreteness."""

from __future__ import annotations

from functools import cached_property

from wordsight.grounding.lexicon import VisualLexicon
from wordsight.papers.standard_data import PHOTOGRAPHS
from wordsight.papers.word_data import WordData
from wordsight.storage.tables import read_table


class PIXIEData(WordData):
    """The data of one scale, see :class:`~wordsight.papers.word_data.WordData`."""

    @cached_property
    def photographs(self) -> VisualLexicon:
        """The lexicon of the photographs alone; the whole lexicon if it has no such sources."""
        lexicon = self.lexicon
        sources = lexicon.features.sources
        if sources is None or not set(PHOTOGRAPHS) & set(sources):
            return lexicon
        photographs = [source in PHOTOGRAPHS for source in sources]
        rows = {word: lexicon.images(word) for word in lexicon.words}
        return VisualLexicon.from_rows(
            {word: images[[photographs[i] for i in images]] for word, images in rows.items()}, lexicon.features
        )

    @cached_property
    def concreteness(self) -> dict[str, float]:
        """Word → its rating from 1 (abstract) to 5."""
        table = read_table(self.folder / self.settings["concreteness"])
        return dict(zip(table.column("Word"), table.numbers("Conc.M", default=3.0), strict=True))
