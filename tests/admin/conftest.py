"""The administrator, and something to administer."""

import pytest
from django.test import Client

from programmes.models import User
from tests import factories
from tests.scenes import Scene, a_scene

OWN = {"your_password": "the boss’s own password"}  # what a change of access asks for


@pytest.fixture
def boss() -> User:
    return factories.administrator(
        email="boss@example.org", name="The boss", password=OWN["your_password"]
    )


@pytest.fixture
def signed_in(client: Client, boss: User) -> Client:
    client.force_login(boss)
    return client


@pytest.fixture
def scene() -> Scene:
    """An alliance with sizes, a rule, an area and 2016/17 amounts."""
    scene = a_scene()
    scene.amount(scene.item("parts", "SAVING"), 10_001)
    return scene
