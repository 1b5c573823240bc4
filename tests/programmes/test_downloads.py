"""Files take turns: a few at a time for all, one for a person, whatever process makes them."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2
import pytest
from django.db import connection
from django.test import Client
from django.urls import resolve

from programmes.downloads import AT_ONCE, PEOPLE, TURNS, Download
from programmes.models import User
from tests import factories
from tests.scenes import Scene, a_scene
from tests.test_any_address import addresses, scene  # noqa: F401

pytestmark = [pytest.mark.dialect, pytest.mark.django_db(transaction=True)]

SHARES = "/alliances/hills/money/shares.xlsx"


@contextmanager
def making(*keys: tuple[int, int]) -> Iterator[None]:
    """Somebody elsewhere is making files: the locks with these keys are held."""
    with closing(psycopg2.connect(**connection.get_connection_params())) as other:
        for pair in keys:
            other.cursor().execute("SELECT pg_advisory_xact_lock(%s, %s)", pair)
        yield


def signed_in(client: Client) -> User:
    user = factories.administrator()
    client.force_login(user)
    return user


def test_a_file_waits_for_its_turn_on_a_page_that_asks_again(client: Client) -> None:
    a_scene()
    signed_in(client)

    with making(*((TURNS, number) for number in range(AT_ONCE))):
        waits = client.get(SHARES)
    with closing(client.get(SHARES)) as comes:
        assert comes.status_code == 200
        assert b"".join(comes)[:2] == b"PK"

    assert waits.status_code == 503
    assert f"{AT_ONCE} files are being made; yours starts when one ends." in waits.content.decode()
    assert int(waits["Refresh"]) > 0


def test_with_a_turn_free_it_comes(client: Client) -> None:
    a_scene()
    signed_in(client)

    with making((TURNS, 0)), closing(client.get(SHARES)) as comes:
        assert comes.status_code == 200


def test_a_person_has_one_file_made_at_a_time(client: Client) -> None:
    a_scene()
    user = signed_in(client)

    with making((PEOPLE, user.pk)):
        waits = client.get(SHARES)
        client.force_login(factories.administrator())
        with closing(client.get(SHARES)) as anothers:
            assert anothers.status_code == 200

    assert waits.status_code == 503
    assert "Another file is being made for you" in waits.content.decode()


def test_every_file_of_the_portal_takes_its_turn(client: Client, scene: Scene) -> None:  # noqa: F811
    signed_in(client)
    files = []
    for address in addresses(scene):
        with closing(client.get(address)) as answer:
            kind = answer.get("Content-Type", "text/html")
            if "Content-Disposition" in answer or not re.match("text/html", kind):
                files.append(address)

    not_in_turn = [
        address
        for address in files
        if not issubclass(getattr(resolve(address).func, "view_class", object), Download)
    ]

    assert len(files) >= 8
    assert not_in_turn == []
