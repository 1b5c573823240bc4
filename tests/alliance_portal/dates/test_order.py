"""What a new date leaves behind is named on its price page, and moves along by the same days if asked."""

from datetime import date

import pytest
from django.test import Client

from alliance_portal.workbook.loading import load, plan
from business_areas.models import Milestone, MovedDate
from programmes.models import Change
from tests import factories
from tests.alliance_portal.dates.moves import (
    MILESTONE,
    REASON,
    Alliance,
    an_alliance,
    answers,
    derive_and_share,
    net_by_force,
)
from tests.alliance_portal.dates.test_approval import hidden
from tests.alliance_portal.dates.test_pages import words
from tests.alliance_portal.workbook.books import SMALL, as_folder

pytestmark = pytest.mark.django_db

JULY = date(2017, 7, 1)
LEFT_BEHIND = "“First look”, 1 May 2017, is before “Go live”, 1 July 2017, which comes first."


@pytest.fixture
def known() -> Alliance:
    """The go-live of April 2017, with a saving that starts from the review of May."""
    known = an_alliance()
    review = factories.milestone(
        area=known.scene.fleet, kind="REVIEW", code="review", name="First look",
        baseline_on=date(2017, 5, 1), forecast_on=date(2017, 5, 1),
    )  # fmt: skip
    factories.item(
        area=known.scene.fleet, code="less", name="Less", kind="SAVING", recurrence="RECURRING",
        milestone=review, full_year_pence=55_555, ramp=[100],
    )  # fmt: skip
    factories.item(area=known.scene.fleet, code="typed", name="Vans", milestone=known.milestone)
    derive_and_share(known.scene)
    return known


@pytest.fixture
def client(known: Alliance) -> Client:
    return known.client(known.alice)


def review() -> Milestone:
    return Milestone.objects.get(code="review")


def test_a_review_left_behind_is_named_and_moves_along_in_one_change(
    known: Alliance, client: Client
) -> None:
    first = client.post(REASON, answers(JULY, 1))
    assert LEFT_BEHIND in words(first)
    assert "Vans hangs on this milestone and stays as typed" in words(first)

    second = client.post(REASON, answers(JULY, 1, along="yes"))
    page = words(second)
    assert LEFT_BEHIND not in page
    assert "First look 1 May 2017 31 July 2017" in page
    assert Milestone.objects.get(code="go-live").forecast_on == date(2017, 4, 1)
    before = net_by_force(known.scene)
    sent = answers(
        JULY, 1, save="1", follow="yes",
        priced=hidden(second, "priced"), following=hidden(second, "following"),
    )  # fmt: skip
    for _ in range(2):
        assert client.post(REASON, sent).status_code == 302

    assert Milestone.objects.get(code="go-live").forecast_on == JULY
    assert review().forecast_on == date(2017, 7, 31)
    assert MovedDate.objects.count() == 2
    change = Change.objects.get()
    assert {row["of"] for row in change.said} == {"Milestone “Go live”", "Milestone “First look”"}
    derive_and_share(known.scene)
    after = net_by_force(known.scene)
    moved = {cell: after[cell] - before[cell] for cell in after.keys() | before.keys()}
    effect: dict[tuple[int, str], int] = {}
    for _, year, kind, version, force, pence in change.effect:
        if version == "FORECAST":
            cell = (year, force)
            effect[cell] = effect.get(cell, 0) + (pence if kind == "SAVING" else -pence)
    assert {cell: pence for cell, pence in effect.items() if pence} == {
        cell: pence for cell, pence in moved.items() if pence
    }


def test_alone_it_moves_alone(client: Client) -> None:
    page = client.post(REASON, answers(JULY, 1))

    client.post(REASON, answers(JULY, 1, save="1", priced=hidden(page, "priced")))

    assert review().forecast_on == date(2017, 5, 1)


def test_what_follows_and_moved_meanwhile_is_shown_again(client: Client) -> None:
    page = client.post(REASON, answers(JULY, 1, along="yes"))
    sent = answers(JULY, 1, save="1", follow="yes", following=hidden(page, "following"))
    Milestone.objects.filter(code="review").update(forecast_on=date(2017, 6, 1))

    assert client.post(REASON, sent).status_code == 409
    assert Milestone.objects.get(code="go-live").forecast_on == date(2017, 4, 1)
    assert not MovedDate.objects.exists()


def test_a_decision_reached_before_its_consultation_is_named(
    known: Alliance, client: Client
) -> None:
    for kind in ("CONSULTATION", "DECISION"):
        factories.milestone(
            area=known.scene.fleet, kind=kind, code=kind.lower(), name=kind.title(),
            forecast_on=date(2017, 3, 1),
        )  # fmt: skip
    reached = {"to_day": "1", "to_month": "2", "to_year": "2017", "seen": "1"}

    page = words(client.post("/alliances/hills/areas/fleet/milestones/decision/reached/", reached))

    assert "“Decision”, 1 February 2017, is before “Consultation”, 1 March 2017" in page
    assert "Move what follows" not in page


def test_many_dates_at_once_name_what_they_leave_behind(client: Client) -> None:
    sent = {"what": "month", "step": "check", "value": "7 2017", "area": ["fleet"]}

    page = words(client.post("/alliances/hills/areas/list/change/", sent))

    assert LEFT_BEHIND in page


def test_a_milestones_page_names_the_typed_items_that_stay(client: Client) -> None:
    assert "Vans: the forecast was typed, so it stays" in words(client.get(MILESTONE))


def test_a_load_names_what_it_puts_in_the_wrong_order_and_loads_it(tmp_path) -> None:  # type: ignore[no-untyped-def]
    header = SMALL["milestones"][0]
    row = dict.fromkeys(header, "")
    go_live = dict(zip(header, SMALL["milestones"][2], strict=True))
    row |= {"area": go_live["area"], "code": "look", "name": "Look", "kind": "review"}
    row |= {"forecast_on": "2016-01-01"}
    sheets = {**SMALL, "milestones": [*SMALL["milestones"], [row[name] for name in header]]}
    path = as_folder(sheets, tmp_path)

    (note,) = plan(path).notes
    assert note.startswith(f"milestones: {go_live['area']}: “Look”, 1 January 2016, is before")
    assert load(path).notes == (note,)
    assert plan(path).notes == ()
