"""How tests wait: for what must come, as long as a busy machine takes; never as a measure of speed."""

import time
from collections.abc import Callable

import pytest

# A wait ends when what it waits for comes; only a test that fails takes this long, in seconds.
PATIENCE = 300.0


def until(true: Callable[[], object], otherwise: str = "It did not come.") -> float:
    """Return once `true()` is; the seconds that took, to be told, not judged."""
    began = time.monotonic()
    while not true():
        if time.monotonic() > began + PATIENCE:
            pytest.fail(otherwise)
        time.sleep(0.05)
    return time.monotonic() - began
