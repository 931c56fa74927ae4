"""Captions as the well-known collections publish them: COCO, Flickr, Conceptual Captions, img2dataset's shards.

A collection's images are found among the features by id, or else by file name; so features made from ``train2017/``
and from the folder above it both fit. Captions of images that the features lack (another split, a broken image) are
left out and counted in the log. Blanks around a caption are dropped, and so are empty captions.
"""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from wordsight.errors import DataError
from wordsight.grounding.captions import ImageCaptions
from wordsight.images.features import ImageFeatures
from wordsight.progress import progress
from wordsight.storage.archives import open_tar, samples
from wordsight.storage.arrays import load_array
from wordsight.storage.json_toml import content_of, parse_json
from wordsight.storage.plain_text import read_text
from wordsight.storage.streams import existing

log = logging.getLogger(__name__)

MOST_BYTES = 1 << 24
"""How many bytes a caption or its JSON in a shard may have."""

PathLike = str | os.PathLike[str]


def coco_captions(path: PathLike, features: ImageFeatures) -> ImageCaptions:
    """Reads COCO's ``captions_train2017.json``: ``images`` (``id``, ``file_name``) and ``annotations`` with captions.

    Chen et al.: Microsoft COCO Captions. 2015.

    Args:
        path: the JSON file, plain or compressed.
        features: the images.

    Raises:
        DataError: not such a file, or none of its images is among the features.
    """
    collection = _read_json(path)
    with content_of(path, "a file of COCO's captions"):
        names = {image["id"]: image["file_name"] for image in collection["images"]}
        pairs = [(names[a["image_id"]], a["caption"]) for a in collection["annotations"]]
    return _matched(pairs, features, path)


def karpathy_captions(path: PathLike, features: ImageFeatures, splits: Collection[str] | None = None) -> ImageCaptions:
    """Reads Karpathy's ``dataset_flickr30k.json``, ``dataset_flickr8k.json`` or ``dataset_coco.json``.

    Karpathy, Fei-Fei: Deep Visual-Semantic Alignments for Generating Image Descriptions. CVPR 2015.

    Args:
        path: the JSON file, plain or compressed: ``images``, each with ``filename``, ``split`` and ``sentences``.
        features: the images.
        splits: which of them to read: ``train``, ``val``, ``test``, in COCO also ``restval``; None: all.

    Raises:
        DataError: not such a file, no image of these splits, or none of them is among the features.
    """
    collection = _read_json(path)
    with content_of(path, "a file of Karpathy's splits"):
        images = [image for image in collection["images"] if splits is None or image["split"] in splits]
        found = sorted({image["split"] for image in collection["images"]})
        pairs = [(image["filename"], sentence["raw"]) for image in images for sentence in image["sentences"]]
    if not images:
        raise DataError(f"{path} has no image of the split {' or '.join(splits or ())}; it has: {', '.join(found)}")
    return _matched(pairs, features, path)


def karpathy_features(matrix: PathLike, path: PathLike, *, encoder: str = "unknown") -> ImageFeatures:
    """Reads features made by another program for one of Karpathy's files: row i belongs to its i-th image.

    Args:
        matrix: a ``.npy`` file [n_images, n_features]; memory-mapped.
        path: the JSON file, plain or compressed.
        encoder: name of what made the features.

    Raises:
        DataError: a file is missing, damaged or of another kind, or they do not go together.
    """
    collection = _read_json(path)
    with content_of(path, "a file of Karpathy's splits"):
        names = [image["filename"] for image in collection["images"]]
    values = load_array(Path(matrix))
    try:
        return ImageFeatures(names, values, encoder=encoder)
    except DataError as error:
        raise DataError(f"{matrix} and {path} do not go together: {error}") from None


def flickr_captions(path: PathLike, features: ImageFeatures) -> ImageCaptions:
    """Reads Flickr8k's or Flickr30k's own token file: lines ``1000092795.jpg#0``, a tab, the caption.

    Hodosh, Young, Hockenmaier: Framing Image Description as a Ranking Task. JAIR 2013.

    Args:
        path: such as ``Flickr8k.token.txt`` or ``results_20130124.token``, plain or compressed.
        features: the images.

    Raises:
        DataError: a line of another form (names it), or none of the images is among the features.
    """
    pairs = []
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        image, tab, caption = line.rstrip("\r").partition("\t")
        name, mark, _ = image.rpartition("#")
        if tab and mark:
            pairs.append((name, caption))
        elif line.strip():
            raise DataError(f"{path}, line {number}: an image with #number, a tab and a caption are needed")
    return _matched(pairs, features, path)


def img2dataset_captions(source: PathLike, features: ImageFeatures) -> ImageCaptions:
    """Reads the tar shards that img2dataset writes: a caption is the text with an image's key.

    Args:
        source: a ``.tar`` file or a folder of them; captions are in ``KEY.txt``, or in ``KEY.json`` as ``caption``.
        features: the images; their ids are the keys, as :meth:`ImageFeatures.extract` of the shards makes them.

    Raises:
        DataError: no shard, a damaged one, or none of the images is among the features.
    """
    captions: dict[str, str] = {}
    for key, ending, text in _texts_of(source, "txt", "json"):
        if ending == "txt":
            captions[key] = text
        else:
            captions.setdefault(key, _field(source, key, text, "caption"))
    return _matched(captions.items(), features, source)


def conceptual_captions(path: PathLike, shards: PathLike, features: ImageFeatures) -> ImageCaptions:
    """Reads Conceptual Captions' TSV (caption, address; no header), whose images img2dataset fetched.

    Sharma, Ding, Goodman, Soricut: Conceptual Captions. ACL 2018.

    Args:
        path: such as ``Train_GCC-training.tsv``, plain or compressed.
        shards: a ``.tar`` file or a folder of them; ``KEY.json`` has the image's address as ``url``.
        features: the images; their ids are the keys.

    Raises:
        DataError: a line without exactly two fields (names it), a damaged shard, or no image of the TSV is among the
            features.
    """
    images: dict[str, list[str]] = {}
    for key, _, text in _texts_of(shards, "json"):
        images.setdefault(_field(shards, key, text, "url"), []).append(key)
    pairs = []
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        fields = line.rstrip("\r").split("\t")
        if len(fields) == 2:
            pairs += [(image, fields[0]) for image in images.get(fields[1], [])]
        elif line:
            raise DataError(f"{path}, line {number}: {len(fields)} fields; a caption, a tab and an address are needed")
    return _matched(pairs, features, path)


def _matched(pairs: Iterable[tuple[str, str]], features: ImageFeatures, path: PathLike) -> ImageCaptions:
    """Makes captions of those (image, caption) pairs whose image is among the features."""
    pairs = [(image, caption.strip()) for image, caption in pairs]
    rows = _rows_by_name(features)
    kept = [(caption, rows[image]) for image, caption in pairs if caption and image in rows]
    if not kept:
        some = f"its images look like {pairs[0][0]}" if pairs else "it has no captions"
        raise DataError(
            f"{path}: none of its images is among the features; {some}, those of the features like {features.ids[0]}"
        )
    if len(kept) < len(pairs):
        log.warning(
            "%s: %d of %d captions left out: empty, or of other images", path, len(pairs) - len(kept), len(pairs)
        )
    captions, image_rows = zip(*kept, strict=True)
    return ImageCaptions(captions, np.array(image_rows), features)


def _rows_by_name(features: ImageFeatures) -> dict[str, int]:
    """Maps each image's id, and its file name where only one image has it, to the image's row."""
    names = [PurePosixPath(image).name for image in features.ids]
    counts = Counter(names)
    rows = {name: row for row, name in enumerate(names) if counts[name] == 1}
    return rows | {image: row for row, image in enumerate(features.ids)}


def _read_json(path: PathLike) -> Any:
    return parse_json(read_text(path), path)


def _texts_of(source: PathLike, *endings: str) -> Iterator[tuple[str, str, str]]:
    """Yields (key, ending, text) of the files with these endings in all shards."""
    path = existing(source, what="file or folder")
    shards = sorted(path.glob("*.tar")) if path.is_dir() else [path]
    if not shards:
        raise DataError(f"no .tar files in {path}; these are what img2dataset writes")
    with progress("reading captions", len(shards), unit="files") as advance:
        for shard in shards:
            yield from _texts_in(shard, endings)
            advance(1)


def _texts_in(shard: Path, endings: Collection[str]) -> Iterator[tuple[str, str, str]]:
    with open_tar(shard) as tar:
        for key, ending, member in samples(tar):
            if ending not in endings:
                continue
            if member.size > MOST_BYTES:
                raise DataError(
                    f"{shard}: {member.name} has {member.size:,} bytes, too many for a caption; leave it out"
                )
            stream = tar.extractfile(member)
            try:
                yield key, ending, stream.read().decode("utf-8-sig") if stream else ""
            except UnicodeDecodeError as error:
                raise DataError(
                    f"{shard}: the text of {member.name} is not UTF-8 ({error.reason}); get the shard again"
                ) from error


def _field(source: PathLike, key: str, text: str, field: str) -> str:
    """Returns a field of a sample's JSON; empty where it is missing or null."""
    found = parse_json(text, f"{source}: {key}.json")
    if not isinstance(found, dict):
        raise DataError(f"{source}: {key}.json is not a JSON object; get the shard again")
    return str(found.get(field) or "")
