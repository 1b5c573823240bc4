"""Slippage in money: what slipped since approved, and what was re-baselined, are told apart and add up."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_portal.workbook.loading import load
from business_areas.models import Milestone
from programmes.models import Alliance
from savings.selectors.outturn import Started, read_saved
from savings.selectors.slippage import Slipped, horizon_of, slipped

SAMPLE = Path(__file__).resolve().parents[2] / "alliance_portal/samples/devon-cornwall-dorset"
UNTIL = date(2023, 3, 31)
DATES = st.none() | st.dates(date(2016, 1, 1), date(2019, 12, 31))


@pytest.mark.django_db
def test_the_sample_slipped_377_140_pounds_against_its_original_baselines() -> None:
    load(SAMPLE)
    alliance = Alliance.objects.get()
    go_lives = list(Milestone.objects.filter(kind="GO_LIVE"))
    items = read_saved(alliance.pk).started

    found = slipped(go_lives, items, 2017, horizon_of([], alliance.target_on))

    assert found == Slipped(since_approved=-28_794_471, rebaselined=-8_919_534)
    assert found.sentence(2017) == (
        "Go-live dates that moved take £377,140 off savings for 2017 to 2018 against the original "
        "baselines: £287,945 slipped since approved and £89,195 re-baselined since the original."
    )
    for each in go_lives:  # approving what has slipped moves it from one part to the other
        each.approved_on = each.expected_on
    hidden = slipped(go_lives, items, 2017, horizon_of([], alliance.target_on))
    assert hidden == Slipped(since_approved=0, rebaselined=found.since_original)


@given(baseline=DATES, approved=DATES, forecast=DATES, actual=DATES)
def test_the_parts_add_up_to_the_move_from_the_original(
    baseline: date | None, approved: date | None, forecast: date | None, actual: date | None
) -> None:
    go_live = Milestone(
        pk=1, baseline_on=baseline, approved_on=approved, forecast_on=forecast, actual_on=actual
    )
    item = Started(1, 123_457, 0, [50, 100], "RECURRING")
    expected = go_live.expected_on

    found = slipped([go_live], [item], 2017, UNTIL)

    if baseline and expected:
        unmoved = Milestone(pk=1, baseline_on=baseline, forecast_on=expected)
        whole = slipped([unmoved], [item], 2017, UNTIL).unapproved
        assert found.since_original == whole
    assert not (found.unapproved and (found.since_approved or found.rebaselined))


@pytest.mark.parametrize(
    ("found", "parts"),
    [
        (Slipped(-5_000_000, 0), "£50,000 slipped since approved and nothing re-baselined"),
        (Slipped(0, -5_000_000), "nothing slipped since approved and £50,000 re-baselined"),
        (Slipped(100, 200), "£1 gained since approved and £2 gained by re-baselining"),
        (
            Slipped(-100, 100),
            "leave savings for 2017 to 2018 as the original baselines make them: £1 slipped",
        ),
        (Slipped(0, 0, -300), "and £3 slipped since first promised, without an approved date."),
    ],
)
def test_both_parts_are_always_said(found: Slipped, parts: str) -> None:
    assert parts in found.sentence(2017)
    assert "since approved" in found.sentence(2017) and "re-baselin" in found.sentence(2017)


def test_where_nothing_moved_nothing_is_said() -> None:
    assert Slipped().sentence(2017) == ""
