"""ImageCaptions: captions or queries, each with its image, language and weight."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from wordsight.errors import DataError, ParameterError
from wordsight.grounding._common_features import common_features
from wordsight.grounding._table_images import image_rows
from wordsight.images.features import ImageFeatures
from wordsight.storage.hashes import fingerprint
from wordsight.storage.tables import IMAGE_COLUMNS, read_table
from wordsight.text.tokenize import Tokenizer

if TYPE_CHECKING:
    from wordsight.grounding.emoji import EmojiAnnotation

COLUMNS = (("caption", "text"), IMAGE_COLUMNS)
"""The columns that a table of captions must have, each under one of its names."""


class ImageCaptions:
    """Captions or search queries, each with its image.

    Args:
        captions: n texts, none empty.
        image_rows: int64 [n], the row of each text's image in ``features``.
        features: the images.
        languages: n language codes such as ``"en"``, or None where all texts are in one language.
        weights: float32 [n], at least 0, e.g. how often people chose the image for the query; None: all 1.
        tokenizer: name of the tokenizer that finds the texts' words, see :data:`wordsight.text.tokenize.TOKENIZERS`.

    Raises:
        DataError: the parts do not fit together.
        UnknownNameError: there is no such tokenizer.
    """

    def __init__(
        self,
        captions: Sequence[str],
        image_rows: np.ndarray,
        features: ImageFeatures,
        *,
        languages: Sequence[str] | None = None,
        weights: np.ndarray | None = None,
        tokenizer: str = "words",
    ) -> None:
        self.captions = list(captions)
        self.image_rows = np.asarray(image_rows, dtype=np.int64)
        self.features = features
        self.languages = None if languages is None else list(languages)
        self.weights = np.ones(len(self), np.float32) if weights is None else np.asarray(weights, dtype=np.float32)
        self.tokenizer = Tokenizer(tokenizer).name
        self._check()

    def _check(self) -> None:
        if not self.captions:
            raise DataError("there is no caption; give at least one")
        lengths = {"image rows": len(self.image_rows), "weights": len(self.weights)}
        if self.languages is not None:
            lengths["languages"] = len(self.languages)
        for what, n in lengths.items():
            if n != len(self):
                raise DataError(f"{len(self)} captions, but {n} {what}; each caption needs one")
        if "" in self.captions:
            raise DataError(f"caption {self.captions.index('') + 1} is empty")
        if self.languages is not None and "" in self.languages:
            raise DataError(f"caption {self.languages.index('') + 1} has no language")
        if self.image_rows.min() < 0 or self.image_rows.max() >= len(self.features):
            raise DataError(f"an image row is outside 0 … {len(self.features) - 1}, the rows of the features")
        if not np.all(np.isfinite(self.weights) & (self.weights >= 0)) or not self.weights.any():
            raise DataError("weights must be finite, at least 0, and not all 0")

    def __len__(self) -> int:
        return len(self.captions)

    def __repr__(self) -> str:
        languages = ", ".join(sorted(set(self.languages))) if self.languages else "one language"
        return f"ImageCaptions({len(self)} captions of {len(np.unique(self.image_rows))} images; {languages})"

    def subset(self, chosen: np.ndarray) -> ImageCaptions:
        """Keeps some of the captions, over the same images.

        Args:
            chosen: int64 positions of captions, or bool [n_captions].

        Raises:
            DataError: none is left.
        """
        kept = np.arange(len(self))[chosen]
        languages = None if self.languages is None else [self.languages[i] for i in kept]
        captions = [self.captions[i] for i in kept]
        return ImageCaptions(
            captions,
            self.image_rows[kept],
            self.features,
            languages=languages,
            weights=self.weights[kept],
            tokenizer=self.tokenizer,
        )

    def with_tokenizer(self, name: str) -> ImageCaptions:
        """Takes another tokenizer, such as ``"icu"``, which looks up words of Chinese, Japanese and Thai captions.

        Raises:
            UnknownNameError: there is no such tokenizer.
        """
        return ImageCaptions(
            self.captions,
            self.image_rows,
            self.features,
            languages=self.languages,
            weights=self.weights,
            tokenizer=name,
        )

    @cached_property
    def fingerprint(self) -> str:
        """A short stable hash of the captions, with all that is known of them, and of the images' features."""
        texts = ["\n".join(lines) for lines in (self.captions, self.languages or (), (self.tokenizer,))]
        return fingerprint(*texts, self.image_rows, self.weights, self.features.fingerprint)

    @classmethod
    def from_table(cls, path: str | os.PathLike[str], features: ImageFeatures) -> ImageCaptions:
        """Reads a table with the columns ``image``, ``caption`` and, optionally, ``language`` and ``weight``.

        Hugging Face's names, ``file_name`` and ``text``, are known too.

        Raises:
            DataError: a column is missing, or a caption is empty or a weight negative (names the line).
            UnknownNameError: an image that the features do not have.
        """
        table = read_table(path)
        captions, images = (table.column(*names) for names in COLUMNS)
        languages = table.column("language", "lang") if "language" in table or "lang" in table else None
        weights = table.numbers("weight", default=1.0)
        for row, (caption, weight) in enumerate(zip(captions, weights, strict=True)):
            if not caption.strip():
                raise DataError(f"{table.where(row)}: the caption is empty")
            if weight < 0:
                raise DataError(f"{table.where(row)}: weight is {weight:g}; it must not be negative")
        if languages is not None and "" in languages:
            raise DataError(f"{table.where(languages.index(''))}: the language is empty")
        return cls(
            captions, image_rows(table, images, features), features, languages=languages, weights=np.asarray(weights)
        )

    @classmethod
    def from_emoji(
        cls, annotations: Iterable[EmojiAnnotation], depicts: Mapping[str, str], features: ImageFeatures
    ) -> ImageCaptions:
        """Makes a query of weight 1 of each name and each keyword of an emoji, for every image of the emoji.

        Args:
            annotations: names and keywords, in all languages wanted.
            depicts: image id → the emoji that it shows.
            features: the images; there may be others too.

        Raises:
            DataError: no image shows an emoji that has a name.
            UnknownNameError: an image that the features do not have.
        """
        images: dict[str, list[int]] = {}
        for row, emoji in zip(features.rows(list(depicts)), depicts.values(), strict=True):
            images.setdefault(emoji, []).append(int(row))
        queries = [(q, row, a.language) for a in annotations for row in images.get(a.emoji, ()) for q in a.queries]
        if not queries:
            raise DataError("no image shows an emoji that has a name; compare the emoji of images and annotations")
        captions, rows, languages = zip(*queries, strict=True)
        return cls(captions, np.asarray(rows), features, languages=languages)

    def shared(self, languages: int = 2) -> ImageCaptions:
        """Keeps the captions whose image has captions in at least so many languages.

        Raises:
            DataError: the captions have no languages, or no image has captions in so many.
        """
        if self.languages is None:
            raise DataError("the captions have no languages; give languages= to find images that several share")
        seen = {(row, language) for row, language in zip(self.image_rows.tolist(), self.languages, strict=True)}
        counts = np.bincount([row for row, _ in seen], minlength=len(self.features))
        kept = np.flatnonzero(counts[self.image_rows] >= languages)
        if not len(kept):
            raise DataError(f"no image has captions in {languages} languages; ask for fewer")
        return self.subset(kept)

    @classmethod
    def concat(cls, parts: Sequence[ImageCaptions]) -> ImageCaptions:
        """Joins several collections over the same images, one after another.

        Raises:
            ParameterError: there is no collection, they are over different images or have different tokenizers, or
                only some have languages.
        """
        features = common_features([part.features for part in parts], "captions")
        tagged = [part.languages for part in parts if part.languages is not None]
        if tagged and len(tagged) < len(parts):
            raise ParameterError("some captions have a language and some have none; give all of them one")
        tokenizers = sorted({part.tokenizer for part in parts})
        if len(tokenizers) > 1:
            raise ParameterError(f"captions have the tokenizers {' and '.join(tokenizers)}; give all of them one")
        return cls(
            [caption for part in parts for caption in part.captions],
            np.concatenate([part.image_rows for part in parts]),
            features,
            languages=[language for languages in tagged for language in languages] if tagged else None,
            weights=np.concatenate([part.weights for part in parts]),
            tokenizer=tokenizers[0],
        )
