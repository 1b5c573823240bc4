"""Django's pages behind an event loop: it reads and writes, a few threads do the work.

A sender that dawdles, a reader that dawdles and a browser that only keeps its line open cost no
thread; `/healthz` is answered by the loop itself, whatever the threads wait for.
"""

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest, HttpResponseBase
from django.urls import set_script_prefix

from alliance_portal.quiet_logs import REFUSED_BECAUSE
from alliance_portal.serving import silence
from alliance_portal.serving.body import Receive, Refused, read_body

# Measured: docs/decisions/0015-pages-behind-an-event-loop.md
THREADS = 16

Scope = Mapping[str, Any]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

HEALTH, READY = "/healthz", "/readyz"
_PLAIN = (b"content-type", b"text/plain; charset=utf-8")
_NO_STORE = (b"cache-control", b"no-store")
_LONGEST_IN_LOG = 300
_SECRET = re.compile(rb"(?<=/password/reset/key/)[^/?]+")  # a link that sets a password

_log = logging.getLogger("alliance_portal.web")


class Pages(ASGIHandler):
    """The ASGI application. One for each process; it has THREADS of its own."""

    def __init__(self) -> None:
        BaseHandler.__init__(self)
        # Views and middleware are plain functions, and each request stays in one thread.
        self.load_middleware(is_async=False)
        self._pages = ThreadPoolExecutor(THREADS, thread_name_prefix="page")
        self._ready = ThreadPoolExecutor(1, thread_name_prefix="ready")
        self._watch: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, with one line of log."""
        if scope["type"] != "http":
            return
        if self._watch is None:
            self._watch = asyncio.create_task(_watch())
        if scope["path"] == HEALTH and scope["method"] in ("GET", "HEAD"):
            await _say(send, 200, "ok\n")
            return
        began = time.monotonic()
        try:
            status = await self._answer(scope, receive, send)
        except Refused as refused:
            await _say(send, refused.status, f"{refused.sentence}\n", close=True)
            status = refused.status
        except RequestAborted:
            status = 499
        _tell(scope, status, time.monotonic() - began)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> int:
        body = await read_body(scope["headers"], receive)
        try:
            request, refusal = self.create_request(scope, body)
            if refusal is not None:
                await self.send_response(refusal, send)
                return refusal.status_code
            assert request is not None
            pool = self._ready if scope["path"] == READY else self._pages
            response = await self._in_thread(pool, request, receive)
            try:
                await self._send(response, send)
            finally:
                await asyncio.to_thread(response.close)
            return response.status_code
        finally:
            body.close()

    async def _in_thread(
        self, pool: Executor, request: HttpRequest, receive: Receive
    ) -> HttpResponseBase:
        """The response. A request whose sender has gone before a thread was free is left alone."""
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(pool, self._respond, request)
        gone = asyncio.ensure_future(_next(receive))
        try:
            ends: list[asyncio.Future[Any]] = [work, gone]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                work.cancel()
                raise RequestAborted
            return work.result()
        finally:
            gone.cancel()

    def _respond(self, request: HttpRequest) -> HttpResponseBase:
        """The response, by the thread that it belongs to: its database connection is that thread's."""
        set_script_prefix("/")
        with silence.ends_after(settings.WEB_STATEMENT_SECONDS + silence.GRACE):
            signals.request_started.send(sender=type(self), scope=request.scope)  # type: ignore[attr-defined]
            response = self.get_response(request)
        if response.streaming:
            response.block_size = self.chunk_size  # type: ignore[attr-defined]
        return response

    async def _send(self, response: HttpResponseBase, send: Send) -> None:
        """Django's own way; what is streamed is read a piece at a time, at the reader's pace."""
        if response.streaming:
            parts = iter(response)
            response.streaming_content = _pieces(parts)  # type: ignore[attr-defined]
        await self.send_response(response, send)


async def _watch() -> None:
    """Look in on those who wait for the database, for as long as the process lives."""
    while True:
        silence.hang_up_where_overdue()
        await asyncio.sleep(silence.SECONDS_BETWEEN_LOOKS)


async def _next(receive: Receive) -> None:
    """After the whole body there is one message more: that the sender has gone."""
    await receive()


async def _pieces(parts: Any) -> Any:
    while (part := await asyncio.to_thread(next, parts, None)) is not None:
        yield part


async def _say(send: Send, status: int, text: str, *, close: bool = False) -> None:
    """A plain answer of the loop's own."""
    content = text.encode()
    headers = [_PLAIN, _NO_STORE, (b"content-length", str(len(content)).encode())]
    if close:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def _tell(scope: Scope, status: int, seconds: float) -> None:
    """One line a request, however long its address is, and without a secret in it."""
    address = _SECRET.sub(b"(left out)", scope["raw_path"]) + (
        b"?" + scope["query_string"] if scope["query_string"] else b""
    )
    client = scope["client"][0] if scope.get("client") else "-"
    shown = address.decode("ascii", "replace")[:_LONGEST_IN_LOG]
    why = ascii(scope.get(REFUSED_BECAUSE, ""))[1:-1][:_LONGEST_IN_LOG]
    answer = f"{status} ({why})" if why else f"{status}"
    _log.info("%s %s %s %s %.3f s", client, scope["method"][:20], shown, answer, seconds)
