"""A request's body, read to its end before a thread looks at it, within a size and a time."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import IO, Any

from django.core.exceptions import RequestAborted

Receive = Callable[[], Awaitable[Mapping[str, Any]]]

# What a slow line keeps up with, and a sender of one byte a second does not, whatever it promised.
SECONDS = 20.0
BYTES_A_SECOND = 25_000
MOST_BYTES = 100 * 1024 * 1024
_IN_MEMORY = 1024 * 1024


class Refused(Exception):
    """The body is not taken: `status`, and why in one sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


async def read_body(headers: Iterable[tuple[bytes, bytes]], receive: Receive) -> IO[bytes]:
    """The whole body, in a file that leaves the memory once it is large.

    It has SECONDS, and as long again as what has come takes at BYTES_A_SECOND. Raises Refused, or
    RequestAborted if the sender goes away.
    """
    said = next((value for name, value in headers if name == b"content-length"), b"")
    length = int(said) if said.isdigit() and len(said) < 20 else 0
    if length > MOST_BYTES:
        raise _too_large()
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
    try:
        async with asyncio.timeout(SECONDS) as limit:
            await _copy(receive, file, limit)
    except TimeoutError:
        file.close()
        raise Refused(408, "The request took too long to arrive; send it again.") from None
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


async def _copy(receive: Receive, file: IO[bytes], limit: asyncio.Timeout) -> None:
    size, began = 0, asyncio.get_running_loop().time()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RequestAborted
        part = message.get("body", b"")
        size += len(part)
        if size > MOST_BYTES:
            raise _too_large()
        file.write(part)
        limit.reschedule(began + SECONDS + size / BYTES_A_SECOND)
        if not message.get("more_body"):
            return


def _too_large() -> Refused:
    return Refused(413, f"More than {MOST_BYTES // 1024**2} MB was sent; send less at a time.")
