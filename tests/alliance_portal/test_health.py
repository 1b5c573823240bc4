"""Whether the portal is up, and what it says of what it needs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from alliance_portal.celery import app
from alliance_portal.views import health
from savings.models import Heartbeat, RecomputeRequest
from tests.scenes import a_scene

READY = {"ready": True, "database": "ok", "broker": "ok", "worker": "ok", "shares": "ok"}


def a_heartbeat(*, ago: timedelta = timedelta()) -> None:
    Heartbeat.objects.update_or_create(name="worker", defaults={"seen_at": timezone.now() - ago})


def test_the_process_is_up_without_asking_the_database(client: Client) -> None:
    # Without the django_db mark any query would fail this test.
    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_everything_is_ready(client: Client) -> None:
    a_heartbeat()

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == READY


@pytest.mark.django_db
def test_a_worker_that_was_not_seen_for_a_minute_is_named(client: Client) -> None:
    a_heartbeat(ago=timedelta(seconds=61))

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {
        **READY,
        "ready": False,
        "worker": "No background worker has been seen in the last minute.",
    }


@pytest.mark.django_db
def test_a_broker_that_is_away_is_named_within_seconds(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_heartbeat()
    away = app.connection_for_write("redis://127.0.0.1:1/0")
    monkeypatch.setattr(app, "connection_for_write", lambda *_args, **_options: away)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["broker"].startswith("The broker does not answer;")
    assert answer.json()["worker"] == "ok"


@pytest.mark.django_db
def test_requests_that_wait_too_long_are_counted(client: Client) -> None:
    a_heartbeat()
    scene = a_scene()
    request = RecomputeRequest.objects.create(
        alliance=scene.alliance, area=scene.fleet, year=2016, cause="A change"
    )
    RecomputeRequest.objects.filter(pk=request.pk).update(
        asked_at=timezone.now() - timedelta(minutes=6)
    )

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert "waited for more than five minutes" in answer.json()["shares"]


class Away:
    """A database, or a table of it, that does not answer."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def fails(*_args: Any, **_options: Any) -> Any:
            raise DatabaseError("away")

        return fails


def test_a_database_that_is_away_is_a_sentence_and_no_failure(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "connection", Away())
    for model in (health.Heartbeat, health.RecomputeRequest):
        monkeypatch.setattr(model, "objects", Away())

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["database"] == "The database does not answer."
    assert answer.json()["worker"] == "Not known: the database does not answer."
