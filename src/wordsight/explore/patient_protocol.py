"""HTTP for one machine, which does not wait for ever: who sends a request drop by drop is hung up on."""

from __future__ import annotations

import asyncio
import json
import socket
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

SECONDS = 10.0
"""How long a request's headers may take to arrive."""
LINGER = 1.0
"""Seconds in which the rest of a refused request is read and thrown away: who is still sending sees the answer then."""


class PatientProtocol(H11Protocol):
    """uvicorn's protocol, with orderly refusals and a limit of time for headers, which uvicorn lacks."""

    _late: asyncio.TimerHandle | None = None
    _refused = False

    def connection_made(self, transport: Any) -> None:
        """Begins to wait."""
        super().connection_made(transport)
        # asyncio does so itself, but only for sockets that say that they are TCP. Else each body waits 40 ms for the
        # browser's word that the headers have come.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Waits on until the headers are whole; from then on it is the application that waits."""
        if self._refused:
            return
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:
            self._wait()
        else:
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """Ends the waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Refuses what is no HTTP."""
        self._refuse(HTTPStatus.BAD_REQUEST, "this is no HTTP request, or it is too long")

    def _wait(self) -> None:
        if self._late is None and not self._refused:
            late = "the request did not arrive in time; send it again"
            self._late = self.loop.call_later(SECONDS, self._refuse, HTTPStatus.REQUEST_TIMEOUT, late)

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _refuse(self, status: HTTPStatus, error: str) -> None:
        self._stop_waiting()
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        body = json.dumps({"error": error}).encode()
        head = f"HTTP/1.1 {status} {status.phrase}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}"
        self.transport.write(head.encode() + b"\r\nconnection: close\r\n\r\n" + body)
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(LINGER, self.transport.close)
