"""The machinery of wordsight reproduce, on a paper made up by the test."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from wordsight.cli import main
from wordsight.errors import ParameterError, UnknownNameError
from wordsight.papers import recipes as recipe
from wordsight.papers import registry
from wordsight.papers.base import Cell, ReportTable, Reproduction
from wordsight.papers.run import reproduce
from wordsight.papers.schema import SETTINGS

COMPUTED: list[tuple[str, int]] = []


class Sums(Reproduction):
    """Adds a setting to seeds; fails at the seed 13."""

    name = "sums"

    def cells(self, data: Path, tables: Sequence[str], seeds: Sequence[int]) -> Iterator[Cell]:
        for table in tables:
            for seed in seeds:
                key = {"table": table, "seed": seed, "start": self.settings["start"]}
                yield Cell(key, functools.partial(self._compute, table, seed))

    def _compute(self, table: str, seed: int) -> list[dict[str, Any]]:
        if seed == 13:
            raise KeyboardInterrupt
        COMPUTED.append((table, seed))
        return [{"table": table, "seed": seed, "score": self.settings["start"] + seed}]

    def tables(self, rows: Sequence[dict[str, Any]]) -> list[ReportTable]:
        return [
            ReportTable(
                about["title"],
                ("seed", "ours", "paper"),
                [
                    (str(r["seed"]), f"{r['score']:.1f}", str(about["published"]["Sum"]["seven"]))
                    for r in rows
                    if r["table"] == name
                ],
            )
            for name, about in self.recipe.tables.items()
        ]


@pytest.fixture(autouse=True)
def paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    COMPUTED.clear()
    folder = tmp_path / "recipes" / "sums"
    folder.mkdir(parents=True)
    (folder / "recipe.toml").write_text(
        'title = "Sums"\ncitation = "Euclid"\nprotocol = "Addition."\nmeasured_on = "paper"\n'
        "[scales.standard]\nstart = 1.0\n"
        '[scales.paper]\nstart = 100.0\n[models.Sum]\nmodel = "sgns"\n'
    )
    for name in ("table1", "table2"):
        (folder / f"{name}.toml").write_text(f'title = "Sums of {name}"\npublished.Sum.seven = 7\n')
    monkeypatch.setattr(recipe, "RECIPES", tmp_path / "recipes")
    monkeypatch.setitem(SETTINGS, "start", float)
    monkeypatch.setitem(registry.REPRODUCTIONS, "sums", f"{__name__}:Sums")


def test_writes_figures_page_and_tables(tmp_path: Path) -> None:
    outcome = reproduce("sums", tmp_path, tmp_path / "out", seeds=[1, 2])
    assert [t.rows for t in outcome.tables] == [[("1", "2.0", "7"), ("2", "3.0", "7")]] * 2
    report = json.loads((tmp_path / "out" / "sums.json").read_text())
    assert [row["score"] for row in report["rows"]] == [2, 3, 2, 3]
    assert (
        report["settings"] == {"workers": None, "start": 1.0}
        and report["seeds"] == [1, 2]
        and report["versions"]["numpy"]
    )
    page = (tmp_path / "out" / "sums.md").read_text()
    assert "Euclid" in page and "| 1 | 2.0 | 7 |" in page and "--seeds 1,2" in page


def test_what_is_finished_is_never_computed_again(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        reproduce("sums", tmp_path, tmp_path / "out", only=["table1"], seeds=[1, 2, 13])
    assert COMPUTED == [("table1", 1), ("table1", 2)]
    assert not (tmp_path / "out" / "sums-table1.json").exists()
    reproduce("sums", tmp_path, tmp_path / "out", seeds=[1, 2, 3])
    assert COMPUTED[2:] == [("table1", 3), ("table2", 1), ("table2", 2), ("table2", 3)]
    reproduce("sums", tmp_path, tmp_path / "out", seeds=[1, 2, 3])
    assert len(COMPUTED) == 6


def test_a_damaged_cell_and_another_setting_are_computed(tmp_path: Path) -> None:
    reproduce("sums", tmp_path, tmp_path / "out", only=["table1"], seeds=[1])
    (cell,) = (tmp_path / "out" / "cells" / "sums").iterdir()
    cell.write_text(cell.read_text()[:20])
    reproduce("sums", tmp_path, tmp_path / "out", only=["table1"], seeds=[1])
    assert len(COMPUTED) == 2
    outcome = reproduce("sums", tmp_path, tmp_path / "out", only=["table1"], seeds=[1], changes={"start": 5})
    assert len(COMPUTED) == 3 and outcome.tables[0].rows[0][1] == "6.0"
    outcome = reproduce("sums", tmp_path, tmp_path / "out", scale="paper", seeds=[1])
    assert outcome.tables[0].rows[0][1] == "101.0" and (tmp_path / "out" / "sums-paper.json").is_file()


@pytest.mark.parametrize(
    ("name", "options", "error", "message"),
    [
        ("sum", {}, UnknownNameError, "did you mean 'sums'"),
        ("sums", {"scale": "papr"}, UnknownNameError, "did you mean 'paper'"),
        ("sums", {"only": ["table3"]}, UnknownNameError, "did you mean 'table"),
        ("sums", {"changes": {"strat": 1}}, UnknownNameError, "did you mean 'start'"),
        ("sums", {"changes": {"start": "x"}}, ParameterError, "must be of type float"),
    ],
)
def test_wrong_names_are_refused(
    name: str, options: dict[str, Any], error: type[Exception], message: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=message):
        reproduce(name, tmp_path, tmp_path / "out", **options)
    assert not COMPUTED and not (tmp_path / "out").exists()


def test_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["reproduce", "sums", "--data", str(tmp_path), "--output", str(tmp_path / "out")]
    with pytest.raises(SystemExit) as end:
        main([*arguments, "--seeds", "1", "--set", "start=2", "--only", "table2"])
    assert end.value.code == 0
    shown = capsys.readouterr().out
    assert "Sums of table2" in shown and "3.0" in shown and "sums-table2.json" in shown
    with pytest.raises(SystemExit) as end:
        main([*arguments, "--seeds", "one"])
    assert end.value.code == 2 and "whole numbers" in capsys.readouterr().err
