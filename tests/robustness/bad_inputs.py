"""Files of others that are not as they should be, and what happens: each is a test and a row of docs/bad-inputs.md."""

from __future__ import annotations

import logging
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wordsight.errors import WordsightError

BAR = "\\|"


@dataclass(frozen=True)
class BadInput:
    """One bad input.

    Attributes:
        what: it is.
        make: writes it into a folder and returns what the reader is given.
        read: the reader.
        handled: None where the reader must refuse it with an error of one line; else what it does instead, in words.
        holds: of something handled, whether the reader's result is as those words say.
    """

    what: str
    make: Callable[[Path], Any]
    read: Callable[[Any], Any]
    handled: str | None = None
    holds: Callable[[Any], bool] = bool

    def outcome(self) -> str:
        """Lets the reader have it; the error's message, or the warnings of something handled.

        Raises:
            AssertionError: something else happened than was due.
        """
        with tempfile.TemporaryDirectory() as name, _messages() as warnings:
            folder = Path(name)
            given = self.make(folder)
            try:
                result = self.read(given)
            except WordsightError as error:
                assert self.handled is None, f"{self.what}: refused ({error})"
                message = str(error).replace(f"{folder}/", "").replace(str(folder), ".")
                assert "\n" not in message, message
                return re.sub(" at 0x[0-9a-f]+", "", message)  # an address, which differs each time
            assert self.handled is not None, f"{self.what}: taken for {result!r}"
            assert self.holds(result), f"{self.what}: {self.handled}? It gave {result!r}"
            return "; ".join(warning.replace(f"{folder}/", "") for warning in warnings)


class _messages:
    """The library's warnings while the block runs."""

    def __enter__(self) -> list[str]:
        self._log, self._handler, found = logging.getLogger("wordsight"), logging.Handler(logging.WARNING), list[str]()
        self._handler.emit = lambda record: found.append(record.getMessage())  # type: ignore[method-assign]
        self._log.addHandler(self._handler)
        return found

    def __exit__(self, *_: object) -> None:
        self._log.removeHandler(self._handler)


def written(name: str, content: bytes | str) -> Callable[[Path], Path]:
    """Makes a file of this name and content."""

    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


def groups() -> Iterator[tuple[str, list[BadInput]]]:
    """All bad inputs by the kind of file they should have been."""
    from tests.robustness import bad_images, bad_tables, bad_text, bad_vectors, bad_written

    for module in (bad_text, bad_tables, bad_vectors, bad_images, bad_written):
        yield from module.GROUPS.items()


def page() -> str:
    """docs/bad-inputs.md without its first line."""
    text, n = "", 0
    for title, inputs in groups():
        text += f"\n## {title}\n\n| What | What happens |\n|---|---|\n"
        for bad in inputs:
            n += 1
            said = _cell(bad.outcome())
            happens = f"*{bad.handled}*" + (f" ({said})" if said else "") if bad.handled else said
            text += f"| {bad.what.replace('|', BAR)} | {happens} |\n"
    lead = (
        "# Bad inputs\n\n"
        f"What happens to {n} inputs that are not as they should be; each row is a test. An error is one line: what is "
        "wrong, where, and what to do; the command line prints it and exits with 2. What stands in *italics* is no "
        "error. [SECURITY.md](../SECURITY.md) says what is trusted.\n"
    )
    return lead + text


def _cell(text: str) -> str:
    """A message as Markdown shows it literally."""
    return "".join(f"\\{character}" if character in "\\|<>*_`" else character for character in text)
