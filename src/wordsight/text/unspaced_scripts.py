"""Scripts without blanks between words: a line where a tokenizer with dictionaries would find their words."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import numpy as np

from wordsight.text.word_boundaries import unspaced

log = logging.getLogger(__name__)

_MANY = 0.05
"""Above this share of all words, those of such scripts are worth a line."""
_LONG = 5
"""Words of such scripts are shorter than this, on average; what is longer are phrases."""


def say_where_dictionaries_help(counts: Mapping[str, Mapping[str, int]], tokenizer: str) -> None:
    """Logs one line where words of scripts without blanks are single characters or whole phrases.

    Args:
        counts: text or language → its words, without language tags, and how often each occurs.
        tokenizer: name of the tokenizer that found them.
    """
    examples = {source: found for source, words in counts.items() if (found := _uncut_or_cut(words, tokenizer))}
    if examples:
        log.warning(
            "%s: there are no blanks between words, so that words are single characters or whole phrases, such as %s; "
            "the tokenizer icu (extra segmentation) finds words of Chinese, Japanese, Thai, Lao, Khmer and Burmese",
            ", ".join(examples),
            ", ".join(found[0] for found in examples.values()),
        )


def _uncut_or_cut(counts: Mapping[str, int], tokenizer: str) -> list[str]:
    """The words of such scripts, where they are many and no real words."""
    if tokenizer == "icu":
        return []
    inside = [word for word in counts if not word.isascii() and unspaced(word).any()]
    weights = np.array([counts[word] for word in inside])
    if not inside or weights.sum() < _MANY * sum(counts.values()):
        return []
    # Text for the tokenizer "whitespace" may have been cut into real words before.
    real = tokenizer == "whitespace" and np.average([len(word) for word in inside], weights=weights) < _LONG
    return [] if real else inside
