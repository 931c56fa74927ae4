"""Lite0, Lite2 or both: what better eyes bring to the models of the recipes, and what they cost.

    python benchmarks/eyes.py [--only features pixie iesg imagevec retrieval costs] [--seeds 0 1 2]

Writes benchmarks/results/eyes.json; docs/eyes.md is made from it. The models are those of the recipes, with their
settings; what is finished lies in benchmarks/results/cells/eyes/ and is not computed again. Several hours on two cores.
"""

from __future__ import annotations

import argparse
import dataclasses
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import report

from wordsight.devices import threads
from wordsight.images.encoders.joined import JoinedEncoder
from wordsight.images.encoders.registry import image_encoder
from wordsight.images.features import ImageFeatures
from wordsight.images.transforms import Chain
from wordsight.models.imagevec import ImageVec
from wordsight.papers import report_rows as show
from wordsight.papers.base import Row
from wordsight.papers.finished_cells import computed
from wordsight.papers.recipes import read_recipe
from wordsight.papers.registry import reproduction_class
from wordsight.papers.standard_data import BOTH, ENCODERS, standard_features
from wordsight.storage.tables import read_table

PROTOCOL = (
    "The models and settings of the recipes, with the features of one encoder or of both, each row of each at unit "
    "length, side by side. MEN and SimLex: Spearman's rho on the pairs of two words with images. Matching: protocol M. "
    "Names, dictionary and naming: protocol T-disjoint. Retrieval: recall at 1. A figure is the mean over seeds; "
    "intervals are 95 % bootstrap intervals of the questions, ends averaged over seeds. Costs are of one core, "
    "seconds of processor time, the least of all rounds."
)
N_EXTRACTED = 128
"""Number of photographs whose extraction is timed."""


class Part(NamedTuple):
    """What is taken from one recipe.

    Attributes:
        recipe: its name.
        tables: the tables whose cells are computed.
        models: labels of the models, with those that they start from.
        measures: what is shown → the fields of its rows.
    """

    recipe: str
    tables: Sequence[str]
    models: Sequence[str]
    measures: dict[str, dict[str, Any]]


def _similarity(model: str) -> dict[str, dict[str, Any]]:
    sets = {"MEN": "EN-MEN-TR-3k", "SimLex": "EN-SIMLEX-999"}
    return {f"{model}: {short}": {"model": model, "dataset": name, "pairs": "visual"} for short, name in sets.items()}


def _languages(what: str, retrieval: str | None, *languages: str) -> dict[str, dict[str, Any]]:
    found = {"kind": what, "retrieval": retrieval}
    return {f"ImageVec: {what} {language}": {**found, "dataset": language} for language in languages}


PARTS = {
    "features": Part("pixie", ("table1",), ("CNN",), _similarity("CNN")),
    "pixie": Part("pixie", ("table1",), ("PIXIE⊕",), _similarity("PIXIE⊕")),
    "iesg": Part(
        "iesg",
        ("table1", "table2"),
        ("IESG, contrastive", "skip-gram"),
        {
            "IESG, contrastive: image → word P@1": {"table": "table1", "rank": 1},
            "IESG, contrastive: word → image P@1": {"table": "table2", "rank": 1},
        },
    ),
    "imagevec": Part(
        "imagevec",
        ("translation",),
        ("ImageVec",),
        _languages("names", "nearest", "de", "fr", "es")
        | _languages("dictionary", "csls", "de", "fr", "es")
        | _languages("naming", None, "en", "de", "fr", "es"),
    ),
    "retrieval": Part(
        "retrieval",
        ("table6",),
        ("PIXIE⊕",),
        {
            f"PIXIE⊕: {direction.replace('-to-', ' → ')} R@1": {"kind": "recall", "direction": direction, "rank": 1}
            for direction in ("caption-to-image", "image-to-caption")
        },
    ),
}
REAL = ("real", "training")
"""Values of a cell's ``images`` for the pictures themselves; its other values are controls."""


def quality(part: Part, encoder: str, data: Path, seeds: Sequence[int]) -> list[Row]:
    """The figures of one recipe's models with the features of an encoder."""
    recipe = read_recipe(part.recipe, changes={"encoder": encoder})
    recipe = dataclasses.replace(recipe, models={label: recipe.models[label] for label in part.models})
    directory = report.RESULTS / "cells" / "eyes"
    paper = reproduction_class(part.recipe)(recipe, directory)
    cells = [one for one in paper.cells(data, part.tables, seeds) if one.key.get("images", "real") in REAL]
    rows = computed(cells, directory)
    if part.recipe == "retrieval":  # whose cells have ranks alone
        rows = paper.figures(rows)
    found = []
    for measure, wanted in part.measures.items():
        for row in show.select(rows, **wanted):
            facts = {field: row.get(field) for field in ("seed", "score", "low", "high", "n", "coverage")}
            found.append({"encoder": encoder, "measure": measure, **facts})
    return found


def costs(data: Path, rounds: int) -> list[Row]:
    """The size of each encoder and of its features, and the time that extraction and components take."""
    table = read_table(data / "images/index.csv")
    rows = zip(table.column("path"), table.column("source"), strict=True)
    photographs = [path for path, source in rows if source == "imagenet"][:N_EXTRACTED]
    least: dict[str, Row] = {}
    with tempfile.TemporaryDirectory() as scratch, threads(1):
        files = Path(scratch, "images.csv")
        files.write_text("image\n" + "".join(f"{data / path}\n" for path in photographs))
        for _ in range(rounds):
            for name in (*ENCODERS, BOTH):
                encoder, features = image_encoder(name, device="cpu"), standard_features(data, name)
                networks = encoder.encoders if isinstance(encoder, JoinedEncoder) else [encoder]
                n_weights = sum(weight.numel() for one in networks for weight in vars(one)["network"].parameters())
                chain = Chain.parse(ImageVec.defaults()["transform"])
                times = {
                    "extraction": _seconds(lambda: ImageFeatures.extract(files, encoder, workers=1)) / N_EXTRACTED,  # noqa: B023
                    "components": _seconds(lambda: chain.fit(features.matrix, features.sources)),  # noqa: B023
                }
                before = least.get(name, times)
                least[name] = {"weight_bytes": 4 * n_weights, "feature_bytes": 2 * features.n_features}
                least[name] |= {what: round(min(taken, before[what]), 4) for what, taken in times.items()}
    return [{"encoder": name, "measure": "costs", **facts} for name, facts in least.items()]


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Measures everything, or some parts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=[*PARTS, "costs"], default=[*PARTS, "costs"])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--rounds", type=int, default=3, help="of the costs")
    options = parser.parse_args()
    data, rows = report.data_folder(), list[Row]()
    for name in options.only:
        if name == "costs":
            rows += costs(data, options.rounds)
        for encoder in (*ENCODERS, BOTH) if name in PARTS else ():
            rows += quality(PARTS[name], encoder, data, options.seeds)
            print(name, encoder, len(rows), "rows", flush=True)
    print(report.write("eyes", PROTOCOL, {"parts": options.only, "seeds": options.seeds}, rows))


if __name__ == "__main__":
    main()
