"""docs/eyes.md, from the result file of benchmarks/eyes.py."""

from __future__ import annotations

from pages import NOTE, provenance, results, table

from wordsight.papers import report_rows as show
from wordsight.papers.base import Row
from wordsight.papers.standard_data import BOTH, ENCODERS

NAMES = dict(zip((*ENCODERS, BOTH), ("Lite0", "Lite2", "both"), strict=True))
LEAD = """\
The recipes see the images by two encoders, EfficientNet-Lite0 and -Lite2, whose features stand side by side:
`wordsight extract --encoder efficientnet-lite0+efficientnet-lite2`. This page says what the second one brings, and what
it costs. `wordsight reproduce NAME --set encoder=efficientnet-lite0` measures a whole recipe with one.

"""


def eyes_page() -> str:
    """The page: quality, then costs."""
    report = results("eyes")
    rows = report["rows"]
    lines = []
    for measure in show.distinct(rows, "measure"):
        found = {encoder: show.select(rows, measure=measure, encoder=encoder) for encoder in NAMES}
        if measure != "costs":
            n = next(row["n"] for group in found.values() for row in group)
            lines.append((measure, *(show.score_and_interval(group) for group in found.values()), f"{n:,}"))
    quality = table(("", *NAMES.values(), "n"), lines)
    return f"{NOTE}# Two eyes\n\n{LEAD}{provenance(report)}## What they bring\n\n{quality}\n{_costs(rows)}"


def _costs(rows: list[Row]) -> str:
    measured = [row for row in rows if row["measure"] == "costs"]
    if not measured:
        return ""
    lines = [
        ("weights, MB", *(f"{row['weight_bytes'] / 1e6:.1f}" for row in measured)),
        ("features of an image, bytes", *(f"{row['feature_bytes']:,}" for row in measured)),
        ("extraction, ms an image", *(f"{1000 * row['extraction']:.1f}" for row in measured)),
        ("512 components of 10,247 images, s", *(f"{row['components']:.1f}" for row in measured)),
    ]
    return f"## What they cost\n\n{table(('', *(NAMES[row['encoder']] for row in measured)), lines)}"
