"""ImageVec (Singhal, Raman, ten Cate 2019) and its rivals: translation, similarity, classification across languages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from wordsight.evaluation.data.dictionaries import name_pairs, one_word_names
from wordsight.evaluation.result import Result
from wordsight.evaluation.tasks.classification import CLASSIFIERS, classification
from wordsight.evaluation.tasks.crosslingual import crosslingual
from wordsight.evaluation.tasks.monolingual import monolingual
from wordsight.evaluation.tasks.naming import naming
from wordsight.evaluation.tasks.translation import translation
from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.query_pairs import QueryPairs
from wordsight.images.features import ImageFeatures
from wordsight.models.base import Model
from wordsight.models.imagevec import ImageVec
from wordsight.models.imagevec_multitask import ImageVecMultitask
from wordsight.models.muse import MUSE
from wordsight.papers.base import Cell, ReportTable, Reproduction, Row, fitted, learned_from
from wordsight.papers.imagevec.data import CrosslingualData
from wordsight.papers.imagevec.tables import tables
from wordsight.papers.recipes import ModelRecipe
from wordsight.papers.standard_data import STANDARD
from wordsight.text.corpus import Corpus
from wordsight.text.languages import blocks
from wordsight.text.vocabulary import Vocabulary
from wordsight.vectors.word_vectors import WordVectors


class ImageVecReproduction(Reproduction):
    """The reproduction of ImageVec: fits each model of the recipe with each seed and evaluates it on all tasks."""

    name = "imagevec"

    def cells(self, data: Path, tables: Sequence[str], seeds: Sequence[int]) -> Iterator[Cell]:
        """One cell for each model and seed, with the scores of all tables, since most of the time is in the fit."""
        self._data = CrosslingualData(data, self.settings)
        for seed in seeds:
            for label, about in self.recipe.compared.items():
                if self._is_wanted(about):
                    yield self._cell(label, about, seed)

    def _is_wanted(self, about: ModelRecipe) -> bool:
        """Tells whether this scale has the captions that a model needs."""
        captions: str = about.inputs.get("captions", "")
        given: str = self.settings["captions"]
        return captions.startswith("queries") == (given != STANDARD)

    def _cell(self, label: str, about: ModelRecipe, seed: int) -> Cell:
        model = self.recipe.unfitted(about, seed=seed)
        key = {"paper": self.name, "name": about.name, "inputs": about.inputs, "seed": seed}
        key |= {"hyperparameters": learned_from(model), "data": self._data.fingerprint}
        if isinstance(model, MUSE) or "corpus" in about.inputs:
            key["settings"] = {name: value for name, value in self.settings.items() if name != "workers"}
        if "text" in about.inputs:
            key["text"] = learned_from(self._text_model(about, seed))
        return Cell(key, lambda: [{"run": label, "seed": seed, **row} for row in self._scores(about, seed)])

    def _scores(self, about: ModelRecipe, seed: int) -> list[Row]:
        model = self._fitted(about, seed)
        results = list(self._results(model))
        if isinstance(model, ImageVec | ImageVecMultitask) and self.settings["captions"] == STANDARD:
            results += self._naming(model, self._captions(about, seed).features)
        if "corpus" in about.inputs:  # the effect of the text on words that also have images
            words = QueryPairs.from_captions(self._captions(about, seed), 1).vocabulary.words
            found = crosslingual(model.vectors_, self._data.rated(), restrict_to=words)
            results += [("crosslingual, words with images", result) for result in found]
        return [_row(*found) for found in results]

    def _captions(self, about: ModelRecipe, seed: int) -> ImageCaptions:
        return self._data.captions(about.inputs["captions"], about.inputs.get("images", "real"), seed)

    def _fitted(self, about: ModelRecipe, seed: int) -> Model:
        model = self.recipe.unfitted(about, seed=seed)
        if isinstance(model, MUSE):
            spaces = [fitted(self._text_model(about, seed), corpus).vectors_ for corpus in self._captions_by_language()]
            return fitted(model, spaces, self._data.dictionary if "dictionary" in about.inputs else None)
        if "captions" not in about.inputs:
            return fitted(model, self._data.parallel)
        captions = self._captions(about, seed)
        return fitted(model, captions, self._data.corpus) if "corpus" in about.inputs else fitted(model, captions)

    def _text_model(self, about: ModelRecipe, seed: int) -> Model:
        """The unfitted model for the spaces that MUSE joins."""
        return self.recipe.unfitted(self.recipe.models[about.inputs["text"]], seed=seed)

    def _captions_by_language(self) -> list[Corpus]:
        """The parallel text, as one corpus for each language."""
        parallel, corpora = self._data.parallel, []
        for number, (_, first, last) in enumerate(blocks(parallel.corpus.vocabulary)):
            offsets = parallel.corpus.offsets[number * parallel.n_lines : (number + 1) * parallel.n_lines + 1]
            words = parallel.corpus.vocabulary
            vocabulary = Vocabulary(words.words[first:last], words.counts[first:last])
            ids = parallel.corpus.ids[offsets[0] : offsets[-1]] - first
            corpora.append(Corpus(vocabulary, ids, offsets - offsets[0]))
        return corpora

    def _results(self, model: Model) -> Iterator[tuple[str, Result]]:
        """All results of a model, each with its kind; languages without vectors are left out."""
        vectors, data = model.vectors_, self._data
        first, *others = data.languages
        for other in (language for language in others if language in vectors.languages):
            pairs = name_pairs(data.names(first), data.names(other))
            dictionary = data.folder / f"dictionaries/{first}-{other}.0-5000.txt"
            for retrieval in ("nearest", "csls"):
                for kind, asked in (("names", pairs), ("dictionary", dictionary)):
                    where: dict[str, Any] = {"source": first, "target": other, "name": other}
                    yield kind, translation(vectors, asked, **where, retrieval=retrieval).only
        for result in crosslingual(vectors, data.rated()):
            yield "crosslingual", result
        for classifier in CLASSIFIERS:
            for result in classification(vectors, data.stamps, train=[first], classifier=classifier):
                yield "classification", result
        for result in monolingual(vectors, data.english(), language="en"):
            yield "monolingual", result

    def _naming(self, model: ImageVec | ImageVecMultitask, features: ImageFeatures) -> Iterator[tuple[str, Result]]:
        """The results of naming the unseen drawings in each language."""
        data = self._data
        rows = features.rows(list(data.unseen.values()))
        images = WordVectors(list(data.unseen), model.image_vectors(features)[rows])
        for language in data.languages:
            named = {e: word for e, word in one_word_names(data.names(language)).items() if e in images}
            found = naming(model.vectors_, images, named, language=language, name=language)
            yield "naming", found.only

    def tables(self, rows: Sequence[Row]) -> list[ReportTable]:
        """Tables 1 to 3 and translation, as far as there are rows for them."""
        return tables(self.recipe, rows)


def _row(kind: str, result: Result) -> Row:
    """Converts a result to a row."""
    fields = result.to_dict()
    details = fields.pop("details")
    low, high = fields.pop("interval")
    names = ("retrieval", "precision", "chance", "candidates", "classifier", "commonest_label")
    kept = {name: details[name] for name in names if name in details}
    return {"kind": kind, **fields, "low": low, "high": high, **kept}
