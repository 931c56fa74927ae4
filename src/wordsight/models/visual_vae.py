"""VAE alone: a word is the latent mean μ(x) of a variational auto-encoder over its visual features.

Kingma, Welling: Auto-Encoding Variational Bayes. ICLR 2014. It is the visual component of PIXIE (Ailem, Zhang, Bellet,
Denis, Sha 2018) without the text; symbols as in :mod:`wordsight.modules.vae`, which is the network.
"""

from __future__ import annotations

from typing import Self

import torch

from wordsight.devices import threads
from wordsight.errors import ParameterError
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.visual_words import visual_words
from wordsight.models._settings import visual_settings
from wordsight.models.base import Model
from wordsight.modules.vae import VAE
from wordsight.training.vae_training import train_vae
from wordsight.vectors.word_vectors import WordVectors


class VisualVAE(Model):
    """What images alone say about words, in few dimensions: the latent means of a VAE over the words' features.

    Args:
        dim: length of the latent z.
        epochs: passes over the words.
        transform: of the features: ``"of images | of words"``, see
            :func:`~wordsight.grounding.visual_words.visual_words`.
        hidden: units of the VAE's hidden layers.
        decoder: ``"linear"``, or the paper's ``"sigmoid"`` (then let the transform end in ``minmax``).
        kl_weight: of the KL term of the ELBO; 1 in the paper.
        control: None, or ``"shuffled"`` or ``"random"`` image features: what there is without sight.
        hide_words: share of the words that are treated as if they had no image; they are not in ``vectors_``.
        seed: of all random numbers.
    """

    name = "vae"
    title = "VAE"
    citation = "Kingma, Welling: Auto-Encoding Variational Bayes. ICLR 2014."
    inputs = ("lexicon",)

    def __init__(
        self,
        dim: int = 100,
        epochs: int = 16,
        transform: str = "centre | svd:100:0.5 l2 scale",
        hidden: int = 500,
        decoder: str = "linear",
        kl_weight: float = 0.1,
        control: str | None = None,
        hide_words: float = 0.0,
        seed: int = 0,
    ) -> None:
        self.dim = dim
        self.epochs = epochs
        self.transform = transform
        self.hidden = hidden
        self.decoder = decoder
        self.kl_weight = kl_weight
        self.control = control
        self.hide_words = hide_words
        self.seed = seed

    def fit(self, lexicon: VisualLexicon) -> Self:
        """Learns from the images of the words.

        Raises:
            UnknownNameError, ParameterError: a hyperparameter makes no sense.
        """
        for name in ("dim", "hidden", "epochs"):
            if getattr(self, name) < 1:
                raise ParameterError(f"{name} is {getattr(self, name)}; it must be at least 1")
        visual = visual_words(lexicon, None, **visual_settings(self))
        generator = torch.Generator().manual_seed(self.seed)
        x = torch.from_numpy(visual.features)
        vae = VAE(x.shape[1], self.dim, self.hidden, self.decoder, generator)
        with threads(1):  # the matrices are small: more threads would wait for each other
            training = train_vae(vae, x, epochs=self.epochs, kl_weight=self.kl_weight, generator=generator)
            with torch.no_grad():
                means = vae.encode(x)[0].numpy()
        self.vectors_ = WordVectors([lexicon.words[i] for i in visual.ids], means)
        self.history_, self.interrupted_ = training.history, training.interrupted
        return self
