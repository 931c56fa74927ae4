"""The web application: which address asks which question. docs/explorer.md lists the addresses."""

from __future__ import annotations

import json
import logging
import mimetypes
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wordsight.errors import UnknownNameError, WordsightError
from wordsight.explore.answers import Answers
from wordsight.explore.collection import MOST_MODELS
from wordsight.explore.expressions import MOST_CHARACTERS
from wordsight.explore.judging import judge
from wordsight.explore.requests import Parameters, body_of
from wordsight.explore.thumbnails import SIZES, Thumbnails
from wordsight.explore.word_maps import METHODS, WordMap
from wordsight.images.decoding import BrokenImage

log = logging.getLogger(__name__)

PAGE = Path(__file__).parent / "page"
"""The page as it was built."""
MOST_NEIGHBOURS = 200
MOST_UPLOADED = 20 << 20
"""Bytes of a picture that somebody drops."""
MOST_JUDGED = 5 << 20
"""Bytes of a similarity file that somebody drops."""

Handler = Callable[[Request], Awaitable[Response]]


def page_files() -> dict[str, Path]:
    """Path in an address → file of the page; all that is served as it is."""
    files = {f"/{path.name}": path for path in sorted(PAGE.iterdir()) if path.is_file()} if PAGE.is_dir() else {}
    return {**files, "/": PAGE / "index.html"} if files else {}


class Application:
    """The routes.

    Args:
        answers: what is asked.
        executor: runs what takes longer than a moment and is no search.
        token: whether every address must carry a token, for the page to know.
    """

    def __init__(self, answers: Answers, executor: Executor, *, token: bool = False) -> None:
        self._answers, self._executor, self._token = answers, executor, token
        pictures = answers.collection.pictures
        self._thumbnails = None if pictures is None else Thumbnails(pictures)

    def routes(self) -> Starlette:
        """The application as ASGI."""
        get = [
            ("/api/info", self.info),
            ("/api/suggest", self.suggest),
            ("/api/neighbours", self.neighbours),
            ("/api/pictures", self.pictures),
            ("/api/picture/{row}", self.picture),
            ("/api/crosslingual", self.crosslingual),
            ("/api/map/{model}.bin", self.map_points),
            ("/api/map/{model}/words", self.map_words),
            ("/api/map/{model}", self.map_state),
            ("/thumbnail/{row}", self.thumbnail),
        ]
        routes = [Route(path, endpoint) for path, endpoint in get]
        routes += [Route("/api/upload", self.upload, methods=["POST"])]
        routes += [Route("/api/judge", self.judge, methods=["POST"])]
        routes += [Route(path, _file(file)) for path, file in page_files().items()]
        return Starlette(
            routes=routes,
            exception_handlers={HTTPException: _refused, WordsightError: _refused, Exception: _failed},
        )

    async def info(self, request: Request) -> Response:
        """What there is to explore."""
        facts = await self._answers.in_thread(self._answers.collection.info)
        limits = {"upload": MOST_UPLOADED, "judge": MOST_JUDGED, "query": MOST_CHARACTERS}
        return answer(facts | {"token": self._token, "limits": limits})

    async def suggest(self, request: Request) -> Response:
        """Words while one is typed."""
        asked = Parameters(request)
        n = asked.number("n", 10, at_least=1, at_most=50)
        return answer(await self._answers.suggest(asked.text("q"), _model(asked), asked.optional("language"), n))

    async def neighbours(self, request: Request) -> Response:
        """The words nearest to an expression."""
        asked = Parameters(request)
        pictured = asked.one_of("with_pictures", ("0", "1")) == "1"
        n = asked.number("n", 20, at_least=1, at_most=MOST_NEIGHBOURS)
        query, language = asked.text("q"), asked.optional("language")
        return answer(await self._answers.neighbours(query, _model(asked), language, pictured, n))

    async def pictures(self, request: Request) -> Response:
        """The pictures of an expression."""
        asked = Parameters(request)
        n = asked.number("n", 24, at_least=1, at_most=MOST_NEIGHBOURS)
        return answer(await self._answers.pictures(asked.text("q"), _model(asked), n))

    async def picture(self, request: Request) -> Response:
        """What is near a picture."""
        asked = Parameters(request)
        n = asked.number("n", 10, at_least=1, at_most=MOST_NEIGHBOURS)
        return answer(await self._answers.picture(_number(request, "row"), _model(asked), n))

    async def crosslingual(self, request: Request) -> Response:
        """The nearest words in every language."""
        asked = Parameters(request)
        n = asked.number("n", 5, at_least=1, at_most=50)
        return answer(await self._answers.crosslingual(asked.text("q"), _model(asked), n))

    async def upload(self, request: Request) -> Response:
        """What is near a picture that somebody dropped."""
        asked = Parameters(request)
        n, model = asked.number("n", 10, at_least=1, at_most=MOST_NEIGHBOURS), _model(asked)
        return answer(await self._answers.upload(await body_of(request, MOST_UPLOADED), model, n))

    async def judge(self, request: Request) -> Response:
        """A similarity file that somebody drops, beside each model."""
        asked = Parameters(request)
        language, name = asked.optional("language"), asked.optional("name") or "the file"
        try:
            text = (await body_of(request, MOST_JUDGED)).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise HTTPException(400, "the file is not UTF-8; convert it") from None
        return answer(await self._answers.in_thread(judge, self._answers.collection.spaces, text, name, language))

    async def map_state(self, request: Request) -> Response:
        """How far a map is."""
        word_map, method = self._map(request)
        return answer(await self._answers.in_thread(word_map.state, method))

    async def map_points(self, request: Request) -> Response:
        """Where the words are."""
        word_map, method = self._map(request)
        points = await self._answers.in_thread(word_map.points, method)
        if points is None:
            raise HTTPException(409, "this map is not computed yet; ask for its state")
        data = points.astype("<f4").tobytes()
        return Response(data, media_type="application/octet-stream", headers={"cache-control": "no-store"})

    async def map_words(self, request: Request) -> Response:
        """Which words these are."""
        model = _number(request, "model")
        self._answers.space(model)
        return await self._answers.in_thread(lambda: answer(self._answers.collection.map_words(model)))

    def _map(self, request: Request) -> tuple[WordMap, str]:
        model = _number(request, "model")
        self._answers.space(model)
        return self._answers.collection.maps[model], Parameters(request).one_of("method", METHODS)

    async def thumbnail(self, request: Request) -> Response:
        """A picture, small."""
        asked, row = Parameters(request), _number(request, "row")
        size = int(asked.one_of("size", tuple(map(str, SIZES))))
        pictures = self._answers.collection.pictures
        if pictures is None or self._thumbnails is None or row >= len(pictures):
            raise HTTPException(404, f"there is no picture {row}")
        try:
            made = await self._answers.in_thread(self._thumbnails.get, row, size)
        except BrokenImage as error:
            log.debug("picture %d: %s", row, error)
            raise HTTPException(404, "the file of this picture is not there, or is no readable image") from None
        kept = asked.optional("v") == pictures.key
        cache = "private, max-age=86400" if kept else "no-store"
        return Response(made.data, media_type=made.media_type, headers={"cache-control": cache})


def answer(value: Any, status: int = 200) -> Response:
    """A JSON answer that no browser keeps."""
    body = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    return Response(body, status, media_type="application/json", headers={"cache-control": "no-store"})


def _model(asked: Parameters) -> int:
    return asked.number("model", 0, at_most=MOST_MODELS - 1)


def _number(request: Request, name: str) -> int:
    """A number within a path."""
    value: str = request.path_params[name]
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise HTTPException(404, f"there is nothing here; a number is needed in place of {value[:20]!r}")
    return int(value)


def _file(path: Path) -> Handler:
    data, media_type = path.read_bytes(), mimetypes.guess_type(path.name)[0] or "text/plain"

    async def send(request: Request) -> Response:
        return Response(data, media_type=media_type, headers={"cache-control": "no-cache"})

    return send


async def _refused(request: Request, error: Exception) -> Response:
    """Says what is wrong with a request."""
    if isinstance(error, HTTPException):
        return answer({"error": error.detail}, error.status_code)
    return answer({"error": str(error)}, 404 if isinstance(error, UnknownNameError) else 400)


async def _failed(request: Request, error: Exception) -> Response:
    """Says to the browser nothing of what went wrong here, and to the terminal what it was."""
    log.error("%s failed: %s: %s", request.url.path, type(error).__name__, error)
    return answer({"error": "the explorer failed at this; the terminal says more"}, 500)
