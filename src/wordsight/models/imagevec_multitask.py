"""ImageVec on several tasks at once: images with their queries, texts of each language, and parallel text.

Singhal, Raman, ten Cate: Learning Multilingual Word Embeddings Using Image-Text Data. SiVL at NAACL 2019, which names
multi-task training as future work.

One table of word vectors, three objectives:

    minimise  α L(queries, images) + β Σ_languages L(skip-gram) + γ L(sentences, translations)

The first loss is that of ImageVec. The second is that of :mod:`wordsight.kernels.multilingual`. The third is ImageVec's
loss with a sentence in place of the query and its translation in place of the image; both are means of word vectors.
After each segment of the text, the other two tasks take the steps that are due. The images anchor words of all
languages in one space; the texts bring the words around these there too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
import torch
from torch import nn

from wordsight.devices import device, threads
from wordsight.errors import ParameterError
from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.grounding_report import captions_report
from wordsight.grounding.query_pairs import QueryPairs
from wordsight.models._multitask import ImageTask, Measure, ParallelTask, Task
from wordsight.models._query_model import QueryModel
from wordsight.models._shared_parameters import WindowModel
from wordsight.models.parameters import MOST_ROUNDS, hyperparameters, parameter
from wordsight.modules.image_networks import FeatureSide, ImageNetwork
from wordsight.text.corpus import Corpus
from wordsight.text.joint_words import JointWords
from wordsight.text.parallel import ParallelText
from wordsight.training.corpus_passes import CorpusPasses
from wordsight.training.interleaved import Interleaved
from wordsight.training.minibatches import train
from wordsight.training.optimizers import RowAdam
from wordsight.training.state import AllChanging
from wordsight.training.word2vec_passes import multilingual_passes
from wordsight.vectors.word_vectors import WordVectors

WORD_RATE = 3.0
"""Learning rate of the words relative to the network's, as in ImageVec."""


@hyperparameters
class ImageVecMultitask(QueryModel, WindowModel):
    """Word vectors of several languages from images, texts and translations, or from some of these."""

    name = "imagevecmultitask"
    title = "ImageVec multi-task"
    inputs = ("captions", "corpus", "parallel")
    optional = ("captions", "corpus", "parallel")

    image_weight: float = parameter(1.0, "α; 0 leaves the images out", at_least=0)
    text_weight: float = parameter(
        0.001,
        "β; 0 leaves the text out. It is the factor of the text's steps for words of the captions; other words have "
        "``text_rate`` alone",
        at_least=0,
    )
    parallel_weight: float = parameter(1.0, "γ; 0 leaves the parallel text out", at_least=0)
    scale: float = parameter(
        3.0, "factor of the initial vectors of words with images; it scales their scores in the skip-gram", above=0
    )
    epochs: int = parameter(14, "passes over captions and parallel text", at_least=1, at_most=MOST_ROUNDS)
    batch_size: int = parameter(1000, "captions and lines of parallel text in each step", at_least=1)
    learning_rate: float = parameter(
        2e-4,
        "initial learning rate of Adam for the image network; it falls linearly",
        above=0,
    )
    text_epochs: int = parameter(5, "passes over the text", at_least=1, at_most=MOST_ROUNDS)
    text_rate: float = parameter(0.05, "initial learning rate of the skip-gram; it falls linearly", above=0)
    stretches: int = parameter(
        20,
        "segments of each epoch of the text; the other tasks take their turn after each",
        at_least=1,
        at_most=MOST_ROUNDS,
    )
    device: str = parameter("cpu", "device of the network; only the CPU, which reads the text")

    def fit(
        self,
        captions: ImageCaptions | None = None,
        corpus: Corpus | None = None,
        parallel: ParallelText | None = None,
    ) -> Self:
        """Learns from the given inputs whose weight is not 0.

        Args:
            captions: captions or queries with their languages and images.
            corpus: texts of several languages, from :func:`wordsight.join_languages`.
            parallel: sentences and their translations.

        Raises:
            ParameterError: a hyperparameter makes no sense, or nothing is left to learn from.
            DataError: an input has words without language tags.
        """
        self._begin()
        captions = captions if self.image_weight else None
        corpus = corpus if self.text_weight else None
        parallel = parallel if self.parallel_weight else None
        if captions is None and corpus is None and parallel is None:
            raise ParameterError("there is nothing to learn from; give captions, a corpus or parallel text")
        with threads(self.workers):
            self._learn(captions, corpus, parallel)
        return self

    def validate(self) -> None:
        """Checks all hyperparameters, before any input is read.

        Raises:
            ParameterError: a value makes no sense.
        """
        super().validate()
        if device(self.device).type != "cpu":
            raise ParameterError(f"device is {self.device!r}, but the text is read on the CPU; use 'cpu'")

    def _network(self, n_features: int, generator: torch.Generator) -> ImageNetwork:
        return ImageNetwork([n_features, self.dim], relu_output=False, dropout=0.0, generator=generator)

    def _learn(self, captions: ImageCaptions | None, corpus: Corpus | None, parallel: ParallelText | None) -> None:
        generator = torch.Generator().manual_seed(self.seed)
        pairs = None if captions is None else QueryPairs.from_captions(captions, self.min_count)
        of_captions = [] if pairs is None else pairs.vocabulary.words
        words = JointWords.of(corpus, of_captions, [] if parallel is None else parallel.corpus.vocabulary.words)
        shares = np.ones(len(words.vocabulary), dtype=np.float32)
        shares[words.rows(of_captions)] = self.text_weight
        text = self._text(words, shares)
        measure = Measure(self.dim, self.temperature, getattr(torch, self.precision))
        tasks: list[Task] = []
        images: FeatureSide | None = None
        if captions is not None and pairs is not None:
            self.report_ = captions_report(pairs, captions.features)
            self.report_.log()
            images = self._feature_side(captions.features, pairs, generator)
            rows = words.rows(of_captions)
            text.tables.inputs[rows, : self.dim] = self.scale * self._start(pairs, images, generator).numpy()
            tasks.append(ImageTask(pairs, rows, images, self.image_weight, measure))
        if parallel is not None:
            rows = words.rows(parallel.corpus.vocabulary.words)
            tasks.append(ParallelTask(parallel, rows, self.parallel_weight, measure))
        self._run(text, corpus is not None, tasks, generator)
        self.vectors_ = WordVectors(words.vocabulary.words, text.tables.input_vectors(self.dim))
        self.network_ = None if images is None else images.network.eval()

    def _text(self, words: JointWords, shares: np.ndarray) -> CorpusPasses:
        """The skip-gram's passes, whose tables all tasks share; without a text the corpus is empty."""
        empty = Corpus(words.vocabulary, np.zeros(0, dtype=np.int32), np.zeros(1, dtype=np.int64))
        return multilingual_passes(
            words.corpus or empty,
            dim=self.dim,
            window=self.window,
            negatives=self.negatives,
            subsample=self.subsample,
            epochs=self.text_epochs,
            learning_rate=self.text_rate,
            shares=shares,
            seed=self.seed,
            workers=self.workers,
        )

    def _run(self, text: CorpusPasses, with_text: bool, tasks: list[Task], generator: torch.Generator) -> None:
        """Trains on the text with the other tasks after its segments, or on the other tasks alone."""
        table = torch.from_numpy(text.tables.inputs[:-1])
        vectors = nn.EmbeddingBag.from_pretrained(table, freeze=False, mode="mean", sparse=True)
        sizes = [len(task) for task in tasks]

        def step(batch: torch.Tensor) -> torch.Tensor:
            loss, first = torch.zeros(()), 0
            for task, size in zip(tasks, sizes, strict=True):
                own = batch[(batch >= first) & (batch < first + size)] - first
                if len(own):
                    loss = loss + task.weight * len(own) / len(batch) * task.loss(vectors, own)
                first += size
            return loss

        parameters = [p for task in tasks for p in task.parameters()]
        optimizers: list[torch.optim.Optimizer] = [RowAdam(vectors.parameters(), lr=self.learning_rate * WORD_RATE)]
        if parameters:
            optimizers.append(torch.optim.Adam(parameters, lr=self.learning_rate, fused=True))
        settings: dict[str, Any] = {"epochs": self.epochs, "batch_size": self.batch_size, "generator": generator}
        if not with_text:
            training = train(step, optimizers, sum(sizes), label=self.title, unit="items", **settings)
            self.history_, self.interrupted_ = training.history, training.interrupted
            return
        between = None
        changing: AllChanging = {"parameters": parameters, "optimizers": optimizers, "generator": generator}
        if tasks:
            turns = Interleaved(step, optimizers, sum(sizes), **settings)
            between, changing = turns.turn, {**changing, "turns": turns}
        text.run(self.title, segments=self.stretches, between=between, changing=changing)
        self.history_, self.interrupted_ = text.history, text.interrupted

    def _restore(self, tensors: Mapping[str, np.ndarray]) -> None:
        if tensors:  # none if it was fitted without images
            super()._restore(tensors)
