"""Requests that nobody sends by accident: each is refused with a 4xx, tells nothing, and leaves the server alive."""

from __future__ import annotations

import socket
import struct
import time
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.explore.conftest import Served

from wordsight.explore import guards, patient_protocol
from wordsight.explore import requests as explorer_requests

HOST = b"Host: localhost\r\n"


def line(target: bytes, *headers: bytes, method: bytes = b"GET", body: bytes = b"") -> bytes:
    """A whole request."""
    head = b"\r\n".join([method + b" " + target + b" HTTP/1.1", b"Host: localhost", b"Connection: close", *headers])
    return head + b"\r\n\r\n" + body


def posted(target: bytes, body: bytes) -> bytes:
    return line(target, b"Content-Length: %d" % len(body), method=b"POST", body=body)


def bomb() -> bytes:
    """A PNG of a few kilobytes that would be 40,000 by 40,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compressobj(9)
    header = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 0, 0, 0, 0)
    data = rows.compress(b"\0" * 1_000_000) + rows.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


HOSTILE = {
    "a traversal": line(b"/../../../../etc/passwd"),
    "a traversal, encoded": line(b"/%2e%2e/%2e%2e/%2e%2e/etc/passwd"),
    "a traversal, encoded twice": line(b"/%252e%252e%252fetc/passwd"),
    "a traversal with backslashes": line(b"/..%5c..%5cetc%5cpasswd"),
    "a traversal in a thumbnail": line(b"/thumbnail/..%2f..%2fetc%2fpasswd"),
    "a picture whose id leads out of the folder": line(b"/thumbnail/7"),
    "a picture that is broken": line(b"/thumbnail/6"),
    "a picture that is not there": line(b"/thumbnail/999999999"),
    "a picture of a negative number": line(b"/thumbnail/-1"),
    "a size that nobody offers": line(b"/thumbnail/0?size=100000"),
    "a NUL in the path": line(b"/app.js%00.html"),
    "another site's name (DNS rebinding)": b"GET /api/info HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    "no host": b"GET /api/info HTTP/1.0\r\n\r\n",
    "two hosts": line(b"/api/info", b"Host: evil.example"),
    "another site's page": line(b"/api/info", b"Sec-Fetch-Site: cross-site", b"Sec-Fetch-Mode: no-cors"),
    "another site's form": line(
        b"/api/judge", b"Sec-Fetch-Site: cross-site", b"Sec-Fetch-Mode: navigate", b"Content-Length: 1",
        method=b"POST", body=b"x",
    ),
    "bad Unicode": line(b"/api/neighbours?q=%ff%fe%fd"),
    "half of a surrogate pair": line(b"/api/neighbours?q=%ED%A0%80"),
    "control characters": line(b"/api/neighbours?q=a%00%1b%5b2J"),
    "raw bytes in the address": line(b"/api/neighbours?q=\xff\xfe"),
    "an expression without end": line(b"/api/neighbours?q=" + b"goose+" * 2000),
    "an address of a megabyte": line(b"/api/neighbours?q=" + b"a" * 2**20),
    "headers of a megabyte": line(b"/api/info", b"X: " + b"a" * 2**20),
    "a thousand parameters": line(b"/api/neighbours?" + b"&".join(b"n=%d" % i for i in range(1000))),
    "a number without end": line(b"/api/neighbours?q=goose&n=" + b"9" * 5000),
    "a negative number": line(b"/api/neighbours?q=goose&n=-1"),
    "a model that is not there": line(b"/api/neighbours?q=goose&model=3"),
    "a language that is a path": line(b"/api/neighbours?q=goose&language=..%2f..%2fetc"),
    "no question": line(b"/api/neighbours"),
    "a map that is not there": line(b"/api/map/9"),
    "a method of maps that is not there": line(b"/api/map/0?method=__class__"),
    "another method": line(b"/api/info", b"Content-Length: 0", method=b"DELETE"),
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 64 + b"\r\n\r\n",
    "lengths that contradict": line(b"/api/judge", b"Content-Length: 3", b"Content-Length: 5", method=b"POST"),
    "a length below nothing": line(b"/api/judge", b"Content-Length: -5", method=b"POST"),
    "a body that is announced too large": line(b"/api/upload", b"Content-Length: 99999999999", method=b"POST"),
    "an empty body": posted(b"/api/judge", b""),
    "a similarity file that is none": posted(b"/api/judge", b"\0\1\2" * 100),
    "a similarity file that is not UTF-8": posted(b"/api/judge", b"a b \xff"),
    "ratings that are no numbers": posted(b"/api/judge", b"goose duck nan"),
    "a picture that is none": posted(b"/api/upload", b"GIF89a" + b"\0" * 100),
    "a picture that is a bomb": posted(b"/api/upload", bomb()),
}  # fmt: skip


@pytest.mark.parametrize("request_bytes", HOSTILE.values(), ids=HOSTILE)
def test_hostile_requests_are_refused(served: Served, request_bytes: bytes, photos: Path) -> None:
    answer = served.raw(request_bytes, end=False)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 4"), answer[:300]
    told = answer.lower()
    for secret in (b"traceback", b"root:", str(photos.parent).encode().lower(), b"site-packages", b"/home", b".py"):
        assert secret not in told, answer
    assert len(body) < 500
    assert served.get("/api/info").status == 200, "alive"


def test_a_body_of_many_parts_without_an_end_is_cut_off(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    part = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    head = line(b"/api/judge", b"Transfer-Encoding: chunked", method=b"POST")
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as connection:
        connection.sendall(head)
        answer = b""
        for _ in range(400):
            try:
                connection.sendall(part)
            except OSError:
                break
        connection.settimeout(10)
        try:
            answer = connection.recv(65536)
        except OSError:
            answer = b""  # the server hung up before all was sent, and the system threw its answer away
    assert answer == b"" or answer.startswith(b"HTTP/1.1 413")
    assert served.get("/api/info").status == 200


def test_who_sends_drop_by_drop_is_hung_up_on(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patient_protocol, "SECONDS", 0.5)
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as connection:
        connection.sendall(b"GET /api/info HTTP/1.1\r\n")
        answer = b""
        connection.settimeout(0.1)
        for drop in range(100):
            try:
                connection.sendall(b"X-%d: y\r\n" % drop)
                answer += connection.recv(1000)
            except TimeoutError:
                continue
            except OSError:
                break
            break
    assert answer.startswith(b"HTTP/1.1 408")


def test_a_body_that_does_not_arrive_is_not_waited_for(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explorer_requests, "BODY_SECONDS", 0.3)
    answer = served.raw(line(b"/api/judge", b"Content-Length: 1000", method=b"POST", body=b"goose"))
    assert answer.startswith(b"HTTP/1.1 408")


def test_slow_ones_do_not_hold_the_others(served: Served) -> None:
    slow = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(50)]
    try:
        for connection in slow[:25]:
            connection.sendall(b"GET /api/info HTTP/1.1\r\nHost: local")
        for connection in slow[25:]:
            connection.sendall(line(b"/api/upload", b"Content-Length: 100000", method=b"POST", body=b"x"))
        assert served.get("/api/neighbours?q=en:goose").status == 200
    finally:
        for connection in slow:
            connection.close()


def test_an_answer_that_takes_too_long_is_given_up(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "SECONDS", 0.2)
    monkeypatch.setattr(served.collection, "info", lambda: time.sleep(1))
    reply = served.get("/api/info")
    assert reply.status == 408 and "took longer" in reply.json["error"]


def test_what_fails_inside_is_not_told(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise RuntimeError("the secret of /etc/passwd")

    monkeypatch.setattr(served.collection, "info", broken)
    reply = served.get("/api/info")
    assert reply.status == 500 and b"secret" not in reply.body and b"passwd" not in reply.body
    assert "/api/info failed: RuntimeError: the secret" in caplog.text, "the terminal says more"


PATHS = ["/api/suggest", "/api/neighbours", "/api/pictures", "/api/crosslingual", "/api/picture/1", "/thumbnail/1"]
PATHS += ["/api/map/0", "/api/map/0.bin", "/api/map/0/words", "/", "/app.js", "/api/nothing"]


def encoded(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass"))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(PATHS) | st.text(max_size=30).map(lambda text: "/" + encoded(text)),
    parameters=st.dictionaries(
        st.sampled_from(["q", "n", "model", "language", "with_pictures", "method", "size", "v", "token"]),
        st.text(max_size=40) | st.integers().map(str) | st.sampled_from(["goose - duck", "en:goose", "de", "tsne"]),
        max_size=5,
    ),
)
def test_whatever_is_asked_has_an_answer(served: Served, path: str, parameters: dict[str, str]) -> None:
    if parameters.get("method") == "tsne":  # starts a process; asked in its own test
        del parameters["method"]
    query = "&".join(f"{name}={encoded(value)}" for name, value in parameters.items())
    reply = served.get(f"{path}?{query}")
    assert reply.status == 200 or 400 <= reply.status < 500, reply
    if reply.status != 200:
        assert set(reply.json) == {"error"} and reply.json["error"]


DROPPED = st.binary(min_size=1, max_size=300) | st.text(min_size=1, max_size=200).map(
    lambda text: text.encode("utf-8", "surrogatepass")
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=DROPPED, path=st.sampled_from(["/api/judge", "/api/upload"]))
def test_whatever_is_dropped_has_an_answer(served: Served, body: bytes, path: str) -> None:
    reply = served.request("POST", path, body)
    assert reply.status == 200 or 400 <= reply.status < 500, reply


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(min_size=1, max_size=200))
def test_whatever_bytes_arrive_the_server_lives(served: Served, data: bytes) -> None:
    answer = served.raw(data + b"\r\n\r\n", end=True)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 4")
    assert served.get("/api/info").status == 200
