"""Why vectors lack the words of a data set: a hint, where a person could mend it."""

from __future__ import annotations

import itertools
import logging
import re
from collections.abc import Callable, Sequence

from wordsight.text.language_tags import language_of
from wordsight.vectors.word_vectors import WordVectors

log = logging.getLogger(__name__)

LITTLE = 0.2
"""Below this share of covered items, what is missing is looked into."""
_TRIED = 2000
"""How many of a data set's words, and of the vectors' most frequent ones, are looked at."""
_MARKED = re.compile(r"/c/\w+/.+|.+[-_./|#]([A-Z]+|[nvarj]|adj|adv)")
"""Words with a mark: ConceptNet's (``/c/en/dog``), and a part of speech (``dog_NOUN``, ``dog-n``, ``dog.n``)."""


def warn_of_little(dataset: str, n: int, total: int, words: Sequence[str], vectors: WordVectors) -> str | None:
    """Logs a line where the vectors cover little or nothing of a data set, with what may help; also returns that.

    Args:
        dataset: its name.
        n: covered items.
        total: all items.
        words: the words that were looked up, with the tags that they were looked up with.
        vectors: where they were looked up.
    """
    if n >= LITTLE * total:
        return None
    reason = hint(words, vectors)
    if n and reason is None:
        return None
    covered = "none" if not n else f"{n:,}"
    why = reason or f"the vectors have words such as {', '.join(map(repr, vectors.words[:3]))}"
    log.warning("%s: the vectors cover %s of %s items; %s", dataset, covered, f"{total:,}", why)
    return why


def hint(words: Sequence[str], vectors: WordVectors) -> str | None:
    """Says what the vectors' words have that those asked for lack, or the other way round; None where neither helps.

    Args:
        words: those that were looked up.
        vectors: where they were looked up.
    """
    words = list(dict.fromkeys(words))[:_TRIED]
    there = int((vectors.rows(words) >= 0).sum())

    def gains(change: Callable[[str], str]) -> bool:
        return int((vectors.rows(map(change, words)) >= 0).sum()) > 2 * there

    if not any(map(language_of, words)):
        for language in sorted(vectors.languages, key=lambda tag: (tag != "en", tag)):
            if gains(lambda word, tag=language: f"{tag}:{word}"):  # type: ignore[misc]
                return f"their words have language tags such as '{language}:{words[0]}': say language {language}"
    elif not vectors.languages and gains(lambda word: word[len(language_of(word)) + 1 :]):
        return f"the words asked for have language tags such as {words[0]!r}, but the vectors' have none"
    for change, form in ((str.capitalize, "a capital letter"), (str.upper, "capitals")):
        if gains(change):
            return f"their words have {form}, such as {change(words[0])!r}; make vectors of words in lower case"
    return _mark(vectors)


def _mark(vectors: WordVectors) -> str | None:
    """Whether most words of the vectors have a mark such as a part of speech."""
    frequent = list(itertools.islice(vectors, _TRIED))
    marked = [word for word in frequent if _MARKED.fullmatch(word)]
    if 2 * len(marked) <= len(frequent):
        return None
    return f"their words have marks, such as {marked[0]!r}; make vectors of plain words, one for each"
