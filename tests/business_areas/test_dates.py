"""Moving a forecast, and confirming it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from business_areas import services
from business_areas.models import BusinessArea, Milestone, MovedDate
from business_areas.reasons import ANOTHER, EARLIER, FIRST, LATER, reasons_for
from business_areas.selectors.moved import newest_move
from programmes.models import User
from programmes.recorded import StaleEdit
from savings.models import RecomputeRequest
from tests import factories
from tests.scenes import a_scene

pytestmark = pytest.mark.django_db

DAY = date(2017, 12, 31)
APRIL, JULY, JANUARY = date(2018, 4, 1), date(2018, 7, 1), date(2018, 1, 1)
TOLD = "The supplier needs a further quarter."


@pytest.fixture
def milestone() -> Milestone:
    """A go-live forecast for 1 April 2018, in an alliance agreed in March 2015."""
    alliance = factories.alliance(agreed_on=date(2015, 3, 1), explored_on=date(2013, 12, 1))
    area = factories.area(alliance=alliance, name="Estates")
    return factories.milestone(
        area=area, name="Go live", approved_on=APRIL, forecast_on=APRIL, is_provisional=True
    )


@pytest.fixture
def alice() -> User:
    return factories.user(name="Alice")


def move(milestone: Milestone, to: date, by: User | None = None, **more: object) -> MovedDate:
    given = {"reason": LATER[3] if to > APRIL else EARLIER[1], "details": TOLD, "day": DAY, **more}
    services.reschedule(milestone=milestone, to=to, by=by, **given)  # type: ignore[arg-type]
    return newest(milestone, "FORECAST")


def newest(milestone: Milestone, which: str) -> MovedDate:
    found = newest_move(milestone, which)
    assert found
    return found


def test_a_moved_forecast_keeps_who_from_to_and_why(milestone: Milestone, alice: User) -> None:
    moved = move(milestone, JULY, alice, seen_revision=milestone.revision)

    milestone.refresh_from_db()
    assert milestone.forecast_on == JULY
    assert milestone.approved_on == APRIL
    assert (moved.which, moved.from_on, moved.to_on) == ("FORECAST", APRIL, JULY)
    made = moved.change
    assert (made.reason, made.details, made.made_by) == (LATER[3], TOLD, alice)


def test_a_moved_forecast_breaks_the_silence_of_its_area(milestone: Milestone) -> None:
    move(milestone, JULY)

    assert BusinessArea.objects.get(pk=milestone.area_id).last_update_on == DAY


def test_a_milestone_of_the_programme_moves_too() -> None:
    milestone = factories.milestone(alliance=factories.alliance(), area=None, forecast_on=APRIL)

    assert move(milestone, JULY).to_on == JULY


def test_the_new_forecast_says_whether_it_is_provisional(milestone: Milestone) -> None:
    move(milestone, JULY, is_provisional=False)

    milestone.refresh_from_db()
    assert not milestone.is_provisional


def test_the_reasons_for_earlier_and_for_later_differ() -> None:
    assert reasons_for(APRIL, JULY) == LATER
    assert reasons_for(APRIL, JANUARY) == EARLIER
    assert reasons_for(None, APRIL) == FIRST
    assert set(LATER) & set(EARLIER) == set(FIRST[1:])
    assert all(len(reason) <= 60 for reason in (*EARLIER, *LATER, *FIRST))


@pytest.mark.parametrize("to, reason", [(JULY, EARLIER[1]), (JANUARY, LATER[3]), (JULY, "")])
def test_a_reason_must_fit_the_direction(milestone: Milestone, to: date, reason: str) -> None:
    with pytest.raises(services.ReasonDoesNotFit):
        move(milestone, to, reason=reason)


def test_details_are_asked_for(milestone: Milestone) -> None:
    with pytest.raises(services.DetailsNeeded):
        move(milestone, JULY, details=" \n ")


def test_the_same_date_again_is_refused(milestone: Milestone) -> None:
    with pytest.raises(services.SameDate, match="1 April 2018 already"):
        move(milestone, APRIL, reason=ANOTHER)


def test_a_date_before_the_alliance_began_is_refused(milestone: Milestone) -> None:
    with pytest.raises(services.BeforeTheAlliance, match="1 December 2013"):
        move(milestone, date(2013, 11, 30))


def test_a_date_after_2100_is_refused(milestone: Milestone) -> None:
    with pytest.raises(services.TooFarAhead):
        move(milestone, date(2101, 1, 1))


def test_what_was_reached_is_not_forecast_again(milestone: Milestone) -> None:
    Milestone.objects.update(actual_on=DAY)

    with pytest.raises(services.AlreadyReached, match="was reached on 31 December 2017"):
        move(milestone, JULY)


def test_the_dates_of_a_withdrawn_area_stay(milestone: Milestone) -> None:
    BusinessArea.objects.update(stage="WITHDRAWN")

    for write in (
        lambda: move(milestone, JULY),
        lambda: services.confirm_forecast(milestone=milestone, by=None, day=DAY),
        lambda: ask(milestone, JULY),
    ):
        with pytest.raises(services.AreaWithdrawn, match="Estates is withdrawn"):
            write()


def test_an_edit_that_went_stale_carries_the_other_persons_value(
    milestone: Milestone, alice: User
) -> None:
    seen = milestone.revision
    move(milestone, JULY, factories.user(name="Bob"))

    with pytest.raises(StaleEdit) as stale:
        move(milestone, JANUARY, alice, seen_revision=seen)

    assert isinstance(stale.value.current, Milestone)
    assert stale.value.current.forecast_on == JULY
    assert MovedDate.objects.count() == 1


def test_a_double_submit_has_one_effect(milestone: Milestone, alice: User) -> None:
    seen = milestone.revision

    first = move(milestone, JULY, alice, seen_revision=seen)
    second = move(milestone, JULY, alice, seen_revision=seen)

    assert first == second
    assert MovedDate.objects.count() == 1


def test_shares_are_asked_for_only_where_money_starts_from_the_date() -> None:
    scene = a_scene()
    milestone = factories.milestone(area=scene.fleet, forecast_on=APRIL)
    move(milestone, JULY)
    assert not RecomputeRequest.objects.exists()

    factories.item(area=scene.fleet, milestone=milestone, full_year_pence=1_200_000, ramp=[50, 100])
    scene.alliance.target_on = date(2020, 3, 31)
    scene.alliance.save()
    move(milestone, JANUARY)

    assert set(RecomputeRequest.objects.values_list("year", flat=True)) == {2017, 2018, 2019}


def test_confirming_keeps_the_date_and_is_done_once(milestone: Milestone, alice: User) -> None:
    seen = milestone.revision
    for _ in range(2):
        services.confirm_forecast(milestone=milestone, by=alice, day=DAY, seen_revision=seen)

    milestone.refresh_from_db()
    assert (milestone.forecast_on, milestone.is_provisional) == (APRIL, False)
    assert not MovedDate.objects.exists()


def test_a_date_that_moved_meanwhile_is_not_confirmed(milestone: Milestone) -> None:
    seen = milestone.revision
    move(milestone, JULY)

    with pytest.raises(StaleEdit):
        services.confirm_forecast(milestone=milestone, by=None, day=DAY, seen_revision=seen)


def test_without_a_forecast_there_is_nothing_to_confirm(milestone: Milestone) -> None:
    Milestone.objects.update(forecast_on=None)

    with pytest.raises(services.NothingToConfirm):
        services.confirm_forecast(milestone=milestone, by=None, day=DAY)


def ask(milestone: Milestone, to: date) -> object:
    return services.ask_for_approval(
        milestone=milestone, to=to, reason=TOLD, by=factories.user(), day=DAY
    )


def test_every_refusal_is_one_sentence(milestone: Milestone) -> None:
    BusinessArea.objects.update(stage="WITHDRAWN")
    refusals: list[ValidationError] = [
        services.SameDate("forecast", APRIL),
        services.BeforeTheAlliance(APRIL),
        services.TooFarAhead(),
        services.ReasonDoesNotFit(),
        services.DetailsNeeded(),
        services.NothingToConfirm(),
        services.OwnRequest(),
    ]
    for refusal in refusals:
        assert refusal.message.endswith(".")
        assert refusal.message.count(". ") == 0


def reach(milestone: Milestone, to: date, by: User, **more: Any) -> MovedDate:
    services.reach_milestone(milestone=milestone, on=to, by=by, day=DAY, **more)
    return newest(milestone, "ACTUAL")


def correct(milestone: Milestone, to: date, by: User, **more: Any) -> MovedDate:
    services.correct_reached(milestone=milestone, to=to, details=TOLD, by=by, day=DAY, **more)
    return newest(milestone, "ACTUAL")


@pytest.mark.parametrize("write", [move, reach, correct], ids=lambda each: each.__name__)
def test_what_a_colleague_has_just_saved_is_theirs_even_if_it_is_the_same(
    milestone: Milestone, alice: User, write: Callable[..., MovedDate]
) -> None:
    """Only the sender's own change sent twice counts as saved; anybody else's is shown first."""
    to = JULY
    if write in (reach, correct):
        on_record = date(2017, 5, 1) if write is correct else None
        Milestone.objects.update(kind="OTHER", actual_on=on_record)
        to = date(2017, 6, 1)
    seen = Milestone.objects.get().revision
    theirs = write(milestone, to, by=factories.user(name="Bob"), seen_revision=seen)

    with pytest.raises(StaleEdit):
        write(milestone, to, by=alice, seen_revision=seen)

    assert MovedDate.objects.get() == theirs
    assert theirs.change.made_by != alice
