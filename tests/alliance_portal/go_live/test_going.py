"""Going live and its correction, as services."""

import threading
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from alliance_portal.go_live.going import go_live
from business_areas import services
from business_areas.models import BusinessArea, MovedDate
from programmes.recorded import StaleEdit
from tests import factories
from tests.alliance_portal.go_live.ready import TODAY, WENT_LIVE, Ready, a_ready_area


def take_live(ready: Ready, on: date = WENT_LIVE) -> None:
    go_live(
        area=ready.scene.fleet,
        on=on,
        by=ready.alice,
        day=TODAY,
        seen_revision=None,
        seen_stage=None,
    )


@pytest.mark.django_db
def test_an_area_that_was_loaded_as_live_goes_back_to_implementation() -> None:
    area = factories.area(stage="LIVE")

    assert services.stage_before_live(area) == "IMPLEMENTATION"


@pytest.mark.django_db
def test_an_area_goes_back_to_the_stage_from_which_it_went_live() -> None:
    ready = a_ready_area()
    BusinessArea.objects.update(stage="CONSULTATION")
    take_live(ready)

    services.correct_go_live(
        area=ready.scene.fleet, to=None, reason="A pilot", by=ready.alice, day=TODAY
    )

    assert ready.stage() == "CONSULTATION"


@pytest.mark.django_db
def test_the_same_correction_from_an_old_page_is_found_and_another_is_refused() -> None:
    ready = a_ready_area()
    take_live(ready)
    asked = {"area": ready.scene.fleet, "reason": "Wrong", "by": ready.alice, "day": TODAY}
    seen = ready.now().revision

    for _ in range(2):
        services.correct_go_live(to=date(2017, 1, 9), seen_revision=seen, **asked)

    assert MovedDate.objects.filter(to_on=date(2017, 1, 9)).count() == 1
    with pytest.raises(StaleEdit):
        services.correct_go_live(to=None, seen_revision=seen, **asked)


@pytest.mark.django_db
def test_a_correction_says_why() -> None:
    ready = a_ready_area()
    take_live(ready)

    with pytest.raises(ValidationError, match="Say why"):
        services.correct_go_live(
            area=ready.scene.fleet, to=None, reason=" ", by=ready.alice, day=TODAY
        )


@pytest.mark.django_db
def test_an_area_that_is_not_live_has_nothing_to_correct() -> None:
    ready = a_ready_area()

    with pytest.raises(services.NotLive):
        services.correct_go_live(
            area=ready.scene.fleet, to=None, reason="A pilot", by=ready.alice, day=TODAY
        )


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_the_same_moment_it_goes_live_once() -> None:
    ready = a_ready_area()
    failed: list[Exception] = []

    def send() -> None:
        try:
            take_live(ready)
        except Exception as problem:
            failed.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not failed
    assert MovedDate.objects.filter(which="ACTUAL").count() == 1
    assert ready.stage() == "LIVE"
