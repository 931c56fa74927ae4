"""What the PIXIE paper's tables are made from: text, lexicon, rated pairs, concreteness; opened when first needed."""

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
from wordsight.models.fusion import CNNSGNS, VAESGNS
from wordsight.models.ivsgns import IVSGNS
from wordsight.models.sgns import SGNS, text_settings
from wordsight.papers.base import fitted
from wordsight.papers.standard_lexicon import standard_lexicon
from wordsight.storage.hashes import fingerprint
from wordsight.storage.streams import existing
from wordsight.storage.tables import read_table
from wordsight.text.corpus import Corpus
from wordsight.vectors.word_vectors import WordVectors

PHOTOGRAPHS = ("imagenet", "tiny")
"""Sources of the standard lexicon's photographs."""


class PIXIEData:
    """The data of one scale.

    Args:
        folder: of the data.
        settings: the scale's: where in the folder things are.

    Raises:
        DataError: the text, the images or the rated pairs are not there.
    """

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        self._folder, self._settings = folder, settings
        self._texts: dict[str, WordVectors] = {}
        self._text = existing(folder / settings["text"], what="text")
        self._files = sorted(existing(folder / settings["similarity"], what="folder of rated pairs").glob("*.txt"))
        if not self._files:
            raise DataError(f"{folder / settings['similarity']} holds no .txt file of rated pairs")
        if settings["lexicon"] != "standard":
            existing(folder / settings["lexicon"], what="folder of images")

    @cached_property
    def fingerprint(self) -> str:
        """Of what the figures depend on, without reading it all: names and sizes."""
        images = self._settings["lexicon"] + self._settings.get("encoder", "")
        files = [self._text, *self._files]
        return fingerprint(images, *(f"{path.name} {path.stat().st_size}" for path in files))

    @cached_property
    def corpus(self) -> Corpus:
        """The text."""
        return Corpus.from_text(self._text, min_count=self._settings["min_count"])

    @cached_property
    def lexicon(self) -> VisualLexicon:
        """The benchmark's, or what WordNet says of a folder of images, whose features are extracted once."""
        if self._settings["lexicon"] == "standard":
            return standard_lexicon(self._folder)
        images = self._folder / self._settings["lexicon"]
        directory = images.with_name(f"{images.name}.wordsight")
        features = ImageFeatures.extract(images, self._settings["encoder"], directory=directory)
        return VisualLexicon.from_wordnet(features, wordnet_dir=self._folder / self._settings["wordnet"])

    @cached_property
    def photographs(self) -> VisualLexicon:
        """The words of photographs, with these alone; all of the lexicon where its images are of one source."""
        lexicon = self.lexicon
        sources = lexicon.features.sources
        if sources is None or not set(PHOTOGRAPHS) & set(sources):
            return lexicon
        photographs = [source in PHOTOGRAPHS for source in sources]
        rows = {word: lexicon.images(word) for word in lexicon.words}
        return VisualLexicon.from_rows(
            {word: images[[photographs[i] for i in images]] for word, images in rows.items()}, lexicon.features
        )

    @cached_property
    def sets(self) -> list[RatedPairs]:
        """The sets of rated pairs, SemSim and VisSim among them where their file is there."""
        semsim = self._folder / self._settings["semsim"]
        return [read_pairs(path) for path in self._files] + list(read_semsim(semsim) if semsim.is_file() else ())

    @cached_property
    def concreteness(self) -> dict[str, float]:
        """Word → its rating from 1 (abstract) to 5."""
        table = read_table(self._folder / self._settings["concreteness"])
        return dict(zip(table.column("Word"), table.numbers("Conc.M", default=3.0), strict=True))

    def fit(self, model: Model, lexicon: VisualLexicon) -> None:
        """Fits a model on the text and a lexicon; what builds on the same SGNS shares it."""
        inputs = {"corpus": self.corpus, "lexicon": lexicon}
        if isinstance(model, SGNS):
            model.vectors_ = self.text_vectors(model)
        elif isinstance(model, CNNSGNS | VAESGNS | IVSGNS):
            fitted(model, *inputs.values(), self.text_vectors(SGNS(**text_settings(model))))
        else:
            fitted(model, *(inputs[kind] for kind in model.inputs))

    def text_vectors(self, sgns: SGNS) -> WordVectors:
        """What SGNS learns from the text; models that build on the same one share it."""
        key = repr(sgns)
        if key not in self._texts:
            self._texts = {key: fitted(sgns, self.corpus).vectors_}  # the last alone: they are large
        return self._texts[key]
