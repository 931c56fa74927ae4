"""Words for images that are sorted by WordNet synset, as ImageNet's are; WordNet is read with NLTK."""

from __future__ import annotations

import contextlib
import os
import re
import warnings
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from wordsight.errors import DataError
from wordsight.extras import require
from wordsight.progress import progress
from wordsight.storage.tables import IMAGE_COLUMNS, read_table

COLUMNS = (IMAGE_COLUMNS, ("synset",))
"""The columns that a table of images and synsets must have, each under one of its names."""
SYNSET = re.compile(r"n\d{8}")
"""The form of a noun synset's name."""


class WordNet:
    """The nouns of WordNet 3.0, whose offsets are ImageNet's synset names.

    Args:
        wordnet_dir: the NLTK data folder, which has ``corpora/wordnet`` (or its zip); None: the folders in the
            environment variable NLTK_DATA, then NLTK's own places.

    Raises:
        DataError: WordNet is not there, or is another version.
        MissingExtraError: NLTK is not installed.
    """

    def __init__(self, wordnet_dir: str | os.PathLike[str] | None = None) -> None:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            root = _find_wordnet(wordnet_dir)
            if root is None:
                where = f"in {wordnet_dir}" if wordnet_dir else "where NLTK_DATA says, nor in NLTK's own folders"
                advice = "; ".join(str(w.message) for w in caught) or "set NLTK_DATA to the folder that has it"
                raise DataError(f"no corpora/wordnet {where}; {advice} (python -m nltk.downloader wordnet fetches it)")
            # The reader also warns that its multilingual functions lack their data; they are not used here.
            self._reader: Any = _noun_reader(root)
        if self._reader.get_version() != "3.0":
            raise DataError(f"{root} is WordNet {self._reader.get_version()}; ImageNet's synsets are those of 3.0")

    def synset(self, name: str) -> Any:
        """Finds the synset of a name such as ``n01443537``.

        Raises:
            DataError: WordNet has no such synset.
        """
        if not SYNSET.fullmatch(name):
            raise DataError(f"{name!r} is not the name of a noun synset; those look like n01443537")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            synset = self._reader.synset_from_pos_and_offset("n", int(name[1:]))
        if synset is None:
            raise DataError(f"WordNet 3.0 has no synset {name}; leave its images out")
        return synset

    def nouns(self, word: str) -> list[Any]:
        """Finds the noun synsets of exactly this word, most frequent sense first; empty where it is no noun."""
        return [s for s in self._reader.synsets(word, "n") if word in words_of_synset(s)]

    def is_noun(self, word: str) -> bool:
        """Tells whether the word, or its singular, is a noun."""
        return self._reader.morphy(word, "n") is not None


def _find_wordnet(wordnet_dir: str | os.PathLike[str] | None) -> Any:
    """Finds NLTK's pointer to the folder or zip of WordNet; None where there is none."""
    data = require("nltk.data")
    if wordnet_dir:
        folders = [os.fspath(wordnet_dir)]
    else:
        folders = [*filter(None, os.environ.get("NLTK_DATA", "").split(os.pathsep)), *data.path]
    for folder in folders:
        with contextlib.suppress(LookupError):
            found = data.find("corpora/wordnet", [folder])
            if folder not in data.path:
                data.path.append(folder)  # NLTK reads nothing outside the folders named there
            return found
    return None


def _noun_reader(root: Any) -> Any:
    """Makes NLTK's reader without its map between versions of WordNet, which is slow and not needed for English."""
    reader = require("nltk.corpus.reader.wordnet").WordNetCorpusReader
    return type("NounReader", (reader,), {"map_wn": lambda self, version="wordnet": None})(root, None)


def hypernyms(synset: Any) -> list[Any]:
    """Returns the synsets directly above: hypernyms, and the class where the synset is an instance.

    Each kind is sorted by name, since NLTK takes them from a set.
    """
    return [*sorted(synset.hypernyms(), key=name_of), *sorted(synset.instance_hypernyms(), key=name_of)]


def name_of(synset: Any) -> str:
    """Returns ImageNet's name of a noun synset, e.g. ``n01443537``."""
    return f"n{synset.offset():08d}"


def words_of_synset(synset: Any) -> list[str]:
    """Returns the lemmas that are one word, in lower case."""
    return [name.lower() for name in synset.lemma_names() if "_" not in name]


def caption_of_synset(synset: Any) -> str:
    """Makes a caption for images of a synset: its lemmas, then WordNet's gloss."""
    return f"{' '.join(synset.lemma_names()).replace('_', ' ')}: {synset.definition()}"


class WordNetRule(Protocol):
    """A rule that says which words an image of a synset shows."""

    def __call__(self, wordnet: WordNet, images: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Turns synset name → image rows into word → image rows, ascending, int64 [n]."""
        ...


@dataclass(frozen=True)
class EveryHypernym:
    """An image shows every lemma of its synset and of all synsets above: goose, bird, animal."""

    def __call__(self, wordnet: WordNet, images: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Turns synset name → image rows into word → image rows."""
        rows: dict[str, list[np.ndarray]] = {}
        for name, image_rows in images.items():
            synset = wordnet.synset(name)
            for word in dict.fromkeys(w for s in (synset, *_above(synset)) for w in words_of_synset(s)):
                rows.setdefault(word, []).append(image_rows)
        return {word: _united(parts) for word, parts in rows.items()}


@dataclass(frozen=True)
class OwnSynsets:
    """A word is shown by the images of its synsets, as in PIXIE (Ailem et al. 2018) and IESG (Luo 2018).

    Where a word's synsets have no images, it gets those of all their hyponyms; where these have none either, those of
    the nearest hypernyms that have some. The images of a word do not depend on the other words.
    """

    words: Iterable[str]
    """The words to find images for, e.g. a vocabulary's."""
    max_images: int = 1000
    """How many images a word may have; where there are more, so many are drawn."""
    seed: int = 0

    def __call__(self, wordnet: WordNet, images: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Turns synset name → image rows into word → image rows."""
        below: dict[str, list[np.ndarray]] = {}
        for name, image_rows in images.items():
            for synset in _above(wordnet.synset(name)):
                below.setdefault(name_of(synset), []).append(image_rows)
        words = list(dict.fromkeys(self.words))
        found = {}
        with progress("looking up words", len(words), unit="words") as advance:
            for word in words:
                rows = _nearest(wordnet.nouns(word), images, below)
                if len(rows):
                    found[word] = self._drawn(word, rows)
                advance()
        return found

    def _drawn(self, word: str, rows: np.ndarray) -> np.ndarray:
        if len(rows) <= self.max_images:
            return rows
        rng = np.random.default_rng([self.seed, zlib.crc32(word.encode())])
        return np.sort(rng.choice(rows, self.max_images, replace=False))


def _above(synset: Any) -> list[Any]:
    """Returns all synsets above, sorted by name, so that nothing depends on the order of a set."""
    return sorted(set(synset.closure(hypernyms)), key=name_of)


def _nearest(synsets: list[Any], images: Mapping[str, np.ndarray], below: Mapping[str, list[np.ndarray]]) -> np.ndarray:
    """Finds image rows of the synsets, else of all synsets below, else of the nearest level above; maybe none.

    Args:
        synsets: the synsets of a word.
        images: synset name → rows of its own images.
        below: synset name → rows of the images of each synset below it.
    """
    rows = _own(synsets, images)
    if not len(rows):
        rows = _united([part for synset in synsets for part in below.get(name_of(synset), ())])
    while not len(rows) and synsets:
        synsets = [above for synset in synsets for above in hypernyms(synset)]
        rows = _own(synsets, images)
    return rows


def _own(synsets: Iterable[Any], images: Mapping[str, np.ndarray]) -> np.ndarray:
    return _united([images[name] for name in map(name_of, synsets) if name in images])


def _united(parts: list[np.ndarray]) -> np.ndarray:
    """Unites rows: those that are in any part, ascending, int64."""
    return np.unique(np.concatenate(parts)) if parts else np.zeros(0, np.int64)


def table_synsets(path: str | os.PathLike[str]) -> dict[str, str]:
    """Reads image id → synset from a table with the columns ``image`` and ``synset``.

    Raises:
        DataError: a column is missing.
    """
    table = read_table(path)
    return dict(zip(*(table.column(*names) for names in COLUMNS), strict=True))


def folder_synsets(image_ids: Iterable[str]) -> dict[str, str]:
    """Finds image id → synset in the folder names of the ids (``train/n01443537/0001.jpg``); others are left out.

    Raises:
        DataError: no image lies in a folder of that name.
    """
    folders = {image: [f for f in image.split("/")[:-1] if SYNSET.fullmatch(f)] for image in image_ids}
    synsets = {image: names[-1] for image, names in folders.items() if names}
    if not synsets:
        raise DataError("no image lies in a folder named by a synset such as n01443537; pass synsets= instead")
    return synsets
