"""PIXIE: skip-gram whose input vector is e_w + z_w, z_w the latent of a VAE over the word's visual features.

Ailem, Zhang, Bellet, Denis, Sha: A Probabilistic Model for Joint Learning of Word Embeddings from Texts and Images.
EMNLP 2018.

=================== ================================================================================
paper               here
=================== ================================================================================
e_w + z_w, v_c      ``tables.inputs``, ``tables.outputs``
x_w                 row of ``x``: the mean features of the word's images
z_w = μ + σ ⊙ ε     ``vae.sample``, scaled by ``scale``; fixed while the kernel reads a segment
J                   ``samples``
k                   ``negatives``
=================== ================================================================================

The objective (equation 9) couples text and images through z alone:

    Σ_w ELBO(x_w) + Σ_(w,c) (1/J) Σ_j log σ((e_w + z_w^j) · v_c) + Σ_k log σ(−(e_w + z_w^j) · v_k)

While z is fixed, the skip-gram kernel trains u = e + z and v, since the gradients of u and e are the same. The text is
read in segments. After each one:

1. The change of u, divided by the learning rate, is the summed gradient ∂/∂z of the text's objective. (The rate falls
   slightly within a segment, so that early occurrences weigh slightly more than late ones.)
2. The VAE takes steps on ELBO + ⟨∂/∂z, z⟩, which has the gradient of the whole objective.
3. A new z is drawn and replaces the old one in u.

Grounding therefore adds no work to the kernel.

The z of words without images is imagined from their context vectors v, which never contain z; u would promise more
than words without images get. As far as that is uncertain, the text stands in z's part: with few images, PIXIE⊕ is
skip-gram, and no image makes it worse (:mod:`wordsight.modules.imagination`).

With the paper's own settings the noise of z drowns e. Four defaults therefore differ from the paper:

- The VAE is trained on the images first (``pretraining``).
- z is scaled to a mean length of ``visual_norm``.
- The KL term has the weight ``kl_weight``.
- A word's text gradient is its mean over the occurrences, times ``text_weight``; frequent words would otherwise
  outweigh their pictures.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np

from wordsight.devices import n_workers, threads
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.visual_words import VisualTransforms, VisualWords, parse_transform
from wordsight.kernels.skipgram import skipgram_kernel
from wordsight.models._earlier_text import check_same, earlier_text
from wordsight.models._imagined import beside_text, seen_and_imagined
from wordsight.models._kept_transforms import KeptTransforms
from wordsight.models._shared_parameters import SkipGramModel, VAEModel
from wordsight.models.base import Model
from wordsight.models.parameters import MOST_ROUNDS, hyperparameters, learned, parameter
from wordsight.modules.imagination import imagine
from wordsight.storage.tensors import below, from_below
from wordsight.text.corpus import Corpus
from wordsight.training.text_start import TextStart
from wordsight.training.word2vec_passes import word2vec_passes
from wordsight.vectors.combine import add
from wordsight.vectors.word_vectors import WordVectors

COMPOSITIONS = ("concat", "sum")
TEXT_GRADIENTS = ("mean", "sum")


@hyperparameters
class PIXIE(VAEModel, KeptTransforms, SkipGramModel):
    """Grounded vectors for all words of a corpus, with images for some of them.

    Attributes:
        text_vectors_: e, float32 [n_words, dim].
        context_vectors_: v, float32 [n_words, dim].
        visual_vectors_: scaled μ(x), float32 [n_visual, dim].
        visual_ids_: int32 [n_visual], rows of the words with images.
        visual_images_: int64 [n_visual], how many images each of these has.
        counts_: int64 [n_words], how often each word occurred, in all texts that were gone on with.
        vae_: weights of the VAE by name, and ``scale``, the factor of z.
    """

    name = "pixie"
    title = "PIXIE"
    citation = (
        "Ailem, Zhang, Bellet, Denis, Sha: A Probabilistic Model for Joint Learning of Word Embeddings from Texts "
        "and Images. EMNLP 2018."
    )
    inputs = ("corpus", "lexicon")
    composition: str = parameter(
        "concat",
        'read-out. "sum" (PIXIE+): e + μ(x), length ``dim``; e for words without images. "concat" (PIXIE⊕): this plus '
        "the weighted context vector v, beside z, length 2 ``dim``; the z of words without images is imagined from "
        "their contexts, as far as that is certain, and otherwise their text",
        choices=COMPOSITIONS,
    )
    visual_weight: float = parameter(1.25, 'for "concat": length of z relative to the text part', at_least=0)
    context_weight: float = parameter(
        0.4, 'for "concat": length of v relative to e + μ(x) (Levy, Goldberg, Dagan 2015, section 3.3)', at_least=0
    )
    imagination: float = parameter(
        0.35,
        'for "concat": share of the imagined z for a word with very many images; with n images the word\'s own z has '
        "n / (n + 1) of the rest, since z from few images is noisy",
        at_least=0,
        at_most=1,
    )
    samples: int = parameter(
        1,
        "J, draws of z for one pass of the VAE; each is used for one segment of the text",
        at_least=1,
        at_most=MOST_ROUNDS,
    )
    text_weight: float = parameter(3.0, "weight of the text's gradient in the VAE's steps", at_least=0)
    text_gradient: str = parameter(
        "mean",
        'a word\'s text gradient: "mean" over its expected pairs, or "sum", as in equation 9',
        choices=TEXT_GRADIENTS,
    )
    visual_norm: float | None = parameter(
        2.0, "mean length of z; e has a length of 2 to 3. None: unscaled, as in the paper", above=0
    )
    pretraining: int = parameter(
        16, "passes of the VAE over the words' images before the text", at_least=0, at_most=MOST_ROUNDS
    )
    draws: int = parameter(
        5,
        "passes of the VAE in each epoch of the text. Word vectors adapt to the noise of the current z; several draws "
        "therefore do better than one",
        at_least=1,
        at_most=MOST_ROUNDS,
    )
    share: float = parameter(
        0.2, "share of the words with images, drawn at random, in each pass of the VAE", above=0, at_most=1
    )

    text_vectors_: np.ndarray = learned()
    context_vectors_: np.ndarray = learned()
    visual_vectors_: np.ndarray = learned()
    visual_ids_: np.ndarray = learned()
    visual_images_: np.ndarray = learned()
    counts_: np.ndarray = learned()
    vae_: dict[str, np.ndarray] = learned()

    def fit(self, corpus: Corpus, lexicon: VisualLexicon, text: WordVectors | Model | None = None) -> Self:
        """Learns from a corpus and the images of its words.

        Args:
            corpus: the text.
            lexicon: which images show a word.
            text: vectors or a fitted text model to start from, as for :class:`~wordsight.models.sgns.SGNS`. From a
                PIXIE training goes on, and keeps the VAE and the transforms of the images' features.

        Raises:
            DataError: no word has an image, or the vectors of ``text`` have another length.
            UnknownNameError, ParameterError: a hyperparameter makes no sense, or differs from that of ``text`` where it
                must not.
        """
        # Imported here, since it imports torch, which takes a second.
        from wordsight.models._pixie_coupling import Coupling, CouplingSettings

        earlier, kept = earlier_text(self, text, self.dim), self._kept(text)
        self._begin()
        self.transforms_, vae = kept
        start = TextStart.after(earlier, corpus)
        visual = self._visual_words(lexicon, start.frequencies, self.transforms_)
        passes = word2vec_passes(start, skipgram_kernel, **self.text_settings())
        settings = CouplingSettings(**{name: getattr(self, name) for name in CouplingSettings._fields})
        parts = self.draws * self.samples
        with threads(min(n_workers(self.workers), 2)):  # small matrices: more threads would wait for each other
            pairs = self._pairs(start.corpus, visual.ids) / parts
            coupling = Coupling(settings, visual, passes.tables.inputs, pairs, vae)
            if not coupling.interrupted:
                passes.run(self.title, segments=parts, between=coupling.step, changing={"coupling": coupling})
        coupling.withdraw()
        start.settle(passes.tables, self.dim)
        self.text_vectors_ = passes.tables.input_vectors(self.dim)
        self.context_vectors_ = passes.tables.output_vectors(self.dim)
        self.visual_vectors_, self.visual_ids_ = coupling.visual_vectors(), visual.ids
        self.visual_images_ = visual.images
        self.history_ = passes.history
        self.interrupted_ = coupling.interrupted or passes.interrupted
        self.counts_, self.vae_ = start.frequencies.counts, coupling.vae_arrays()
        self.vectors_ = self.read_out(start.words)
        return self

    def _kept(self, text: WordVectors | Model | None) -> tuple[VisualTransforms, Mapping[str, np.ndarray] | None]:
        """The transforms and the VAE of the model to go on from, or new transforms and no VAE.

        Raises:
            ParameterError: that model has other hyperparameters that these depend on.
        """
        if not isinstance(text, PIXIE):
            return parse_transform(self.transform), None
        check_same(self, text, "transform", "hidden", "decoder", "visual_norm")
        return text.transforms_, text.vae_

    def _tensors(self) -> dict[str, np.ndarray]:
        return super()._tensors() | below("vae", self.vae_)

    def _restore(self, tensors: Mapping[str, np.ndarray]) -> None:
        super()._restore(tensors)
        self.vae_ = from_below("vae", tensors)

    def _pairs(self, corpus: Corpus, ids: np.ndarray) -> np.ndarray:
        """Expected number of (word, context) pairs of some words in a pass over the text, float64 [len(ids)]."""
        vocabulary = corpus.vocabulary
        kept = vocabulary.counts * vocabulary.keep_probabilities(self.subsample)
        # The mean window is (window + 1) / 2 words on either side. Words that the text lacks have no gradient.
        pairs: np.ndarray = np.maximum(kept[ids] * (self.window + 1), np.finfo(np.float32).tiny)
        return pairs

    def read_out(self, words: list[str], composition: str | None = None) -> WordVectors:
        """Word vectors under a composition; by default the model's own."""
        grounded = self.text_vectors_.copy()
        grounded[self.visual_ids_] += self.visual_vectors_
        if (composition or self.composition) == "sum":
            return WordVectors(words, grounded)
        contexts = WordVectors(words, self.context_vectors_)
        text = add([WordVectors(words, grounded), contexts], [1, self.context_weight])
        visual = VisualWords(self.visual_ids_, self.visual_vectors_, self.visual_images_)
        imagination = imagine(contexts.unit, visual.ids, visual.features)
        half = seen_and_imagined(imagination, visual, self.imagination)
        return WordVectors(words, beside_text(text.unit, half, self.visual_weight))
