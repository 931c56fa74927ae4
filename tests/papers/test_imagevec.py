"""ImageVec's tables on rows made up by the test, and its data on the real files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wordsight.papers.imagevec.cells import ImageVecReproduction
from wordsight.papers.imagevec.data import CrosslingualData
from wordsight.papers.recipes import read_recipe


def rows() -> list[dict[str, Any]]:
    """Two models and seeds; the second is not asked to name anything."""
    found: list[dict[str, Any]] = []
    for seed in (0, 1):
        for run, score in (("ImageVec", 0.5), ("MultiSkip, Multi30k", 0.25)):
            common = {"run": run, "seed": seed, "n": 9, "total": 10, "coverage": 0.9, "low": 0.1, "high": 0.8}
            common["score"] = score + 0.1 * seed
            for language in ("de", "fr", "es"):
                asked = {"dataset": language, "retrieval": "nearest", "chance": {"1": 0.002}}
                found.append({**common, "kind": "names", **asked})
            if run == "ImageVec":
                found.append({**common, "kind": "naming", "dataset": "en", "chance": {"1": 0.001}})
            for name in ("en+de.rg65.dev", "combined"):
                found.append({**common, "kind": "crosslingual", "dataset": name})
            shared = {"dataset": "stamps en-de", "classifier": "perceptron", "commonest_label": 0.4}
            found.append({**common, "kind": "classification", **shared})
            found.append({**common, "kind": "monolingual", "dataset": "average"})
    return found


def test_tables_have_a_line_a_model_and_say_what_chance_is() -> None:
    paper = ImageVecReproduction(read_recipe("imagevec"))
    table1, table2, table3 = (table for table in paper.tables(rows()) if table.title.startswith("Table"))
    assert table1.header == ["", "en–de", "combined"] and table3.header == ["", "average"]
    assert table1.rows == [
        ["ImageVec", "0.550 (90%)", "0.550 (90%)"],
        ["MultiSkip, Multi30k", "0.300 (90%)", "0.300 (90%)"],
    ]
    assert table2.header[1] == "perceptron, en→de" and table2.rows[-1] == ["*commonest label*", "0.400"]
    translation = paper.tables(rows())[0]
    column = translation.header.index("naming en")
    assert [line[column] for line in translation.rows] == ["0.550 [0.100, 0.800] (90%)", "–", "0.0010"]
    assert all(len(line) == len(translation.header) for line in translation.rows)


def test_no_rows_no_tables() -> None:
    assert ImageVecReproduction(read_recipe("imagevec")).tables([]) == []


def test_each_scale_has_its_own_runs() -> None:
    for scale, queries in (("standard", False), ("paper", True)):
        paper = ImageVecReproduction(read_recipe("imagevec", scale))
        wanted = [model for model in paper.recipe.compared.values() if paper._is_wanted(model)]
        assert wanted
        assert all(m.inputs.get("captions", "parallel").startswith("queries") == queries for m in wanted)


@pytest.mark.data
def test_no_two_compared_languages_share_a_picture(data: Path) -> None:
    source = CrosslingualData(data, read_recipe("imagevec").settings)
    captions = source.captions("disjoint", "real", 0)
    assert captions.languages is not None
    seen: dict[str, set[str]] = {language: set() for language in source.languages}
    for row, language in zip(captions.image_rows.tolist(), captions.languages, strict=True):
        seen[language].add(captions.features.ids[row].split("/")[2])
    assert seen == {"en": {"noto"}, "de": {"twitter"}, "fr": {"twitter"}, "es": {"twitter"}}
    noise = source.captions("disjoint", "random", 0)
    assert noise.captions == captions.captions
    assert abs(np.corrcoef(noise.features.matrix[0], captions.features.matrix[0].astype(float))[0, 1]) < 0.2


@pytest.mark.data
def test_stamps_of_one_wording_are_in_one_part(data: Path) -> None:
    stamps = CrosslingualData(data, read_recipe("imagevec").settings).stamps
    parts: dict[str, set[str]] = {}
    for text, language, part in zip(stamps.texts, stamps.languages, stamps.parts, strict=True):
        if language == "en":
            parts.setdefault(text, set()).add(part)
    assert all(len(part) == 1 for part in parts.values())
    assert {"animals", "food"} <= set(stamps.labels) and set(stamps.parts) == {"train", "test"}
