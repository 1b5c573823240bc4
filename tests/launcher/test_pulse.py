"""When the background counts as silent."""

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

from alliance_portal.launcher import pulse
from alliance_portal.launcher.pulse import Pulse
from savings.models import Heartbeat, Run
from tests.scenes import a_scene

pytestmark = [pytest.mark.dialect, pytest.mark.django_db(transaction=True)]


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(pulse, "time", clock)
    return clock


@pytest.fixture
def silent(worker_environment: dict[str, str], clock: Clock):
    """After so many seconds more, with everything started long ago: is it silent?"""
    asked = Pulse(worker_environment["DATABASE_URL"])

    def after(seconds: float, *, since: float = 0) -> bool:
        clock.now += seconds
        return asked.is_silent(since=since)

    return after


def beat(*, ago: timedelta = timedelta()) -> None:
    Heartbeat.objects.update_or_create(name="worker", defaults={"seen_at": timezone.now() - ago})


def test_a_minute_without_a_heartbeat_is_silence(silent) -> None:
    beat()
    assert not silent(0)
    assert not silent(59)
    assert silent(10)


def test_each_heartbeat_begins_another_minute(silent) -> None:
    for _ in range(3):
        beat()
        assert not silent(50)


def test_no_heartbeat_ever_is_silence_after_a_minute(silent) -> None:
    assert not silent(0)
    assert silent(61)


def test_what_ending_it_does_not_mend_is_ended_less_and_less_often(silent, clock: Clock) -> None:
    assert not silent(0)
    ended_at = []
    for _ in range(1000):
        if silent(10, since=ended_at[-1] if ended_at else 0):
            ended_at.append(clock.now)

    pauses = [later - earlier for earlier, later in itertools.pairwise(ended_at)]
    assert pauses[:4] == [130, 250, 490, 970]
    assert set(pauses[4:]) == {970}


def test_a_long_run_speaks_for_its_worker(silent) -> None:
    beat(ago=timedelta(minutes=5))
    run = Run.objects.create(alliance=a_scene().alliance, cause="A long one")
    for _ in range(3):
        assert not silent(50)
        Run.objects.filter(pk=run.pk).update(seen_at=timezone.now())


def test_what_has_just_been_started_has_a_minute_of_its_own(silent, clock: Clock) -> None:
    beat()
    assert not silent(0)
    assert not silent(100, since=clock.now + 90)


def test_a_database_that_was_away_is_no_silence(
    worker_environment: dict[str, str], clock: Clock
) -> None:
    beat()
    asked = Pulse(worker_environment["DATABASE_URL"])
    there = asked.url
    for url in (there, "postgres://postgres@/portal?host=/nowhere", there):
        asked.url = url
        assert not asked.is_silent(since=0)
        clock.now += 100


def test_a_clock_that_is_put_right_is_no_silence(silent) -> None:
    beat(ago=timedelta(days=-1))
    assert not silent(0)
    beat()
    assert not silent(59)
