"""Near words: what a person may have meant who wrote a word that is not there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

from wordsight.errors import UnknownNameError
from wordsight.text.language_tags import language_of
from wordsight.text.normal_form import composed, lower

_LOOKED_AT = 20_000
"""How many of the most frequent words say which languages and letters there are."""
_LETTERS = 40
_MOST_TRIED = 500_000


def unknown_word(kind: str, word: str, rows: Mapping[str, int], hint: str) -> UnknownNameError:
    """Builds the error for a word that is not there, with those that may be meant.

    Args:
        kind: what the word stands for, such as ``word``.
        word: what the user wrote.
        rows: the words that are there, the most frequent first.
        hint: what to do where no word is near.
    """
    near = near_words(word, rows)
    advice = f"did you mean {' or '.join(map(repr, near))}?" if near else hint
    return UnknownNameError(f"unknown {kind} {word!r}; {advice}")


def near_words(word: str, rows: Mapping[str, int], n: int = 3) -> list[str]:
    """Finds the word with another language tag, case or form, else words that differ by one letter, then by two.

    Args:
        word: what the user wrote.
        rows: word → its row, the most frequent first, and in this order.
        n: how many at most; the most frequent ones.
    """
    frequent = list(islice(rows, _LOOKED_AT))
    languages = list(Counter(map(language_of, frequent)))
    tag = language_of(word)
    bare = composed(word[len(tag) + 1 :] if tag else word)
    forms = dict.fromkeys((bare, lower(bare, tag or None), bare.capitalize(), bare.upper()))
    tags = [tag] if tag in languages else languages
    if found := _there((_tagged(language, form) for form in forms for language in tags), rows, n):
        return found
    letters = _letters(lower(bare), frequent)
    near = set(_one_letter_off(lower(bare), letters))
    if found := _there((_tagged(language, form) for form in near for language in tags), rows, n):
        return found
    # Nearly all of these are no words; so many are tried that it takes no longer than a person waits.
    further = chain.from_iterable(_one_letter_off(form, letters) for form in near) if len(bare) > 4 else iter(())
    return _there((_tagged(language, form) for form in islice(further, _MOST_TRIED) for language in tags[:4]), rows, n)


def _tagged(language: str, word: str) -> str:
    return f"{language}:{word}" if language else word


def _there(candidates: Iterable[str], rows: Mapping[str, int], n: int) -> list[str]:
    """The most frequent of the candidates that are there."""
    return sorted({word for word in candidates if word in rows}, key=rows.__getitem__)[:n]


def _letters(word: str, frequent: Sequence[str]) -> str:
    """The commonest letters of the words that share a letter with this one: those of its script."""
    own: Container[str] = set(word)
    counts = Counter(chain.from_iterable(known for known in frequent if any(letter in own for letter in known)))
    return "".join(letter for letter, _ in counts.most_common() if letter.isalpha())[:_LETTERS]


def _one_letter_off(word: str, letters: str) -> Iterator[str]:
    """All strings that differ by one letter left out, added or replaced, or two exchanged."""
    for i in range(len(word) + 1):
        before, after = word[:i], word[i:]
        yield from (before + letter + after for letter in letters)
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in letters)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
