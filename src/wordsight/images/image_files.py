"""ImageFile and find_images: images in a folder, in a table of paths, or in img2dataset's tar shards."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import stat
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from wordsight.errors import DataError, ParameterError
from wordsight.images._sources import Sources, named_sources
from wordsight.images.decoding import SUFFIXES, BrokenImage
from wordsight.progress import progress
from wordsight.storage.archives import open_tar, samples
from wordsight.storage.streams import existing
from wordsight.storage.tables import IMAGE_COLUMNS, read_table

logger = logging.getLogger(__name__)

MOST_BYTES = 1 << 28
"""How many bytes an image file may have."""
_UNFIT = re.compile(r"[\x00-\x1f\ud800-\udfff]")
"""Characters that no id may hold: control characters, and what Python makes of names that are not UTF-8."""


@dataclass(frozen=True, slots=True)
class ImageFile:
    """The bytes of one image: a whole file or a part of a tar file."""

    id: str
    path: Path
    source: str | None = None
    offset: int = 0
    size: int = -1

    def read(self) -> bytes:
        """Reads the bytes.

        Raises:
            BrokenImage: they cannot be read, or are too many.
        """
        if self.n_bytes > MOST_BYTES:
            raise BrokenImage(f"{self.n_bytes:,} bytes, too many for an image")
        try:
            with self.path.open("rb") as stream:
                stream.seek(self.offset)
                return stream.read(self.n_bytes)
        except OSError as error:
            raise BrokenImage(error.strerror or str(error)) from error

    @property
    def n_bytes(self) -> int:
        """The number of bytes.

        Raises:
            BrokenImage: there is no such file, or it is a folder, a pipe or a device.
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


def find_images(
    path: str | os.PathLike[str], *, sources: Sources | None = None, source_column: str | None = None
) -> list[ImageFile]:
    """Lists the images of a folder, a table or shards without opening them; the order is always the same.

    Args:
        path: one of

            - a folder: its image files, also in sub-folders (hidden ones and linked folders aside); the id is the
              path within the folder;
            - a ``.tar`` file or a folder that holds some: img2dataset's shards; the id is the key;
            - a table with the column ``image`` or ``path``: the id is the path as written, relative to the folder of
              the table (or the one above it, if the first image is there).
        sources: the collection that each image belongs to, where there are several: ``"folders"`` for the first
            folder in the ids, one source an image in the order of the images, or image id → source.
        source_column: the column of the table that names each image's source; None: ``source``, if there is one.

    Raises:
        DataError: there is nothing or no image, a tar file is damaged, a name cannot be an id, the column is not
            there, or the sources do not fit the images.
        ParameterError: both ``sources`` and a column are given, or a column but no table.
        UnknownNameError: ``sources`` is another text than ``"folders"``.
    """
    path = existing(path, what="file or folder")
    if sources is not None and source_column is not None:
        raise ParameterError("sources and a source column are given; say the images' sources in one way")
    shards = sorted(path.glob("*.tar")) if path.is_dir() else [path] if path.suffix == ".tar" else []
    if not shards and not path.is_dir():
        images = _in_table(path, source_column)
    elif source_column is not None:
        raise ParameterError(f"a source column is given, but {path} is no table of images")
    else:
        images = _in_shards(shards) if shards else _in_folder(path)
    if sources is not None:
        said = named_sources([image.id for image in images], sources)
        images = [replace(image, source=source) for image, source in zip(images, said, strict=True)]
    for image in images:
        for name in (image.id, image.source or ""):
            if _UNFIT.search(name):
                raise DataError(f"{path}: the name {name!a} cannot be an id or source; rename it in plain UTF-8")
    return images


def _no_images(path: Path, passed_over: str = "") -> DataError:
    return DataError(
        f"no images in {path}{passed_over}; files with these endings are read: {' '.join(sorted(SUFFIXES))}"
    )


def _in_folder(folder: Path) -> list[ImageFile]:
    names = _files(folder)
    images = sorted((name for name in names if name.suffix.lower() in SUFFIXES), key=lambda name: name.parts)
    others = Counter(name.suffix.lower() or "no ending" for name in names)
    for suffix in SUFFIXES:
        del others[suffix]
    endings = ", ".join(f"{n} {_shown(ending)}" for ending, n in others.most_common(5))
    if not images:
        raise _no_images(folder, f", but other files: {endings}" if others else "")
    if others:
        logger.warning("%s: %d files are skipped because of their endings: %s", folder, others.total(), endings)
    return [ImageFile(name.as_posix(), folder / name) for name in images]


def _files(folder: Path) -> list[Path]:
    """Lists all files in a folder and its sub-folders, relative to it, but hidden ones."""
    found: list[Path] = []
    for directory, subdirectories, files in os.walk(folder):
        subdirectories[:] = [name for name in subdirectories if not name.startswith(".")]
        here = Path(directory).relative_to(folder)
        found += [here / name for name in files if not name.startswith(".")]
    return found


def _shown(ending: str) -> str:
    """Returns an ending, which may hold anything, in printable form."""
    return ending if ending.isprintable() else ascii(ending)


def _in_table(path: Path, source_column: str | None) -> list[ImageFile]:
    table = read_table(path)
    names = table.column(*IMAGE_COLUMNS)
    sources: Sequence[str | None] = [None] * len(names)
    if source_column is not None or "source" in table:
        sources = table.column(source_column or "source")
    if not names:
        raise _no_images(path)
    for row, (name, source) in enumerate(zip(names, sources, strict=True)):
        if name == "" or source == "":
            raise DataError(f"{table.where(row)}: no {'source' if name else 'image'} is named")
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


def _in_shards(shards: Sequence[Path]) -> list[ImageFile]:
    images: dict[str, ImageFile] = {}
    with progress("reading tar files", len(shards), unit="files") as advance:
        for shard in shards:
            for image in _in_tar(shard):
                if image.id in images:
                    raise DataError(f"{shard}: the key {image.id!r} is in {images[image.id].path} already")
                images[image.id] = image
            advance(1)
    if not images:
        raise _no_images(shards[0] if len(shards) == 1 else shards[0].parent)
    return list(images.values())


def _in_tar(path: Path) -> list[ImageFile]:
    """Lists the images of a shard by their position in it; nothing is unpacked, and names are only ids."""
    with open_tar(path) as tar:
        return [
            ImageFile(key, path, None, member.offset_data, member.size)
            for key, ending, member in samples(tar)
            if f".{ending.lower()}" in SUFFIXES
        ]
