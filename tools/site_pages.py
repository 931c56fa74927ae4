"""The pages that the site is made of: the repository's own, and a reference of the public names from their docstrings.

They lie in the site as in the repository, with the pictures and files that they link to, so that a link leads to the
same page in both.
"""

from __future__ import annotations

import inspect
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import wordsight

ROOT = Path(__file__).parents[1]
TOP = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
LINK = re.compile(r"\]\(([^)#\s]+)")


def written_pages() -> list[Path]:
    """The Markdown files of the repository that are pages of the site, relative to its root."""
    return [*(Path(name) for name in TOP), *sorted(p.relative_to(ROOT) for p in (ROOT / "docs").rglob("*.md"))]


def prose(text: str) -> str:
    """Markdown without its code, in which brackets are no links."""
    return re.sub(r"^```.*?^```$|`[^`\n]+`", "", text, flags=re.M | re.S)


def linked_files(page: Path) -> Iterator[Path]:
    """The files of the repository that a page links to, relative to its root; a link to none is left to the builder."""
    for link in LINK.findall(prose((ROOT / page).read_text())):
        target = (ROOT / page.parent / link).resolve()
        if "://" not in link and target.is_file():
            yield target.relative_to(ROOT)


def reference_pages() -> dict[Path, str]:
    """Path → text of the reference: one page for each part of the library that has public names."""
    parts: dict[str, list[str]] = {}
    for name in wordsight.__all__:
        if name != "__version__":
            thing = getattr(wordsight, name)
            address = thing.__name__ if inspect.ismodule(thing) else f"{thing.__module__}.{name}"
            parts.setdefault(address.split(".")[1], []).append(address)
    return {
        Path("docs", "reference", f"{part}.md"): f"# {part.capitalize()}\n\n" + "".join(f"::: {n}\n\n" for n in names)
        for part, names in parts.items()
    }


def gather(target: Path) -> None:
    """Writes all pages, and the files that they link to, below ``target``, which is made anew."""
    shutil.rmtree(target, ignore_errors=True)
    pages = written_pages()
    for path in {*pages, *(linked for page in pages for linked in linked_files(page))}:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, target / path)
    for path, text in reference_pages().items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_text(text)
