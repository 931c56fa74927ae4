"""Tar files of others: their members are listed and read where they lie; nothing is ever unpacked to where they say."""

from __future__ import annotations

import contextlib
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from wordsight.errors import DataError


class _Member(tarfile.TarInfo):
    """A member whose size is not negative: with one that is, Python's reader would go round in circles."""

    def _block(self, count: int) -> int:
        if count < 0:
            raise tarfile.ReadError("a member has a negative size")
        return int(super()._block(count))  # type: ignore[misc]


@contextlib.contextmanager
def open_tar(path: Path) -> Iterator[tarfile.TarFile]:
    """Opens an uncompressed tar file.

    Raises:
        DataError: it is damaged, cut off or no tar file.
    """
    try:
        with tarfile.open(path, "r:", tarinfo=_Member) as tar:
            yield tar
    except (tarfile.TarError, EOFError, ValueError, OverflowError, RecursionError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{path} is not a whole tar file ({error}); get it again or take it out") from error


def samples(tar: tarfile.TarFile) -> Iterator[tuple[str, str, tarfile.TarInfo]]:
    """(key, ending, member) of the files in a shard of img2dataset; links and devices are left out.

    A key goes up to the first dot of the file name, as in img2dataset and webdataset. Nothing is unpacked, so that a
    name which climbs out of its folder is an odd key and no more.
    """
    for member in tar:
        if member.isreg():
            name = PurePosixPath(member.name)
            key, _, ending = name.name.partition(".")
            yield (name.parent / key).as_posix(), ending, member
