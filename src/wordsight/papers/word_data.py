"""What papers on word vectors share: a text, a lexicon of images, sets of rated pairs; opened when first needed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from wordsight.errors import DataError
from wordsight.evaluation.data.rated_pairs import RatedPairs, read_pairs
from wordsight.evaluation.data.semsim import read_semsim
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.features import ImageFeatures
from wordsight.models.base import Model
from wordsight.models.cnn_sgns import CNNSGNS
from wordsight.models.ivsgns import IVSGNS
from wordsight.models.sgns import SGNS
from wordsight.models.vae_sgns import VAESGNS
from wordsight.papers.base import fitted
from wordsight.papers.standard_data import STANDARD, standard_lexicon
from wordsight.storage.hashes import fingerprint
from wordsight.storage.streams import existing
from wordsight.text.corpus import Corpus
from wordsight.vectors.word_vectors import WordVectors


class WordData:
    """The text, the lexicon and the rated pairs of one scale.

    Args:
        folder: of the data.
        settings: the scale's: where in the folder things are.

    Raises:
        DataError: the text, the images or the rated pairs are not there.
    """

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        self.folder, self.settings = folder, settings
        self._texts: dict[str, WordVectors] = {}
        self._text = existing(folder / settings["text"], what="text")
        self._files = sorted(existing(folder / settings["similarity"], what="folder of rated pairs").glob("*.txt"))
        if not self._files:
            raise DataError(f"{folder / settings['similarity']} holds no .txt file of rated pairs")
        if settings["lexicon"] != STANDARD:
            existing(folder / settings["lexicon"], what="folder of images")

    @cached_property
    def fingerprint(self) -> str:
        """A short hash of what the figures depend on, without reading it all: names and sizes."""
        images = self.settings["lexicon"] + self.settings.get("encoder", "")
        files = [self._text, *self._files]
        return fingerprint(images, *(f"{path.name} {path.stat().st_size}" for path in files))

    @cached_property
    def corpus(self) -> Corpus:
        """The text."""
        return Corpus.from_text(self._text, min_count=self.settings["min_count"])

    @cached_property
    def lexicon(self) -> VisualLexicon:
        """The benchmark's, or what WordNet says of a folder of images, whose features are extracted once."""
        if self.settings["lexicon"] == STANDARD:
            return standard_lexicon(self.folder)
        images = self.folder / self.settings["lexicon"]
        directory = images.with_name(f"{images.name}.wordsight")
        features = ImageFeatures.extract(images, self.settings["encoder"], directory=directory)
        return VisualLexicon.from_wordnet(features, wordnet_dir=self.folder / self.settings["wordnet"])

    @cached_property
    def sets(self) -> list[RatedPairs]:
        """The sets of rated pairs, SemSim and VisSim among them where their file is there."""
        semsim = self.folder / self.settings["semsim"]
        return [read_pairs(path) for path in self._files] + list(read_semsim(semsim) if semsim.is_file() else ())

    def fit(self, model: Model, lexicon: VisualLexicon) -> None:
        """Fits a model on the text and a lexicon; what builds on the same SGNS shares it."""
        inputs = {"corpus": self.corpus, "lexicon": lexicon}
        if isinstance(model, SGNS):
            model.vectors_ = self.text_vectors(model)
        elif isinstance(model, CNNSGNS | VAESGNS | IVSGNS):
            fitted(model, *inputs.values(), self.text_vectors(SGNS(**model.text_settings())))
        else:
            fitted(model, *(inputs[kind] for kind in model.inputs))

    def text_vectors(self, sgns: SGNS) -> WordVectors:
        """What SGNS learns from the text; models that build on the same one share it."""
        key = repr(sgns)
        if key not in self._texts:
            self._texts = {key: fitted(sgns, self.corpus).vectors_}  # the last alone: they are large
        return self._texts[key]
