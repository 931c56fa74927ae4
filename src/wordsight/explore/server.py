"""The server: one process on this machine that answers the explorer's page."""

from __future__ import annotations

import contextlib
import errno
import logging
import secrets
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import uvicorn
from starlette.types import ASGIApp
from threadpoolctl import threadpool_limits

from wordsight.errors import ParameterError
from wordsight.explore.answers import Answers
from wordsight.explore.application import Application, page_files
from wordsight.explore.collection import Collection
from wordsight.explore.guards import LOOPBACK, Guard
from wordsight.explore.patient_protocol import PatientProtocol
from wordsight.images.decoding import pillow_warnings

log = logging.getLogger(__name__)

PORT = 8600
"""The first port that is tried where none is named."""
_TRIED = 20
_EVERYWHERE = ("0.0.0.0", "::", "")
_BUSY = (errno.EADDRINUSE, errno.EACCES)


def guarded(collection: Collection, executor: ThreadPoolExecutor, host: str, token: str) -> ASGIApp:
    """The application behind its guard."""
    answers = Answers(collection, executor)
    application = Application(answers, executor, token=bool(token))
    hosts = None if host in _EVERYWHERE else [host.lower()]
    open_paths = [path for path in page_files() if path != "/"]
    return Guard(application.routes(), hosts=hosts, token=token, open_paths=open_paths)


class Server:
    """Serves a collection until it is stopped.

    Args:
        collection: what is explored.
        host: the address to listen at; beyond this machine a token in the address is needed.
        port: 0: any free one; None: :data:`PORT` or one of the next.

    Attributes:
        address: what to open in a browser.

    Raises:
        ParameterError: it is not possible to listen there.
    """

    def __init__(self, collection: Collection, *, host: str = "127.0.0.1", port: int | None = None) -> None:
        self._socket = listening(host, port)
        token = "" if host.lower() in LOOPBACK else secrets.token_urlsafe(16)
        self.address = f"http://{_shown(host)}:{self._socket.getsockname()[1]}/" + (f"?token={token}" if token else "")
        self._collection = collection
        self._executor = ThreadPoolExecutor(4, "explorer")
        config = uvicorn.Config(
            guarded(collection, self._executor, host, token),
            http=PatientProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
            limit_concurrency=400,
        )
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        self._server = uvicorn.Server(config)

    def run(self, when_ready: Callable[[], object] = lambda: None) -> None:
        """Answers until a signal, or :meth:`stop`, ends it.

        Args:
            when_ready: called once, in another thread, when the page can be opened.
        """
        threading.Thread(target=self._collection.warm, daemon=True).start()
        threading.Thread(target=self._when_ready, args=(when_ready,), daemon=True).start()
        # One product a search in one thread: the others are for other searches, and for answers.
        with threadpool_limits(1, user_api="blas"), pillow_warnings(), contextlib.closing(self._socket):
            self._server.run(sockets=[self._socket])
        for word_map in self._collection.maps:
            word_map.stop()
        self._executor.shutdown(wait=False, cancel_futures=True)

    def stop(self) -> None:
        """Lets :meth:`run` return, from another thread."""
        self._server.should_exit = True

    def _when_ready(self, tell: Callable[[], object]) -> None:
        while not (self._server.started or self._server.should_exit):
            time.sleep(0.02)
        tell()


def listening(host: str, port: int | None) -> socket.socket:
    """A socket that listens.

    Args:
        host: an address or a name of this machine.
        port: 0: any free one; None: :data:`PORT` or one of the next.

    Raises:
        ParameterError: the port is taken, or the host is not this machine.
    """
    for number in range(PORT, PORT + _TRIED) if port is None else [port]:
        try:
            family, _, _, _, address = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)[0]
            return socket.create_server(address[:2], family=family, backlog=256)
        except OSError as error:
            if port is not None or error.errno not in _BUSY:
                reason = error.strerror or str(error)
                raise ParameterError(f"cannot listen at {host}, port {number} ({reason}); choose another") from None
    raise ParameterError(f"the ports {PORT} to {PORT + _TRIED - 1} are all taken; choose one with --port")


def _shown(host: str) -> str:
    """The host as an address has it."""
    if host in _EVERYWHERE:
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host
