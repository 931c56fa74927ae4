"""What was grounded: which words of a table of images or of captions are used, why others are not, and which images."""

from __future__ import annotations

import logging
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import numpy as np

from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.query_pairs import QueryPairs
from wordsight.images.features import ImageFeatures

logger = logging.getLogger(__name__)

FEW_WORDS = 300
"""With fewer words with images, hardly anything can be imagined of the others; docs/pictures.md has the curve."""
LITTLE = 0.5
"""Below this share of the table's words in the text, a warning says so."""
EXAMPLES = 3
"""Words shown for each reason."""


class Unmatched(NamedTuple):
    """Words with images that a model does not use, for one reason.

    Attributes:
        reason: such as ``"other case"``.
        n: how many words.
        examples: the first of them.
    """

    reason: str
    n: int
    examples: tuple[str, ...]


class GroundingReport(NamedTuple):
    """What a model was grounded on.

    Attributes:
        words: number of words with images that the model uses.
        in_table: number of words in the table of images, or in the captions.
        in_vocabulary: number of words of the text; None without a text.
        unmatched: the words that are not used, by reason.
        images_used: number of images of the words that are used.
        images: number of images with features.
        images_per_word: median number of images of a word that is used.
        sources: source → images used; empty where the images have none.
        origin: ``"table"`` of images or ``"captions"``, whichever has the words.
    """

    words: int
    in_table: int
    in_vocabulary: int | None
    unmatched: tuple[Unmatched, ...]
    images_used: int
    images: int
    images_per_word: float
    sources: dict[str, int]
    origin: str = "table"

    def __str__(self) -> str:
        """Two or three lines."""
        text = "" if self.in_vocabulary is None else f" and {self.in_vocabulary:,} in the text"
        lines = [f"grounded: {self.words:,} words with images, of {self.in_table:,} in the {self.origin}{text}"]
        lines += [f"not used: {'; '.join(self._reasons())}"] if self.unmatched else []
        named = f" ({', '.join(f'{name} {n:,}' for name, n in self.sources.items())})" if self.sources else ""
        unused = self.images - self.images_used
        lines.append(
            f"images: {self.images_used:,} used{named}, {unused:,} unused, {self.images_per_word:g} a word (median)"
        )
        return "\n".join(lines)

    def _reasons(self) -> list[str]:
        return [
            f"{u.n:,} {u.reason} ({', '.join(u.examples)}{', …' * (u.n > len(u.examples))})" for u in self.unmatched
        ]

    def warning(self) -> str | None:
        """One line where the images are too few to ground a text; None where they are enough, and without a text."""
        if self.in_vocabulary is None:
            return None
        if self.words < LITTLE * self.in_table:
            why = max(self.unmatched, key=lambda unmatched: unmatched.n).reason
            return (
                f"only {self.words:,} of the {self.in_table:,} words with images are used ({why}, mostly); compare the "
                "table's words with the text's"
            )
        if self.words < FEW_WORDS:
            return (
                f"only {self.words:,} words have images; with fewer than {FEW_WORDS} hardly anything can be imagined "
                "of the others, which keep their text"
            )
        return None

    def log(self) -> None:
        """Writes the lines to the log, and the warning."""
        for line in str(self).splitlines():
            logger.info("%s", line)
        if warning := self.warning():
            logger.warning("%s", warning)

    def facts(self) -> dict[str, Any]:
        """The attributes as plain objects, for ``config.json``."""
        return self._asdict() | {"unmatched": [unmatched._asdict() for unmatched in self.unmatched]}

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> GroundingReport:
        """Restores what :meth:`facts` returned.

        Raises:
            KeyError, TypeError: the facts are not those of a report.
        """
        unmatched = tuple(Unmatched(u["reason"], u["n"], tuple(u["examples"])) for u in facts["unmatched"])
        return cls(**{**facts, "unmatched": unmatched})


def grounding_report(
    lexicon: VisualLexicon, vocabulary: Sequence[str] | None, hidden: Collection[str] = ()
) -> GroundingReport:
    """Compares a table of images with a text.

    Args:
        lexicon: words with images.
        vocabulary: the words of the text; None: all words of the lexicon count.
        hidden: words that are treated as words without images.

    Raises:
        DataError: no word of the text has an image.
    """
    known, hidden = set(lexicon.words if vocabulary is None else vocabulary), set(hidden)
    used = lexicon.restricted(word for word in lexicon.words if word in known and word not in hidden)
    return GroundingReport(
        words=len(used),
        in_table=len(lexicon),
        in_vocabulary=None if vocabulary is None else len(vocabulary),
        unmatched=_unmatched(lexicon.words, known, hidden),
        images_per_word=float(np.median(np.diff(used.indptr))),
        **_images(used.image_rows, lexicon.features),
    )


def captions_report(pairs: QueryPairs, features: ImageFeatures) -> GroundingReport:
    """Says which words of captions have a vector, and which images these see.

    Args:
        pairs: the captions' words.
        features: the captions' images.
    """
    _, word_of, _ = pairs.shown_words()
    images = np.unique(word_of, return_counts=True)[1]
    reason = "rarer than min_count" + (", only in shared buckets" if len(pairs.buckets) else "")
    rare = pairs.rare_words
    return GroundingReport(
        words=len(images),
        in_table=len(images) + len(rare),
        in_vocabulary=None,
        unmatched=(Unmatched(reason, len(rare), tuple(rare[:EXAMPLES])),) if rare else (),
        images_per_word=float(np.median(images)) if len(images) else 0.0,
        **_images(pairs.image_of, features),
        origin="captions",
    )


def _images(rows: np.ndarray, features: ImageFeatures) -> dict[str, Any]:
    """The fields of a report that say which images are used; an image may be in several rows."""
    used, sources = np.unique(rows), features.sources
    named = dict(Counter(sources[row] for row in used)) if sources else {}
    return {"images_used": len(used), "images": len(features), "sources": named}


def _unmatched(words: Sequence[str], known: set[str], hidden: set[str]) -> tuple[Unmatched, ...]:
    """The words that are not used, by reason; the most frequent reason first."""
    missing = [word for word in words if word not in known or word in hidden]
    if not missing:
        return ()
    folded = {word.casefold(): word for word in known}
    normal = {unicodedata.normalize("NFKC", word).casefold(): word for word in known}
    found: dict[str, list[str]] = {}
    for word in missing:
        if word in known:
            reason, example = "hidden by hide_words", word
        elif like := folded.get(word.casefold()):
            reason, example = "in another case", f"{word}, in the text {like}"
        elif like := normal.get(unicodedata.normalize("NFKC", word).casefold()):
            reason, example = "in another Unicode normal form", f"{word}, in the text {like}"
        elif any(not character.isalnum() for character in word.strip("'")):
            reason, example = "of several words", word
        else:
            reason, example = "not in the text or too rare", word
        found.setdefault(reason, []).append(example)
    rows = [Unmatched(reason, len(examples), tuple(examples[:EXAMPLES])) for reason, examples in found.items()]
    return tuple(sorted(rows, key=lambda row: -row.n))
