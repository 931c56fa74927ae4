"""A server of files on this machine, which can break off."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

CONTENT = b"word1 word2 5.0\n" * 5000


@dataclass
class Server:
    """A server of files that remembers the ranges it was asked for."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    break_after: int | None = None
    """After so many bytes the connection ends, once."""
    ranges: bool = True


class Handler(http.server.BaseHTTPRequestHandler):
    def __init__(self, served: Server, *args: Any) -> None:
        self.served = served
        super().__init__(*args)

    def do_GET(self) -> None:
        asked = self.headers.get("Range")
        self.served.asked.append((self.path, asked))
        content = self.served.files.get(self.path)
        if content is None:
            return self.send_error(404)
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and self.served.ranges else 0
        if start and start >= len(content):
            return self.send_error(416)
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        end = self.served.break_after if self.served.break_after is not None else len(content)
        self.served.break_after = None
        self.wfile.write(content[start:end])

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    served = Server(files={"/pairs.txt": CONTENT})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, served)) as listening:
        served.url = f"http://127.0.0.1:{listening.server_address[1]}"
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield served
        listening.shutdown()
        thread.join()
