"""The registry of named data sets."""

from __future__ import annotations

import re

import pytest

from wordsight.datasets.registry import DATASETS, Dataset, dataset, listing
from wordsight.errors import UnknownNameError


def test_listing_has_what_the_field_uses() -> None:
    names = [d.name for d in listing()]
    assert names == sorted(set(names))
    assert {"text8", "men", "simlex-999", "wordsim-353", "rg-65", "flickr30k", "imagenet"} <= set(names)
    assert {"conceptual-captions", "img2dataset"} <= set(names)


@pytest.mark.parametrize("entry", DATASETS, ids=lambda d: d.name)
def test_entries_are_whole(entry: Dataset) -> None:
    for text in (entry.what, entry.licence, entry.citation, entry.format, entry.obtain):
        assert text and "\n" not in text
    assert re.search(r"(19|20)\d\d", entry.citation), "a citation has a year"
    assert entry.source.startswith("https://")
    for file in entry.files:
        assert "/" not in file.name
        assert file.url is None or file.url.startswith("https://")
        assert file.sha256 is None or re.fullmatch("[0-9a-f]{64}", file.sha256)


def test_names_are_found_however_written() -> None:
    assert dataset("SimLex999") is dataset("simlex-999")
    assert dataset("RG_65").name == "rg-65"


def test_unknown_name() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'flickr30k'"):
        dataset("flickr-8k")
    with pytest.raises(UnknownNameError, match="wordsight data list"):
        dataset("zzz")
