"""Builds the site of the documentation into build/site; a warning or a link that leads nowhere is an error.

python tools/build_site.py
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from site_pages import ROOT, gather

SITE = ROOT / "build" / "site"
FETCHED = {("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("source", "src")}
"""Tags and attributes whose address a browser fetches unasked."""


class PageLinks(HTMLParser):
    """The ids of a page, and what it links to."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[tuple[str, str, str]] = []
        """Tag, attribute and address."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps a tag's id and addresses."""
        for name, value in attrs:
            if value and name == "id":
                self.ids.add(value)
            elif value and name in ("href", "src"):
                self.links.append((tag, name, value))


def links_of(page: Path) -> PageLinks:
    """Reads a built page."""
    links = PageLinks()
    links.feed(page.read_text())
    return links


def site_problems(site: Path) -> Iterator[str]:
    """Says which links of a built site lead nowhere, and what a page would fetch from elsewhere."""
    pages = {page: links_of(page) for page in sorted(site.rglob("*.html")) if page.name != "404.html"}
    for page, links in pages.items():
        for tag, attribute, address in links.links:
            if problem := link_problem(pages, page, tag, attribute, address):
                yield f"{page.relative_to(site)}: {address} {problem}"


def link_problem(pages: dict[Path, PageLinks], page: Path, tag: str, attribute: str, address: str) -> str:
    """Says what is wrong with one link; empty where nothing is."""
    parts = urlsplit(address)
    if parts.scheme in ("data", "mailto"):
        return ""
    if parts.scheme or parts.netloc:
        return "is fetched from elsewhere" if (tag, attribute) in FETCHED else ""
    target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    target = target / "index.html" if target.is_dir() else target
    if not target.exists():
        return "leads nowhere"
    known = parts.fragment and target in pages
    return "names no part of that page" if known and unquote(parts.fragment) not in pages[target].ids else ""


def main() -> int:
    """Gathers the pages, builds the site, and checks it."""
    gather(ROOT / "build" / "pages")
    zensical = [str(Path(sys.executable).with_name("zensical")), "build", "--clean", "--strict"]
    if subprocess.run(zensical, cwd=ROOT).returncode:
        return 1
    problems = list(site_problems(SITE))
    print("\n".join([*problems, f"{SITE.relative_to(ROOT)}: {len(problems)} links are wrong"]))
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
