"""Writes the papers' figures into the recipes.

    python tools/published_figures.py figures.csv

The CSV has the columns paper, table, model, dataset, subset, metric and value, one figure a row. The ``[published]``
sections of ``src/wordsight/papers/*/*.toml`` are made anew from it; the rest of each file stays as it is.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path

PAPERS = Path(__file__).parents[1] / "src" / "wordsight" / "papers"
NOTE = "# Made by tools/published_figures.py from the paper's tables."

SETS = {"SimLex-999": "SimLex", "WS-353-SIM": "WS-SIM", "WS-353-REL": "WS-REL", "MTurk-287": "MTurk"}
"""The papers' names of data sets → the headings of our PIXIE tables."""
RETRIEVAL = {"V-SGNS (A)": "V-SGNS", "IV-SGNS (linear)": "IV-SGNS"}
IMAGEVEC = {
    "ImageVec 100": "ImageVec, shared, 100 dimensions",
    "ImageVec 300": "ImageVec, shared, 300 dimensions",
    "co-occurrence only": "co-occurrence only, shared",
    "MultiSkip 40": "MultiSkip, Multi30k | 40 dimensions",
    "MultiSkip 512": "MultiSkip, Multi30k | 512 dimensions",
}
"""Models of ImageVec's Table 1 → our nearest, below which they stand; the others keep the paper's name."""
LANGUAGES = {"de+fr": "fr–de", "all": "combined"}

Row = dict[str, str]
Figures = dict[str, dict[str, str]]
"""Line of a table → column → the figure as TOML."""
Position = tuple[str, str, str]
"""File of a table, its line and its column."""


def published(rows: Iterable[Row]) -> dict[str, Figures]:
    """The figures by file, such as ``"pixie/table1"``.

    Args:
        rows: of the CSV.

    Raises:
        KeyError: a row of a paper or table that this tool does not know.
    """
    found: dict[str, Figures] = {}
    for row in rows:
        file, line, column = POSITIONS[row["paper"]](row)
        figures = found.setdefault(file, {}).setdefault(line, {})
        figures[column] = f"[{figures[column]}, {_number(row)}]" if column in figures else _value(row)
    return found


def _value(row: Row) -> str:
    """A figure as TOML: words as a string, a number as it is printed."""
    return _text(", ".join(row["value"].split())) if row["metric"] == "neighbours" else _number(row)


def _number(row: Row) -> str:
    value = row["value"]
    float(value)
    return f"0{value}" if value.startswith(".") else value


def _pixie(row: Row) -> Position:
    model, dataset = row["model"], row["dataset"]
    column = SETS.get(dataset, dataset)
    if row["table"] == "1":
        return "pixie/table2", "pairs (coverage) | pairs", column
    if row["table"] == "2":
        file = "pixie/table1" if row["subset"] == "visual" else "pixie/table2"
        return file, model or "pairs (coverage) | pairs covered, per cent", column
    if row["table"] == "3":
        hidden = model.removesuffix(" (*)")
        return "pixie/table3", hidden if hidden != model or model == "SGNS" else f"{model} | images seen", column
    if row["table"] == "4":
        return "pixie/table4", model.replace(" (*)", " | images hidden"), dataset.replace(" ", " – ")
    if row["table"] == "5":
        return "pixie/table5", dataset, model or row["metric"]
    rank = re.sub(r"\D", "", row["metric"])
    return "retrieval/table6", RETRIEVAL.get(model, model), f"{row['subset'].replace('-to-', ' → ')} R@{rank}"


def _iesg(row: Row) -> Position:
    if row["table"] == "figure 2":
        return "iesg/figure2", row["model"], row["subset"].capitalize()
    column = row["dataset"] if row["table"] == "3" else f"P@{re.sub(r'[^0-9]', '', row['metric'])}"
    return f"iesg/table{row['table']}", row["model"].replace("SGNS", "skip-gram"), column


def _wield(row: Row) -> Position:
    number = re.search(r"(?:lambda|gamma) ([\d.]+)", row["model"])
    value = number[1] if number else ""
    if row["table"] == "1":
        return "wield/table2", f"{value} | {row['subset']}", "image of the caption"
    if row["table"] == "3":
        return "wield/table3", row["dataset"], "γ = 0" if value else row["model"]
    composition = row["model"].rpartition(", ")[2]
    if row["table"] == "4":
        return "wield/table1", f"{value} | {row['subset']}, window 10", composition
    return "wield/table1", f"{value} | {row['subset']}", composition


def _imagevec(row: Row) -> Position:
    if row["table"] != "1":
        return f"imagevec/table{row['table']}", row["model"], row["dataset"]
    languages = row["dataset"].removeprefix("RG-65 ")
    column = LANGUAGES.get(languages, languages.replace("+", "–"))
    return "imagevec/table1", IMAGEVEC.get(row["model"], row["model"]), column


POSITIONS = {"pixie": _pixie, "iesg": _iesg, "wield": _wield, "imagevec": _imagevec}
"""Paper → where one of its rows belongs."""


def toml(figures: Figures) -> str:
    """The ``[published]`` sections of one file."""
    text = f"{NOTE}\n"
    for line, columns in figures.items():
        text += f"[published.{_key(line)}]\n" + "".join(f"{_key(c)} = {value}\n" for c, value in columns.items()) + "\n"
    return text.rstrip("\n") + "\n"


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _text(name)


def _text(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def with_published(text: str, figures: Figures) -> str:
    """A table's file with its ``[published]`` sections made anew, behind all that it says itself."""
    kept, inside = [], False
    for line in text.splitlines():
        if line.startswith("[") or line == NOTE:
            inside = line == NOTE or line.startswith("[published")
        if not inside:
            kept.append(line)
    return "\n".join(kept).rstrip("\n") + "\n" + (f"\n{toml(figures)}" if figures else "")


def files(csv_file: Path) -> dict[Path, str]:
    """Path → text of all files of tables, with the figures of a CSV."""
    with csv_file.open(newline="", encoding="utf-8") as stream:
        figures = published(csv.DictReader(stream))
    found = {}
    for path in sorted(PAPERS.glob("*/*.toml")):
        name = f"{path.parent.name}/{path.stem}"
        if path.stem != "recipe":
            found[path] = with_published(path.read_text(encoding="utf-8"), figures.pop(name, {}))
    if figures:
        raise KeyError(f"no such files: {', '.join(figures)}")
    return found


def main() -> None:
    """Writes the files."""
    for path, text in files(Path(sys.argv[1])).items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
