"""What the launcher says to the person who started it."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(text: str = "", *, end: str = "\n") -> None:
    """Print a line; nobody may be listening any more, and that is no reason to stop tidying up."""
    try:
        print(text, end=end, flush=True)
    except OSError:
        sys.stdout = None  # print() then does nothing


@contextmanager
def step(text: str) -> Iterator[None]:
    """Say what is being done, and when it is done how long it took."""
    say(f"  {text} ", end="")
    began = time.monotonic()
    try:
        yield
    except BaseException:
        say()
        raise
    say(f"({time.monotonic() - began:.1f} s)")
