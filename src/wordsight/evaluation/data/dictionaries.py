"""Bilingual dictionaries: pairs of a word and its translation, from a file or through things that both name."""

from __future__ import annotations

import os
from collections.abc import Mapping

from wordsight.errors import DataError
from wordsight.storage.plain_text import read_text
from wordsight.text.normal_form import composed
from wordsight.text.tokenize import Tokenizer


def read_dictionary(path: str | os.PathLike[str]) -> list[tuple[str, str]]:
    """Reads lines ``source target``, separated by a tab or blanks, such as MUSE's dictionaries.

    Raises:
        DataError: missing, empty, not UTF-8, or a line that is no pair; the message names the line.
    """
    pairs = []
    for number, line in enumerate(composed(read_text(path)).split("\n"), start=1):
        fields = line.split("\t") if "\t" in line else line.split()
        if len(fields) == 2 and all(field.strip() for field in fields):
            pairs.append((fields[0].strip(), fields[1].strip()))
        elif fields and line.strip():
            raise DataError(f"{path}, line {number}: {len(fields)} fields, but a line is 'source target'")
    if not pairs:
        raise DataError(f"{path} has no pairs; lines 'source target' are needed")
    return pairs


def name_pairs(source: Mapping[str, str], target: Mapping[str, str], tokenizer: str = "words") -> list[tuple[str, str]]:
    """Translations through things that both languages name with one word each, such as emoji.

    Args:
        source: thing → its name in the source language.
        target: thing → its name in the target language.
        tokenizer: that finds the words of names.
    """
    words, others = one_word_names(source, tokenizer), one_word_names(target, tokenizer)
    return [(word, others[thing]) for thing, word in words.items() if thing in others]


def one_word_names(names: Mapping[str, str], tokenizer: str = "words") -> dict[str, str]:
    """Thing → its name in lower case, for the things whose name is one word as the tokenizer sees it."""
    split = {thing: Tokenizer(tokenizer).tokens(name) for thing, name in names.items()}
    return {thing: words[0] for thing, words in split.items() if len(words) == 1}
