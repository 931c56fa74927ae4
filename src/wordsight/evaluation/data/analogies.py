"""Analogy questions, ``a is to b as c is to ?``: Google's one file, and BATS's folder with a file a relation.

Google's (Mikolov et al. 2013) has lines ``athens greece baghdad iraq`` under headings ``: capital-common-countries``;
headings that begin with ``gram`` are syntactic. BATS (Gladkova et al. 2016) has lines ``word answer``, where an answer
may be several with slashes between, ``bone/skeleton``; each two lines make a question, and the folders are its groups.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, permutations
from pathlib import Path
from typing import NamedTuple

from wordsight.errors import DataError
from wordsight.storage.plain_text import read_text
from wordsight.storage.streams import existing
from wordsight.text.normal_form import composed


class Question(NamedTuple):
    """``a`` is to ``b`` as ``c`` is to one of the answers."""

    a: str
    b: str
    c: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class AnalogySection:
    """The questions about one relation.

    Attributes:
        name: of the relation, as the file has it.
        group: kind of relations that it belongs to; empty where the file has no kinds.
        questions: in the order of the file.
    """

    name: str
    group: str
    questions: list[Question]


def read_analogies(path: str | os.PathLike[str]) -> list[AnalogySection]:
    """Reads questions from Google's file or any file of its layout, or from a file or the folder of BATS.

    Raises:
        DataError: missing, without questions, or a line that is of neither layout; the message names it.
    """
    path = existing(path)
    files = sorted(path.rglob("*.txt")) if path.is_dir() else [path]
    sections = [section for file in files for section in _read_file(file, "" if file == path else _group(file, path))]
    if not any(section.questions for section in sections):
        raise DataError(f"{path} has no analogies; lines of four words (Google) or of a word and its answer (BATS)")
    return sections


def _group(file: Path, folder: Path) -> str:
    """The folder of BATS that a file stands in."""
    return "" if file.parent == folder else file.parent.name


def _read_file(path: Path, group: str) -> list[AnalogySection]:
    lines = list(_lines(path))
    pairs = [fields for _, fields in lines if len(fields) == 2]
    if lines and len(pairs) == len(lines):
        return [AnalogySection(path.stem, group, list(_questions_of_pairs(pairs)))]
    sections = []
    heading = path.stem
    for is_heading, rows in groupby(lines, key=lambda line: line[1][0].startswith(":")):
        if is_heading:
            heading = " ".join(list(rows)[-1][1]).lstrip(": ")
            continue
        sections.append(AnalogySection(heading, group, [_question(f"{path}, line {n}", row) for n, row in rows]))
    if not group and any(section.name.startswith("gram") for section in sections):
        kinds = {True: "syntactic", False: "semantic"}
        return [AnalogySection(s.name, kinds[s.name.startswith("gram")], s.questions) for s in sections]
    return sections


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The fields of each line that has any, with its number; a tab parts them where there is one."""
    for number, line in enumerate(composed(read_text(path)).split("\n"), start=1):
        if line.strip():
            parts = line.strip().split("\t") if "\t" in line.strip() else line.split()
            yield number, [field.strip() for field in parts]


def _question(where: str, fields: list[str]) -> Question:
    if len(fields) != 4 or not all(fields):
        raise DataError(f"{where}: {len(fields)} fields; a question has four words, or a file of BATS two in each line")
    a, b, c, answer = fields
    return Question(a, b, c, (answer,))


def _questions_of_pairs(pairs: list[list[str]]) -> Iterator[Question]:
    """Each two lines of BATS: the first answer of the one is ``b``, all answers of the other are right."""
    for (a, b), (c, answers) in permutations(pairs, 2):
        yield Question(a, b.split("/")[0], c, tuple(filter(None, answers.split("/"))))
