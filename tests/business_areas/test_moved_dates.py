"""Whatever moves a date of a milestone, its change on record has which, from where and to where."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from alliance_portal.dates.history import history_of
from business_areas import services
from business_areas.models import BusinessArea, Milestone, MovedDate
from business_areas.readiness import Readiness
from business_areas.reasons import ANOTHER, EARLIER, LATER
from business_areas.services import many
from programmes.changes import making, rehearse
from programmes.models import Alliance, Change, User
from programmes.words import day
from tests import factories

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]

DAY = date(2017, 12, 31)
APRIL, MAY, JULY = date(2018, 4, 1), date(2018, 5, 1), date(2018, 7, 1)
REACHED = date(2017, 6, 1)
TOLD = "The supplier needs a further quarter."


@pytest.fixture
def alliance() -> Alliance:
    return factories.alliance(explored_on=date(2013, 12, 1))


@pytest.fixture
def go_live(alliance: Alliance) -> Milestone:
    """Approved and forecast for 1 April 2018."""
    area = factories.area(alliance=alliance, code="estates", stage="IMPLEMENTATION")
    return factories.milestone(area=area, name="Go live", approved_on=APRIL, forecast_on=APRIL)


@pytest.fixture
def alice() -> User:
    return factories.user(name="Alice")


def write(milestone: Milestone, **dates: date | None) -> None:
    for name, on in dates.items():
        setattr(milestone, name, on)
    milestone.save()
    milestone.refresh_from_db()


def changing(milestone: Milestone) -> Any:
    return making(alliance=milestone.alliance, kind=Change.Kind.MILESTONE, by=None)


def moves() -> list[tuple[str, date | None, date | None]]:
    return list(MovedDate.objects.order_by("pk").values_list("which", "from_on", "to_on"))


def test_whatever_writes_it_the_record_has_it(go_live: Milestone) -> None:
    with changing(go_live):
        Milestone.objects.filter(pk=go_live.pk).update(forecast_on=JULY, actual_on=DAY)

    assert moves() == [("ACTUAL", None, DAY), ("FORECAST", APRIL, JULY)]


def test_moved_twice_in_one_change_it_moved_once(go_live: Milestone) -> None:
    with changing(go_live):
        write(go_live, forecast_on=MAY)
        write(go_live, forecast_on=JULY)

    assert moves() == [("FORECAST", APRIL, JULY)]


def test_moved_back_in_the_same_change_it_has_not_moved(go_live: Milestone) -> None:
    with changing(go_live):
        write(go_live, forecast_on=MAY, note="Looked at")
        write(go_live, forecast_on=APRIL)

    assert moves() == []


def test_what_a_change_adds_or_takes_away_has_moved_nowhere(go_live: Milestone) -> None:
    with changing(go_live):
        new = factories.milestone(alliance=go_live.alliance, area=None, forecast_on=APRIL)
        write(new, forecast_on=JULY)
        write(go_live, forecast_on=JULY)
        go_live.delete()

    assert moves() == []


def test_another_alliances_milestone_is_not_the_changes(go_live: Milestone) -> None:
    with making(alliance=factories.alliance(), kind=Change.Kind.MILESTONE, by=None):
        write(go_live, forecast_on=JULY)

    assert moves() == []


def test_what_is_tried_out_leaves_no_trace(go_live: Milestone) -> None:
    rehearse(
        lambda: write(go_live, forecast_on=JULY),
        alliance=go_live.alliance,
        kind=Change.Kind.MILESTONE,
        by=None,
    )

    assert moves() == []


def by_forecast(milestone: Milestone, by: User) -> None:
    services.reschedule(milestone=milestone, to=JULY, reason=ANOTHER, details=TOLD, by=by, day=DAY)


def by_approval(milestone: Milestone, by: User) -> None:
    request = services.ask_for_approval(
        milestone=milestone, to=JULY, reason=TOLD, by=factories.user(), day=DAY
    )
    milestone.refresh_from_db()
    services.agree_to_approval(
        milestone=milestone, request=request, by=by, day=DAY, seen_revision=milestone.revision
    )


def by_going_live(milestone: Milestone, by: User) -> None:
    assert milestone.area
    services.take_live(
        area=milestone.area, on=REACHED, readiness=Readiness(milestone.area, (), ()), by=by, day=DAY
    )


def by_correcting_it(milestone: Milestone, by: User) -> None:
    by_going_live(milestone, by)
    area = BusinessArea.objects.get(pk=milestone.area_id)
    services.correct_go_live(area=area, to=None, reason=TOLD, by=by, day=DAY)


def by_reaching_it(milestone: Milestone, by: User) -> None:
    Milestone.objects.filter(pk=milestone.pk).update(kind="REVIEW")
    milestone.refresh_from_db()
    services.reach_milestone(milestone=milestone, on=REACHED, by=by, day=DAY, details=TOLD)


def by_taking_that_back(milestone: Milestone, by: User) -> None:
    by_reaching_it(milestone, by)
    services.correct_reached(milestone=milestone, to=None, details=TOLD, by=by, day=DAY)


DOORS = [
    by_forecast,
    by_approval,
    by_going_live,
    by_correcting_it,
    by_reaching_it,
    by_taking_that_back,
]


@pytest.mark.parametrize("door", DOORS, ids=lambda each: each.__name__)
def test_every_door_says_why_and_says_it_once(
    go_live: Milestone, alice: User, door: Callable[[Milestone, User], None]
) -> None:
    """The words of the change and the dates that it moved are the same; its history reads no other."""
    door(go_live, alice)

    go_live.refresh_from_db()
    found = MovedDate.objects.select_related("change")
    assert found
    for moved in found:
        (row,) = [each for each in moved.change.said if each["of"] == "Milestone “Go live”"]
        label = f"{moved.get_which_display()} date"
        assert [label, day(moved.from_on, "nothing"), day(moved.to_on, "nothing")] in row["fields"]
        assert moved.change.reason
        assert moved.change.made_by == alice
    newest = found.latest("pk")
    cards = {card.number: card for card in history_of(go_live) if card.number}
    assert cards.keys() == {moved.change_id for moved in found}
    card = cards[newest.change_id]
    assert (card.from_on, card.to_on, card.reason) == (
        newest.from_on,
        newest.to_on,
        newest.change.reason,
    )


def test_many_that_move_both_ways_say_why_of_each(alliance: Alliance, alice: User) -> None:
    forecasts = {"a": date(2018, 1, 1), "b": date(2018, 6, 1)}
    for code, on in forecasts.items():
        area = factories.area(alliance=alliance, code=code, stage="DESIGN")
        factories.milestone(area=area, forecast_on=on)
    go_lives = many.go_lives_of(alliance, list(forecasts))
    areas = [each.area for each in go_lives.values() if each.area]
    planned = many.plan_month(areas, go_lives, APRIL)

    many.move_many(
        alliance=alliance,
        planned=planned,
        seen={one.area.code: one.seen for one in planned},
        to=APRIL,
        reasons={"later": (LATER[0], "Late."), "earlier": (EARLIER[0], "Soon."), "first": ("", "")},
        by=alice,
        day=DAY,
    )

    change = Change.objects.get()
    assert change.reason == f"{LATER[0]} (moved later); {EARLIER[0]} (moved earlier)"
    assert change.details == "Late. (moved later)\nSoon. (moved earlier)"
    assert change.moved_dates.count() == 2
