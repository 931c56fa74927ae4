"""docs/papers.md: what the papers claim, and what our figures say to it."""

from __future__ import annotations

from collections.abc import Sequence

from pages import NOTE, reported, results, table

from wordsight.papers.claims import Verdict, verdicts
from wordsight.papers.recipes import PaperRecipe, read_recipe
from wordsight.papers.registry import REPRODUCTIONS

LEAD = """# The papers, claim by claim

Our data are others than the papers', so levels do not compare; orders do. Each row below is one claim that a paper's
table makes. The claims stand in the recipes (`[[claims]]` in `src/wordsight/papers/*/*.toml`), the papers' figures are
those that they print, and the rest is computed from `benchmarks/results/`.

- **Paper**, **ours**: the figures, in the order that the paper claims. A `<` in ours is where it fails.
  Brackets: 95 % bootstrap intervals.
- **Order**: *holds* where our figures are in that order by more than the noise: the interval of the paired difference
  is above zero or, where no such difference was computed, the intervals do not overlap. *Within the noise* where they
  are in that order, but by less. *Fails* where they are not.
- **Controls**: what the best model's own images add to the same model with shuffled or random images, or that control's
  own score. A dash: no such control was run, or the claim is not about images.
- **Survives**: the order holds beyond the noise and, where a control was run, images add to it with an interval above
  zero (for a control's own score: intervals that do not overlap). *Sight not shown* does not say that there is none.

"""


def papers_page() -> str:
    """The page, from the recipes and the result files."""
    text = ""
    counts = []
    for stem in [stem for name in REPRODUCTIONS for stem in reported(name)]:
        report = results(stem)
        recipe = read_recipe(report["name"], report["scale"])
        found = verdicts(recipe, report["rows"])
        counts.append((f"[{stem}](#{stem})", *_counts(found)))
        text += _section(recipe, found)
    header = ("paper", "claims", "order holds", "within the noise", "order fails", "survive")
    return f"{NOTE}{LEAD}{table(header, counts)}{text}"


def _counts(found: Sequence[Verdict]) -> list[str]:
    orders = [_order(one) for one in found]
    kinds = [str(orders.count(kind)) for kind in ("holds", "within the noise", "fails")]
    return [str(len(found)), *kinds, str(sum(one.survives for one in found))]


def _section(recipe: PaperRecipe, found: Sequence[Verdict]) -> str:
    rows = [
        (one.table, one.says, one.column, one.paper, one.ours, _order(one), one.beyond, _survives(one)) for one in found
    ]
    header = ("table", "claim", "figure", "paper", "ours", "order", "controls", "survives")
    page = f"reproduce-{recipe.stem}.md"
    text = f"\n## {recipe.stem}\n\n{recipe.citation} All figures: [{page}]({page}).\n"
    text += f"The paper's were measured on {recipe.measured_on}.\n\n{table(header, rows)}"
    others = [about for about in recipe.tables.values() if about.get("published") and not about.get("claims")]
    lines = [f"- {about['title'].partition(':')[0]}. {about['not_comparable']}" for about in others]
    return text + ("\nFigures without a claim that can be compared:\n\n" + "\n".join(lines) + "\n" if lines else "")


def _order(verdict: Verdict) -> str:
    if not verdict.holds:
        return "fails"
    return "holds" if verdict.apart else "within the noise"


def _survives(verdict: Verdict) -> str:
    if not verdict.holds:
        return "no"
    if verdict.seen is False:
        return "no: sight not shown"
    if not verdict.apart:
        return "open: within the noise"
    return "**yes**" if verdict.seen else "yes, no control"
