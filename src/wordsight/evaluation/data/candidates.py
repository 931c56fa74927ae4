"""The questions of the matching task: drawn once from a seed, kept in a file, asked of any vectors."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from wordsight.errors import DataError, ParameterError
from wordsight.storage.hashes import fingerprint
from wordsight.storage.json_toml import parse_json
from wordsight.storage.output_files import output_stream
from wordsight.storage.plain_text import read_text

KIND = "matching candidates"
FORMAT_VERSION = 1
_ARRAYS = ("right_words", "other_words", "other_images")


@dataclass(frozen=True)
class Candidates:
    """Question i is about image i and one of its words, which stand among wrong words and wrong images.

    Attributes:
        image_ids: n_questions images, each asked once; the others are the wrong answers to a word.
        words: all words that are right or wrong answers.
        right_words: int64 [n_questions], indices of ``words``.
        other_words: int64 [n_questions, n_candidates - 1], indices of ``words``: none of them the image's.
        other_images: int64 [n_questions, n_candidates - 1], indices of ``image_ids``: none of them shows the word.
        seed: of the drawing.
    """

    image_ids: list[str]
    words: list[str]
    right_words: np.ndarray
    other_words: np.ndarray
    other_images: np.ndarray
    seed: int

    @classmethod
    def draw(
        cls,
        words_of: Mapping[str, Collection[str]],
        words: Collection[str] = (),
        *,
        n_candidates: int = 100,
        seed: int = 0,
    ) -> Self:
        """Draws for each image one of its words and wrong words, and for that word wrong images.

        Args:
            words_of: image id → its words; the images are those to be asked, such as the test images.
            words: further words that can be wrong answers, such as those of the training images.
            n_candidates: answers to choose from, the right one among them.
            seed: of the drawing; the same data and seed give the same candidates.

        Raises:
            ParameterError: fewer than two candidates.
            DataError: no image, an image without a word, or too few words or images that are wrong for one.
        """
        if n_candidates < 2:
            raise ParameterError(f"n_candidates is {n_candidates}; it must be at least 2")
        rng = np.random.default_rng(seed)
        image_ids = sorted(words_of)
        known = sorted({word for own in words_of.values() for word in own} | set(words))
        index = {word: i for i, word in enumerate(known)}
        shows = np.zeros((len(image_ids), len(known)), dtype=bool)
        for row, image in enumerate(image_ids):
            shows[row, [index[word] for word in words_of[image]]] = True
        if not shows.any(axis=1).all() or not len(shows):
            raise DataError("every image needs at least one word, and there must be an image; leave out the others")
        right_words = np.array([rng.choice(np.flatnonzero(own)) for own in shows])
        n_wrong = n_candidates - 1
        other_words = [_drawn(rng, ~own, n_wrong, f"image {i!r}") for i, own in zip(image_ids, shows, strict=True)]
        other_images = [_drawn(rng, ~shows[:, word], n_wrong, f"word {known[word]!r}") for word in right_words]
        return cls(image_ids, known, right_words, np.stack(other_words), np.stack(other_images), seed)

    def __len__(self) -> int:
        return len(self.image_ids)

    @property
    def fingerprint(self) -> str:
        """A short hash: results with the same one answer the very same questions."""
        arrays = (getattr(self, name) for name in _ARRAYS)
        return fingerprint("\n".join(self.image_ids), "\n".join(self.words), *arrays)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes JSON, so that vectors of any library can be asked the very same questions.

        Raises:
            WriteError: the file cannot be written, or another file is there that holds no candidates.
        """
        facts = {"kind": KIND, "format_version": FORMAT_VERSION, "seed": self.seed}
        names = {"image_ids": self.image_ids, "words": self.words}
        arrays = {name: getattr(self, name).tolist() for name in _ARRAYS}
        with output_stream(path, "candidates") as stream:
            stream.write(json.dumps(facts | names | arrays, ensure_ascii=False).encode() + b"\n")

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Reads what :meth:`save` wrote.

        Raises:
            DataError: missing, damaged, or something else.
        """
        content = parse_json(read_text(path), path)
        try:
            if content["kind"] != KIND or content["format_version"] > FORMAT_VERSION:
                raise ValueError(f"it is {content['kind']!r}, format {content['format_version']}")
            arrays = {name: np.array(content[name], dtype=np.int64) for name in _ARRAYS}
            loaded = cls(content["image_ids"], content["words"], **arrays, seed=content["seed"])
            loaded._check()
            if not all(isinstance(name, str) for name in (*loaded.image_ids, *loaded.words)):
                raise ValueError("a name is no text")
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            if isinstance(error, DataError):
                raise
            raise DataError(f"{path} holds no whole {KIND} ({error}); write them with Candidates.save") from None
        return loaded

    def _check(self) -> None:
        """Raises ValueError where the lists do not fit together."""
        n = len(self.image_ids)
        if not n or self.right_words.shape != (n,) or self.other_words.shape != self.other_images.shape:
            raise ValueError("its lists are of different lengths")
        for array, names in ((self.right_words, self.words), (self.other_words, self.words)):
            if len(array) != n or array.min() < 0 or array.max() >= len(names):
                raise ValueError("it has an index without a word")
        if self.other_images.min() < 0 or self.other_images.max() >= n:
            raise ValueError("it has an index without an image")


def _drawn(rng: np.random.Generator, wrong: np.ndarray, n: int, what: str) -> np.ndarray:
    """``n`` different indices of those that are wrong, bool [n_answers]."""
    answers = np.flatnonzero(wrong)
    if len(answers) < n:
        raise DataError(f"the {what} has only {len(answers)} wrong answers, not {n}; lower n_candidates")
    return rng.choice(answers, n, replace=False)
