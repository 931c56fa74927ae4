"""The windows of captions: each word of a caption in turn is masked, and the words around it are its context."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch

from wordsight.errors import DataError
from wordsight.grounding.query_pairs import QueryPairs


class WindowBatch(NamedTuple):
    """Some windows, as a network takes them.

    Attributes:
        contexts: int64 [n_context_words], the context words of one window after another.
        offsets: int64 [n_windows], where each window begins in ``contexts``.
        masked: int64 [n_windows], the masked words.
        images: int64 [n_windows], the image rows of the captions.
        weights: float32 [n_windows], of the captions.
    """

    contexts: torch.Tensor
    offsets: torch.Tensor
    masked: torch.Tensor
    images: torch.Tensor
    weights: torch.Tensor


@dataclass(frozen=True)
class CaptionWindows:
    """All windows of all captions; ``windows[numbers]`` puts a batch together by index arithmetic.

    A context is at most ``window`` words on either side within the caption, rarer words than the vocabulary's aside, so
    a window is no more than three numbers: the first, the masked and the last place among the captions' words.

    Attributes:
        words: int64 [n_words_of_captions], word ids of the distinct captions, one after another.
        bounds: int32 [n_windows, 3], places of the first, the masked and the one after the last word in ``words``.
        images: int64 [n_windows], the image row of each window's caption.
        weights: float32 [n_windows], the weight of each window's caption.
    """

    words: torch.Tensor
    bounds: torch.Tensor
    images: torch.Tensor
    weights: torch.Tensor

    @classmethod
    def from_pairs(cls, pairs: QueryPairs, window: int, place: torch.device) -> CaptionWindows:
        """All windows of the captions' words.

        Args:
            pairs: the captions.
            window: greatest distance of a context word; 0: as wide as the caption.
            place: the device of all tensors.

        Raises:
            DataError: no caption has two words.
        """
        reach = reach_of(pairs, window)
        lengths = np.diff(pairs.offsets)
        places = np.arange(len(pairs.words))
        starts, ends = (np.repeat(edges, lengths) for edges in (pairs.offsets[:-1], pairs.offsets[1:]))
        bounds = np.stack([np.maximum(starts, places - reach), places, np.minimum(ends, places + reach + 1)], axis=1)
        # A query that several pairs share has its windows once for each pair.
        of_pair = np.repeat(np.arange(len(pairs.query_of)), lengths[pairs.query_of])
        firsts = np.cumsum(lengths[pairs.query_of]) - lengths[pairs.query_of]
        place_of = pairs.offsets[pairs.query_of][of_pair] + np.arange(len(of_pair)) - firsts[of_pair]
        several = lengths[pairs.query_of][of_pair] > 1
        of_pair, place_of = of_pair[several], place_of[several]
        if not len(of_pair):
            raise DataError("no caption has two words of the vocabulary; lower min_count or bring longer captions")
        arrays = (pairs.words, bounds[place_of].astype(np.int32), pairs.image_of[of_pair], pairs.weights[of_pair])
        return cls(*(torch.from_numpy(array).to(place) for array in arrays))

    def __len__(self) -> int:
        return len(self.bounds)

    def __getitem__(self, numbers: torch.Tensor) -> WindowBatch:
        """Windows by number, int64 [n]."""
        first, masked, last = self.bounds[numbers].long().unbind(1)
        sizes = last - first - 1
        ends = sizes.cumsum(0)
        offsets = ends - sizes
        places = (first - offsets).repeat_interleave(sizes) + torch.arange(int(ends[-1]), device=ends.device)
        places += places >= masked.repeat_interleave(sizes)
        return WindowBatch(self.words[places], offsets, self.words[masked], self.images[numbers], self.weights[numbers])


def reach_of(pairs: QueryPairs, window: int) -> int:
    """The greatest distance of a context word: ``window``, or for 0 what spans the longest caption."""
    return window or int(np.diff(pairs.offsets).max())
