"""Whether the portal is up, and what it says of what it needs."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from alliance_portal.celery import app
from alliance_portal.views import health
from savings.models import Heartbeat, RecomputeRequest, Run
from tests.scenes import a_scene

pytestmark = pytest.mark.dialect

READY = {
    "ready": True,
    "degraded": [],
    "database": "ok",
    "broker": "ok",
    "worker": "ok",
    "shares": "ok",
    "disk": "ok",
}
NO_WORKER = (
    "No background worker has been at work in the last minute; changes are saved, and shares will "
    "follow when one is."
)


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

    assert answer.status_code == 200
    assert answer.json() == {**READY, "degraded": [NO_WORKER], "worker": NO_WORKER}


@pytest.mark.django_db
def test_a_worker_in_a_long_run_is_heard_of_by_the_run(client: Client) -> None:
    a_heartbeat(ago=timedelta(seconds=61))
    Run.objects.create(alliance=a_scene().alliance, cause="A long one")

    assert client.get("/readyz").json() == READY


@pytest.mark.django_db
def test_a_broker_that_is_away_is_named_within_seconds(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_heartbeat()
    away = app.connection_for_write("redis://127.0.0.1:1/0")
    monkeypatch.setattr(app, "connection_for_write", lambda *_args, **_options: away)

    answer = client.get("/readyz")

    assert answer.status_code == 200
    (sentence,) = answer.json()["degraded"]
    assert sentence.startswith("The broker does not answer;")
    assert answer.json() == {**READY, "degraded": [sentence], "broker": sentence}


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

    assert answer.status_code == 200
    assert "waited for more than five minutes" in answer.json()["shares"]
    assert answer.json()["degraded"] == [answer.json()["shares"]]


@pytest.mark.django_db
def test_a_disk_that_is_nearly_full_is_named(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_heartbeat()
    monkeypatch.setattr(health, "BYTES_TO_SPARE", 10**18)

    answer = client.get("/readyz")

    assert answer.status_code == 200
    (sentence,) = answer.json()["degraded"]
    assert "MB left; make room before saving fails." in sentence
