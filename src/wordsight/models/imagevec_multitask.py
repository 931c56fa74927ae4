"""ImageVec on several tasks at once: images with their queries, texts of each language, and parallel text.

Singhal, Raman, ten Cate: Learning Multilingual Word Embeddings Using Image-Text Data. SiVL at NAACL 2019. Multi-task
training is what it leaves for the future.

One table of word vectors, three objectives:

    minimise  α L(queries, images) + β Σ_languages L(skip-gram) + γ L(sentences, translations)

L(queries, images) is ImageVec's; the skip-gram's is :mod:`wordsight.kernels.multilingual`'s, by the shared kernel's
parts; the third is ImageVec's loss again, with a sentence in place of the query and its translation in place of the
image, both the mean of their words' vectors. After every stretch of text come as many steps of the two others as are
due. What images say anchors the words of all languages in one space; the texts bring their neighbours there.
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
from wordsight.grounding.query_pairs import QueryPairs
from wordsight.models._caption_model import PRECISIONS
from wordsight.models._multitask import ImageTask, Measure, ParallelTask, Task
from wordsight.models.imagevec import ImageVec
from wordsight.modules.image_networks import FeatureSide
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


class ImageVecMultitask(ImageVec):
    """Word vectors of several languages from images, texts and translations together, or some of these.

    Args:
        dim: length of the vectors.
        image_weight: α; 0 leaves the images out.
        text_weight: β; 0 leaves the text out. It only matters for words that images know too, and multiplies the
            text's steps for these: for the other words it would only be another ``text_rate``.
        parallel_weight: γ; 0 leaves the parallel text out.
        temperature: the cosines are divided by it before the softmax.
        noise: standard deviation of the Gaussian noise added to the transformed features in training.
        prior: weight of a random unit vector in where a word with images begins, see ImageVec.
        scale: by which a word with images begins longer than that mean; the text's scores depend on it.
        batch_size: captions and lines of parallel text a step.
        epochs: passes over captions and parallel text.
        learning_rate: Adam's for the image network; the words' (sparse Adam) is three times that. Both fall linearly.
        min_count: words in fewer captions are left out.
        image_transform: chain of :mod:`wordsight.images.transforms`.
        precision: of the losses' matrix products, see ImageVec.
        window: greatest distance of a context word in the text.
        negatives: for each occurrence, of its own language.
        subsample: threshold above whose share of a language's text occurrences are left out at random.
        text_epochs: passes over the text, which determine how long the training is.
        text_rate: the skip-gram's first learning rate; it falls linearly.
        stretches: parts of the text after which the other tasks take their turn.
        seed: of all random numbers.
        device: of the image network and the losses; the text is read on the CPU, so only ``"cpu"`` there.
        workers: threads; with one the result is repeatable bit for bit.

    Attributes:
        network_: the image network, in evaluation mode; None without images.
        transform_: the fitted chain; None without images.
    """

    name = "imagevecmultitask"
    title = "ImageVec multi-task"
    inputs = ("captions", "corpus", "parallel")
    optional = ("captions", "corpus", "parallel")
    hidden = 0
    relu_output = False
    dropout = 0.0
    pixels = True
    language_aware = True
    buckets = 0
    word_rate = 3.0

    def __init__(
        self,
        dim: int = 512,
        image_weight: float = 1.0,
        text_weight: float = 0.001,
        parallel_weight: float = 1.0,
        temperature: float = 0.07,
        noise: float = 1.0,
        prior: float | None = 1.0,
        scale: float = 3.0,
        batch_size: int = 1000,
        epochs: int = 14,
        learning_rate: float = 2e-4,
        min_count: int = 1,
        image_transform: str = "centre pca:512:0.5 l2 scale",
        precision: str = "float32",
        window: int = 5,
        negatives: int = 5,
        subsample: float = 1e-4,
        text_epochs: int = 5,
        text_rate: float = 0.05,
        stretches: int = 20,
        seed: int = 0,
        device: str = "cpu",
        workers: int | None = 1,
    ) -> None:
        self.dim = dim
        self.image_weight = image_weight
        self.text_weight = text_weight
        self.parallel_weight = parallel_weight
        self.temperature = temperature
        self.noise = noise
        self.prior = prior
        self.scale = scale
        self.batch_size = batch_size
        self.epochs = epochs
        self.learning_rate = learning_rate
        self.min_count = min_count
        self.image_transform = image_transform
        self.precision = precision
        self.window = window
        self.negatives = negatives
        self.subsample = subsample
        self.text_epochs = text_epochs
        self.text_rate = text_rate
        self.stretches = stretches
        self.seed = seed
        self.device = device
        self.workers = workers

    def fit(
        self,
        captions: ImageCaptions | None = None,
        corpus: Corpus | None = None,
        parallel: ParallelText | None = None,
    ) -> Self:
        """Learns from those inputs that are given and whose weight is not 0.

        Args:
            captions: captions or queries with their languages, each with its image.
            corpus: texts of several languages, of :func:`wordsight.text.languages.joined`.
            parallel: sentences and their translations.

        Raises:
            ParameterError: a hyperparameter makes no sense, or nothing is left to learn from.
            DataError: the inputs have words without language tags.
        """
        self._check()
        captions = captions if self.image_weight else None
        corpus = corpus if self.text_weight else None
        parallel = parallel if self.parallel_weight else None
        if captions is None and corpus is None and parallel is None:
            raise ParameterError("there is nothing to learn from; give captions, a corpus or parallel text")
        with threads(self.workers):
            self._learn(captions, corpus, parallel)
        return self

    def _check(self) -> None:
        super()._check()
        for name in ("image_weight", "text_weight", "parallel_weight"):
            if not getattr(self, name) >= 0:
                raise ParameterError(f"{name} is {getattr(self, name)}; it must be 0 or positive")
        for name in ("epochs", "batch_size", "stretches"):
            if getattr(self, name) < 1:
                raise ParameterError(f"{name} is {getattr(self, name)}; it must be at least 1")
        if device(self.device).type != "cpu":
            raise ParameterError(f"device is {self.device!r}, but the text is read on the CPU; use 'cpu'")

    def _learn(self, captions: ImageCaptions | None, corpus: Corpus | None, parallel: ParallelText | None) -> None:
        generator = torch.Generator().manual_seed(self.seed)
        pairs = None if captions is None else QueryPairs.from_captions(captions, self.min_count)
        of_captions = [] if pairs is None else pairs.vocabulary.words
        words = JointWords.of(corpus, of_captions, [] if parallel is None else parallel.corpus.vocabulary.words)
        shares = np.ones(len(words.vocabulary), dtype=np.float32)
        shares[words.rows(of_captions)] = self.text_weight
        text = self._text(words, shares)
        measure = Measure(self.dim, self.temperature, PRECISIONS[self.precision])
        tasks: list[Task] = []
        images: FeatureSide | None = None
        if captions is not None and pairs is not None:
            side = self._image_side(captions.features, pairs, generator)
            assert isinstance(side, FeatureSide)
            images = side
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
        """The skip-gram's tables, which all tasks share, and its passes; without a text there are none."""
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
        """All passes: the text's with the other tasks between its stretches, or these alone."""
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
        optimizers: list[torch.optim.Optimizer] = [
            RowAdam(vectors.parameters(), lr=self.learning_rate * self.word_rate)
        ]
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

    def _tensors(self) -> dict[str, np.ndarray]:
        return {} if self.network_ is None else super()._tensors()

    def _restore(self, tensors: Mapping[str, np.ndarray]) -> None:
        if tensors:
            super()._restore(tensors)
