"""gunicorn's worker: uvicorn, ended with its parent, and quiet lines closed."""

import logging
import signal
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn_worker import UvicornWorker

from alliance_portal.launcher.children import die_with_parent

_SECONDS_TO_END = 7

_log = logging.getLogger("alliance_portal.web")


class Line(H11Protocol):
    """A browser's connection; it may be quiet as long as one that is kept alive, from the first byte."""

    def connection_made(self, transport: Any) -> None:
        """Wait for a request, but not for ever."""
        super().connection_made(transport)
        self._wait_for_request()

    def data_received(self, data: bytes) -> None:
        """Half a request does not stop the clock."""
        waiting = self.timeout_keep_alive_task
        self.timeout_keep_alive_task = None
        super().data_received(data)
        if waiting is None:
            return
        if self.cycle is None or self.cycle.response_complete:
            self.timeout_keep_alive_task = self.timeout_keep_alive_task or waiting
        else:
            waiting.cancel()

    def send_400_response(self, msg: str) -> None:
        """What is no request has a line of log; what began as one has that of the request."""
        if not self.cycle:
            _log.info("%s sent what is no request 400", self.client[0] if self.client else "-")
        elif not self.cycle.response_complete:
            self.cycle.disconnected = True  # an answer that is still being made has nowhere to go
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        else:
            self.transport.close()

    def _wait_for_request(self) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )


class Worker(UvicornWorker):  # type: ignore[misc]
    """One process of pages."""

    CONFIG_KWARGS = {
        "loop": "asyncio",
        "http": Line,
        "ws": "none",
        "lifespan": "off",
        "access_log": False,
        "proxy_headers": False,
        "server_header": False,
        "timeout_graceful_shutdown": _SECONDS_TO_END,
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # It warns of what a stranger sent; each request has one line already.
        logging.getLogger("uvicorn.error").setLevel(logging.ERROR)

    def init_process(self) -> None:
        """End when gunicorn's own process is killed outright, and let another take the port."""
        die_with_parent(signal.SIGTERM)
        super().init_process()
