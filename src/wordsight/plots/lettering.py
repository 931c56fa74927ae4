"""Lettering: text in any script, drawn with the fonts that the system has."""

from __future__ import annotations

import functools
import itertools
import logging
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from PIL import ImageDraw, ImageFont, features

log = logging.getLogger(__name__)

_FOLDERS = {
    "linux": ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts"),
    "darwin": ("/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts"),
    "win32": (r"C:\Windows\Fonts", r"~\AppData\Local\Microsoft\Windows\Fonts"),
}
"""Where a system keeps its fonts."""
_PLAIN = ("NotoSans-Regular", "DejaVuSans", "NotoSansCJK-Regular", "Arial Unicode", "ArialUnicode", "segoeui", "msyh")
"""Beginnings of the names of fonts that are tried first."""
_UNLIKE_PLAIN = ("bold", "italic", "oblique", "light", "thin", "black", "condensed", "mono", "serif", "medium", "emoji")
_JOINED_SCRIPTS = ("ARABIC", "SYRIAC", "NKO", "DEVANAGARI", "BENGALI", "TAMIL", "THAI", "KHMER", "MYANMAR")
"""Beginnings of the names of characters that need a text layout engine to stand as they should."""


class Lettering:
    """Draws text of one size, each part of it with the first font that has its characters.

    Attributes:
        unknown: characters that were drawn though no font has them.
        unjoined: whether letters that should join or stack stand apart, for Pillow here cannot do it.
    """

    def __init__(self, size: float) -> None:
        """Takes the height of the letters in pixels."""
        self.size = size
        self.unknown: set[str] = set()
        self.unjoined = False

    def draw(self, draw: ImageDraw.ImageDraw, corner: tuple[float, float], text: str, colour: Any) -> None:
        """Draws text whose upper left corner is given; what is written from right to left is drawn so."""
        x, y = corner
        self.unjoined |= _needs_layout(text) and not features.check("raqm")
        for part, font in self._parts(text):
            draw.text((x, y + self.size), part, colour, font, anchor="ls")
            x += font.getlength(part)

    def length(self, text: str) -> float:
        """The width of a text in pixels."""
        return float(sum(font.getlength(part) for part, font in self._parts(text)))

    def shortened(self, text: str, width: float) -> str:
        """The text, cut to at most so many pixels."""
        if self.length(text) <= width:
            return text
        while text and self.length(text + "…") > width:
            text = text[:-1]
        return text + "…"

    def _parts(self, text: str) -> Iterator[tuple[str, Any]]:
        """The text in parts of one font and one direction; blanks, marks and signs stay with what is before them."""
        kinds: list[tuple[str | None, bool]] = []
        for character in text:
            font, leftward = kinds[-1] if kinds else (None, False)
            if not kinds or not _fits(font, character):
                font = font_with(character)
            strong = unicodedata.bidirectional(character)
            kinds.append((font, strong in ("R", "AL") if strong in ("L", "R", "AL") else leftward))
            if font is None and not _has_glyph(None, character):
                self.unknown.add(character)
        for (font, _), group in itertools.groupby(zip(text, kinds, strict=True), key=lambda pair: pair[1]):
            yield "".join(character for character, _ in group), _loaded(font, self.size)


def say_what_is_missing(letterings: Sequence[Lettering]) -> None:
    """Logs a line where characters had no font, or where letters stand unjoined that should be joined."""
    unknown = sorted(set().union(*(lettering.unknown for lettering in letterings)))
    if unknown:
        log.warning(
            "no font on this system has %s; install the Noto fonts (Debian, Ubuntu: apt install fonts-noto-core "
            "fonts-noto-cjk) and draw again",
            " ".join(unknown[:10]) + (" …" if len(unknown) > 10 else ""),
        )
    if any(lettering.unjoined for lettering in letterings):
        log.warning("letters that should join stand apart: Pillow here has no raqm; the wheels of Pillow have it")


def _needs_layout(text: str) -> bool:
    """Whether a text has letters that join or stack, for which Pillow needs raqm."""
    return any(unicodedata.name(character, "").startswith(_JOINED_SCRIPTS) for character in text)


def _fits(font: str | None, character: str) -> bool:
    """Whether a character can stay in the font of the one before it."""
    return unicodedata.category(character)[0] in "MZ" or _has_glyph(font, character)


@functools.cache
def font_with(character: str) -> str | None:
    """The path of the first font that has a character; None for Pillow's own, and where no font has it."""
    if _has_glyph(None, character):
        return None
    return next((path for path in system_fonts() if _has_glyph(path, character)), None)


@functools.cache
def system_fonts() -> tuple[str, ...]:
    """The paths of the system's fonts, plain ones first."""
    folders = [Path(folder).expanduser() for folder in _FOLDERS.get(sys.platform, _FOLDERS["linux"])]
    paths = {
        str(path) for folder in folders for path in folder.rglob("*") if path.suffix.lower() in (".ttf", ".otf", ".ttc")
    }

    def rank(path: str) -> tuple[int, int, str]:
        name = Path(path).name
        first = next((i for i, start in enumerate(_PLAIN) if name.startswith(start)), len(_PLAIN))
        return first, sum(word in name.lower() for word in _UNLIKE_PLAIN), name

    return tuple(sorted(paths, key=rank))


@functools.lru_cache(maxsize=32)
def _loaded(path: str | None, size: float) -> Any:
    """A font of a size; without a path, Pillow's own."""
    return ImageFont.load_default(size) if path is None else ImageFont.truetype(path, size)


@functools.cache
def _has_glyph(path: str | None, character: str) -> bool:
    """Whether a font draws a character otherwise than one that no font has."""
    if character.isspace():
        return True
    try:
        font = _loaded(path, 20)
        return bytes(font.getmask(character)) not in (bytes(font.getmask("\U0010fffe")), b"")
    except OSError:  # a file that is no font that FreeType can read
        return False
