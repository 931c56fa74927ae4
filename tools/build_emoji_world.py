"""Builds src/wordsight/datasets/emoji_world from the folder of real data; the same input gives the same bytes.

    WORDSIGHT_DATA=… python tools/build_emoji_world.py [OUTPUT FOLDER]

Writes features.npy, emoji.tsv and annotations/LANGUAGE.tsv.xz.
"""

from __future__ import annotations

import lzma
import os
import sys
from pathlib import Path

import numpy as np
from scipy import linalg

from wordsight.datasets.emoji_world import N_COMPONENTS, VENDORS
from wordsight.grounding.emoji import read_annotations
from wordsight.papers.standard_data import standard_features
from wordsight.storage.atomic import replace_file
from wordsight.storage.tables import read_table

_CODES = """
    am ar bg bn ca cs cy da de el en es et eu fa fi fil fr he hi hr hu hy id is it
    ja ka ko lt my nl no pl pt ro ru sv sw ta th tr uk vi zh zu
"""
LANGUAGES = _CODES.split()


def main(data: Path, output: Path) -> None:
    """Writes all files."""
    index = read_table(data / "images/index.csv")
    drawn_by: dict[str, dict[str, int]] = {vendor: {} for vendor in VENDORS}
    for row, (source, concept) in enumerate(zip(index.column("source"), index.column("concept"), strict=True)):
        if source.startswith("emoji-"):
            drawn_by[source.removeprefix("emoji-")][concept] = row
    emoji = list(drawn_by["noto"])

    matrix = standard_features(data).matrix
    groups = [matrix[[drawn_by[v][e] for e in emoji if e in drawn_by[v]]] for v in VENDORS]
    with replace_file(output / "features.npy") as path, path.open("wb") as stream:
        np.save(stream, principal_components(groups, N_COMPONENTS).astype("<f2"))

    categories = read_table(data / "labels/emoji_categories.tsv")
    rows = zip(*(categories.column(name) for name in ("emoji", "category", "subcategory")), strict=True)
    category = {e: (c, s) for e, c, s in rows}
    table = [(e, *category[e], "|".join(v for v in VENDORS if e in drawn_by[v])) for e in emoji]
    write_table(output / "emoji.tsv", [("emoji", "category", "subcategory", "vendors"), *table])

    annotations = {(a.language, a.emoji): a for a in read_annotations(data / "labels/emoji_annotations.tsv", LANGUAGES)}
    for language in LANGUAGES:
        named = [annotations.get((language, e)) for e in emoji]
        lines = [(a.name, "|".join(a.keywords)) if a else ("", "") for a in named]
        write_table(output / "annotations" / f"{language}.tsv.xz", [("name", "keywords"), *lines])


def principal_components(vendors: list[np.ndarray], n: int) -> np.ndarray:
    """Centres each vendor's rows and projects all rows on the n main directions, float64 [n_rows, n].

    The rows are of unit length for each encoder; 32 times as long, their features are about 1. Features are rounded to
    multiples of 2⁻¹¹ and directions to 2⁻¹⁴: then every sum below is exact in float64 and depends on neither the
    number of threads nor the linear algebra library.
    """
    x = 32 * np.concatenate([rows - rows.mean(axis=0, dtype=np.float64) for rows in vendors])
    x = np.round(x * 2**11) / 2**11
    dim = x.shape[1]
    _, directions = linalg.eigh(x.T @ x, subset_by_index=(dim - n, dim - 1))
    directions = directions[:, ::-1]
    largest = np.abs(directions).argmax(axis=0)
    directions = directions * np.sign(directions[largest, np.arange(n)])
    projected: np.ndarray = x @ (np.round(directions * 2**14) / 2**14)
    return projected


def write_table(path: Path, rows: list[tuple[str, ...]]) -> None:
    """Writes tab-separated rows; compresses when the name ends in .xz."""
    text = "".join("\t".join(row) + "\n" for row in rows).encode()
    with replace_file(path) as temporary:
        temporary.write_bytes(lzma.compress(text, preset=9 | lzma.PRESET_EXTREME) if path.suffix == ".xz" else text)


if __name__ == "__main__":
    if "WORDSIGHT_DATA" not in os.environ:
        sys.exit("set WORDSIGHT_DATA to the folder of real data")
    here = Path(__file__).resolve().parent.parent / "src/wordsight/datasets/emoji_world"
    main(Path(os.environ["WORDSIGHT_DATA"]), Path(sys.argv[1]) if len(sys.argv) > 1 else here)
