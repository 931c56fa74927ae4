"""The network of the retrieval task: a GRU over frozen word vectors, and a linear map of image features.

Ailem, Zhang, Bellet, Denis, Sha: A Probabilistic Model for Joint Learning of Word Embeddings from Texts and Images.
EMNLP 2018 (task 2); the network is that of Kiros, Salakhutdinov, Zemel: Unifying Visual-Semantic Embeddings with
Multimodal Neural Language Models. 2014 (arXiv:1411.2539), and of VSE++.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn.functional import normalize
from torch.nn.utils.rnn import PackedSequence

from wordsight.errors import DataError
from wordsight.grounding.captions import ImageCaptions
from wordsight.text.tokenize import Tokenizer
from wordsight.vectors.word_vectors import WordVectors

BATCH = 512
"""Captions or images that are encoded together after training."""


class Texts(NamedTuple):
    """Captions as rows of a table of word vectors; -1 for words that have none.

    Attributes:
        words: int64 [n_tokens].
        offsets: int64 [n_captions + 1], where each caption begins and ends.
    """

    words: np.ndarray
    offsets: np.ndarray

    @property
    def lengths(self) -> np.ndarray:
        """Words of each caption, int64 [n_captions]."""
        return np.diff(self.offsets)

    def packed(self, captions: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Some captions word by word, all first words first, and nothing in the place of words that are not there.

        Args:
            captions: int64 [n], which.

        Returns:
            Rows of the word vectors, int64 [n_tokens of these]; at each place how many captions have a word there;
            and the captions' order in that, from the longest to the shortest.
        """
        lengths = self.lengths[captions]
        order = np.argsort(-lengths, kind="stable")
        starts, lengths = self.offsets[captions[order]], lengths[order]
        places = np.arange(lengths[0])[:, None]
        there = places < lengths
        return self.words[(starts + places)[there]], there.sum(axis=1), order


def texts_of(captions: ImageCaptions, vectors: WordVectors) -> tuple[Texts, list[str]]:
    """The words of captions, and those of them, each as often as it comes, that have no vector.

    Words are as the captions' tokenizer makes them, with the captions' language before them where the vectors' words
    have theirs. A caption without any word counts as one unknown word.
    """
    languages: Sequence[str | None] = [None] * len(captions)
    if vectors.languages and captions.languages is not None:
        languages = captions.languages
    words = [
        Tokenizer(captions.tokenizer, language).tokens(caption) or [""]
        for caption, language in zip(captions.captions, languages, strict=True)
    ]
    tokens = [word for caption in words for word in caption]
    rows = vectors.rows(tokens)
    offsets = np.cumsum([0, *map(len, words)])
    return Texts(rows, offsets), [tokens[i] for i in np.flatnonzero(rows < 0)]


def known_words(vectors: WordVectors, captions: Sequence[ImageCaptions]) -> WordVectors:
    """The vectors of the captions' words alone, which is all that a network needs of them.

    Raises:
        DataError: none of the words has a vector.
    """
    rows = np.unique(np.concatenate([texts_of(part, vectors)[0].words for part in captions]))
    rows = rows[rows >= 0]
    if not len(rows):
        raise DataError("no word of the captions has a vector; compare spelling, case and language tags")
    return WordVectors([vectors.words[row] for row in rows], vectors.matrix[rows])


class RetrievalNetwork(nn.Module):
    """Brings captions and images into one space.

    Args:
        vectors: float32 [n_words, dim], the words' vectors; they stay as they are.
        n_features: length of an image's features.
        hidden: length of what comes out.
        generator: of the initial weights; its device is the network's.
    """

    words: torch.Tensor

    def __init__(self, vectors: np.ndarray, n_features: int, hidden: int, generator: torch.Generator) -> None:
        super().__init__()
        place = generator.device
        self.register_buffer("words", torch.tensor(vectors, device=place), persistent=False)
        self.unknown = nn.Parameter(torch.zeros(vectors.shape[1], device=place))
        # Made without torch's own initial weights, which would come from the global generator.
        self.gru = nn.GRU(vectors.shape[1], hidden, device="meta").to_empty(device=place)
        self.image = nn.Linear(n_features, hidden, device="meta").to_empty(device=place)
        with torch.no_grad():
            for parameter in self.gru.parameters():
                parameter.uniform_(-(hidden**-0.5), hidden**-0.5, generator=generator)
            nn.init.xavier_uniform_(self.image.weight, generator=generator)
            self.image.bias.zero_()

    def captions(self, texts: Texts, which: np.ndarray) -> torch.Tensor:
        """The last state of the GRU, as unit vectors, float32 [n, hidden]; no step is made after a caption's end.

        Args:
            texts: captions in rows of the word vectors.
            which: int64 [n], captions of these.
        """
        rows, running, order = texts.packed(which)
        place = self.words.device
        words = torch.from_numpy(rows).to(place)
        inputs = torch.where((words < 0)[:, None], self.unknown, self.words[words.clamp(min=0)])
        steps = PackedSequence(inputs, torch.from_numpy(running))
        # Caption i of those asked for stands at the place of i in the order.
        return normalize(self.gru(steps)[1][0][torch.from_numpy(np.argsort(order)).to(place)])

    def images(self, features: torch.Tensor) -> torch.Tensor:
        """Unit vectors of images, float32 [n, hidden], of features float32 [n, n_features]."""
        return normalize(self.image(features))

    @torch.no_grad()
    def encode_captions(self, texts: Texts) -> np.ndarray:
        """All captions, float32 [n_captions, hidden]; those of like length go through the network together."""
        found = np.empty((len(texts.lengths), self.gru.hidden_size), dtype=np.float32)
        order = np.argsort(texts.lengths, kind="stable")
        for start in range(0, len(order), BATCH):
            which = order[start : start + BATCH]
            found[which] = self.captions(texts, which).cpu().numpy()
        return found

    @torch.no_grad()
    def encode_images(self, features: np.ndarray) -> np.ndarray:
        """All images, float32 [n_images, hidden], of features float32 [n_images, n_features]."""
        blocks = torch.from_numpy(features).split(BATCH)
        return np.concatenate([self.images(block.to(self.words.device)).cpu().numpy() for block in blocks])
