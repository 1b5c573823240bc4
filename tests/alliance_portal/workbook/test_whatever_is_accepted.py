"""Whatever the services accept exports to a workbook that loads into an empty portal, the same."""

import os
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from alliance_portal.workbook.exporting import export
from alliance_portal.workbook.loading import load
from alliance_portal.workbook.sheets import COLUMNS
from alliance_portal.workbook.stored import stored_workbook
from business_areas import services as area_services
from business_areas.models import AreaMembership, BusinessArea, Milestone, RaidItem
from business_areas.services import parts
from business_areas.services.areas import add_area
from programmes import services as programme_services
from programmes.models import Alliance, Force, Gate, Membership, SignOff, SizeMeasure
from savings import services
from savings.models import Amount, Item, SharingRule, SharingTerm
from tests import factories

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]

DAY = date(2017, 6, 1)
DAYS = st.dates(date(2014, 1, 1), date(2019, 12, 31)) | st.none()
NAMES = st.sampled_from(
    ["Dogs", "=1+1", "Siôn\u200b", "a  b", "'quoted", "x, y", "２", "1-Apr-16", "007", "Total"]
) | st.text(alphabet="ab =-'\"é\u00a0\u200b", min_size=1, max_size=12).filter(str.strip)
# What may stand in a longer text, and what may not.
NOTES = NAMES | st.sampled_from(
    ["two\nlines, with a comma", "a tab\there", "\x07bell", "x" * 10_001, "_x000D_", "\u2028", "+1"]
)
FAR_DAYS = DAYS | st.sampled_from([date(1899, 12, 31), date(1900, 1, 1), date(2101, 1, 1)])
CODES = st.sampled_from(["van-1", "Van_1", "1-dec", "dec-1", "2026-12-01", "007", "x" * 60, "-x"])
PENCE = st.sampled_from([0, 1, -1, 20_000_000_000_000, 10**15, 10**15 + 1]) | st.integers(
    -(10**9), 10**9
)
SIZES = st.sampled_from([Decimal("2e12"), Decimal("0.0001"), Decimal(10**15)]) | st.decimals(
    0, 10**6, places=4
)


def attempt(change: Any, **arguments: Any) -> None:
    """Make the change, if the service accepts it."""
    with suppress(ValidationError, IntegrityError), transaction.atomic():
        change(**arguments)


@st.composite
def alliances(draw: Any) -> Alliance:
    """An alliance as its services let it be made, with what they accept of tempting values."""
    alliance = factories.alliance(code="made")
    alliance.name = draw(NAMES)
    days = [draw(DAYS) for _ in range(3)]
    alliance.explored_on, alliance.agreed_on, alliance.target_on = days
    alliance.total_budget_pence, alliance.in_scope_budget_pence = draw(PENCE), draw(PENCE)
    alliance.summary = draw(NAMES)
    attempt(programme_services.save_alliance, alliance=alliance, by=None)
    alliance.refresh_from_db()
    forces = [
        factories.force(alliance=alliance, code=f"force-{n}", name=f"Force {n}", position=n)
        for n in range(1, draw(st.integers(1, 3)) + 1)
    ]
    for force in forces[: draw(st.integers(0, len(forces)))]:
        stay = Membership(alliance=alliance, force=force, joined_on=draw(DAYS))
        attempt(programme_services.save_membership, membership=stay, by=None)
    _sizes(draw, alliance, forces)
    programmes_own = _milestone(draw, alliance, None)
    for name in ("Fleet", "Roads policing"):
        _area(draw, alliance, forces, name, programmes_own)
    _governance(draw, alliance, forces)
    return alliance


def keep(row: Any) -> Any:
    """Write a row for which there is no service yet as the administration site does."""

    def save(row: Any) -> None:
        row.full_clean()
        row.save()

    attempt(save, row=row)
    return row


def _milestone(draw: Any, alliance: Alliance, area: BusinessArea | None) -> Milestone:
    milestone = Milestone(alliance=alliance, area=area, code=draw(CODES | st.just("fleet-go-live")))
    milestone.name, milestone.owner, milestone.note = draw(NAMES), draw(NAMES), draw(NOTES)
    milestone.kind = draw(st.sampled_from([*Milestone.Kind.values, "GO_LIVE"]))
    milestone.baseline_on, milestone.forecast_on = draw(FAR_DAYS), draw(FAR_DAYS)
    attempt(area_services.save_milestone, milestone=milestone, reason="", by=None)
    return milestone


def _governance(draw: Any, alliance: Alliance, forces: list[Force]) -> None:
    """Gates, who signed them, and the register."""
    gate = keep(
        Gate(
            alliance=alliance,
            code=draw(CODES),
            name=draw(NAMES),
            order=draw(st.sampled_from([0, 1, 32_767, -1])),
            decided_on=draw(FAR_DAYS),
            political=draw(NAMES),
            note=draw(NOTES),
        )
    )
    if gate.pk:
        office = SignOff(alliance=alliance, gate=gate, force=forces[0], office=draw(NAMES))
        office.caveat, office.decided_on = draw(NOTES), draw(FAR_DAYS)
        keep(office)
    entry = RaidItem(alliance=alliance, code=draw(CODES), kind="RISK", title=draw(NAMES))
    entry.likelihood, entry.impact = draw(st.sampled_from([None, 0, 5])), 3
    entry.raised_on, entry.due_on, entry.note = draw(FAR_DAYS), draw(FAR_DAYS), draw(NOTES)
    keep(entry)


def _sizes(draw: Any, alliance: Alliance, forces: list[Force]) -> None:
    measures = []
    for name in ("Officers", draw(NAMES), draw(NAMES)):
        measure = SizeMeasure(alliance=alliance, name=name)
        attempt(programme_services.save_measure, measure=measure, by=None)
        measures += [measure] if measure.pk else []
    for force in forces:
        for measure in measures[: draw(st.integers(0, 3))]:
            attempt(
                programme_services.record_size,
                force=force,
                measure=measure,
                effective_on=date(2016, 3, 31),
                value=draw(SIZES),
                source=draw(NAMES),
                by=None,
            )
    rule = SharingRule(alliance=alliance, effective_on=date(2016, 4, 1), method="SIZE")
    terms = [SharingTerm(measure=each, weight=draw(SIZES), alliance=alliance) for each in measures]
    attempt(services.save_rule, rule=rule, terms=terms[: draw(st.integers(0, 3))], by=None)


def _area(
    draw: Any, alliance: Alliance, forces: list[Force], name: str, programmes_own: Milestone
) -> None:
    area = add_area(
        alliance=alliance,
        name=name,
        category=BusinessArea.Category.BUSINESS_SUPPORT,
        stage=BusinessArea.Stage.DESIGN,
        day=DAY,
        by=None,
        summary=draw(NAMES),
        go_live_on=draw(DAYS),
    )
    for force in forces[: draw(st.integers(0, len(forces)))]:
        stay = AreaMembership(alliance=alliance, area=area, force=force, joined_on=draw(DAYS))
        attempt(area_services.save_area_membership, membership=stay, by=None)
    go_live = Milestone.objects.get(area=area)
    further = _milestone(draw, alliance, area)
    _design_and_people(draw, area, forces)
    starts = [each for each in (go_live, further, programmes_own) if each.pk]
    for code in {draw(CODES), draw(CODES)}:
        item = Item(
            alliance=alliance, area=area, code=f"{code}"[:80], name=draw(NAMES).strip()[:60]
        )
        item.kind = draw(st.sampled_from(Item.Kind.values))
        item.recurrence = draw(st.sampled_from(Item.Recurrence.values))
        item.cashable = draw(st.sampled_from(["", *Item.Cashable.values]))
        item.offset_months = draw(st.sampled_from([0, 3, -600, 700]))
        if draw(st.booleans()):
            item.milestone, item.full_year_pence = draw(st.sampled_from(starts)), draw(PENCE)
            item.ramp = draw(st.sampled_from([[50, 100], [150], [100], [5000]]))
        attempt(services.save_item, item=item, by=None)
        if item.pk:
            amount = Amount(item=item, version=draw(st.sampled_from(Amount.Version.values)))
            amount.starts_on, amount.pence = date(2016, 4, 1), draw(PENCE)
            amount.borne_by = draw(st.sampled_from([None, *forces]))
            attempt(services.save_amount, amount=amount, by=None)


def _design_and_people(draw: Any, area: BusinessArea, forces: list[Force]) -> None:
    strands = {"STRUCTURE": (draw(st.sampled_from(["AGREED", "IN_DESIGN"])), draw(NOTES))}
    attempt(parts.set_design, area=area, strands=strands, by=None, day=DAY)
    counted = st.sampled_from([None, Decimal("12.345"), Decimal(-1), Decimal(10**9)]) | SIZES
    attempt(
        parts.record_people,
        area=area,
        as_at=DAY,
        people={forces[0]: (draw(counted), draw(counted))},
        by=None,
        day=DAY,
    )


@settings(
    max_examples=int(os.environ.get("ALLIANCES_TO_MAKE", "15")),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data(), ending=st.sampled_from(["book", "book.xlsx"]))
def test_whatever_services_accept_exports_to_a_workbook_that_loads(data: Any, ending: str) -> None:
    with TemporaryDirectory() as folder, transaction.atomic():
        alliance = data.draw(alliances())
        path = Path(folder, ending)
        export(alliance, path)
        before = stored_workbook(alliance)
        Alliance.objects.filter(pk=alliance.pk).update(code="set-aside")
        load(path)
        after = stored_workbook(Alliance.objects.get(code="made"))
        for sheet in COLUMNS:
            assert sorted(map(repr, _plain(before, sheet))) == sorted(
                map(repr, _plain(after, sheet))
            )
        transaction.set_rollback(True)


def _plain(book: Any, sheet: str) -> list[list[Any]]:
    """The values of the sheet's columns, numbers without the zeros that a column may add."""
    rows = [[getattr(row, c.attribute) for c in COLUMNS[sheet]] for row in book.rows(sheet)]
    return [
        [each.normalize() if isinstance(each, Decimal) else each for each in row] for row in rows
    ]


REFUSED = [
    ({"kind": "COST", "cashable": "CASHABLE"}, "Only savings are cashable or not"),
    ({"offset_months": 700}, "at most 600 months before or after"),
    ({"ramp": [5000]}, "percentages from 0 to 1,000"),
    ({"code": "Van_1"}, "Use at most 80 lower-case letters"),
    ({"code": "2026-12-01"}, "turned this into a date"),
    ({"full_year_pence": 10**15 + 1}, "more than £10 trillion"),
]


@pytest.mark.parametrize("values, says", REFUSED)
def test_an_item_is_refused_by_its_service_as_by_the_workbook(
    values: dict[str, Any], says: str
) -> None:
    item = factories.item()
    fresh = Item(alliance=item.alliance, area=item.area, code="fresh", name="Fresh", kind="SAVING")
    fresh.recurrence = "RECURRING"
    fresh.milestone = factories.milestone(area=item.area)
    for name, value in values.items():
        setattr(fresh, name, value)
    with pytest.raises(ValidationError, match=says):
        services.save_item(item=fresh, by=None)


@pytest.mark.parametrize(
    "values, says",
    [
        ({"total_budget_pence": 1, "in_scope_budget_pence": 2}, "in scope is more than the total"),
        ({"agreed_on": date(2016, 1, 1), "target_on": date(2015, 1, 1)}, "is before agreed"),
        ({"total_budget_pence": 10**15 + 1}, "more than £10 trillion"),
    ],
)
def test_an_alliance_is_refused_by_its_service_as_by_the_workbook(
    values: dict[str, Any], says: str
) -> None:
    alliance = factories.alliance()
    for name, value in values.items():
        setattr(alliance, name, value)
    with pytest.raises(ValidationError, match=says):
        programme_services.save_alliance(alliance=alliance, by=None)


def test_a_code_on_record_from_earlier_does_not_hold_up_the_rest_of_its_row() -> None:
    item = factories.item(code="Van_1")
    item = Item.objects.get(pk=item.pk)
    item.name = "Another name"
    services.save_item(item=item, by=None)
    assert Item.objects.get(pk=item.pk).name == "Another name"


def test_a_measure_of_which_nothing_is_seen_is_refused() -> None:
    alliance = factories.alliance()
    with pytest.raises(ValidationError, match="no letter that anybody can see"):
        programme_services.save_measure(
            measure=SizeMeasure(alliance=alliance, name="\u200b"), by=None
        )


@pytest.mark.parametrize(
    "values, says",
    [
        ({"note": "x" * 10_001}, "Shorten it to at most 10,000"),
        ({"note": "a\x07bell"}, "control character"),
        ({"owner": "_x000D_"}, "how a spreadsheet keeps the end of a line"),
        ({"forecast_on": date(1899, 12, 31)}, "outside the years 1900 to 2100"),
        ({"baseline_on": date(2101, 1, 1)}, "outside the years 1900 to 2100"),
    ],
)
def test_a_milestone_is_refused_by_its_service_as_by_the_workbook(
    values: dict[str, Any], says: str
) -> None:
    milestone = factories.milestone()
    for name, value in values.items():
        setattr(milestone, name, value)
    with pytest.raises(ValidationError, match=says):
        milestone.full_clean()


def test_no_two_milestones_that_an_item_can_wait_for_have_one_code() -> None:
    area = factories.area()
    own = factories.milestone(area=area, code="start")
    of_programme = Milestone(alliance=area.alliance, code="start", name="Start", kind="OTHER")
    area_services.save_milestone(milestone=of_programme, reason="", by=None)
    waiting = factories.item(area=area, alliance=area.alliance)
    waiting.milestone = of_programme
    with pytest.raises(ValidationError, match="could not tell the two apart"):
        services.save_item(item=waiting, by=None)
    Milestone.objects.filter(pk=own.pk).delete()
    services.save_item(item=waiting, by=None)
    with pytest.raises(ValidationError, match="could not tell the two apart"):
        Milestone(
            alliance=area.alliance, area=area, code="start", name="Go", kind="OTHER"
        ).full_clean()


def test_two_measures_that_look_the_same_are_refused() -> None:
    alliance = factories.alliance()
    factories.measure(alliance=alliance, name="Officers (FTE)")
    for name in ("officers (fte)", "Officers\u200b (FTE)", "Officers  (FTE)"):
        with pytest.raises(ValidationError, match="already has a measure"):
            programme_services.save_measure(
                measure=SizeMeasure(alliance=alliance, name=name), by=None
            )
