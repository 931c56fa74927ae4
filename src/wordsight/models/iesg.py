"""IESG, the image-enhanced skip-gram: words and projected images in one space, by two alternating hinge losses.

Luo: Exploration on Grounded Word Embedding: Matching Words and Images with Image-Enhanced Skip-Gram Model. 2018
(arXiv:1809.02765).

=================== ================================================================================
paper               here
=================== ================================================================================
w_i, w_c, w'_c      rows of ``vectors_``: one table for centre, context and drawn words
f_i                 transformed features of an image of the word, drawn for each occurrence
W_p                 ``projection_``
E(a, b)             inner product
m, λ                ``margin``, ``weight``
=================== ================================================================================

The objective is, over the windows of the text (equations 1 and 2),

    max(0, m − λ E(w_i, w_c) + E(w_i, w'_c))  +  max(0, m − λ E(W_p f_i, w_c) + E(W_p f_i, w'_c))

and starts from the word vectors of skip-gram.

Which words are the w_c of an image? The paper's window is "4 on both sides including the central word". That allows
three readings:

- An image predicts its own word beside those around it: ``central_word=True``, the default. In no other reading does an
  image meet its own word, and in no other is the hinge model above the L2 projection.
- The central word is a w_c of equation 1 as well. Then E(w_i, w_i), the squared length of w_i, would only make vectors
  longer, so this is left out in all readings.
- The central word only counts as part of the window, and no loss has it: ``central_word=False``. Images then end up
  near words of their topic rather than near their own words.

With the paper's λ = 5, a constant inner product satisfies the losses. If E is c for every pair, a loss is
m − (λ − 1) c, which is 0 once c reaches m / (λ − 1). Skip-gram's vectors already have such a common part, so that few
losses are positive. With λ = 1 only differences of inner products count. The defaults are the best on validation
images: λ = 1, m = 2, five words drawn for each pair, six passes. The paper has λ = 5 and draws one word; it gives
neither m nor the number of passes (docs/reproduce-iesg.md has figures of both, and the study).

``objective="contrastive"`` is a stronger variant. A softmax over cosines tells the words of an image from the other
words of a batch, and the images of a word from the other images (:mod:`wordsight.losses.contrastive`). Skip-gram goes
on reading the text meanwhile, which keeps the relations between the words. Two passes are enough for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np

from wordsight.devices import threads
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.transforms import Chain
from wordsight.kernels.iesg import Images, iesg_kernel
from wordsight.kernels.products import OUTPUTS, padded
from wordsight.kernels.skipgram import skipgram_kernel
from wordsight.models._earlier_text import check_same, earlier_text
from wordsight.models._image_space import ImageSpace, WordImages
from wordsight.models._shared_parameters import WindowModel
from wordsight.models.base import Model
from wordsight.models.parameters import MOST_AROUND, MOST_ROUNDS, hyperparameters, learned, parameter
from wordsight.models.sgns import SGNS
from wordsight.text.corpus import Corpus
from wordsight.training.corpus_passes import CorpusPasses
from wordsight.training.text_start import TextStart
from wordsight.training.word2vec_passes import word2vec_passes
from wordsight.vectors.word_vectors import WordVectors

OBJECTIVES = ("hinge", "contrastive")
TEXT_RATE = 0.025
"""Initial learning rate of skip-gram, in pre-training and beside the contrastive loss."""


@hyperparameters
class IESG(WindowModel, ImageSpace):
    """Word vectors and image vectors in one space: images find words, and words find images.

    The paper trains by SGD with momentum on batches. For speed, a compiled kernel makes plain SGD steps, one a pair,
    with the equivalent rate ``learning_rate`` / (1 − ``momentum``) / ``batch_size``. A test compares this with the
    paper's own steps.

    Attributes:
        context_vectors_: float32 [n_words, dim], the output vectors of skip-gram; the hinge losses leave them alone.
        counts_: int64 [n_words], how often each word occurred, in all texts that were gone on with.
    """

    name = "iesg"
    title = "IESG"
    citation = (
        "Luo: Exploration on Grounded Word Embedding: Matching Words and Images with Image-Enhanced Skip-Gram Model. "
        "2018 (arXiv:1809.02765)."
    )
    inputs = ("corpus", "lexicon")

    pretraining: int = parameter(
        5, "passes of skip-gram over the text before the images are used", at_least=1, at_most=MOST_ROUNDS
    )
    epochs: int = parameter(6, "passes over the text with the images", at_least=1, at_most=MOST_ROUNDS)
    negatives: int = parameter(5, "words drawn as negatives by skip-gram", at_least=1, at_most=MOST_AROUND)
    hinge_negatives: int = parameter(
        5, "words drawn for each pair of the hinge losses, with a loss for each", at_least=1, at_most=MOST_AROUND
    )
    objective: str = parameter("hinge", "the paper's hinge losses, or the contrastive loss", choices=OBJECTIVES)
    margin: float = parameter(2.0, "m of the hinge losses", above=0)
    weight: float = parameter(1.0, "λ of the hinge losses", above=0)
    central_word: bool = parameter(
        True, "whether a hinge loss lets an image predict its own word beside those around it"
    )
    learning_rate: float = parameter(0.01, "initial learning rate of the hinge losses' SGD", above=0)
    momentum: float = parameter(0.9, "momentum of the hinge losses' SGD", at_least=0, below=1)
    batch_size: int = parameter(16, "pairs of words in a batch of the hinge losses' SGD", at_least=1)
    temperature: float = parameter(0.07, "divisor of the cosines in the contrastive loss", above=0)
    noise: float = parameter(
        0.03, "standard deviation of the contrastive loss's Gaussian noise on the transformed features", at_least=0
    )
    passes: int = parameter(
        10, "passes of the contrastive loss over the images in each epoch of the text", at_least=1, at_most=MOST_ROUNDS
    )

    context_vectors_: np.ndarray = learned()
    counts_: np.ndarray = learned()

    def fit(self, corpus: Corpus, lexicon: VisualLexicon, text: WordVectors | Model | None = None) -> Self:
        """Learns from a corpus and the images of its words.

        Args:
            corpus: the text.
            lexicon: which images show a word.
            text: vectors or a fitted text model to start from instead of the pre-training, as for
                :class:`~wordsight.models.sgns.SGNS`. From an IESG training goes on, and keeps the projection and the
                transform of the images' features. Without context vectors, the contrastive objective begins with zeros
                for these, as skip-gram does.

        Raises:
            DataError: no word has an image, or the vectors of ``text`` have another length.
            UnknownNameError, ParameterError: a hyperparameter makes no sense, or differs from that of ``text`` where it
                must not.
        """
        earlier, (transform, projection) = earlier_text(self, text, self.dim), self._kept(text)
        self._begin()
        start = TextStart.after(earlier, corpus)
        images = self._word_images(lexicon, start.frequencies, transform)
        settings = {name: getattr(self, name) for name in ("dim", "window", "subsample", "seed", "workers")}
        reading = settings | {"negatives": self.negatives, "learning_rate": TEXT_RATE}
        self.history_, self.interrupted_ = [], False
        if earlier is None:
            sgns = SGNS(epochs=self.pretraining, **reading).fit(corpus)
            start, self.interrupted_ = (
                start.with_vectors(sgns.vectors_.matrix, sgns.context_vectors_),
                sgns.interrupted_,
            )
        vectors, self.context_vectors_ = start.inputs, start.outputs
        self.projection_ = np.zeros((self.dim, images.features.shape[1]), np.float32)
        if not self.interrupted_:
            passes = (
                self._hinge(start, images, projection, settings)
                if self.objective == "hinge"
                else self._contrastive(start, images, projection, reading)
            )
            start.settle(passes.tables, self.dim)
            vectors = passes.tables.input_vectors(self.dim)
            self.context_vectors_ = passes.tables.output_vectors(self.dim)
            self.history_, self.interrupted_ = passes.history, passes.interrupted
        self.vectors_ = WordVectors(start.words, vectors)
        self.counts_ = start.frequencies.counts
        return self

    def _kept(self, text: WordVectors | Model | None) -> tuple[Chain | None, np.ndarray | None]:
        """The transform and the projection of the model to go on from, if there is one.

        Raises:
            ParameterError: that model has other hyperparameters that these depend on.
        """
        if not isinstance(text, IESG):
            return None, None
        check_same(self, text, "transform", "objective")
        return text.transform_, text.projection_

    @property
    def _intercept(self) -> bool:
        # Not for the hinge losses: a constant would satisfy them without the images (see the module's docstring).
        return self.objective == "contrastive"

    def _hinge(
        self, start: TextStart, images: WordImages, projection: np.ndarray | None, settings: Mapping[str, Any]
    ) -> CorpusPasses:
        losses = {name: getattr(self, name) for name in ("margin", "weight", "central_word")}
        term = hinge_images(images, len(start.words), self.dim, **losses)
        if projection is not None:
            term.projection[: self.dim] = projection
        passes = word2vec_passes(
            start,
            iesg_kernel,
            term=term,
            negatives=self.hinge_negatives,
            epochs=self.epochs,
            learning_rate=self.learning_rate / (1 - self.momentum) / self.batch_size,
            **settings,
        )
        passes.run(self.title, between=lambda _: term.mean_losses())
        self.projection_ = term.projection[: self.dim].copy()
        return passes

    def _contrastive(
        self, start: TextStart, images: WordImages, projection: np.ndarray | None, settings: Mapping[str, Any]
    ) -> CorpusPasses:
        # Imported here, since it imports torch, which nothing else in this module needs.
        from wordsight.models._iesg_contrastive import Contrast

        passes = word2vec_passes(start, skipgram_kernel, epochs=self.epochs, **settings)
        with threads(1):
            contrast = Contrast(
                images,
                passes.tables.inputs,
                dim=self.dim,
                temperature=self.temperature,
                noise=self.noise,
                seed=self.seed,
                projection=projection,
            )
            passes.run(self.title, segments=self.passes, between=contrast.step, changing=contrast.changing())
        self.projection_ = contrast.projection()
        return passes


def hinge_images(
    images: WordImages, n_words: int, dim: int, *, margin: float, weight: float, central_word: bool
) -> Images:
    """The kernel's image term, with a projection of zeros.

    Args:
        images: the words' images.
        n_words: size of the vocabulary.
        dim: length of the vectors.
        margin: m of the hinge losses.
        weight: λ of the hinge losses.
        central_word: whether an image predicts its own word too.
    """
    sizes = np.zeros(n_words, dtype=np.int64)
    sizes[images.ids] = np.diff(images.indptr)
    totals = np.cumsum(images.weights, dtype=np.float64)
    before = np.concatenate([[0.0], totals])[images.indptr[:-1]]
    weights = totals[images.indptr[1:] - 1] - before
    shares = (totals - before[images.word_of]) / weights[images.word_of]
    return Images(
        starts=np.concatenate([[0], np.cumsum(sizes)]),
        rows=images.rows,
        shares=shares,
        features=images.features,
        projection=np.zeros((padded(dim, OUTPUTS), images.features.shape[1]), np.float32),
        margin=np.float32(margin),
        weight=np.float32(weight),
        central_word=central_word,
        tally=np.zeros(4),
    )
