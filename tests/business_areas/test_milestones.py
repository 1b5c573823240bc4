"""Milestones reached and corrected, added, and taken away again."""

from datetime import date
from itertools import product
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from business_areas import services
from business_areas.models import BusinessArea, Milestone, MovedDate
from business_areas.models.milestones import DUE_ON
from business_areas.selectors import changes_of_area
from business_areas.services import reached
from programmes.models import User
from programmes.recorded import StaleEdit
from savings.models import Amount, RecomputeRequest
from tests import factories

pytestmark = pytest.mark.django_db

DAY = date(2017, 12, 31)
APRIL, MAY = date(2017, 4, 1), date(2017, 5, 30)


@pytest.fixture
def area() -> BusinessArea:
    alliance = factories.alliance(agreed_on=date(2015, 3, 1), explored_on=date(2013, 12, 1))
    return factories.area(alliance=alliance, code="estates", name="Estates", stage="DESIGN")


@pytest.fixture
def milestone(area: BusinessArea) -> Milestone:
    """A consultation forecast for 1 April 2017, which other things start from and wait for."""
    return factories.milestone(
        area=area, kind="CONSULTATION", name="Consultation", approved_on=APRIL, forecast_on=APRIL
    )


@pytest.fixture
def alice() -> User:
    return factories.user(name="Alice")


def reach(milestone: Milestone, on: date = MAY, by: User | None = None, **more: Any) -> MovedDate:
    services.reach_milestone(milestone=milestone, on=on, by=by, day=DAY, **more)
    return _moves(milestone)[-1]


def correct(milestone: Milestone, to: date | None, by: User | None = None) -> None:
    milestone.refresh_from_db()
    services.correct_reached(
        milestone=milestone,
        to=to,
        details="The letter is dated so.",
        by=by,
        day=DAY,
        seen_revision=milestone.revision,
    )


def test_a_milestone_that_is_reached_keeps_who_and_when(milestone: Milestone, alice: User) -> None:
    moved = reach(milestone, MAY, alice, details="All four signed.")

    milestone.refresh_from_db()
    assert (milestone.actual_on, milestone.forecast_on) == (MAY, APRIL)
    assert (moved.which, moved.from_on, moved.to_on) == ("ACTUAL", None, MAY)
    assert (moved.change.reason, moved.change.details) == (reached.REACHED, "All four signed.")
    assert moved.change.made_by == alice
    assert BusinessArea.objects.get(pk=milestone.area_id).last_update_on == DAY


def test_money_that_starts_from_it_follows_the_actual_date(milestone: Milestone) -> None:
    milestone.alliance.target_on = date(2018, 3, 31)
    milestone.alliance.save()
    item = factories.item(
        area=milestone.area, milestone=milestone, full_year_pence=1200, ramp=[100]
    )

    reach(milestone)

    first = Amount.objects.filter(item=item, derived=True).earliest("starts_on")
    assert first.starts_on == date(2017, 6, 1)
    assert RecomputeRequest.objects.filter(area=milestone.area).exists()


def test_a_wrong_date_is_corrected_and_both_stay_on_record(
    milestone: Milestone, alice: User
) -> None:
    reach(milestone)

    correct(milestone, APRIL, alice)
    correct(milestone, None, alice)

    milestone.refresh_from_db()
    assert milestone.actual_on is None
    assert [(each.from_on, each.to_on, each.reason) for each in _moves(milestone)] == [
        (None, MAY, reached.REACHED),
        (MAY, APRIL, reached.CORRECTED),
        (APRIL, None, reached.NOT_REACHED),
    ]


def _moves(milestone: Milestone) -> list[MovedDate]:
    return list(milestone.moved_dates.order_by("pk"))


def test_sent_twice_it_is_saved_once(milestone: Milestone, alice: User) -> None:
    seen = milestone.revision

    once = reach(milestone, MAY, alice, seen_revision=seen)
    again = reach(milestone, MAY, alice, seen_revision=seen)

    assert once == again
    assert len(_moves(milestone)) == 1


def test_a_stale_page_saves_nothing(milestone: Milestone, alice: User) -> None:
    seen = milestone.revision
    reach(milestone, MAY, alice, seen_revision=seen)

    with pytest.raises(StaleEdit):
        reach(milestone, APRIL, factories.user(), seen_revision=seen)


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (date(2018, 1, 1), "The actual date must be today, 31 December 2017, or earlier."),
        (date(2013, 11, 30), "The date must be on or after 1 December 2013"),
    ],
)
def test_a_day_on_which_it_cannot_have_been_reached_is_refused(
    milestone: Milestone, on: date, sentence: str
) -> None:
    with pytest.raises(ValidationError, match=sentence):
        reach(milestone, on)
    reach(milestone, APRIL)
    with pytest.raises(ValidationError, match=sentence):
        correct(milestone, on)


def test_a_milestone_is_reached_once_and_corrected_to_another_date(milestone: Milestone) -> None:
    with pytest.raises(services.NotReachedYet):
        correct(milestone, APRIL)
    reach(milestone)
    milestone.refresh_from_db()
    with pytest.raises(services.ReachedAlready):
        reach(milestone, APRIL)
    with pytest.raises(services.SameDate):
        correct(milestone, MAY)
    with pytest.raises(services.DetailsNeeded):
        services.correct_reached(milestone=milestone, to=None, details=" ", by=None, day=DAY)


def test_a_go_live_is_reached_through_its_own_pages(area: BusinessArea) -> None:
    go_live = factories.milestone(area=area)

    for refused in (lambda: reach(go_live), lambda: correct(go_live, None)):
        with pytest.raises(services.GoesLive):
            refused()


def test_nothing_of_a_withdrawn_area_is_reached_added_or_removed(milestone: Milestone) -> None:
    BusinessArea.objects.filter(pk=milestone.area_id).update(stage="WITHDRAWN")
    area = BusinessArea.objects.get(pk=milestone.area_id)

    for refused in (
        lambda: reach(milestone),
        lambda: add(area),
        lambda: services.remove_milestone(milestone=milestone, reason="No", by=None, day=DAY),
    ):
        with pytest.raises(services.AreaWithdrawn):
            refused()


def test_a_milestone_of_the_programme_is_reached_too(area: BusinessArea) -> None:
    own = factories.milestone(alliance=area.alliance, area=None, kind="GO_LIVE")

    reach(own)

    own.refresh_from_db()
    assert own.actual_on == MAY


def add(area: BusinessArea, name: str = "Staff move in", **more: Any) -> Milestone:
    given = {"kind": "OTHER", "forecast_on": MAY, "is_provisional": True, "by": None, **more}
    return services.add_milestone(area=area, name=name, day=DAY, **given)


def test_a_milestone_is_added_with_its_first_date_as_its_baseline(area: BusinessArea) -> None:
    added = add(area)

    assert added.code == "estates-staff-move-in"
    assert (added.baseline_on, added.approved_on, added.forecast_on) == (MAY, None, MAY)
    assert added.is_provisional
    assert BusinessArea.objects.get(pk=area.pk).last_update_on == DAY
    assert not added.moved_dates.exists()


def test_a_milestone_without_a_forecast_is_not_provisional(area: BusinessArea) -> None:
    assert not add(area, forecast_on=None, baseline_on=APRIL).is_provisional


def test_the_same_milestone_sent_twice_is_added_once(area: BusinessArea) -> None:
    assert add(area) == add(area)
    with pytest.raises(services.SameName, match="Estates has a milestone called staff MOVE in"):
        add(area, "staff MOVE in", forecast_on=APRIL)


def test_names_without_a_letter_and_names_of_200_get_addresses_of_their_own(
    area: BusinessArea,
) -> None:
    codes = [add(area, name).code for name in ("!!!", "???", "W" * 200, "W" * 199)]

    assert len(set(codes)) == 4
    assert max(map(len, codes)) <= 60


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"forecast_on": None}, "forecast_on"),
        ({"baseline_on": date(2012, 1, 1)}, "baseline_on"),
        ({"forecast_on": date(2101, 1, 1)}, "forecast_on"),
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"kind": "PARTY"}, "kind"),
    ],
)
def test_a_milestone_that_cannot_be_is_refused_at_its_field(
    area: BusinessArea, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        add(area, **given)

    assert field in refused.value.message_dict
    assert not Milestone.objects.exists()


def test_a_removed_milestone_stays_in_the_history_with_its_reason(milestone: Milestone) -> None:
    area = milestone.area
    assert area is not None
    reach(milestone)
    milestone.refresh_from_db()

    services.remove_milestone(
        milestone=milestone,
        reason="Entered twice",
        by=None,
        day=DAY,
        seen_revision=milestone.revision,
    )

    assert not Milestone.objects.filter(pk=milestone.pk).exists()
    told = changes_of_area(area)
    assert (told[0].rows[0].of, told[0].rows[0].what) == (
        "Milestone “Consultation”",
        "taken away",
    )
    assert told[0].reason == "Entered twice"


def test_a_milestone_that_changed_meanwhile_is_not_removed(milestone: Milestone) -> None:
    seen = milestone.revision
    reach(milestone)

    with pytest.raises(StaleEdit):
        services.remove_milestone(
            milestone=milestone, reason="Mistake", by=None, day=DAY, seen_revision=seen
        )


def test_what_money_starts_from_and_a_go_live_are_not_removed(milestone: Milestone) -> None:
    factories.item(area=milestone.area, milestone=milestone, name="Vans")
    go_live = factories.milestone(area=milestone.area)

    def remove(one: Milestone, reason: str = "Mistake") -> None:
        services.remove_milestone(milestone=one, reason=reason, by=None, day=DAY)

    with pytest.raises(services.MoneyStartsHere, match=r"starts from it \(Vans\)"):
        remove(milestone)
    with pytest.raises(services.GoLiveStays):
        remove(go_live)
    with pytest.raises(services.RemovalReasonNeeded):
        remove(milestone, " ")
    assert Milestone.objects.count() == 2


def test_a_query_knows_the_same_due_date_as_the_milestone(area: BusinessArea) -> None:
    dates = {"baseline_on": APRIL, "approved_on": MAY, "forecast_on": DAY, "actual_on": DAY}
    for given in product((True, False), repeat=len(dates)):
        known = {name: on for (name, on), is_so in zip(dates.items(), given, strict=True) if is_so}
        factories.milestone(area=area, kind="OTHER", **known)

    found = Milestone.objects.annotate(due=DUE_ON)

    assert found.count() == 2**4
    for each in found:
        assert each.due_on == each.due
        assert each.expected_on == (each.actual_on or each.due_on)


def test_each_kind_of_date_names_its_column() -> None:
    assert [which.column for which in MovedDate.Date] == [
        "approved_on",
        "forecast_on",
        "actual_on",
    ]
    assert all(hasattr(Milestone, which.column) for which in MovedDate.Date)
