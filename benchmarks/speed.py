"""Protocol P: speed relative to gensim, each in its own process, in alternation.

    python benchmarks/speed.py [--rounds 3] [--only a b ...]

Writes benchmarks/results/speed.json and speed.png; about six minutes a round on two idle cores. Speed is in words of
the corpus per second of training, reading included. Since machines are noisy, each ratio is of two consecutive runs.
"""

from __future__ import annotations

import argparse
import json
import lzma
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import report
from process import PEAK, run

from wordsight.plots.style import ACCENT, FAINT, INK, figure, save, tidy

PROTOCOL = (
    "P: Simple English Wikipedia, one epoch; words of the corpus a second of training, reading included. Peak memory "
    "is that of the whole process: scan, encoding and training."
)
USUAL = {"model": "sgns", "megabytes": 40, "window": 5, "negatives": 5, "dim": 100, "threads": 2}
SETTINGS: dict[str, dict[str, Any]] = {
    "a": USUAL,
    "b": USUAL | {"megabytes": 8, "window": 10, "negatives": 64},
    "a, one thread": USUAL | {"threads": 1},
    "b, one thread": USUAL | {"megabytes": 8, "window": 10, "negatives": 64, "threads": 1},
    "a, dim 50": USUAL | {"dim": 50},
    "a, dim 200": USUAL | {"dim": 200},
    "a, dim 300": USUAL | {"dim": 300},
    "a, CBOW": USUAL | {"model": "cbow"},
}

GENSIM = f"""
import json, resource, sys, time
from gensim.models.word2vec import LineSentence, Word2Vec
path, s = sys.argv[1], json.loads(sys.argv[2])
model = Word2Vec(vector_size=s["dim"], window=s["window"], negative=s["negatives"], sg=int(s["model"] == "sgns"),
                 sample=1e-4, min_count=5, workers=s["threads"], seed=0)
start = time.perf_counter()
model.build_vocab(LineSentence(path))
scan = time.perf_counter() - start
model.train(LineSentence(path), total_examples=model.corpus_count, epochs=1)
print(json.dumps({{"scan": scan, "train": model.total_train_time, "words": model.corpus_total_words, "peak": {PEAK}}}))
"""

WORDSIGHT = f"""
import json, resource, sys, time
from wordsight.models.registry import model_class
from wordsight.text.corpus import Corpus
path, s, directory = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]
model = model_class(s["model"])
settings = {{"dim": s["dim"], "epochs": 1, "workers": s["threads"]}}
model(subsample=0.0, **settings).fit(Corpus.from_documents(["warm up the compiled code"] * 9, min_count=1))
start = time.perf_counter()
corpus = Corpus.from_text(path, directory=directory)
scan = time.perf_counter() - start
start = time.perf_counter()
model(window=s["window"], negatives=s["negatives"], **settings).fit(corpus)
print(json.dumps({{"scan": scan, "train": time.perf_counter() - start, "words": len(corpus), "peak": {PEAK}}}))
"""


def measured(text: Path, name: str, number: int) -> dict[str, Any]:
    """The row of figures of one round in one setting."""
    setting = json.dumps(SETTINGS[name])
    theirs = run(GENSIM, str(text), setting)
    with tempfile.TemporaryDirectory() as directory:
        ours = run(WORDSIGHT, str(text), setting, f"{directory}/corpus")
    speeds = {"wordsight": ours["words"] / ours["train"], "gensim": theirs["words"] / theirs["train"]}
    return {
        "setting": name,
        "round": number,
        **{f"{side}_words_per_second": round(speed) for side, speed in speeds.items()},
        "training_ratio": round(speeds["wordsight"] / speeds["gensim"], 2),
        "scan_ratio": round(theirs["scan"] / ours["scan"], 2),
        "wordsight_peak_mib": round(ours["peak"]),
        "gensim_peak_mib": round(theirs["peak"]),
    }


def plot(rows: list[dict[str, Any]], path: Path) -> Path:
    """Draws a line for each setting: range and median of the ratios, and both median speeds."""
    drawn = figure(7.5, 0.9 + 0.36 * len(SETTINGS))
    axes = drawn.add_subplot()
    tidy(axes)
    for y, name in enumerate(SETTINGS):
        found = [row for row in rows if row["setting"] == name]
        ratios = [row["training_ratio"] for row in found]
        ours, theirs = (median(row[f"{side}_words_per_second"] for row in found) for side in ("wordsight", "gensim"))
        axes.plot([min(ratios), max(ratios)], [y, y], color=ACCENT, linewidth=1.6, solid_capstyle="round")
        axes.plot(median(ratios), y, "o", color=ACCENT, markersize=6)
        speeds = f"{median(ratios):.1f} ×   {ours / 1e6:.2f} against {theirs / 1e6:.2f} million words/s"
        axes.annotate(speeds, (max(ratios), y), (8, 0), textcoords="offset points", va="center", fontsize=8, color=INK)
    axes.axvline(1, color=FAINT, linewidth=1.2)
    axes.annotate("gensim", (1, -0.75), (4, 0), textcoords="offset points", va="center", fontsize=8, color=FAINT)
    axes.set_xlim(0, 1.75 * max(row["training_ratio"] for row in rows))
    axes.set_ylim(len(SETTINGS) - 0.5, -1)
    axes.set_yticks(range(len(SETTINGS)), list(SETTINGS))
    axes.set_xlabel("training speed, times gensim's in the same round (median and range)", fontsize=8, color=INK)
    return save(drawn, path)


def main() -> None:
    """Measures all settings, round after round."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=SETTINGS, default=list(SETTINGS))
    arguments = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as directory:
        texts = {}
        for size in {setting["megabytes"] for setting in SETTINGS.values()}:
            texts[size] = Path(directory) / f"{size}.txt"
            with lzma.open(report.data_folder() / "text" / "en-simplewiki.txt.xz") as stream:
                texts[size].write_bytes(stream.read(size * 10**6))
        for number in range(arguments.rounds):
            for name in arguments.only:
                rows.append(measured(texts[SETTINGS[name]["megabytes"]], name, number))
                print(rows[-1], flush=True)
    if arguments.only == list(SETTINGS):
        print(report.write("speed", PROTOCOL, SETTINGS, rows, "gensim"))
        print(plot(rows, report.RESULTS / "speed.png"))


if __name__ == "__main__":
    main()
