"""docs/pictures.md, from the result file of benchmarks/pictures.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pages import NOTE, provenance, results, table

from wordsight.papers import report_rows as show
from wordsight.papers.base import Row

MODEL, WITHOUT_CONTEXTS = "PIXIE⊕", "PIXIE⊕ without context vectors"
GAIN = {"kind": "difference", "against": "skip-gram"}
SEEN = {"kind": "difference", "against": "controls"}
LEAD = """\
Before you collect pictures, you want to know how many are worth it. Here PIXIE⊕ learns from a small text and from parts
of the benchmark's pictures.

- **A hundred words with pictures show nothing yet.** Noise in place of the pictures does as well. They do no harm
  either: no set falls below skip-gram's interval.
- **A thousand words are a good start, even with one picture each.** What the pictures show helps words in general (MEN)
  and rare words: a picture says what the text is too short to say. More words bring more.
- **More words come before more pictures of the same words.** One picture for every word shows more than all pictures of
  a thousand words, with a quarter of the pictures. Three pictures a word gain nearly as much as all of them.
- **Not everything can be seen.** On SimLex and WS-353 the controls gain as much as the pictures: what helps there is
  which words share pictures, not how these look. RG-65 has too few pairs to tell.

"""
IMAGES = "![gain with real, shuffled and random images](../benchmarks/results/pictures-controls.png)\n\n"
SIGHT = """\
What the real images add to the better of the two controls. Only this is seeing ([controls](controls.md)). With all
images the controls gain more as well, for then more words share images.

"""
A_WORD = "![gain with one, three and all images a word](../benchmarks/results/pictures-a-word.png)\n\n"
CONTEXTS = """\
PIXIE⊕ adds each word's context vector to its text vector (`context_weight`). With ten words this is nearly all that
differs from skip-gram: it helps MEN, WS-353 and rare words, and costs a little on SimLex, for context vectors tell what
goes together rather than what is alike. If you have few pictures and need likeness, set `context_weight=0`. The same
models without context vectors, real images, gain over skip-gram:

"""


def pictures_page() -> str:
    """The page: the answer, the curves, and tables of gains."""
    report = results("pictures")
    rows, settings = report["rows"], report["settings"]
    seeds = ", ".join(map(str, settings["seeds"]))
    given = f"{settings['corpus']}, {settings['lexicon']}; {len(settings['seeds'])} seeds: {seeds}.\n\n"
    parts = (_words(rows), _seen(rows, settings["numbers"]), _a_word(rows, settings["numbers"]), _contexts(rows))
    return f"{NOTE}# How many pictures do you need?\n\n{LEAD}{provenance(report)}{given}" + "\n".join(parts)


def _words(rows: list[Row]) -> str:
    """Gains by words with images, for real images and controls."""
    lines = [("0", "skip-gram's rho", *_cells(rows, show.score_and_interval, kind="mean", model="skip-gram"))]
    for n in _sizes(rows):
        for kind in ("real", "shuffled", "random"):
            wanted = {"model": MODEL, "words": n, "images": kind, "most_images": None}
            lines.append((f"{n:,}", kind, *_cells(rows, _gain, **GAIN, **wanted)))
    gains = table(("Words with images", "Images", *_sets(rows)), lines)
    return f"## Words with images\n\n{IMAGES}Gain over skip-gram, with all images of each word.\n\n{gains}"


def _seen(rows: list[Row], numbers: list[Row]) -> str:
    """Gains over the controls."""
    return f"## What is seen\n\n{SIGHT}{_by_number(rows, numbers, SEEN)}"


def _a_word(rows: list[Row], numbers: list[Row]) -> str:
    """Gains over skip-gram by images a word."""
    return f"## Images a word\n\n{A_WORD}Gain over skip-gram, real images.\n\n{_by_number(rows, numbers, GAIN)}"


def _by_number(rows: list[Row], numbers: list[Row], difference: dict[str, str]) -> str:
    """A table of differences by words with images and images a word."""
    lines = []
    for one in numbers:
        wanted = {"model": MODEL, "images": "real", "words": one["words"], "most_images": one["most_images"]}
        sizes = (f"{one['words']:,}", str(one["most_images"] or "all"), f"{one['images']:,}")
        lines.append((*sizes, *_cells(rows, _gain, **difference, **wanted)))
    return table(("Words with images", "Images a word, at most", "Images", *_sets(rows)), lines)


def _contexts(rows: list[Row]) -> str:
    """Gains without context vectors."""
    wanted = {"model": WITHOUT_CONTEXTS, "images": "real", "most_images": None}
    lines = [(f"{n:,}", *_cells(rows, _gain, **GAIN, **wanted, words=n)) for n in _sizes(rows)]
    return f"## Few pictures and SimLex\n\n{CONTEXTS}{table(('Words with images', *_sets(rows)), lines)}"


def _sizes(rows: list[Row]) -> list[int]:
    return sorted(n for n in show.distinct(rows, "words") if n)


def _sets(rows: list[Row]) -> list[str]:
    """The sets with the number of pairs that the text covers."""
    covered = {row["dataset"]: show.coverage(row) for row in rows if row["kind"] == "mean"}
    return [f"{dataset}, n {covered[dataset]}" for dataset in show.distinct(rows, "dataset")]


def _cells(rows: list[Row], written: Callable[[list[Row]], str], **wanted: Any) -> list[str]:
    """A cell for each set."""
    return [written(show.select(rows, dataset=dataset, **wanted)) for dataset in show.distinct(rows, "dataset")]


def _gain(found: list[Row]) -> str:
    """A gain with its interval, in bold if this leaves out zero."""
    return show.difference(found[0] if found else None)
