"""An area that is ready, and the browser of a manager, without script."""

import pytest
from django.test import Client

from tests.alliance_portal.go_live.ready import Ready, a_ready_area


@pytest.fixture
def ready(db: None) -> Ready:
    return a_ready_area()


@pytest.fixture
def client(ready: Ready) -> Client:
    """Alice's."""
    return ready.client(ready.alice)
