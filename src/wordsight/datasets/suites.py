"""Suites: well-known data sets that vectors are judged on together; found on disk, or else fetched."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from wordsight.datasets import fetch
from wordsight.datasets.registry import dataset
from wordsight.errors import DataError, MissingExtraError, unknown_name
from wordsight.storage.caches import cache_folder
from wordsight.storage.streams import existing

log = logging.getLogger(__name__)

ENGLISH = {
    "men": ("MEN_dataset_natural_form_full",),
    "simlex-999": ("SimLex-999.txt",),
    "wordsim-353": ("combined.csv", "combined.tab"),
    "rg-65": ("rg65.csv",),
    "mturk-287": ("Mtruk.csv",),
    "mturk-771": ("MTURK-771.csv",),
    "rare-words": ("rw.txt",),
    "simverb-3500": ("SimVerb-3500.txt",),
    "yp-130": (),
    "verb-143": (),
}
"""Data set → further names of its file, those that its authors gave it. No set is a part of another one."""
SUITES = {"english": ENGLISH}


def suite_files(name: str, folders: Sequence[str | os.PathLike[str]] = ()) -> list[Path]:
    """Finds or fetches the files of a suite; what cannot be had is left out, and a line says so.

    Args:
        name: of the suite, such as ``"english"``.
        folders: where to look first, with all that is in them; then comes ``$WORDSIGHT_DATA``, then the user's cache.

    Raises:
        UnknownNameError: there is no such suite.
        DataError: a folder is not there, or nothing is found and nothing can be fetched.
    """
    if name.lower() not in SUITES:
        raise unknown_name("suite", name, SUITES, hint=f"there are: {', '.join(SUITES)}")
    places = [existing(folder, what="folder") for folder in folders]
    places += [Path(folder) for folder in (os.environ.get("WORDSIGHT_DATA"),) if folder and Path(folder).is_dir()]
    there = _files_by_name(places)
    found: dict[str, Path] = {}
    reason = ""
    for member, other_names in SUITES[name.lower()].items():
        names = (dataset(member).files[0].name, *other_names)
        path = next((there[file] for file in names if file in there), None)
        if path is None and not reason:  # without a network, one attempt is enough
            try:
                path = fetch.get(member)[0]
            except (DataError, MissingExtraError) as error:
                reason = str(error)
        if path is None:
            path = _cached(member)
        if path is not None:
            found[member] = path
    lacking = [member for member in SUITES[name.lower()] if member not in found]
    if not found:
        raise DataError(f"no file of the suite {name} is there ({reason}); give a folder that has some")
    if lacking:
        log.warning("left out, for they are not there: %s (%s)", ", ".join(lacking), reason)
    return list(found.values())


def _cached(member: str) -> Path | None:
    """The file in the user's cache, where an earlier call put it."""
    path = cache_folder("data") / member / dataset(member).files[0].name
    return path if path.is_file() else None


def _files_by_name(folders: Iterable[Path]) -> dict[str, Path]:
    """File name → the first path that has it."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                found.setdefault(path.name, path)
    return found
