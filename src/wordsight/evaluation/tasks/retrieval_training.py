"""Trains the network of the retrieval task, until recall on the validation captions falls."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

import numpy as np
import torch

from wordsight.devices import device, threads
from wordsight.evaluation.metrics.recall import Pairing, Ranks, ranks, recall_sum
from wordsight.evaluation.tasks.retrieval_network import RetrievalNetwork, Texts, known_words, texts_of
from wordsight.evaluation.tasks.retrieval_settings import RetrievalSettings
from wordsight.grounding.caption_splits import CaptionSplits
from wordsight.grounding.captions import ImageCaptions
from wordsight.losses.triplet import triplet_in_batch
from wordsight.training.minibatches import train
from wordsight.vectors.word_vectors import WordVectors


def _scaled(vectors: WordVectors, norm: float | None) -> WordVectors:
    if norm is None:
        return vectors
    mean = float(np.linalg.norm(vectors.matrix.astype(np.float64), axis=1).mean())
    return WordVectors(vectors.words, vectors.matrix * (norm / mean)) if mean else vectors


class Encoded(NamedTuple):
    """Captions and their images in one space.

    Attributes:
        captions: float32 [n_captions, hidden], unit vectors.
        images: float32 [n_images, hidden], unit vectors.
        image_rows: int64 [n_images], rows of the features.
        pairing: which belong together.
        unknown: the words without a vector, each as often as it comes.
        n_words: of all captions.
    """

    captions: np.ndarray
    images: np.ndarray
    image_rows: np.ndarray
    pairing: Pairing
    unknown: list[str]
    n_words: int

    @property
    def ranks(self) -> Ranks:
        """Where the first right answers stand, in both directions."""
        return ranks(self.captions, self.images, self.pairing)


@dataclass
class _Best:
    """The state with the highest recall on validation; part of a checkpoint."""

    recall: float = -1.0
    epoch: int = 0
    state: dict[str, torch.Tensor] = field(default_factory=dict)

    def state_dict(self) -> dict[str, Any]:
        return vars(self)

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        self.recall, self.epoch, self.state = (state_dict[name] for name in ("recall", "epoch", "state"))


class Retriever:
    """Word vectors with the network that is trained on them.

    Args:
        vectors: of words; only those of the captions' words are used, and they stay as they are.
        splits: captions and images.
        settings: of the training.

    Attributes:
        network: trained, in the state with the highest recall on validation.
        history: one row an epoch, with that recall, summed over ranks and directions.
        best_epoch: of that state.
        interrupted: whether Ctrl-C ended the training.
    """

    def __init__(self, vectors: WordVectors, splits: CaptionSplits, settings: RetrievalSettings) -> None:
        self._splits, self._settings = splits, settings
        self._vectors = _scaled(known_words(vectors, splits.parts), settings.word_norm)
        self._features = np.array(splits.features.transformed(settings.transform).matrix)
        self._generator = torch.Generator(device(settings.device)).manual_seed(settings.seed)
        n_features = self._features.shape[1]
        self.network = RetrievalNetwork(self._vectors.matrix, n_features, settings.hidden, self._generator)
        self.history: list[dict[str, float]] = []
        self.best_epoch = 0
        self.interrupted = False

    def fit(self) -> Self:
        """Trains the network; Ctrl-C ends it early and keeps the best state until then."""
        settings, best = self._settings, _Best()
        texts = texts_of(self._splits.training, self._vectors)[0]

        def after_epoch(row: dict[str, float]) -> bool:
            row["validation"] = recall_sum(self.encode(self._splits.validation).ranks)
            if row["validation"] > best.recall:
                best.recall, best.epoch = row["validation"], int(row["epoch"])
                best.state = copy.deepcopy(self.network.state_dict())
            return row["epoch"] - best.epoch < settings.patience

        with threads(settings.workers):
            training = train(
                self._step(texts),
                [torch.optim.Adam(self.network.parameters(), settings.learning_rate, fused=True)],
                len(self._splits.training),
                epochs=settings.epochs,
                batch_size=settings.batch_size,
                generator=self._generator,
                label="retrieval",
                unit="captions",
                schedule=lambda done, _: 0.1 ** (int(done) // settings.decay_every),
                arrange=self._by_length(texts),
                after_epoch=after_epoch,
                changing={"best": best},
            )
        if best.state:
            self.network.load_state_dict(best.state)
        self.history, self.best_epoch, self.interrupted = training.history, best.epoch, training.interrupted
        return self

    def _step(self, texts: Texts) -> Callable[[torch.Tensor], torch.Tensor]:
        """Caption numbers → the loss of a batch of them with their images."""
        settings, training = self._settings, self._splits.training
        features, pairing = torch.from_numpy(self._features), Pairing.of(training.captions, training.image_rows)
        place = self._generator.device

        def step(batch: torch.Tensor) -> torch.Tensor:
            which = batch.cpu().numpy()
            captions = self.network.captions(texts, which)
            images = self.network.images(features[training.image_rows[which]].to(place))
            same = [of[which][:, None] == of[which] for of in pairing]  # the same text, the same image
            belong = torch.from_numpy(same[0] | same[1]).to(place)
            hardest = settings.negatives == "hardest"
            return triplet_in_batch(captions @ images.T, belong, settings.margin, hardest=hardest)

        return step

    def _by_length(self, texts: Texts) -> Callable[[torch.Tensor], torch.Tensor]:
        """Puts captions of the same length beside each other, those in random order, and the batches too."""
        lengths, size = torch.from_numpy(texts.lengths), self._settings.batch_size
        generator = self._generator

        def arrange(order: torch.Tensor) -> torch.Tensor:
            batches = order[torch.argsort(lengths.to(order.device)[order], stable=True)].split(size)
            whole = sum(len(batch) == size for batch in batches)  # a smaller one stays the last
            shuffled = torch.randperm(whole, generator=generator, device=generator.device).tolist()
            return torch.cat([batches[i] for i in (*shuffled, *range(whole, len(batches)))])

        return arrange

    def encode(self, captions: ImageCaptions) -> Encoded:
        """Captions, and the images that any of them belongs to, over the features of the training.

        Args:
            captions: e.g. the test part.
        """
        with threads(self._settings.workers):
            texts, unknown = texts_of(captions, self._vectors)
            rows = np.unique(captions.image_rows)
            return Encoded(
                self.network.encode_captions(texts),
                self.network.encode_images(self._features[rows]),
                rows,
                Pairing.of(captions.captions, captions.image_rows),
                unknown,
                int(texts.offsets[-1]),
            )
