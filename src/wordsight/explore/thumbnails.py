"""Thumbnails: small copies of image files, as a browser shows them."""

from __future__ import annotations

import threading
from collections import OrderedDict

from wordsight.explore.pictures import Pictures
from wordsight.images.thumbnail import Thumbnail, thumbnail

SIZES = (96, 192, 384)
"""Pixels of the longer side."""
_KEPT_BYTES = 1 << 25
"""How many bytes of thumbnails are kept in memory."""


class Thumbnails:
    """Thumbnails of pictures; those asked for last are kept.

    Args:
        pictures: whose image files are read.
    """

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self._kept: OrderedDict[tuple[int, int], Thumbnail] = OrderedDict()
        self._n_bytes = 0
        self._lock = threading.Lock()

    def get(self, row: int, size: int) -> Thumbnail:
        """A picture whose longer side has at most ``size`` pixels.

        Raises:
            BrokenImage: there is no file, or it is no readable image.
        """
        with self._lock:
            if (row, size) in self._kept:
                self._kept.move_to_end((row, size))
                return self._kept[row, size]
        made = thumbnail(self._pictures.read(row), size)
        with self._lock:
            if (row, size) not in self._kept:  # another asker may have made it meanwhile
                self._kept[row, size] = made
                self._n_bytes += len(made.data)
            while self._n_bytes > _KEPT_BYTES:
                self._n_bytes -= len(self._kept.popitem(last=False)[1].data)
        return made
