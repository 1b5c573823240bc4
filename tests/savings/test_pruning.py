"""What is taken away after a time, and what stays however old it is."""

from datetime import date, timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from alliance_portal.tasks import clear_sessions
from savings import pruning, recompute
from savings.models import Pool, RatioPart, SharingRatio
from tests.scenes import Scene, a_scene

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]


@pytest.fixture
def scene() -> Scene:
    scene = a_scene()
    scene.amount(scene.item("vans"), 100_00)
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)
    return scene


def test_a_ratio_that_divides_nothing_goes_after_a_day_and_one_in_use_stays(scene: Scene) -> None:
    scene.rule(date(2015, 10, 1))
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)
    unused, used = SharingRatio.objects.order_by("pk")
    assert Pool.objects.get().ratio == used
    assert pruning.prune_ratios() == 0
    SharingRatio.objects.update(made_at=timezone.now() - timedelta(days=2))
    assert pruning.prune_ratios() == 1
    assert SharingRatio.objects.get() == used
    assert not RatioPart.objects.filter(ratio_id=unused.pk).exists()
    assert used.parts.count() == 3


def test_only_sessions_that_have_ended_are_taken_away() -> None:
    ended, open_still = SessionStore(), SessionStore()
    for session in (ended, open_still):
        session.create()
    Session.objects.filter(pk=ended.session_key).update(
        expire_date=timezone.now() - timedelta(seconds=1)
    )
    clear_sessions()
    assert [session.pk for session in Session.objects.all()] == [open_still.session_key]
