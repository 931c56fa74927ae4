"""Files and directories on disk: atomic writing, text, JSON, hashes of what they hold."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from wordsight.errors import DataError, WordsightError, WriteError
from wordsight.storage.arrays import blocks
from wordsight.storage.rename import put_in_place
from wordsight.storage.streams import COMPRESSED as COMPRESSED
from wordsight.storage.streams import existing as existing
from wordsight.storage.streams import open_binary as open_binary
from wordsight.storage.streams import reading as reading

T = TypeVar("T")


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
        except (ValueError, RecursionError) as error:
            raise DataError(f"{path} is not valid TOML ({error}); correct it") from None


def parse_json(data: bytes | str, path: object) -> Any:
    """JSON as Python values.

    Args:
        data: UTF-8, perhaps with a byte order mark.
        path: where it is from, for the message.

    Raises:
        DataError: it is not valid JSON, nested too deeply, or not UTF-8.
    """
    try:
        return json.loads(data if isinstance(data, str) else data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path} is not valid JSON ({error}); it is damaged, get or write it again") from error


@contextlib.contextmanager
def content_of(path: object, kind: str) -> Iterator[None]:
    """Turns what comes of values that are not as they should be, such as a missing one, into a DataError.

    Args:
        path: where the values are from.
        kind: what they should be.
    """
    try:
        yield
    except WordsightError:
        raise
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError, RuntimeError) as error:
        what = f"lacks {error}" if isinstance(error, KeyError) else f"is built otherwise ({error})"
        raise DataError(f"{path} is not {kind}: it {what}; get or write it again") from error


@contextlib.contextmanager
def _write_errors(path: Path) -> Iterator[None]:
    """Turns what the operating system says while ``path`` is written into a WriteError."""
    try:
        yield
    except WriteError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        advice = "free some space or choose another place"
        raise WriteError(f"cannot write {path}: {reason}; {advice}") from error


@contextlib.contextmanager
def replace_file(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yields a temporary path beside ``path``; flushes and renames it into place when the block ends without an error.

    Raises:
        WriteError: the file cannot be written, for example because the disk is full.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with _write_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            yield temporary
            put_in_place(temporary, path)
    finally:
        with contextlib.suppress(OSError):  # such as a parent that is a file: said already
            temporary.unlink()


def check_replaceable(path: str | os.PathLike[str]) -> Path:
    """The path, if :func:`replace_directory` will write there; asked before long work.

    Raises:
        WriteError: something is there that wordsight did not write.
    """
    path = Path(path)
    if not path.name:
        raise WriteError(f"{str(path)!r} is no name for a new directory; choose another output")
    if path.exists() and not (path.is_dir() and ((path / "config.json").is_file() or not any(path.iterdir()))):
        raise WriteError(f"{path} exists and was not written by wordsight; choose another output directory")
    return path


@contextlib.contextmanager
def replace_directory(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yields a temporary directory beside ``path``; renames it into place when the block ends without an error.

    An older directory of that name is replaced only then, and only if wordsight wrote it (it holds a
    ``config.json``) or it is empty: a user's own folder is never deleted. Readers see the old one or the new one;
    see :func:`unchanging` for those that open several of its files.

    Raises:
        WriteError: it cannot be written, or ``path`` is something that must not be replaced.
    """
    path = check_replaceable(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with _write_errors(path):
            temporary.mkdir(parents=True)
            yield temporary
            put_in_place(temporary, path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def unchanging(directory: str | os.PathLike[str], read: Callable[[Path], T]) -> T:
    """What ``read(directory)`` gives, read anew if the directory was replaced meanwhile, so that no two are mixed."""
    directory = existing(directory, what="directory")
    while True:
        before = _identity(directory)
        try:
            result = read(directory)
        except Exception:  # whatever comes of two halves
            if _identity(directory) == before:
                raise
            continue
        if _identity(directory) == before:
            return result


def _identity(directory: Path) -> tuple[int, int, int] | None:
    with contextlib.suppress(FileNotFoundError):
        facts = directory.stat()
        return facts.st_dev, facts.st_ino, facts.st_mtime_ns
    return None


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
    config = parse_json(path.read_bytes(), path)
    if not isinstance(config, dict) or config.get("kind") != kind:
        found = config.get("kind") if isinstance(config, dict) else type(config).__name__
        raise DataError(f"{directory} is not a {kind} directory: its config.json says {found!r}")
    found = config.get("format_version", 0)
    if not isinstance(found, int):
        raise DataError(f"{path} is damaged: format_version is {found!r}, not a number")
    if found > version:
        raise DataError(f"{directory} was written by a newer wordsight (format {found}); upgrade")
    return config


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
    except IsADirectoryError:
        raise DataError(f"{path} is a directory; a file is needed here") from None
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
            for block in blocks(np.ascontiguousarray(part).reshape(-1)):
                digest.update(block.data)
        else:
            digest.update(part.encode() if isinstance(part, str) else part)
        digest.update(b"\0")
    return digest.hexdigest()[:16]
