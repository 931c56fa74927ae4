"""Pictures in terminals that can show them: the protocols of kitty and iTerm, and sixel; never into a pipe or file."""

from __future__ import annotations

import base64
import io
import itertools
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

_SIZE = 96
"""Pixels of a picture's side."""
_LEAST_CELL = 8
"""Pixels of a column of the terminal, at least."""


def show_pictures(pictures: Mapping[str, Sequence[tuple[str, float]]], folder: Path) -> None:
    """Shows rows of pictures where the terminal can; what is no file is left out.

    Args:
        pictures: title of a row → pairs of image and cosine.
        folder: where the image files are, by their ids.
    """
    protocol = protocol_of(os.environ) if sys.stdout.isatty() else None
    if protocol is None:
        return
    from wordsight.plots.contact_sheets import Picture, Row, draw_sheet

    columns = max(1, shutil.get_terminal_size().columns * _LEAST_CELL // (_SIZE * 9 // 8) - 1)
    rows = []
    for title, images in pictures.items():
        files = [(folder / image, cosine) for image, cosine in images if (folder / image).is_file()]
        if files:
            rows.append(Row(title, [Picture(path, f"{cosine:.2f} {path.stem}") for path, cosine in files[:columns]]))
    if rows:
        sheet, _ = draw_sheet(rows, size=_SIZE)
        sys.stdout.write(protocol(sheet) + "\n")
        sys.stdout.flush()


def protocol_of(environment: Mapping[str, str]) -> Callable[[Image], str] | None:
    """What the terminal understands, by the variables that it sets; None where that is nothing or not known.

    A multiplexer (tmux, screen) stands between and passes none of it on.
    """
    terminal, program = environment.get("TERM", ""), environment.get("TERM_PROGRAM", "")
    if "TMUX" in environment or terminal.startswith(("screen", "tmux", "dumb")):
        return None
    if "KITTY_WINDOW_ID" in environment or terminal in ("xterm-kitty", "xterm-ghostty"):
        return kitty
    if program in ("iTerm.app", "WezTerm", "mintty") or environment.get("LC_TERMINAL") == "iTerm2":
        return iterm
    konsole = environment.get("KONSOLE_VERSION", "")
    if terminal.startswith(("foot", "mlterm", "contour")) or (konsole.isdecimal() and int(konsole) >= 220400):
        return sixel
    return None


def kitty(image: Image) -> str:
    """The image in kitty's graphics protocol: PNG in pieces of 4,096 characters, without an answer."""
    data = base64.b64encode(_png(image)).decode()
    pieces = [data[start : start + 4096] for start in range(0, len(data), 4096)]
    orders = [f"m={int(i < len(pieces) - 1)}" for i in range(len(pieces))]
    orders[0] = f"a=T,f=100,q=2,{orders[0]}"
    return "".join(f"\x1b_G{order};{piece}\x1b\\" for order, piece in zip(orders, pieces, strict=True))


def iterm(image: Image) -> str:
    """The image in iTerm's inline images protocol."""
    png = _png(image)
    size = f"size={len(png)};width={image.width}px;height={image.height}px"
    return f"\x1b]1337;File=inline=1;{size}:{base64.b64encode(png).decode()}\x07"


def sixel(image: Image) -> str:
    """The image in DEC's sixel graphics: 256 colours, in bands of six lines, runs of equal columns shortened."""
    import numpy as np

    indexed = image.convert("RGB").quantize(256)
    pixels, palette = np.asarray(indexed), indexed.getpalette() or []
    used = np.unique(pixels).tolist()
    colours = [f"#{i};2;" + ";".join(str(round(c / 2.55)) for c in palette[3 * i : 3 * i + 3]) for i in used]
    bands = []
    for top in range(0, image.height, 6):
        band = pixels[top : top + 6]
        bit = 1 << np.arange(len(band))
        bands.append("$".join(f"#{i}{_runs(63 + bit @ (band == i))}" for i in np.unique(band)))
    return f'\x1bP0;1q"1;1;{image.width};{image.height}{"".join(colours)}{"-".join(bands)}\x1b\\'


def _runs(codes: Sequence[int]) -> str:
    """Characters of these codes; ``!5~`` stands for five times ``~``."""
    groups = ((chr(code), len(list(group))) for code, group in itertools.groupby(codes))
    return "".join(f"!{n}{character}" if n > 3 else character * n for character, n in groups)


def _png(image: Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()
