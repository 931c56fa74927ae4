"""What every benchmark writes: one JSON file of figures with versions, commit and machine beside them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from wordsight.papers.report import circumstances, write_report

RESULTS = Path(__file__).parent / "results"


def data_folder() -> Path:
    """The folder of real data."""
    if not os.environ.get("WORDSIGHT_DATA"):
        raise SystemExit("set WORDSIGHT_DATA to the folder of benchmark data")
    return Path(os.environ["WORDSIGHT_DATA"])


def write(name: str, protocol: str, settings: dict[str, Any], rows: list[dict[str, Any]], *packages: str) -> Path:
    """Writes ``results/NAME.json``.

    Args:
        name: of the file.
        protocol: what was measured and how, in a sentence or two.
        settings: what holds for all rows.
        rows: the figures.
        packages: versions to state beside the usual ones.
    """
    report = {
        "name": name,
        "protocol": protocol,
        "settings": settings,
        **circumstances(*packages),
        "rows": rows,
    }
    return write_report(RESULTS / f"{name}.json", report)
