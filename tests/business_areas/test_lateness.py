"""How late a milestone is: one meaning for statuses, list, roadmap and what needs deciding."""

from datetime import date, timedelta
from itertools import product

import pytest

from alliance_portal.as_at.assess import assess
from alliance_portal.as_at.facts import read_facts
from alliance_portal.dashboard.deciding import deciding
from business_areas.lateness import drift_of, finding, promise_kept, slippage_of
from business_areas.models import BusinessArea, Milestone, Rating, Strand
from business_areas.selectors.listing import with_deadlines
from tests import factories

DAY, PROMISED = date(2017, 12, 31), date(2018, 4, 1)
BASELINE = date(2018, 1, 1)

AGAIN = "re-baselined later than first promised"


def go_live(late: int | None = 0, *, approved: bool = True, drift: int = 90) -> Milestone:
    """A go-live on 1 April 2018, approved for so many days before; promised first `drift` days before."""
    return Milestone(
        kind=Milestone.Kind.GO_LIVE,
        baseline_on=PROMISED - timedelta(drift),
        approved_on=PROMISED - timedelta(late or 0) if approved else None,
        forecast_on=PROMISED if late is not None else None,
    )


@pytest.mark.parametrize(
    ("late", "words"),
    [
        (31, "31 days later than approved, re-baselined 59 days later than first promised"),
        (0, "on the approved date, re-baselined 90 days later than first promised"),
        (-1, "1 day earlier than approved, re-baselined 91 days later than first promised"),
        (90, "90 days later than approved, not re-baselined"),
        (100, "100 days later than approved, re-baselined 10 days earlier than first promised"),
    ],
)
def test_slippage_says_from_what_it_is_measured(late: int, words: str) -> None:
    assert slippage_of(go_live(late)).words == words


def test_what_nobody_approved_is_measured_from_what_was_first_promised() -> None:
    unapproved = go_live(approved=False)

    assert slippage_of(unapproved) is None
    assert promise_kept(unapproved) == drift_of(unapproved)
    assert promise_kept(unapproved).words == "90 days later than first promised"
    assert not promise_kept(unapproved).is_late
    assert promise_kept(go_live(31)).is_late
    assert not promise_kept(go_live(30)).is_late


def test_a_date_without_a_forecast_is_not_slipped() -> None:
    assert slippage_of(go_live(None)) is None
    assert slippage_of(None) is None


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            [go_live()],
            f"The go-live to come is not later than approved; it is {AGAIN}",
        ),
        (
            [go_live(3)],
            f"The go-live to come is later than approved; it is {AGAIN}",
        ),
        (
            [go_live(40)],
            f"The go-live to come is later than approved, by more than 30 days; it is {AGAIN}",
        ),
        (
            [go_live(), go_live(3), go_live(31)],
            f"2 of 3 go-lives to come are later than approved, 1 by more than 30 days; 3 are {AGAIN}",
        ),
        (
            [go_live(), go_live(approved=False), go_live(approved=False, drift=0)],
            (
                "None of 1 go-live to come with an approved date is later than approved; 1 is "
                "re-baselined later than first promised; "
                "2 have none, 1 of them later than first promised"
            ),
        ),
        ([go_live(approved=False, drift=0)], "No go-live to come has an approved date"),
    ],
)
def test_the_finding_counts_what_is_not_approved_apart(
    given: list[Milestone], sentence: str
) -> None:
    assert finding(given) == sentence


@pytest.mark.django_db
def test_late_means_the_same_to_statuses_list_and_decisions() -> None:
    alliance = factories.alliance(held_on=DAY)
    forecasts = [PROMISED + timedelta(days) for days in (-10, 0, 1, 30, 31, 92, 93)]
    dates = product((None, BASELINE), (None, PROMISED), (None, *forecasts))
    for number, (baseline_on, approved_on, forecast_on) in enumerate(dates):
        area = factories.area(alliance=alliance, code=f"area-{number}", stage="DESIGN")
        factories.milestone(
            area=area,
            kind="GO_LIVE",
            baseline_on=baseline_on,
            approved_on=approved_on,
            forecast_on=forecast_on,
        )

    facts = read_facts([alliance])[alliance.pk]
    assessment = assess(facts, {}, 2017)
    rated = {each.area.pk: each.of(Strand.TIMESCALES).worked_out for each in assessment.areas}
    listed = with_deadlines(alliance, DAY)
    waiting = deciding(facts, (), assessment)

    def which(**such: bool) -> set[int]:
        return {area.pk for area in listed.filter(**such)}

    assert len(listed) == 32
    late = {pk for pk, said in rated.items() if said.rating in (Rating.AMBER, Rating.RED)}
    assert late == which(is_late=True)
    assert len(late) == 6
    assert which(is_moved=True) == {each.area.pk for each in waiting.moved}
    assert which(is_unapproved=True) == {each.area.pk for each in waiting.unapproved}
    assert late <= which(is_moved=True)
    for area in BusinessArea.objects.filter(pk__in=which(is_unapproved=True)):
        expected = area.milestones.get().expected_on
        assert rated[area.pk].rating == Rating.NOT_RATED
        assert rated[area.pk].why == (
            "No date is approved yet." if expected else "No go-live date is recorded."
        )
