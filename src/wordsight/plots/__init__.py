"""The library's plots and contact sheets, in one style."""

from wordsight.plots.contact_sheets import contact_sheet as contact_sheet
from wordsight.plots.neighbour_lists import neighbours as neighbours
from wordsight.plots.rating_scatter import ratings as ratings
from wordsight.plots.training_history import history as history
from wordsight.plots.word_map import map as map

__all__ = ["contact_sheet", "history", "map", "neighbours", "ratings"]
