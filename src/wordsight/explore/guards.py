"""Guards: what every request passes before it is answered, and what every answer carries.

A page of any other site may send requests to this machine. So the Host header must be one of ours (against DNS
rebinding), a browser that says that a request comes from another site is refused, and beyond this machine a token in
the address is needed.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import json
import logging
from collections.abc import Collection
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy: no inline script, nothing from elsewhere. (regl compiles its draw calls: unsafe-eval.)"""
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
LOOPBACK = ("localhost", "127.0.0.1", "::1")
SECONDS = 30.0
"""How long an answer may take, with its way to the browser."""


class Guard:
    """Refuses what does not come from the explorer's own page.

    Args:
        app: answers what may pass.
        hosts: names under which this machine may be asked; None: under any address of numbers, and :data:`LOOPBACK`.
        token: what the address must carry; empty: nothing.
        open_paths: paths that need no token, such as the page's scripts.
    """

    def __init__(
        self, app: ASGIApp, *, hosts: Collection[str] | None, token: str = "", open_paths: Collection[str] = ()
    ) -> None:
        self._app, self._hosts, self._token, self._open = app, hosts, token, frozenset(open_paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, or refuses it."""
        answer = _Answer(send)
        refusal = self._refusal(scope)
        if refusal is not None:
            await answer.error(*refusal)
            return
        try:
            async with asyncio.timeout(SECONDS):
                await self._app(scope, receive, answer)
        except TimeoutError:
            await answer.error(408, f"this took longer than {SECONDS:.0f} seconds; ask again, or for less")

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if not self._is_ours(headers.get("host", "")):
            return 421, "this address is not the explorer's; open the one that the terminal shows"
        site, mode = headers.get("sec-fetch-site", "none"), headers.get("sec-fetch-mode", "navigate")
        if site not in ("none", "same-origin") and not (mode == "navigate" and scope["path"] == "/"):
            return 403, "another site asked for this; open the explorer's own page"
        if self._token and scope["path"] not in self._open:
            given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
            if not hmac.compare_digest(given.encode(), self._token.encode()):
                return 403, "the token is missing or wrong; open the address that the terminal shows"
        return None

    def _is_ours(self, host: str) -> bool:
        name = host_name(host)
        return name in LOOPBACK or (_is_numbers(name) if self._hosts is None else name in self._hosts)


def host_name(host: str) -> str:
    """The name in a Host header, in lower case, without port and brackets."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.rpartition(":")[0].lower() if host.count(":") == 1 else host.lower()


def _is_numbers(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class _Answer:
    """Sends an answer with our headers, or an error where none has begun."""

    def __init__(self, send: Send) -> None:
        self._send, self._begun = send, False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._begun = True
            ours = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
            message = {**message, "headers": [*message.get("headers", ()), *ours]}
        await self._send(message)

    async def error(self, status: int, text: str) -> None:
        """Says what is wrong; nothing where an answer has begun, which the server then cuts off."""
        if self._begun:
            raise ConnectionAbortedError("the browser takes too long to read")
        body = json.dumps({"error": text}).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        headers += [(b"cache-control", b"no-store"), (b"connection", b"close")]
        await self({"type": "http.response.start", "status": status, "headers": headers})
        await self({"type": "http.response.body", "body": body})
