"""The rules of the statuses: timescales, resources, the programme's roll-up, overrides and silence."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from business_areas.models import Direction, Rating, Strand
from business_areas.statuses import (
    Dated,
    Forward,
    Judgement,
    Override,
    of_programme,
    resources,
    status,
    timescales,
)

DAY = date(2017, 12, 31)
GREEN, AMBER, RED, NOT_RATED = Rating.GREEN, Rating.AMBER, Rating.RED, Rating.NOT_RATED


def go_live(late: int = 0, promised: date = date(2018, 4, 1), reached: bool = False) -> Dated:
    return Dated("Go live", True, promised, promised + timedelta(late), reached)


def rate(*milestones: Dated, stage: str = "DESIGN", on_hold: bool = False) -> Judgement:
    return timescales(stage=stage, on_hold=on_hold, milestones=milestones, day=DAY)


@pytest.mark.parametrize(
    ("late", "rating"),
    [(-40, GREEN), (0, GREEN), (30, GREEN), (31, AMBER), (92, AMBER), (93, RED)],
)
def test_a_late_go_live_is_amber_after_30_days_and_red_after_92(late, rating):
    assert rate(go_live(late)).rating == rating


def test_a_go_live_whose_date_has_passed_is_red():
    judged = rate(go_live(promised=DAY - timedelta(1)))

    assert judged == Judgement(RED, "The go-live date passed 1 day ago.")


def test_a_go_live_due_today_has_not_passed():
    assert rate(go_live(promised=DAY)).rating == GREEN


def test_another_milestone_that_is_overdue_makes_an_area_amber_live_or_not():
    overdue = Dated("Review", False, None, DAY - timedelta(5), False)

    assert rate(go_live(), overdue).rating == AMBER
    assert rate(go_live(reached=True), overdue, stage="LIVE").rating == AMBER


def test_a_live_area_is_not_late_for_having_gone_live_late():
    assert rate(go_live(200, date(2016, 4, 1), reached=True), stage="LIVE").rating == GREEN


@pytest.mark.parametrize("stage", ["CLOSED", "WITHDRAWN"])
def test_an_area_that_is_over_is_not_rated(stage):
    assert rate(go_live(200), stage=stage).rating == NOT_RATED


def test_a_go_live_that_nobody_approved_is_not_late_and_not_rated():
    unapproved = Dated("Go live", True, None, date(2018, 4, 1), False)

    assert rate(unapproved) == Judgement(NOT_RATED, "No date is approved yet.")


def test_what_is_overdue_is_rated_without_an_approved_date():
    passed = Dated("Go live", True, None, DAY - timedelta(1), False)
    other = Dated("Consultation", False, None, DAY - timedelta(1), False)

    assert rate(passed).rating == RED
    assert rate(Dated("Go live", True, None, date(2018, 4, 1), False), other).rating == AMBER


def test_an_area_on_hold_or_without_a_date_is_not_rated():
    assert rate(go_live(200), on_hold=True).rating == NOT_RATED
    assert rate().rating == NOT_RATED


def people(
    *ftes: Decimal | None, stage: str = "DESIGN", head: str = "A", days: int = 200
) -> Rating:
    return resources(
        stage=stage,
        on_hold=False,
        head=head,
        go_live_on=DAY + timedelta(days),
        people={f"Force {n}": fte for n, fte in enumerate(ftes)},
        day=DAY,
    ).rating


def test_people_of_every_force_and_a_head_are_green():
    assert people(Decimal(3), Decimal(0)) == GREEN


def test_a_missing_head_or_force_is_amber():
    assert people(Decimal(3), head=" ") == AMBER
    assert people(Decimal(3), None) == AMBER
    assert people() == AMBER


def test_nobody_on_record_is_red_once_live_or_soon_to_be():
    assert people(None, stage="LIVE") == RED
    assert people(days=92) == RED
    assert people(days=93) == AMBER
    assert people(stage="PROPOSED") == NOT_RATED


def roll_up(*ratings: Rating, amber_if: str = "") -> Judgement:
    judged = [Judgement(each, "") for each in ratings]
    return of_programme(
        judged,
        areas=("area", "areas"),
        what=("is late", "are late"),
        amber_if=amber_if,
        none="None.",
    )


def test_one_red_in_five_makes_the_programme_red():
    assert roll_up(RED, *[GREEN] * 4).rating == RED
    assert roll_up(RED, *[GREEN] * 5).rating == AMBER


def test_one_amber_in_five_makes_the_programme_amber():
    assert roll_up(AMBER, *[GREEN] * 4) == Judgement(AMBER, "1 of 5 areas is late.")
    assert roll_up(AMBER, *[GREEN] * 5).rating == GREEN


def test_areas_that_are_not_rated_do_not_count():
    assert roll_up(NOT_RATED, NOT_RATED) == Judgement(NOT_RATED, "None.")
    assert roll_up(GREEN, NOT_RATED) == Judgement(GREEN, "None of 1 area is late; 1 is not rated.")


def test_the_programmes_own_overdue_milestone_makes_it_amber():
    assert roll_up(GREEN, amber_if="Late.") == Judgement(AMBER, "Late.")


def shown(*, override=None, outlook=None, updated_on=DAY, may_be_silent=True):
    return status(
        Strand.BUDGET,
        Judgement(RED, "The data."),
        override=override,
        outlook=outlook,
        updated_on=updated_on,
        heard_on=updated_on,
        may_be_silent=may_be_silent,
        day=DAY,
    )


def test_an_override_holds_up_to_and_including_its_last_day():
    over = Override(GREEN, "Agreed.", DAY - timedelta(9), DAY, "Alice")
    ended = Override(GREEN, "Agreed.", DAY - timedelta(9), DAY - timedelta(1), "Alice")

    assert (shown(override=over).rating, shown(override=over).why) == (GREEN, "Agreed.")
    assert (shown(override=ended).rating, shown(override=ended).override) == (RED, None)


def test_silence_of_31_days_takes_the_colour_away_and_30_do_not():
    assert shown(updated_on=DAY - timedelta(30)).words == "Red"
    silent = shown(updated_on=DAY - timedelta(31))

    assert (silent.words, silent.tag) == ("No update for 31 days", NOT_RATED)


def test_silence_since_ever_is_said_without_a_number():
    assert shown(updated_on=None).words == "No update on record"


def test_a_forward_look_is_an_update():
    look = Forward(Direction.STEADY, DAY)

    assert shown(updated_on=None, outlook=look).words == "Red"


def test_an_area_that_is_over_is_never_silent():
    assert shown(updated_on=None, may_be_silent=False).words == "Red"
