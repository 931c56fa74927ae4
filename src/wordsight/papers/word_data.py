"""The data of papers on word vectors: text, lexicon of images, sets of rated pairs; each opened at its first use."""

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
from wordsight.text.beginning import beginning
from wordsight.text.corpus import Corpus


class WordData:
    """The text, the lexicon and the rated pairs of one scale.

    Args:
        folder: folder of the data.
        settings: settings of the scale, with paths in the folder.

    Raises:
        DataError: the text, the images or the rated pairs are missing.
    """

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        self.folder, self.settings = folder, settings
        self._text_models: dict[str, SGNS] = {}
        self._text = existing(folder / settings["text"], what="text")
        self._files = sorted(existing(folder / settings["similarity"], what="folder of rated pairs").glob("*.txt"))
        if not self._files:
            raise DataError(f"{folder / settings['similarity']} has no .txt file of rated pairs; add some")
        if settings["lexicon"] != STANDARD:
            existing(folder / settings["lexicon"], what="folder of images")

    @cached_property
    def fingerprint(self) -> str:
        """A short hash of how the text is read, and of names and sizes of the data files, whose content is not read."""
        reading = {name: self.settings.get(name) for name in ("min_count", "text_tokens", "max_words")}
        images = self.settings["lexicon"] + self.settings.get("encoder", "")
        files = [self._text, *self._files]
        return fingerprint(images, repr(reading), *(f"{path.name} {path.stat().st_size}" for path in files))

    @cached_property
    def corpus(self) -> Corpus:
        """The text; its beginning with its most frequent words, if the scale sets ``text_tokens`` and ``max_words``."""
        whole = Corpus.from_text(self._text, min_count=self.settings["min_count"])
        if "text_tokens" not in self.settings:
            return whole
        return beginning(whole, self.settings["text_tokens"], self.settings["max_words"])

    @cached_property
    def lexicon(self) -> VisualLexicon:
        """The standard benchmark's lexicon, or WordNet's for a folder of images, whose features are extracted once."""
        if self.settings["lexicon"] == STANDARD:
            return standard_lexicon(self.folder, self.settings["encoder"])
        images = self.folder / self.settings["lexicon"]
        directory = images.with_name(f"{images.name}.wordsight")
        features = ImageFeatures.extract(images, self.settings["encoder"], directory=directory)
        return VisualLexicon.from_wordnet(features, wordnet_dir=self.folder / self.settings["wordnet"])

    @cached_property
    def sets(self) -> list[RatedPairs]:
        """The sets of rated pairs, with SemSim and VisSim if their file exists."""
        semsim = self.folder / self.settings["semsim"]
        return [read_pairs(path) for path in self._files] + list(read_semsim(semsim) if semsim.is_file() else ())

    def fitted(self, model: Model, lexicon: VisualLexicon) -> Model:
        """Fits a model on the text and a lexicon and returns it; models that build on the same SGNS share one."""
        inputs = {"corpus": self.corpus, "lexicon": lexicon}
        if isinstance(model, SGNS):
            return self._text_model(model)
        if isinstance(model, CNNSGNS | VAESGNS | IVSGNS):
            return fitted(model, *inputs.values(), self._text_model(SGNS(**model.text_settings())).vectors_)
        return fitted(model, *(inputs[kind] for kind in model.inputs))

    def _text_model(self, sgns: SGNS) -> SGNS:
        """A fitted SGNS with the hyperparameters of an unfitted one."""
        key = repr(sgns)
        if key not in self._text_models:
            self._text_models = {key: fitted(sgns, self.corpus)}  # only the last, since they are large
        return self._text_models[key]
