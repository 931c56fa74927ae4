"""VAE: the vector of a word is the latent mean μ(x) of a variational auto-encoder over its visual features.

Kingma, Welling: Auto-Encoding Variational Bayes. ICLR 2014. This is PIXIE (Ailem, Zhang, Bellet, Denis, Sha 2018)
without the text. :mod:`wordsight.modules.vae` has the network and explains the symbols.
"""

from __future__ import annotations

from typing import Self

import torch

from wordsight.devices import threads
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.models._shared_parameters import VAEModel
from wordsight.models.parameters import MOST_ROUNDS, hyperparameters, parameter
from wordsight.modules.vae import VAE
from wordsight.training.vae_training import train_vae
from wordsight.vectors.word_vectors import WordVectors


@hyperparameters
class VisualVAE(VAEModel):
    """Word vectors from images alone: the latent means of a VAE over the words' mean image features.

    Hidden words are not in ``vectors_``.
    """

    name = "vae"
    title = "VAE"
    citation = "Kingma, Welling: Auto-Encoding Variational Bayes. ICLR 2014."
    inputs = ("lexicon",)

    dim: int = parameter(100, "length of the latent z", at_least=1)
    epochs: int = parameter(16, "passes over the words", at_least=1, at_most=MOST_ROUNDS)

    def fit(self, lexicon: VisualLexicon) -> Self:
        """Learns from the images of the words.

        Raises:
            UnknownNameError, ParameterError: a hyperparameter makes no sense.
        """
        self._begin()
        visual = self._visual_words(lexicon, None)
        generator = torch.Generator().manual_seed(self.seed)
        x = torch.from_numpy(visual.features)
        vae = VAE(x.shape[1], self.dim, self.hidden, self.decoder, generator)
        with threads(1):
            training = train_vae(vae, x, epochs=self.epochs, kl_weight=self.kl_weight, generator=generator)
            with torch.no_grad():
                means = vae.encode(x)[0].numpy()
        self.vectors_ = WordVectors([lexicon.words[i] for i in visual.ids], means)
        self.history_, self.interrupted_ = training.history, training.interrupted
        return self
