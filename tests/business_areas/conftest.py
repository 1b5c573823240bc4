"""People of an alliance, each signed in: alice may change areas, bob may look, mallory is elsewhere."""

from collections.abc import Callable

import pytest
from django.test import Client

from programmes.models import Alliance, Role, User
from tests import factories
from tests.scenes import Scene, a_scene


@pytest.fixture
def scene(db: None) -> Scene:
    """Three forces and the area Fleet."""
    return a_scene()


SignedIn = Callable[[User], Client]


def signed_in(person: User) -> Client:
    """A browser of theirs, without script."""
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def manager(alliance: Alliance, **fields: str) -> User:
    """A programme manager of the alliance."""
    person = factories.user(**fields)
    factories.role(alliance=alliance, user=person, kind=Role.Kind.PROGRAMME_MANAGER)
    return person


@pytest.fixture
def alice(scene: Scene) -> User:
    """The programme manager."""
    return manager(scene.alliance, name="Alice Archer", email="alice@example.org")


@pytest.fixture
def bob(scene: Scene) -> User:
    """A panel member, who looks."""
    person = factories.user(name="Bob Baker", email="bob@example.org")
    factories.role(alliance=scene.alliance, user=person)
    return person


@pytest.fixture
def mallory(db: None) -> User:
    """A programme manager of another alliance."""
    return manager(factories.alliance(), name="Mallory Mason", email="mallory@example.org")
