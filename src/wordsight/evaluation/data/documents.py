"""Documents with labels in several languages, for the task classification."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from wordsight.errors import DataError
from wordsight.storage.plain_text import read_text
from wordsight.storage.streams import existing
from wordsight.storage.tables import read_table

PARTS = ("train", "test")


@dataclass(frozen=True)
class LabelledDocuments:
    """Documents, each with its label, its language and the part it belongs to.

    Attributes:
        name: of the data set.
        texts: n documents.
        labels: n labels.
        languages: n language codes, those of the vectors' tags.
        parts: n times ``"train"`` or ``"test"``.
    """

    name: str
    texts: Sequence[str]
    labels: Sequence[str]
    languages: Sequence[str]
    parts: Sequence[str]

    def __post_init__(self) -> None:
        """Checks that the parts fit together.

        Raises:
            DataError: they do not, or a part has another name.
        """
        lengths = {len(self.texts), len(self.labels), len(self.languages), len(self.parts)}
        if len(lengths) > 1 or not self.texts:
            raise DataError(f"{self.name} needs documents and a label, language and part for each")
        if wrong := set(self.parts) - set(PARTS):
            raise DataError(f"{self.name} has the part {min(wrong)!r}; a document is of train or test")

    def __len__(self) -> int:
        return len(self.texts)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> LabelledDocuments:
        """From a table (:meth:`from_table`), or from a folder (:meth:`from_rcv`).

        Raises:
            DataError: it is not there or is neither of them.
        """
        return cls.from_rcv(path) if Path(path).is_dir() else cls.from_table(path)

    @classmethod
    def from_table(cls, path: str | os.PathLike[str]) -> LabelledDocuments:
        """From a table with the columns ``text``, ``label``, ``language`` (or ``lang``) and ``part`` (or ``split``).

        Raises:
            DataError: the table cannot be read or lacks a column.
        """
        table = read_table(path)
        names = (("text",), ("label",), ("language", "lang"), ("part", "split"))
        return cls(Path(path).stem, *(table.column(*name) for name in names))

    @classmethod
    def from_rcv(cls, folder: str | os.PathLike[str], size: int = 1000) -> LabelledDocuments:
        """From the Reuters news of Klementiev, Titov and Bhattarai (2012), which their owners give on request.

        The folder has ``train/EN1000/CLASS/FILE`` for each language in upper case and number of training documents,
        and ``test/en/CLASS/FILE``; classes are C, E, G and M.

        Args:
            folder: that folder (``rcv-from-binod``).
            size: number of training documents.

        Raises:
            DataError: the folder or the documents of a part are not there.
        """
        folder = existing(folder, what="folder")
        rows: list[tuple[str, str, str, str]] = []
        for part, pattern in (("train", rf"([A-Za-z]+){size}"), ("test", r"([A-Za-z]+)")):
            before = len(rows)
            for folder_of_language in sorted((folder / part).glob("*")):
                if match := re.fullmatch(pattern, folder_of_language.name):
                    files = sorted(path for path in folder_of_language.glob("*/*") if path.is_file())
                    rows += [(read_text(path), path.parent.name, match[1].lower(), part) for path in files]
            if len(rows) == before:
                shown = f"train/EN{size}/C/…" if part == "train" else "test/en/C/…"
                raise DataError(f"{folder} has no documents of the part {part}, such as {shown}")
        texts, labels, languages, parts = zip(*rows, strict=True)
        return cls(f"RCV {size}", texts, labels, languages, parts)
