"""The source of each image, as the user says it: a source is a collection of images with a look of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wordsight.errors import DataError, unknown_name

FOLDERS = "folders"

Sources = str | Sequence[str] | Mapping[str, str]
"""``"folders"``, or one source an image in the order of the images, or image id → source."""


def named_sources(ids: Sequence[str], sources: Sources) -> list[str]:
    """Returns the source of each image.

    Args:
        ids: the images.
        sources: ``"folders"`` takes the first folder of each id, ``"."`` for an image in none; a sequence has one
            source an image; a mapping leads from image id to source.

    Raises:
        UnknownNameError: another text than ``"folders"``.
        DataError: an image has no source, or there are not as many sources as images.
    """
    if isinstance(sources, str):
        if sources != FOLDERS:
            raise unknown_name("kind of sources", sources, [FOLDERS], hint=f"write {FOLDERS!r}, or leave it out")
        return [image.partition("/")[0] if "/" in image else "." for image in ids]
    if isinstance(sources, Mapping):
        if lacking := next((image for image in ids if image not in sources), None):
            raise DataError(f"the image {lacking!r} has no source; say one for each image")
        return [sources[image] for image in ids]
    if len(sources) != len(ids):
        raise DataError(f"{len(ids)} images but {len(sources)} sources; say one for each image")
    return list(sources)
