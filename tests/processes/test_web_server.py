"""The real web server: whoever dawdles, waits or dies, others are answered."""

import asyncio
import http.client
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg2
import pytest
from django.core.exceptions import RequestAborted
from django.db import connection

from alliance_portal.launcher.children import dying_with_parent
from alliance_portal.launcher.processes import web
from alliance_portal.serving import body
from alliance_portal.serving.handler import THREADS
from tests import factories
from tests.scenes import a_scene
from tests.serving import CHECKOUT, session_of, wait_for
from tests.waiting import until

SECONDS = 30
HALF_A_REQUEST = (
    b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nl"
)


def ask(url: str, path: str, **headers: str) -> tuple[int, str]:
    """The status and text of a page."""
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=SECONDS)) as line:
        line.request("GET", path, headers={"Host": "localhost", **headers})
        answer = line.getresponse()
        return answer.status, answer.read().decode(errors="replace")


def opened(url: str, first: bytes) -> socket.socket:
    """A line that has sent the beginning of a request."""
    address = urlsplit(url)
    line = socket.create_connection((address.hostname, address.port), timeout=SECONDS)
    line.sendall(first)
    return line


@pytest.mark.parametrize("first", [HALF_A_REQUEST, HALF_A_REQUEST[:30], b""])
def test_those_who_do_not_finish_their_requests_hold_nobody_up(
    transactional_db: None, web_server: str, first: bytes
) -> None:
    with ExitStack() as lines:
        for _ in range(2 * THREADS + 8):
            lines.enter_context(closing(opened(web_server, first)))

        assert ask(web_server, "/healthz") == (200, "ok\n")
        assert ask(web_server, "/accounts/login/")[0] == 200


def test_one_who_reads_slowly_holds_nobody_up(transactional_db: None, web_server: str) -> None:
    page = b"GET /static/portal/portal.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with ExitStack() as lines:
        for _ in range(2 * THREADS + 8):
            lines.enter_context(closing(opened(web_server, page * 20)))

        assert ask(web_server, "/accounts/login/")[0] == 200


@contextmanager
def held(table: str) -> Iterator[None]:
    """The table is another's alone."""
    with closing(psycopg2.connect(**connection.get_connection_params())) as other:
        other.cursor().execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield


@pytest.mark.parametrize(
    "table, page", [("programmes_alliance", ""), ("savings_run", "money/runs/")]
)
def test_health_answers_while_every_thread_waits_and_each_who_waited_is_told(
    transactional_db: None, web_server: str, table: str, page: str
) -> None:
    a_scene()
    cookie = session_of(factories.administrator())
    page = f"GET /alliances/hills/{page} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n"

    with held(table), ExitStack() as lines:
        waiting = [
            lines.enter_context(closing(opened(web_server, page.encode())))
            for _ in range(2 * THREADS)
        ]
        assert ask(web_server, "/healthz") == (200, "ok\n")
        for line in waiting:
            assert line.recv(12) == b"HTTP/1.1 503"


def test_a_line_is_kept_longer_than_a_proxy_keeps_it() -> None:
    arguments = web("127.0.0.1:8000")

    assert int(arguments[arguments.index("--keep-alive") + 1]) > 75


def test_a_body_that_does_not_arrive_in_its_time_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def one_byte_then_nothing() -> dict[str, object]:
        if next(sent):
            return {"type": "http.request", "body": b"x", "more_body": True}
        await asyncio.Event().wait()
        raise AssertionError

    sent = iter((True, False))
    monkeypatch.setattr(body, "SECONDS", 0.01)

    with pytest.raises(body.Refused, match="too long to arrive") as refused:
        asyncio.run(body.read_body([(b"content-length", b"2")], one_byte_then_nothing))
    assert refused.value.status == 408


@pytest.mark.parametrize("said", [[], [(b"content-length", b"100000000")]])
def test_a_body_has_time_for_what_has_come_and_not_for_what_is_promised(
    monkeypatch: pytest.MonkeyPatch, said: list[tuple[bytes, bytes]]
) -> None:
    async def so_many_bytes_then_nothing() -> dict[str, object]:
        if size := next(sizes, 0):
            return {"type": "http.request", "body": b"x" * size, "more_body": True}
        await asyncio.Event().wait()
        raise AssertionError

    sizes = iter((3_000, 4_000))
    began = asyncio.run(_now())
    monkeypatch.setattr(body, "SECONDS", 0.01)
    monkeypatch.setattr(body, "BYTES_A_SECOND", 7_000)

    with pytest.raises(body.Refused, match="too long to arrive"):
        asyncio.run(body.read_body(said, so_many_bytes_then_nothing))
    assert asyncio.run(_now()) - began > 1


async def _now() -> float:
    return asyncio.get_running_loop().time()


@pytest.mark.parametrize("said", [b"99999999999", b"2"])
def test_a_body_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch, said: bytes) -> None:
    async def more() -> dict[str, object]:
        return {"type": "http.request", "body": b"x" * 1000, "more_body": True}

    monkeypatch.setattr(body, "MOST_BYTES", 10_000)

    with pytest.raises(body.Refused) as refused:
        asyncio.run(body.read_body([(b"content-length", said)], more))
    assert refused.value.status == 413


def test_a_sender_who_goes_away_leaves_no_request() -> None:
    async def gone() -> dict[str, object]:
        return {"type": "http.disconnect"}

    with pytest.raises(RequestAborted):
        asyncio.run(body.read_body([], gone))


def test_killed_outright_it_leaves_no_process_behind(
    worker_environment: dict[str, str], tmp_path: Path
) -> None:
    log = tmp_path / "web.log"
    with socket.create_server(("127.0.0.1", 0)) as door, log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *web(f"fd://{door.fileno()}")],
            env=worker_environment,
            cwd=CHECKOUT,
            pass_fds=[door.fileno()],
            stdout=out,
            stderr=out,
            preexec_fn=dying_with_parent(signal.SIGKILL),
        )
        wait_for(f"http://127.0.0.1:{door.getsockname()[1]}", process, log)
        workers = psutil.Process(process.pid).children()

        process.kill()
        process.wait()

    assert workers
    assert psutil.wait_procs(workers, timeout=SECONDS)[1] == []


@pytest.mark.parametrize("charset", ["utf-16", "zip", "hex", "rot13", "idna", "klingon", "x" * 300])
def test_a_body_in_letters_that_are_not_utf_8_is_refused(
    transactional_db: None, web_server: str, charset: str
) -> None:
    with closing(http.client.HTTPConnection(urlsplit(web_server).netloc, timeout=SECONDS)) as line:
        kind = f"application/x-www-form-urlencoded; charset={charset}"
        line.request("POST", "/accounts/login/", b"login=\xff", {"Content-Type": kind})

        assert line.getresponse().status == 400


LATER = b"(after the answer to what is before)"
NO_BROWSER_SENDS: dict[str, bytes] = {
    "a host that is none": b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
    "very many parameters": b"GET /?" + b"a=1&" * 12_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "no token": b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
    "an origin that is none": b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\n"
    b"Origin: http://[::\r\nContent-Length: 0\r\n\r\n",
    "another protocol": b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
    b"Upgrade: websocket\r\n\r\n",
    "a part of no length": b"POST / HTTP/1.1\r\nHost: localhost\r\n"
    b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    "a body that health does not read": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
    b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    "half of it after health answered": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n" + LATER + b"zz\r\n\r\n",
    "half of it after the answer": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
    + LATER
    + b"\x00\r\n\r\n",
    "another language": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "the newest language": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}


@pytest.mark.parametrize("name", NO_BROWSER_SENDS)
def test_what_no_browser_sends_is_one_line_of_log(
    transactional_db: None, web_server: str, web_log: Path, name: str
) -> None:
    before, after = f"/before/{secrets.token_hex(8)}", f"/after/{secrets.token_hex(8)}"
    ask(web_server, before)
    until(lambda: before in web_log.read_text())

    first, _, later = NO_BROWSER_SENDS[name].partition(LATER)
    with closing(opened(web_server, first)) as line:
        assert line.recv(9000)[:9] == b"HTTP/1.1 "
        if later:
            line.sendall(later)
            while line.recv(9000):
                pass
    ask(web_server, after)

    until(lambda: after in web_log.read_text())
    _, *lines = web_log.read_text().split(before)[1].split(after)[0].splitlines()
    # The beginning of the last one's line.
    assert len(lines[:-1]) == (0 if "health" in name else 1), lines


def test_each_request_is_one_line_of_log_however_long_it_is(
    transactional_db: None, web_server: str, web_log: Path
) -> None:
    before = len(web_log.read_bytes())

    ask(web_server, "/" + "a" * 5000)

    give_up_at = time.monotonic() + SECONDS
    while not (written := web_log.read_bytes()[before:]) and time.monotonic() < give_up_at:
        time.sleep(0.05)
    (line,) = written.splitlines()
    assert len(line) < 500
    assert re.search(rb"GET /a+ \d+ ", line)
