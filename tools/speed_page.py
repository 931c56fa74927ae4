"""docs/speed.md, from the result files of benchmarks/."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean, median
from typing import Any

from pages import NOTE, RESULTS, provenance, results, table

from wordsight.papers.pixie.tables import SETS


def spread(values: Sequence[float]) -> str:
    """The median, with the range in brackets."""
    return f"{median(values):.2f} ({min(values):.2f} … {max(values):.2f})"


def speed_table() -> str:
    """The README's table: the main settings."""
    report = results("speed")
    lines = []
    for setting, what in {"a": "SGNS", "b": "SGNS, window 10, 64 negatives", "a, CBOW": "CBOW"}.items():
        found = [row for row in report["rows"] if row["setting"] == setting]
        speeds = [median(row[f"{side}_words_per_second"] for row in found) for side in ("wordsight", "gensim")]
        ratio = median(row["training_ratio"] for row in found)
        lines.append((what, *(f"{speed / 1e6:.2f}" for speed in speeds), f"**{ratio:.1f} ×**"))
    return table(("Million words a second, dim 100, two cores", "wordsight", "gensim", ""), lines)


def speed_page() -> str:
    """docs/speed.md."""
    report = results("speed")
    rows = []
    for setting, about in report["settings"].items():
        found = [r for r in report["rows"] if r["setting"] == setting]
        what = (
            f"window {about['window']}, {about['negatives']} negatives, dim {about['dim']}, {about['threads']} threads"
        )
        speeds = [f"{median(r[f'{side}_words_per_second'] for r in found):,.0f}" for side in ("wordsight", "gensim")]
        ratios = [spread([r[name] for r in found]) for name in ("training_ratio", "scan_ratio")]
        peaks = " / ".join(f"{median(r[f'{side}_peak_mib'] for r in found):,.0f}" for side in ("wordsight", "gensim"))
        rows.append((f"{setting} ({what})".replace("1 threads", "1 thread"), *speeds, *ratios, peaks))
    header = (
        "Setting",
        "wordsight, words/s",
        "gensim, words/s",
        "ratio, median (range)",
        "ratio of scan + encoding",
        "peak MiB, wordsight / gensim",
    )
    lead = "[kernels.md](kernels.md) says how, and what was tried.\n\n"
    text = f"{NOTE}# Speed\n\n{lead}![Speed beside gensim](../benchmarks/results/speed.png)\n\n"
    text += f"{provenance(report)}{table(header, rows)}\n{second_thread(report['rows'])}"
    return "\n".join((text, quality_section(), memory_section(), roofline_section(), training_times(), iesg_section()))


def second_thread(rows: Sequence[dict[str, Any]]) -> str:
    """The speed of two threads relative to one."""
    speeds: dict[str, list[float]] = {}
    for row in rows:
        speeds.setdefault(row["setting"], []).append(row["wordsight_words_per_second"])
    gains = [f"{max(speeds[s]) / max(speeds[f'{s}, one thread']):.2f} in ({s})" for s in ("a", "b")]
    return f"Two threads are as fast as one times {' and '.join(gains)}, by the best of all rounds.\n"


def memory_section() -> str:
    """The section on the peak memory for a large text."""
    report = results("memory")
    names = {"tokens": "tokens", "words": "words", "peak_mib": "peak, MiB", "limit_mib": "limit, MiB"}
    lines = [(row["step"], *(f"{row[name]:,}" for name in names)) for row in report["rows"]]
    header = ("", *names.values())
    return f"## Memory\n\n{provenance(report)}{table(header, lines)}"


def quality_section() -> str:
    """The section on the quality of gensim's and our models on the same text."""
    report = results("quality")
    sets = list(dict.fromkeys(r["dataset"] for r in report["rows"]))
    lines = []
    for model, side in dict.fromkeys((r["model"], r["side"]) for r in report["rows"]):
        scores = [
            [r["score"] for r in report["rows"] if (r["model"], r["side"], r["dataset"]) == (model, side, name)]
            for name in sets
        ]
        lines.append((f"{model}, {side}", *(f"{mean(s):.3f} ({min(s):.3f} … {max(s):.3f})" for s in scores)))
    header = ("", *(f"{SETS[name]}, mean (range)" for name in sets))
    return f"## Is it bought with quality?\n\n{provenance(report)}{table(header, lines)}"


def roofline_section() -> str:
    """The section on the share of the processor's limit that the kernel reaches."""
    report = results("roofline")
    names = {
        "words_per_second": "words/s",
        "kiloflops_per_word": "kFLOP a word",
        "kilobytes_per_word": "kB a word",
        "gflops": "GFLOP/s",
        "roofline_gflops": "roofline, GFLOP/s",
    }
    lines = [(r["setting"], *(f"{r[n]:,}" for n in names), f"**{r['share']:.0%}**") for r in report["rows"]]
    peak = report["settings"]["peak"]
    machine = f"One core reaches {peak['gflops']} GFLOP/s and {peak['gigabytes_per_second']} GB/s.\n\n"
    return f"## How far from the limit\n\n{provenance(report)}{machine}{table(('', *names.values(), 'share'), lines)}"


def training_times() -> str:
    """The section on the training time of grounded models relative to SGNS."""
    report = results("training_time")
    seconds: dict[str, list[float]] = {}
    for row in report["rows"]:
        seconds.setdefault(row["model"], []).append(row["seconds"])
    lines = [
        (name, f"{min(times):.1f} … {max(times):.1f}", f"{min(times) / min(seconds['SGNS']):.2f}")
        for name, times in seconds.items()
    ]
    header = ("Model", "seconds, least and most", "least seconds, ratio to SGNS")
    return f"## What grounding costs\n\n{provenance(report)}{table(header, lines)}"


def iesg_section() -> str:
    """The section on the speed of IESG's hinge losses; empty where they were not measured."""
    if not (RESULTS / "iesg_speed.json").is_file():
        return ""
    report = results("iesg_speed")
    lines = []
    for name in dict.fromkeys(row["model"] for row in report["rows"]):
        found = [row for row in report["rows"] if row["model"] == name]
        one, two = ([r["words_per_second"] for r in found if r["threads"] == n] for n in (1, 2))
        gains = [after / before for before, after in zip(one, two, strict=True)]
        lines.append((name, f"{median(one):,.0f}", f"{median(two):,.0f}", spread(gains)))
    header = ("Model", "one thread, words/s", "two threads, words/s", "ratio, median (range)")
    return f"## IESG\n\n{provenance(report)}{table(header, lines)}"
