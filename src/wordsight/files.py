"""Files and directories on disk: compressed streams, atomic writing, JSON, array files that are memory-mapped."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import hashlib
import json
import lzma
import os
import shutil
import tomllib
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, cast

import numpy as np

from wordsight.errors import DataError, WriteError

_OPENERS: dict[str, Callable[..., Any]] = {".gz": gzip.open, ".xz": lzma.open, ".bz2": bz2.open}
COMPRESSED = frozenset(_OPENERS)
"""Endings of the compressed files that are read."""


def existing(path: str | os.PathLike[str], *, what: str = "file") -> Path:
    """The path, checked to exist.

    Raises:
        DataError: nothing is there.
    """
    path = Path(path)
    if not path.exists():
        raise DataError(f"no such {what}: {path}; check the path")
    return path


def open_binary(path: str | os.PathLike[str]) -> IO[bytes]:
    """Opens a plain, .gz, .xz or .bz2 file for reading bytes.

    Raises:
        DataError: the file does not exist or is a directory.
    """
    path = existing(path)
    if path.is_dir():
        raise DataError(f"{path} is a directory; a file is needed here")
    return cast(IO[bytes], _OPENERS.get(path.suffix, open)(path, "rb"))


@contextlib.contextmanager
def reading(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Opens like :func:`open_binary`; damaged or truncated compressed data become a DataError."""
    with open_binary(path) as stream:
        try:
            yield stream
        except (EOFError, lzma.LZMAError, zlib.error, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # the operating system's: not the data's fault (gzip and bz2 give theirs no number)
            raise DataError(f"{path} is damaged or cut off ({error}); get the file again") from error


def read_text(path: str | os.PathLike[str]) -> str:
    """A whole text file (plain, .gz, .xz or .bz2) in UTF-8, without its byte order mark.

    Raises:
        DataError: missing, damaged or not UTF-8; the message names the line.
    """
    with reading(path) as stream:
        data = stream.read()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DataError(f"{path}, line {line}: not UTF-8; convert the file to UTF-8") from error


def read_toml(path: str | os.PathLike[str]) -> dict[str, Any]:
    """A TOML file as nested dicts.

    Raises:
        DataError: missing or not valid TOML; the message names the line.
    """
    with reading(path) as stream:
        try:
            return tomllib.loads(stream.read().decode())
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise DataError(f"{path} is not valid TOML ({error}); correct it") from None


@contextlib.contextmanager
def _write_errors(path: Path) -> Iterator[None]:
    """Turns what the operating system says while ``path`` is written into a WriteError."""
    try:
        yield
    except WriteError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        advice = "free some space or choose another place (nothing was left)"
        raise WriteError(f"cannot write {path}: {reason}; {advice}") from error


@contextlib.contextmanager
def replace_file(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yields a temporary path beside ``path``; renames it into place when the block ends without an error.

    Raises:
        WriteError: the file cannot be written, for example because the disk is full.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with _write_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            yield temporary
            temporary.replace(path)
    finally:
        with contextlib.suppress(OSError):  # such as a parent that is a file: said already
            temporary.unlink()


def check_replaceable(path: str | os.PathLike[str]) -> Path:
    """The path, if :func:`replace_directory` will write there; asked before long work.

    Raises:
        WriteError: something is there that wordsight did not write.
    """
    path = Path(path)
    if path.exists() and not (path.is_dir() and ((path / "config.json").is_file() or not any(path.iterdir()))):
        raise WriteError(f"{path} exists and was not written by wordsight; choose another output directory")
    return path


@contextlib.contextmanager
def replace_directory(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yields a temporary directory beside ``path``; renames it into place when the block ends without an error.

    An older directory of that name is replaced only then, and only if wordsight wrote it (it holds a
    ``config.json``) or it is empty: a user's own folder is never deleted.

    Raises:
        WriteError: it cannot be written, or ``path`` is something that must not be replaced.
    """
    path = check_replaceable(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with _write_errors(path):
            temporary.mkdir(parents=True)
            yield temporary
            if path.exists():
                shutil.rmtree(path)
            temporary.replace(path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def write_json(path: Path, value: Any) -> None:
    """Writes readable JSON with a final newline."""
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False, default=_plain) + "\n", encoding="utf-8")


def _plain(value: Any) -> Any:
    """NumPy scalars, tuples and paths as JSON values."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    raise TypeError(f"cannot write {type(value).__name__} as JSON")


def read_config(directory: str | os.PathLike[str], kind: str, *, version: int) -> dict[str, Any]:
    """Reads ``config.json`` of a directory that wordsight wrote and checks its kind and format version.

    Args:
        directory: a corpus, features or vectors directory.
        kind: the expected value of ``config["kind"]``.
        version: the newest format version this code reads.

    Raises:
        DataError: no such directory, not of that kind, damaged, or written by a newer wordsight.
    """
    directory = existing(directory, what="directory")
    path = directory / "config.json"
    if not path.is_file():
        raise DataError(f"{directory} is not a {kind} directory: it has no config.json")
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise DataError(f"{path} is not valid JSON ({error}); the directory is damaged") from error
    if not isinstance(config, dict) or config.get("kind") != kind:
        found = config.get("kind") if isinstance(config, dict) else type(config).__name__
        raise DataError(f"{directory} is not a {kind} directory: its config.json says {found!r}")
    if config.get("format_version", 0) > version:
        raise DataError(f"{directory} was written by a newer wordsight (format {config['format_version']}); upgrade")
    return config


def load_array(path: Path, *, mmap: bool = True) -> np.ndarray:
    """Loads a ``.npy`` file, memory-mapped and read-only by default; never unpickles.

    Raises:
        DataError: missing, truncated or not an array file.
    """
    existing(path)
    try:
        array = np.load(path, mmap_mode="r" if mmap else None, allow_pickle=False)
    except (ValueError, EOFError, OSError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} is not a whole .npy file ({error}); write or fetch it again") from error
    if not isinstance(array, np.ndarray):
        array.close()
        raise DataError(f"{path} is an .npz archive; a .npy file with one array is needed here")
    return array


def write_lines(path: Path, lines: Iterator[str] | list[str]) -> None:
    """Writes UTF-8 lines; every line ends with a newline."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(f"{line}\n" for line in lines)


def read_lines(path: Path) -> list[str]:
    """The lines of a UTF-8 file without their ends; only newline ends a line.

    Raises:
        DataError: missing or not UTF-8.
    """
    try:
        text = existing(path).read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8 (byte {error.start}); convert it to UTF-8") from error
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def fingerprint(*parts: bytes | str | np.ndarray) -> str:
    """A short stable hash (16 hex digits of SHA-256) of texts and arrays."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            digest.update(f"{part.dtype.str}{part.shape}".encode())
            digest.update(np.ascontiguousarray(part).data)
        else:
            digest.update(part.encode() if isinstance(part, str) else part)
        digest.update(b"\0")
    return digest.hexdigest()[:16]
