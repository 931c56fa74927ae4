"""A running explorer, and a watch on what a page asks for."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request

import wordsight.explore
from wordsight.explore import application
from wordsight.explore.collection import Collection
from wordsight.explore.server import Server


class Explorer:
    """A running explorer; its address is what a browser opens."""

    def __init__(self, collection: Collection) -> None:
        with pytest.MonkeyPatch.context() as patch:  # other tests serve a page of their own
            patch.setattr(application, "PAGE", Path(wordsight.explore.__file__).parent / "page")
            self._server = Server(collection, port=0)
        self.address = self._server.address
        ready = threading.Event()
        self._thread = threading.Thread(target=self._server.run, args=(ready.set,), daemon=True)
        self._thread.start()
        assert ready.wait(30)

    def stop(self) -> None:
        self._server.stop()
        self._thread.join(20)


class Watch:
    """What a page asked for and complained of.

    Attributes:
        hosts: whom it asked.
        complaints: errors of its scripts and of its policy; answers that are errors are not among them.
    """

    def __init__(self, page: Page) -> None:
        self.hosts: set[str] = set()
        self.complaints: list[str] = []
        page.on("request", self._asked)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _asked(self, request: Request) -> None:
        scheme, _, rest = request.url.partition(":")
        if scheme not in ("data", "blob"):
            self.hosts.add(rest.strip("/").partition("/")[0])

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)
