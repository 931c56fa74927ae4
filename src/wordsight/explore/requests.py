"""What a request asks, read strictly: parameters within their bounds, a body within its size and time."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from wordsight.explore.expressions import MOST_CHARACTERS

BODY_SECONDS = 20.0
"""How long a body may take to arrive."""


class Parameters:
    """The parameters of an address.

    Raises:
        HTTPException: 400, where they are not UTF-8 or too many.
    """

    def __init__(self, request: Request) -> None:
        try:
            pairs = parse_qsl(
                request.scope["query_string"].decode("ascii"),
                keep_blank_values=True,
                errors="strict",
                max_num_fields=20,
            )
        except ValueError:
            raise HTTPException(400, "the address is not UTF-8, or has too many parameters") from None
        self._values: dict[str, str] = dict(pairs)

    def text(self, name: str) -> str:
        """A text that must be there.

        Raises:
            HTTPException: 400, where it is missing, too long, or has control characters.
        """
        value = self._values.get(name, "").strip()
        if not value:
            raise HTTPException(400, f"{name} is missing; type a word, or an expression such as king - man + woman")
        if len(value) > MOST_CHARACTERS:
            raise HTTPException(400, f"{name} has {len(value)} characters; at most {MOST_CHARACTERS} are looked up")
        if any(ord(letter) < 32 or 0xD800 <= ord(letter) <= 0xDFFF for letter in value):
            raise HTTPException(400, f"{name} has control characters; type a word")
        return value

    def number(self, name: str, default: int, *, at_least: int = 0, at_most: int) -> int:
        """A whole number within bounds.

        Raises:
            HTTPException: 400, where it is none, or out of its bounds.
        """
        value = self._values.get(name, "") or str(default)
        if not (value.isascii() and value.isdigit() and len(value) < 10 and at_least <= int(value) <= at_most):
            raise HTTPException(400, f"{name} is {value[:20]!r}; it must be a number from {at_least} to {at_most}")
        return int(value)

    def one_of(self, name: str, choices: tuple[str, ...]) -> str:
        """One of some words; the first where it is missing.

        Raises:
            HTTPException: 400, where it is another one.
        """
        value: str = self._values.get(name, "") or choices[0]
        if value not in choices:
            raise HTTPException(400, f"{name} is {value[:20]!r}; it must be one of {', '.join(choices)}")
        return value

    def optional(self, name: str) -> str | None:
        """A short text, or None."""
        return self._values.get(name, "")[:MOST_CHARACTERS] or None


async def body_of(request: Request, most: int) -> bytes:
    """The body of a request.

    Args:
        request: the request.
        most: how many bytes it may have.

    Raises:
        HTTPException: 400 without a body, 413 where it is too large, 408 where it does not arrive.
    """
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced[:18]) > most:
        raise _too_large(most)
    data = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                data += part
                if len(data) > most:
                    raise _too_large(most)
    except TimeoutError:
        raise HTTPException(408, "the file did not arrive in time; send it again") from None
    except ClientDisconnect:
        raise HTTPException(400, "the file did not arrive; send it again") from None
    if not data:
        raise HTTPException(400, "no file was sent; drop one")
    return bytes(data)


def _too_large(most: int) -> HTTPException:
    return HTTPException(413, f"the file is too large; at most {most >> 20} MB are read")
