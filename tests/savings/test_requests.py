"""Asking for shares: which areas and years, once a transaction, and never at the cost of a save."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from alliance_portal.celery import app
from alliance_portal.launcher.broker import Broker
from alliance_portal.launcher.scratch import Scratch
from programmes.models import Alliance
from savings import requests
from savings.inputs import Unit
from savings.models import RecomputeRequest
from savings.requests import request_recompute, request_units
from tests import factories
from tests.scenes import Scene, a_scene

pytestmark = pytest.mark.dialect

together = pytest.mark.django_db
committing = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(db: None) -> Scene:
    """Fleet has money in three years, Dogs in one."""
    scene = a_scene()
    parts = scene.item("parts", "SAVING")
    for year in (2015, 2016, 2017):
        scene.amount(parts, 10_001, year)
    scene.amount(scene.item("kennels", "COST", scene.area("dogs")), 500, 2016)
    return scene


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The alliances that were rung for, in order."""
    rung: list[int] = []
    monkeypatch.setattr(requests, "ring", rung.append)
    return rung


def asked() -> list[tuple[str, int]]:
    return sorted(RecomputeRequest.objects.values_list("area__code", "year"))


def ask(alliance: Alliance, **what: Any) -> int:
    return request_recompute(alliance=alliance, cause="A test asked", **what)


EVERY = [("dogs", 2016), ("fleet", 2015), ("fleet", 2016), ("fleet", 2017)]


@together
@pytest.mark.parametrize(
    "what, expected",
    [
        ({}, EVERY),
        ({"since_year": 2017}, [("fleet", 2017)]),
        ({"years": [2015, 2030]}, [("fleet", 2015)]),
        ({"years": []}, []),
        ({"area_ids": []}, []),
    ],
)
def test_only_what_has_money_is_asked_for(
    scene: Scene, what: dict[str, Any], expected: list[tuple[str, int]]
) -> None:
    factories.amount()  # another alliance's
    assert ask(scene.alliance, **what) == len(expected)
    assert asked() == expected


@together
def test_exactly_these_areas_years_are_asked_for_even_if_nothing_is_left_in_one(
    scene: Scene,
) -> None:
    units = [Unit(scene.fleet.pk, 2015), Unit(scene.fleet.pk, 2017), Unit(scene.fleet.pk, 1999)]
    units += [Unit(factories.area().pk, 2015)]  # another alliance's
    assert request_units(alliance=scene.alliance, units=units, cause="A test") == 3
    assert asked() == [("fleet", 1999), ("fleet", 2015), ("fleet", 2017)]


@together
def test_a_cause_too_long_is_cut_and_not_refused(scene: Scene) -> None:
    request_recompute(alliance=scene.alliance, cause="because " * 50)
    assert len(RecomputeRequest.objects.first().cause) == 200  # type: ignore[union-attr]


# The doorbell ------------------------------------------------------------------------------------


@committing
def test_it_rings_once_after_the_commit_however_often_it_was_asked(
    scene: Scene, rings: list[int]
) -> None:
    with transaction.atomic():
        ask(scene.alliance)
        with transaction.atomic():
            ask(scene.alliance, years=[2015])
        request_units(
            alliance=scene.alliance,
            units=[Unit(scene.fleet.pk, year) for year in (2015, 2016, 2017)],
            cause="A test",
        )
        assert rings == []
    assert rings == [scene.alliance.pk]


@committing
def test_it_does_not_ring_if_the_change_is_rolled_back(scene: Scene, rings: list[int]) -> None:
    with transaction.atomic():
        ask(scene.alliance)
        transaction.set_rollback(True)
    assert rings == [] and asked() == []


@committing
def test_it_rings_if_only_an_inner_part_is_rolled_back(scene: Scene, rings: list[int]) -> None:
    with transaction.atomic():
        with transaction.atomic():
            ask(scene.alliance, years=[2015])
            transaction.set_rollback(True)
        ask(scene.alliance, years=[2016])
    assert rings == [scene.alliance.pk]

    rings.clear()
    with transaction.atomic():
        ask(scene.alliance, years=[2016])
        with transaction.atomic():
            ask(scene.alliance, years=[2015])
            transaction.set_rollback(True)
    assert rings == [scene.alliance.pk]


@committing
def test_it_does_not_ring_if_nothing_was_marked(scene: Scene, rings: list[int]) -> None:
    with transaction.atomic():
        ask(scene.alliance, years=[1999])
    assert rings == []


@committing
def test_each_alliance_is_rung_for(scene: Scene, rings: list[int]) -> None:
    other = factories.amount().alliance
    with transaction.atomic():
        ask(scene.alliance)
        ask(other)
    assert rings == [scene.alliance.pk, other.pk]


# A broker in trouble -----------------------------------------------------------------------------


@pytest.fixture
def broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    """A broker of the test's own, on which this process rings."""
    scratch = Scratch()
    broker = Broker(tmp_path, tmp_path / "broker.log", scratch, durable=False)
    broker.start()
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", broker.url)
    yield broker
    broker.stop()
    scratch.close()


def save(scene: Scene) -> None:
    """Save, and ring; the request is on record whatever happens."""
    RecomputeRequest.objects.all().delete()
    with transaction.atomic():
        ask(scene.alliance)
    assert asked() == EVERY


def messages() -> int:
    with app.connection_for_write() as connection:
        queue = app.conf.task_default_queue
        return int(connection.default_channel.client.llen(queue))


@committing
def test_a_message_is_on_the_queue_when_a_save_returns(broker: Broker, scene: Scene) -> None:
    save(scene)
    assert messages() == 1


@committing
def test_a_frozen_broker_is_tried_once_and_not_again_while_somebody_saves(
    broker: Broker, scene: Scene, naps: list[float]
) -> None:
    save(scene)
    assert broker._child is not None
    os.kill(broker._child.pid, signal.SIGSTOP)
    try:
        for _ in range(3):
            save(scene)
    finally:
        os.kill(broker._child.pid, signal.SIGCONT)
    assert naps == []
    save(scene)
    assert messages() >= 2


@committing
def test_a_broker_that_stops_answering_halfway_costs_no_more(
    broker: Broker, scene: Scene, monkeypatch: pytest.MonkeyPatch, naps: list[float]
) -> None:
    task = requests.tasks.recompute_alliance
    send = task.apply_async

    def frozen_first(**options: Any) -> Any:
        assert options["connection"].default_channel  # connected while it still answered
        assert broker._child is not None
        os.kill(broker._child.pid, signal.SIGSTOP)
        return send(**options)

    monkeypatch.setattr(task, "apply_async", frozen_first)
    try:
        save(scene)
    finally:
        assert broker._child is not None
        os.kill(broker._child.pid, signal.SIGCONT)
    assert naps == []


@committing
@pytest.mark.parametrize(
    "address",
    [
        "redis+socket:///no/such/socket",
        "redis://127.0.0.1:1/0",
        "redis://no-such-host.invalid:6379/0",
        "nonsense://somewhere",
    ],
)
def test_a_broker_that_is_away_does_not_fail_a_save(
    scene: Scene,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    naps: list[float],
    address: str,
) -> None:
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", address)
    save(scene)
    assert naps == []
    assert "beat will ring again" in caplog.text
