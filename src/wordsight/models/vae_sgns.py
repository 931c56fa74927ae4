"""VAE⊕SGNS: skip-gram vectors beside the latent means of a VAE over the words' images.

Ailem, Zhang, Bellet, Denis, Sha: A Probabilistic Model for Joint Learning of Word Embeddings from Texts and Images.
EMNLP 2018, where it is a baseline; symbols as in :mod:`wordsight.models._fusion`.
"""

from __future__ import annotations

from wordsight.models._fusion import Fusion
from wordsight.models._shared_parameters import VAEModel
from wordsight.models.parameters import MOST_ROUNDS, hyperparameters, parameter
from wordsight.models.visual_vae import VisualVAE


@hyperparameters
class VAESGNS(VAEModel, Fusion):
    """Skip-gram vectors beside the latent means of a VAE over the words' images; zeros for words without images.

    Text vectors and latents both have the length ``dim``.
    """

    name = "vaesgns"
    title = "VAE⊕SGNS"
    citation = (
        "Ailem, Zhang, Bellet, Denis, Sha: A Probabilistic Model for Joint Learning of Word Embeddings from Texts "
        "and Images. EMNLP 2018."
    )

    visual_epochs: int = parameter(16, "passes of the VAE over the words", at_least=1, at_most=MOST_ROUNDS)

    def _visual_model(self) -> VisualVAE:
        return VisualVAE(epochs=self.visual_epochs, **self._same(VisualVAE))
