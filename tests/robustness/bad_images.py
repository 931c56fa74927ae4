"""Bad images, and bad archives of them."""

from __future__ import annotations

import io
import os
import struct
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from tests.robustness.bad_inputs import BadInput

from wordsight.grounding.caption_files import img2dataset_captions
from wordsight.images.encoders.base import ImageEncoder
from wordsight.images.features import ImageFeatures
from wordsight.images.image_files import find_images

Add = Callable[[tarfile.TarFile], object]


class Mean(ImageEncoder):
    """The mean colour."""

    name, fingerprint, n_features = "mean", "1", 3

    def preprocess(self, image: Image.Image) -> np.ndarray:
        return np.asarray(image.resize((2, 2)), dtype=np.float32).transpose(2, 0, 1)

    def encode(self, batch: np.ndarray) -> np.ndarray:
        return np.asarray(batch.mean(axis=(2, 3)))


def png(width: int = 4, height: int = 4) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(stream, "png")
    return stream.getvalue()


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def vast_png() -> bytes:
    """A few bytes that say they are 50,000 pixels square."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + png_chunk(b"IDAT", zlib.compress(bytes(1000))) + png_chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A PNG with a text of 100 MB, compressed."""
    text = png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 100_000_000))
    whole = png()
    return whole[:33] + text + whole[33:]


def encoded(path: Path) -> ImageFeatures:
    return ImageFeatures.from_files([path], Mean())


def image(what: str, content: bytes) -> BadInput:
    def make(folder: Path) -> Path:
        (folder / "photo.png").write_bytes(content)
        return folder / "photo.png"

    return BadInput(what, make, encoded)


def among_others(what: str, add: Callable[[Path], object], handled: str | None, n: int = 30) -> BadInput:
    """A folder of 30 good images and something else."""

    def make(folder: Path) -> Path:
        (folder / "photos").mkdir()
        for i in range(30):
            (folder / f"photos/{i:02}.png").write_bytes(png())
        add(folder / "photos")
        return folder

    def extracted(folder: Path) -> ImageFeatures:
        return ImageFeatures.extract(folder / "photos", Mean(), directory=folder / "features", workers=1)

    return BadInput(what, make, extracted, handled, lambda features: len(features) == n)


def tar(
    what: str, add: Callable[[tarfile.TarFile], object], handled: str | None = None, ids: object = None
) -> BadInput:
    """A shard with one good image and something else."""

    def make(folder: Path) -> Path:
        with tarfile.open(folder / "00000.tar", "w") as archive:
            member(archive, "good.png", png())
            add(archive)
        return folder / "00000.tar"

    return BadInput(what, make, lambda path: [i.id for i in find_images(path)], handled, lambda found: found == ids)


def member(
    archive: tarfile.TarFile, name: str, content: bytes = b"", kind: bytes = tarfile.REGTYPE, to: str = ""
) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = len(content), kind, to
    archive.addfile(info, io.BytesIO(content))


def damaged_tar(damage: Callable[[bytes], bytes]) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        with tarfile.open(folder / "00000.tar", "w") as archive:
            member(archive, "good.png", png())
            member(archive, "more.png", png())
        (folder / "00000.tar").write_bytes(damage((folder / "00000.tar").read_bytes()))
        return folder / "00000.tar"

    return make


def negative_size(data: bytes) -> bytes:
    """The second member says that it is -512 bytes long, with a right checksum: a reader may go round in circles."""
    start = 1024
    header = bytearray(data[start : start + 512])
    header[124:136] = b"\xff" * 10 + b"\xfe\x00"
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return data[:start] + bytes(header) + data[start + 512 :]


def caption_shard(name: str, content: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        with tarfile.open(folder / "00000.tar", "w") as archive:
            member(archive, name, content)
        return folder / "00000.tar"

    return make


def caption(what: str, name: str, content: bytes) -> BadInput:
    features = ImageFeatures(["good"], np.eye(1, dtype=np.float32))
    return BadInput(what, caption_shard(name, content), lambda path: img2dataset_captions(path, features))


SKIPPED = "it is skipped, and listed in broken.tsv"
IMAGES = [
    image("an empty image", b""),
    image("a text called an image", b"the goose\n"),
    image("an image that is cut off", png(64, 64)[:-30]),
    image("a PNG of some bytes that says it is 50,000 pixels square", vast_png()),
    image("a PNG with a comment of 100 MB in 100 KB", text_bomb()),
    image("an SVG", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    image("a PostScript program", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n"),
    BadInput("an image that is not there", lambda folder: folder / "nowhere.png", encoded),
    among_others("one broken image of 31", lambda f: (f / "x.png").write_bytes(b"?"), SKIPPED),
    among_others("a link to an endless device", lambda f: (f / "x.png").symlink_to("/dev/zero"), SKIPPED),
    among_others("a pipe that nobody writes to", lambda f: os.mkfifo(f / "x.png"), SKIPPED),
    among_others("a link to nowhere", lambda f: (f / "x.png").symlink_to("nowhere"), SKIPPED),
    among_others("a link to the folder above", lambda f: (f / "up").symlink_to(".."), "it is not followed"),
    among_others("3 broken images of 33", lambda f: [(f / f"x{i}.png").write_bytes(b"?") for i in range(3)], None),
    among_others(
        "an image's name that is not UTF-8", lambda f: (f / os.fsdecode(b"\xff.png")).write_bytes(png()), None
    ),
    among_others("an image's name with a line end in it", lambda f: (f / "a\nb.png").write_bytes(png()), None),
]
ARCHIVES = [
    BadInput("a tar file that is cut off", damaged_tar(lambda data: data[:1600]), find_images),
    BadInput("a text called a tar file", damaged_tar(lambda data: b"the goose\n" * 99), find_images),
    BadInput("a member of negative size", damaged_tar(negative_size), find_images),
    tar("a member that climbs out, `../../x.png`", lambda t: member(t, "../../x.png", png()),
        "nothing is unpacked: the name is an id", ["good", "../../x"]),
    tar("a member with an absolute name", lambda t: member(t, "/etc/x.png", png()),
        "nothing is unpacked: the name is an id", ["good", "/etc/x"]),
    tar("a symbolic link to /etc/passwd", lambda t: member(t, "x.png", kind=tarfile.SYMTYPE, to="/etc/passwd"),
        "links are left out", ["good"]),
    tar("a hard link", lambda t: member(t, "x.png", kind=tarfile.LNKTYPE, to="good.png"),
        "links are left out", ["good"]),
    tar("a device", lambda t: member(t, "x.png", kind=tarfile.CHRTYPE), "devices are left out", ["good"]),
    tar("a key twice", lambda t: member(t, "good.jpg", png())),
    caption("a caption in Latin-1", "good.txt", b"S\xfcden"),
    caption("a caption of 20 MB", "good.txt", b"x" * 20_000_000),
    caption("a sample's JSON that is cut off", "good.json", b'{"caption": "x'),
    caption("a sample's JSON that is a list", "good.json", b"[]"),
]  # fmt: skip
GROUPS = {"Images": IMAGES, "Archives": ARCHIVES}
