"""The words of short English texts about images: names, keywords, captions."""

from __future__ import annotations

import re

from wordsight.text.normal_form import composed, lower

_FUNCTION_WORDS = """
    a an the this that these those
    and or but nor not no if than then so very too
    of in on at by to from for with without into onto over under out off as
    i me my you your he him his she her it its we us our they them their
    who whom whose which what where when why how
    am is are was were be been being do does did has have had s t
"""

STOP_WORDS = frozenset(_FUNCTION_WORDS.split())
"""English function words, which images do not show: articles, conjunctions, prepositions, pronouns, auxiliaries."""

_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")


def is_word(text: str) -> bool:
    """Tells whether a text is one word: letters, maybe joined by hyphens or apostrophes."""
    return _WORD.fullmatch(composed(text)) is not None


def words_of(text: str) -> list[str]:
    """Returns the words of a text in lower case and in order, without stop words."""
    return [word for word in _WORD.findall(lower(text)) if word not in STOP_WORDS]
