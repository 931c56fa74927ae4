"""Sources that coincide with words are refused; real collections are not."""

from __future__ import annotations

import numpy as np
import pytest

from wordsight.errors import DataError
from wordsight.grounding.word_sources import check_word_sources
from wordsight.images.transforms import Chain

CENTRE, NOTHING = Chain.parse("centre"), Chain.parse("")


def check(
    pairs: list[tuple[int, int]], sources: list[str] | None, chain: Chain = CENTRE, control: str | None = None
) -> None:
    word_of, image_of = np.array(pairs).T
    words = [f"w{i}" for i in range(word_of.max() + 1)]
    check_word_sources(words, word_of, image_of, sources, chain=chain, control=control)


def folder_a_word(n_words: int, n_images: int) -> tuple[list[tuple[int, int]], list[str]]:
    pairs = [(word, word * n_images + i) for word in range(n_words) for i in range(n_images)]
    return pairs, [f"folder{word}" for word, _ in pairs]


def test_a_folder_a_word_is_refused_by_whatever_works_within_sources() -> None:
    pairs, folders = folder_a_word(5, 4)
    for chain, control, reason in (
        (CENTRE, None, "centring by source erases"),
        (Chain.parse("l2 standardise"), None, "centring by source erases"),
        (NOTHING, "shuffled", "shuffling within a source keeps"),
    ):
        with pytest.raises(
            DataError, match=f"5 of 5 words .'w0' and 'folder0'.*{reason}.*features.with_sources"
        ) as error:
            check(pairs, folders, chain, control)
        assert "\n" not in str(error.value)
    check(pairs, folders, NOTHING)
    check(pairs, folders, Chain.parse("svd:2 l2"), "random")
    check(pairs, None)


def test_more_general_words_and_other_images_do_not_hide_it() -> None:
    """Each folder's images also show the word of two folders; in each folder is an image without a word."""
    pairs, folders = folder_a_word(6, 4)
    general = [(6 + word // 2, image) for word, image in pairs]
    with pytest.raises(DataError, match="9 of 9 words"):
        check(pairs + general, [*folders, *(f"folder{i}" for i in range(6))])


def test_real_collections_pass() -> None:
    """Two vendors that draw every word; a small collection of one word; a word that most images show."""
    drawn = [(word, vendor * 30 + word * 3 + i) for vendor in range(2) for word in range(10) for i in range(3)]
    vendors = ["noto"] * 30 + ["fluent"] * 30
    check(drawn, vendors)
    check(drawn, vendors, control="shuffled")
    check([*drawn, (0, 60), (0, 61)], [*vendors, "stamps", "stamps"])
    check([(0, image) for image in range(60)], vendors)
