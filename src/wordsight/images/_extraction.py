"""Extraction: runs many image files through an encoder; threads decode ahead, and a stopped run can go on."""

from __future__ import annotations

import contextlib
import itertools
import logging
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from wordsight.devices import threads
from wordsight.errors import DataError, ParameterError, check_at_least_1
from wordsight.images._features_directory import write_features
from wordsight.images._partial_features import PartialFeatures
from wordsight.images.decoding import BrokenImage, decode, pillow_warnings
from wordsight.images.encoders.base import ImageEncoder
from wordsight.images.image_files import ImageFile
from wordsight.progress import progress
from wordsight.storage.atomic import replace_directory
from wordsight.storage.locks import locked
from wordsight.storage.outputs import check_directory, unfinished_folder
from wordsight.storage.plain_text import write_lines

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Settings:
    """The settings of an extraction; see :meth:`wordsight.images.features.ImageFeatures.extract`."""

    batch_size: int
    workers: int
    dtype: str
    max_broken: float

    def __post_init__(self) -> None:
        """Checks the values.

        Raises:
            ParameterError: one is out of its bounds.
        """
        check_at_least_1(batch_size=self.batch_size)
        if self.dtype not in ("float16", "float32"):
            raise ParameterError(f"dtype is {self.dtype!r}; write 'float16' or 'float32'")
        if not 0 <= self.max_broken <= 1:
            raise ParameterError(f"max_broken is {self.max_broken}; it must be a share, from 0 to 1")


def extract(images: Sequence[ImageFile], encoder: ImageEncoder, directory: Path, settings: Settings) -> None:
    """Encodes images and writes a features directory, going on with an unfinished run.

    Args:
        images: see :func:`wordsight.images.image_files.find_images`.
        encoder: what sees the images.
        directory: the output.
        settings: of the extraction.

    Raises:
        DataError: too many broken images, an unfinished run with other settings, or bad features.
        WriteError: the directory cannot be written.
    """
    check_directory(directory, "features")
    with locked(directory):
        with _partial(directory, images, encoder, settings) as partial:
            _encode(images, encoder, partial, settings)
            _finish(images, encoder, partial, directory)
        partial.discard()


def encode_files(paths: Sequence[str], encoder: ImageEncoder) -> np.ndarray:
    """Encodes a few image files, float32 [n_files, n_features]; each must be readable.

    Raises:
        DataError: a file is missing, broken or no image; the message says which and why.
    """
    pixels = []
    with pillow_warnings():
        for path in paths:
            try:
                pixels.append(encoder.preprocess(decode(ImageFile(path, Path(path)).read())))
            except BrokenImage as error:
                raise DataError(f"{path} cannot be read as an image: {error}; leave it out or get it again") from None
    return encoder.encode(np.stack(pixels))


def encoder_facts(encoder: ImageEncoder) -> dict[str, str]:
    """Returns what ``config.json`` says of the encoder of some features."""
    return {"encoder": encoder.name, "encoder_fingerprint": encoder.fingerprint}


def _partial(
    directory: Path, images: Sequence[ImageFile], encoder: ImageEncoder, settings: Settings
) -> PartialFeatures:
    """Opens the unfinished run in ``NAME.partial`` beside the output, or begins one."""
    facts = {"encoder": encoder.name, "encoder fingerprint": encoder.fingerprint, "dtype": settings.dtype}
    row = np.dtype((settings.dtype, (encoder.n_features,)))
    partial = PartialFeatures(
        unfinished_folder(directory), facts, [f"{image.id} ({_length(image)})" for image in images], row
    )
    if partial.done:
        logger.info("going on after %d of %d images", partial.done, len(images))
    return partial


def _length(image: ImageFile) -> str:
    try:
        return f"{image.n_bytes} bytes"
    except BrokenImage as error:
        return str(error)


class _Batch(NamedTuple):
    """Some images that follow each other, encoded.

    Attributes:
        rows: features of those that are not broken, in the dtype they are stored in.
        broken: position of each broken one in the batch → why it is broken.
        n_images: how many there are, broken ones included.
    """

    rows: np.ndarray
    broken: dict[int, str]
    n_images: int


def _encode(images: Sequence[ImageFile], encoder: ImageEncoder, partial: PartialFeatures, settings: Settings) -> None:
    """Encodes the images that are not done yet."""
    with pillow_warnings(), progress(f"encoding with {encoder.name}", len(images), unit="images") as advance:
        advance(partial.done)
        batches = _encoded(images[partial.done :], encoder, settings)
        with contextlib.closing(batches):
            for batch in batches:
                broken = {partial.done + position: reason for position, reason in batch.broken.items()}
                partial.append(batch.rows, broken, batch.n_images)
                _check_broken(images, partial.broken, settings.max_broken)
                advance(batch.n_images, broken=str(len(partial.broken)))


def _encoded(images: Sequence[ImageFile], encoder: ImageEncoder, settings: Settings) -> Generator[_Batch, None, None]:
    """Yields the images in batches, in order; threads decode some batches ahead.

    An encoder that gains by it encodes a batch in each thread: the threads of one batch would wait for each other
    after every layer, and the longer, the busier the machine is.
    """
    n_encoders = settings.workers if encoder.parallel else 1
    decoders = ThreadPoolExecutor(settings.workers, thread_name_prefix="decode")
    encoders = ThreadPoolExecutor(n_encoders, thread_name_prefix="encode")
    waiting: deque[Future[_Batch]] = deque()
    with threads(1) if encoder.parallel else contextlib.nullcontext():
        try:
            for start in range(0, len(images), settings.batch_size):
                batch = images[start : start + settings.batch_size]
                pixels = [decoders.submit(_pixels, image, encoder) for image in batch]
                waiting.append(encoders.submit(_batch, batch, pixels, encoder, settings.dtype))
                if len(waiting) > n_encoders + 1:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            encoders.shutdown(wait=False, cancel_futures=True)
            decoders.shutdown(cancel_futures=True)
            encoders.shutdown()


def _pixels(image: ImageFile, encoder: ImageEncoder) -> np.ndarray | BrokenImage:
    """Reads an image and preprocesses it, or says why it is broken."""
    try:
        return encoder.preprocess(decode(image.read()))
    except BrokenImage as error:
        return error


def _batch(
    images: Sequence[ImageFile], pixels: Sequence[Future[np.ndarray | BrokenImage]], encoder: ImageEncoder, dtype: str
) -> _Batch:
    """Waits for the pixels of a batch and encodes them."""
    found = [one.result() for one in pixels]
    broken = {position: str(one) for position, one in enumerate(found) if isinstance(one, BrokenImage)}
    good = {image.id: one for image, one in zip(images, found, strict=True) if not isinstance(one, BrokenImage)}
    return _Batch(_rows(good, encoder, dtype), broken, len(images))


def _rows(pixels: Mapping[str, np.ndarray], encoder: ImageEncoder, dtype: str) -> np.ndarray:
    """Computes the features of preprocessed images in the dtype they are stored in."""
    if not pixels:
        return np.empty((0, encoder.n_features), dtype)
    with np.errstate(over="ignore"):
        rows = encoder.encode(np.stack(list(pixels.values()))).astype(dtype)
    for image, row in zip(pixels, rows, strict=True):
        if not np.isfinite(row).all():
            raise DataError(f"{encoder.name} gives features that are not finite in {dtype} for {image}; try float32")
    return rows


def _check_broken(images: Sequence[ImageFile], broken: Mapping[int, str], max_broken: float) -> None:
    if len(broken) > max_broken * len(images):
        first = "; ".join(f"{images[index].id} ({reason})" for index, reason in itertools.islice(broken.items(), 3))
        share = f"{len(broken)} of {len(images)} images are broken, more than max_broken={max_broken:g} allows"
        raise DataError(f"{share}: {first}")


def _finish(images: Sequence[ImageFile], encoder: ImageEncoder, partial: PartialFeatures, directory: Path) -> None:
    """Writes the features directory."""
    good = [image for index, image in enumerate(images) if index not in partial.broken]
    if not good:
        raise DataError(f"all {len(images)} images are broken, so there are no features to write")
    sources = [image.source for image in good if image.source is not None]
    facts = encoder_facts(encoder) | {"n_broken": len(partial.broken)}
    with replace_directory(directory) as temporary:
        write_features(temporary, partial.matrix(), [image.id for image in good], sources or None, facts)
        if partial.broken:
            lines = [f"{images[index].id}\t{reason}" for index, reason in partial.broken.items()]
            write_lines(temporary / "broken.tsv", ["id\treason", *lines])
    if partial.broken:
        logger.warning("%d of %d images are broken; see broken.tsv in %s", len(partial.broken), len(images), directory)
