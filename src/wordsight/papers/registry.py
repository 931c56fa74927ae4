"""The registry of reproductions: finds a paper by its name."""

from __future__ import annotations

from wordsight.errors import unknown_name
from wordsight.extras import registered
from wordsight.papers.base import Reproduction

# Paper → module and class; listing the papers imports none of them.
REPRODUCTIONS = {
    "pixie": "wordsight.papers.pixie.cells:PIXIEReproduction",
    "iesg": "wordsight.papers.iesg.cells:IESGReproduction",
    "wield": "wordsight.papers.wield.cells:WIELDReproduction",
    "imagevec": "wordsight.papers.imagevec.cells:ImageVecReproduction",
    "retrieval": "wordsight.papers.retrieval.cells:RetrievalReproduction",
}


def reproduction_class(name: str) -> type[Reproduction]:
    """The class of a paper, by its name.

    Raises:
        UnknownNameError: no such paper; the message suggests near ones.
    """
    location = REPRODUCTIONS.get(name.lower())
    if location is None:
        raise unknown_name("paper", name, REPRODUCTIONS, hint=f"there are: {', '.join(REPRODUCTIONS)}")
    cls: type[Reproduction] = registered(location)
    return cls
