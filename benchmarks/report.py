"""The result file of a benchmark: JSON with figures, versions, commit and machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from wordsight.papers.report import circumstances, write_report

RESULTS = Path(__file__).parent / "results"


def data_folder() -> Path:
    """The folder of real data, WORDSIGHT_DATA."""
    if not os.environ.get("WORDSIGHT_DATA"):
        raise SystemExit("set WORDSIGHT_DATA to the folder of real data")
    return Path(os.environ["WORDSIGHT_DATA"])


def write(name: str, protocol: str, settings: dict[str, Any], rows: list[dict[str, Any]], *packages: str) -> Path:
    """Writes ``results/NAME.json``.

    Args:
        name: name of the file without its ending.
        protocol: description of the measurement, in a sentence or two.
        settings: settings that all rows share.
        rows: the figures.
        packages: packages whose versions to add to the usual ones.
    """
    report = {
        "name": name,
        "protocol": protocol,
        "settings": settings,
        **circumstances(*packages),
        "rows": rows,
    }
    return write_report(RESULTS / f"{name}.json", report)
