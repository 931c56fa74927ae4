"""Where images come from: a folder, a table of paths, or the tar shards that img2dataset writes."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from wordsight.errors import DataError
from wordsight.images._decode import SUFFIXES, BrokenImage
from wordsight.progress import progress
from wordsight.storage.archives import open_tar, samples
from wordsight.storage.streams import existing
from wordsight.storage.tables import read_table

_SYNSET = re.compile(r"n\d{8}")
"""A folder of ImageNet, named by a WordNet id."""

MOST_BYTES = 1 << 28
"""Of an image file."""
_UNFIT = re.compile(r"[\x00-\x1f\ud800-\udfff]")
"""What no id may hold: line breaks and their like, and what Python makes of names that are not UTF-8."""


@dataclass(frozen=True, slots=True)
class ImageFile:
    """The bytes of one image: a whole file or a part of a tar file."""

    id: str
    path: Path
    source: str | None = None
    offset: int = 0
    size: int = -1

    def read(self) -> bytes:
        """The bytes.

        Raises:
            BrokenImage: they cannot be read.
        """
        if self.n_bytes > MOST_BYTES:
            raise BrokenImage(f"{self.n_bytes:,} bytes, more than any image has")
        try:
            with self.path.open("rb") as stream:
                stream.seek(self.offset)
                return stream.read(self.n_bytes)
        except OSError as error:
            raise BrokenImage(error.strerror or str(error)) from error

    @property
    def n_bytes(self) -> int:
        """How long it is.

        Raises:
            BrokenImage: it is not there, or no file but a folder, pipe or device, which may have no end.
        """
        if self.size >= 0:
            return self.size
        try:
            facts = self.path.stat()
        except (OSError, ValueError) as error:
            raise BrokenImage(getattr(error, "strerror", None) or str(error)) from error
        if not stat.S_ISREG(facts.st_mode):
            raise BrokenImage("not a file")
        return facts.st_size


def find_images(source: str | os.PathLike[str]) -> list[ImageFile]:
    """Lists the images of a source without opening them; the order is always the same.

    Args:
        source: one of

            - a folder: its image files, also in sub-folders (hidden ones and linked folders aside); the id is the
              path within the folder, and the first sub-folder is the image's source if there are several,
              unless these are ImageNet's synsets;
            - a ``.tar`` file or a folder that holds some: img2dataset's shards; the id is the key;
            - a table with the column ``image`` or ``path``, and maybe ``source``: the id is the path as written,
              relative to the folder of the table (or the one above it, if the first image is there).

    Raises:
        DataError: nothing there, no images in it, a damaged tar file, or names that cannot be ids.
    """
    path = existing(source, what="file or folder")
    if path.is_dir():
        shards = sorted(path.glob("*.tar"))
        images = _in_shards(shards) if shards else _in_folder(path)
    else:
        images = _in_shards([path]) if path.suffix == ".tar" else _in_table(path)
    if not images:
        raise DataError(f"no images in {path}; files with these endings are read: {' '.join(sorted(SUFFIXES))}")
    for image in images:
        for name in (image.id, image.source or ""):
            if _UNFIT.search(name):
                raise DataError(f"{path}: the name {name!a} cannot be an id or source; rename it in plain UTF-8")
    return images


def _in_folder(folder: Path) -> list[ImageFile]:
    names = []
    for directory, subdirectories, files in os.walk(folder):
        subdirectories[:] = [name for name in subdirectories if not name.startswith(".")]
        here = Path(directory).relative_to(folder)
        names += [here / f for f in files if Path(f).suffix.lower() in SUFFIXES and not f.startswith(".")]
    names.sort(key=lambda name: name.parts)
    groups = [name.parts[0] if len(name.parts) > 1 else "." for name in names]
    grouped = len(set(groups)) > 1 and not all(map(_SYNSET.fullmatch, groups))
    return [
        ImageFile(name.as_posix(), folder / name, group if grouped else None)
        for name, group in zip(names, groups, strict=True)
    ]


def _in_table(path: Path) -> list[ImageFile]:
    table = read_table(path)
    names = table.column("image", "path")
    sources: Sequence[str | None] = table.column("source") if "source" in table else [None] * len(names)
    for row, (name, source) in enumerate(zip(names, sources, strict=True), start=1):
        if name == "" or source == "":
            raise DataError(f"{path}, row {row} after the header: no {'source' if name else 'image'} is named")
    # An image may come in many rows (one for each of its words): the first one counts.
    rows = dict(zip(reversed(names), reversed(sources), strict=True))
    folder = path.parent
    if not _is_there(folder / names[0]) and _is_there(folder / ".." / names[0]):
        folder = folder / ".."
    return [ImageFile(name, folder / name, rows[name]) for name in dict.fromkeys(names)]


def _is_there(path: Path) -> bool:
    with contextlib.suppress(OSError, ValueError):  # a name that is too long, or has a NUL in it
        return path.exists()
    return False


def _in_shards(shards: Iterable[Path]) -> list[ImageFile]:
    shards = list(shards)
    images: dict[str, ImageFile] = {}
    with progress("reading tar files", len(shards), unit="files") as advance:
        for shard in shards:
            for image in _in_tar(shard):
                if image.id in images:
                    raise DataError(f"{shard}: the key {image.id!r} is in {images[image.id].path} already")
                images[image.id] = image
            advance(1)
    return list(images.values())


def _in_tar(path: Path) -> list[ImageFile]:
    """The images of a shard by their place in it; nothing is unpacked, and names are no more than ids."""
    with open_tar(path) as tar:
        return [
            ImageFile(key, path, None, member.offset_data, member.size)
            for key, ending, member in samples(tar)
            if f".{ending.lower()}" in SUFFIXES
        ]
