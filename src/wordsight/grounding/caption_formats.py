"""Reads captions from a file of any known format, found by its content or named by the user."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from wordsight.errors import DataError, ParameterError, unknown_name
from wordsight.grounding.caption_files import (
    coco_captions,
    conceptual_captions,
    flickr_captions,
    img2dataset_captions,
    karpathy_captions,
)
from wordsight.grounding.captions import ImageCaptions
from wordsight.images.features import ImageFeatures
from wordsight.storage.streams import existing, reading

HEAD = 1 << 16
"""How many bytes of a file its format is found by."""


METADATA = ("metadata.csv", "metadata.jsonl", "metadata.parquet")
"""The files of an image folder that say what its images show; one is there."""


@dataclass(frozen=True)
class CaptionSource:
    """The place of captions and what is needed to read them.

    Attributes:
        path: the file, or a folder of shards.
        shards: the images of Conceptual Captions as img2dataset fetched them; None for other formats.
        splits: which of Karpathy's splits are read; None for all.
    """

    path: Path
    shards: Path | None = None
    splits: Collection[str] | None = None


@dataclass(frozen=True)
class CaptionFormat:
    """A format of captions.

    Attributes:
        what: what it is, in a few words.
        recognises: tells whether the beginning of a file looks like it.
        read: the function that reads it.
    """

    what: str
    recognises: Callable[[str], bool]
    read: Callable[[CaptionSource, ImageFeatures], ImageCaptions]


def _is_json(head: str) -> bool:
    return head.lstrip().startswith("{")


def _metadata(folder: Path) -> Path:
    found = [folder / name for name in METADATA if (folder / name).is_file()]
    if len(found) != 1:
        names = " and ".join(path.name for path in found) or "none"
        raise DataError(f"{folder} needs one of {', '.join(METADATA)}; it has {names}")
    return found[0]


def _conceptual(source: CaptionSource, features: ImageFeatures) -> ImageCaptions:
    if source.shards is None:
        raise ParameterError(f"{source.path} names images by address; name the shards that hold them, captions.shards")
    return conceptual_captions(source.path, source.shards, features)


FORMATS: dict[str, CaptionFormat] = {
    "karpathy": CaptionFormat(
        "Karpathy's splits of Flickr8k, Flickr30k or COCO (JSON)",
        lambda head: _is_json(head) and '"sentences"' in head,
        lambda source, features: karpathy_captions(source.path, features, source.splits),
    ),
    "coco": CaptionFormat(
        "COCO's annotations (JSON)", _is_json, lambda source, features: coco_captions(source.path, features)
    ),
    "flickr": CaptionFormat(
        "Flickr's token file (image#number, tab, caption)",
        lambda head: re.match(r"[^\t\n]+#\d+\t", head) is not None,
        lambda source, features: flickr_captions(source.path, features),
    ),
    "conceptual": CaptionFormat(
        "Conceptual Captions (caption, tab, address)",
        lambda head: re.match(r"[^\t\n]*\thttps?://", head) is not None,
        _conceptual,
    ),
    "imagefolder": CaptionFormat(
        "an image folder of Hugging Face, with metadata.csv, .jsonl or .parquet (file_name, text)",
        lambda head: False,  # known by its files
        lambda source, features: ImageCaptions.from_table(_metadata(source.path), features),
    ),
    "img2dataset": CaptionFormat(
        "shards of img2dataset or webdataset (.tar, or a folder of them)",
        lambda head: False,  # known by its ending, since nothing else is a folder or a .tar
        lambda source, features: img2dataset_captions(source.path, features),
    ),
    "table": CaptionFormat(
        "a table with the columns image and caption",
        lambda head: True,
        lambda source, features: ImageCaptions.from_table(source.path, features),
    ),
}
"""Name → format, in the order in which they are tried."""


def read_captions(
    path: str | os.PathLike[str],
    features: ImageFeatures,
    *,
    format: str = "auto",
    shards: str | os.PathLike[str] | None = None,
    splits: Collection[str] | None = None,
) -> ImageCaptions:
    """Reads captions of any known format.

    Args:
        path: the file, an image folder with its metadata, or a folder of shards.
        features: the images.
        format: a name of :data:`FORMATS`; ``"auto"`` finds it by the content.
        shards: the images of Conceptual Captions as img2dataset fetched them.
        splits: which of Karpathy's splits are read; None for all.

    Raises:
        UnknownNameError: no such format; the message suggests near ones.
        ParameterError: Conceptual Captions without shards.
        DataError: the file cannot be read, or none of its images is among the features.
    """
    if format != "auto" and format not in FORMATS:
        raise unknown_name("format of captions", format, FORMATS, hint=f"there are: auto, {', '.join(FORMATS)}")
    source = CaptionSource(existing(path, what="captions"), None if shards is None else Path(shards), splits)
    return FORMATS[sniffed(source.path) if format == "auto" else format].read(source, features)


def sniffed(path: Path) -> str:
    """Finds the name of a file's format by its content.

    Raises:
        DataError: the file cannot be read.
    """
    if path.is_dir() and any((path / name).is_file() for name in METADATA):
        return "imagefolder"
    if path.is_dir() or path.suffix == ".tar":
        return "img2dataset"
    if path.suffix == ".parquet" or ".jsonl" in path.suffixes[-2:]:
        return "table"
    with reading(path) as stream:
        head = stream.read(HEAD).decode("utf-8-sig", errors="replace")
    return next(name for name, format in FORMATS.items() if format.recognises(head))
