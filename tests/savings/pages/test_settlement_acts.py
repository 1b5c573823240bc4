"""Proposing, answering and paying a settlement on its pages; what they ask of the database."""

from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from business_areas.models import BusinessArea
from programmes.models import Alliance
from savings import recompute
from savings.models import Amount, Settlement, SettlementAnswer, SettlementPayment, SettlementWay
from tests import factories
from tests.savings.settlements import cost, name_everyone, the_hills, work_out
from tests.scenes import Scene, a_scene

pytestmark = pytest.mark.django_db
MOST = 15


@pytest.fixture
def hills(db: None) -> Alliance:
    """All is named: South owes North £65."""
    alliance = the_hills()
    name_everyone(alliance)
    return alliance


def officer(alliance: Alliance, code: str = "", kind: str = "FINANCE_OFFICER") -> Client:
    """A browser of a finance officer of one force, or of all."""
    force = alliance.forces.get(code=code) if code else None
    client = Client()
    client.force_login(factories.role(alliance=alliance, kind=kind, force=force).user)
    return client


def place(name: str, *more: Any, number: int | None = 1) -> str:
    numbers = () if number is None else (number,)
    return reverse(f"money-settlement-{name}", args=["hills", "2016-17", *numbers, *more])


PROPOSE = "/alliances/hills/money/settlement/2016-17/propose/"
VERSION = "/alliances/hills/money/settlement/2016-17/versions/1/"
DISPUTE = {"force": "south", "about": "AMOUNT", "note": "£40 was £30", "owner": "Bob"}


def propose(client: Client, **more: str) -> Any:
    shown = client.get(PROPOSE)
    hidden = dict(shown.context["hidden"])
    return client.post(PROPOSE, {**hidden, "save": "1", **more}, follow=True)


def words(answer: Any) -> str:
    return " ".join(unescape(answer.content.decode()).split())


def test_it_is_proposed_disputed_agreed_and_paid_each_force_for_itself(hills: Alliance) -> None:
    north, south = officer(hills, "north"), officer(hills, "south")
    shown = words(propose(north, note="As the board saw it"))
    assert "Version 1 is proposed." in shown
    assert "Proposed, waiting for North and South." in shown and "As the board saw it" in shown

    shown = words(south.post(place("dispute", "fleet", "costs"), DISPUTE, follow=True))
    assert "South Police disputes the costs of Fleet." in shown
    assert "North +£10.00" in shown and "South −£10.00" in shown
    for client, code in ((north, "north"), (south, "south")):
        shown = words(client.post(place("agree"), {"force": code}, follow=True))
    assert "Agreed, but for 1 line in dispute." in shown
    assert "Commissioner for South" in shown

    paid = {"paid_on_day": "2", "paid_on_month": "6", "paid_on_year": "2017", "reference": "BACS 9"}
    shown = words(south.post(place("paid", "south", "north"), paid, follow=True))
    assert "The payment is on record." in shown
    assert SettlementPayment.objects.get().pence == 55_00
    # Sent twice, or by the other side too: one effect, one sentence.
    again = words(north.post(place("paid", "south", "north"), paid, follow=True))
    assert "What South pays North is on record already" in again
    assert SettlementPayment.objects.count() == 1

    let_go = place("let-go", "fleet", "costs", "south")
    shown = words(south.post(let_go, {"note": "It was £40"}, follow=True))
    assert "South Police no longer disputes the costs of Fleet." in shown
    assert "£10.00" in shown


def test_a_finance_officer_answers_for_their_own_force_and_nobody_else_does(
    hills: Alliance,
) -> None:
    south = officer(hills, "south")
    propose(south)

    assert south.post(place("agree"), {"force": "north"}).status_code == 403
    sent = {**DISPUTE, "force": "north"}
    assert south.post(place("dispute", "fleet", "costs"), sent).status_code == 403
    reader = officer(hills, kind="PANEL_MEMBER")
    for address in (PROPOSE, place("agree"), place("dispute", "fleet", "costs")):
        assert reader.get(address).status_code == 403
    assert reader.get(VERSION).status_code == 200
    assert "Agree for" not in words(reader.get(VERSION))
    assert not SettlementAnswer.objects.exists()
    elsewhere = Client()
    elsewhere.force_login(factories.role(kind="FINANCE_OFFICER").user)
    assert elsewhere.get(VERSION).status_code == 404


def test_sent_twice_is_done_once_and_said_in_a_sentence(hills: Alliance) -> None:
    client, north, south = officer(hills), officer(hills, "north"), officer(hills, "south")
    propose(client)
    again = words(propose(client))
    assert "says the same already, so nothing more is proposed." in again
    for _ in range(2):
        shown = words(north.post(place("agree"), {"force": "north"}, follow=True))
    assert "North Police has agreed to this version already." in shown
    for _ in range(2):
        shown = words(south.post(place("dispute", "fleet", "costs"), DISPUTE, follow=True))
    assert "South Police disputes the costs of Fleet already." in shown
    assert Settlement.objects.count() == 1
    assert SettlementAnswer.objects.count() == 2


def test_what_is_left_out_or_does_not_fit_stands_at_its_field(hills: Alliance) -> None:
    client = officer(hills, "south")
    propose(client)
    empty = words(client.post(place("dispute", "fleet", "costs"), {"note": ""}))
    for sentence in (
        "Choose the force that you speak for",
        "Choose what is in dispute",
        "Say what is wrong, so that it can be mended",
    ):
        assert sentence in empty
    client.post(place("agree"), {"force": "south"})
    shown = words(client.post(place("dispute", "dogs", "savings"), DISPUTE))
    assert "South Police has agreed to the savings of Dogs; have another version proposed" in shown
    assert "£40 was £30" in shown
    late = {"paid_on_day": "1", "paid_on_month": "1", "paid_on_year": "2018", "reference": "x"}
    officer(hills, "north").post(place("agree"), {"force": "north"})
    shown = words(client.post(place("paid", "south", "north"), late))
    assert "The day it was paid must be today, 31 December 2017, or earlier" in shown
    for address in (
        place("dispute", "nowhere", "costs"),
        place("dispute", "fleet", "savings"),
        place("dispute", "fleet", "x"),
        place("paid", "south", "nobody"),
        place("version", number=7),
    ):
        assert client.get(address).status_code == 404


def test_figures_that_moved_while_it_was_read_are_shown_before_they_are_proposed(
    hills: Alliance,
) -> None:
    client = officer(hills)
    hidden = dict(client.get(PROPOSE).context["hidden"])
    restate(hills)

    shown = client.post(PROPOSE, {**hidden, "save": "1"})

    assert "South pays North £70.00" in words(shown)
    assert not Settlement.objects.exists()
    hidden = dict(shown.context["hidden"])
    assert "Version 1 is proposed." in words(
        client.post(PROPOSE, {**hidden, "save": "1"}, follow=True)
    )


def test_a_version_that_is_overtaken_says_so_and_keeps_what_was_said_of_it(hills: Alliance) -> None:
    client = officer(hills, "north")
    propose(client)
    client.post(place("agree"), {"force": "north"})
    restate(hills)

    shown = words(client.get(VERSION))
    assert "Overtaken: what this version was made of has changed since" in shown
    assert "Proposed, waiting for South." in shown

    shown = words(propose(client))
    assert "Version 2 is proposed." in shown and "Overtaken" not in shown
    assert "What moved since the version before" in shown
    assert "Fleet, costs" in shown
    assert "Replaced by version 2." in words(client.get(VERSION))


def test_a_year_with_obstacles_cannot_be_proposed_and_says_why(hills: Alliance) -> None:
    Amount.objects.filter(item__area__code="dogs", version="ACTUAL").update(borne_by=None)
    client = officer(hills)

    shown = client.get(PROPOSE)
    assert "Who bore £100.00 of Dogs’ costs is not recorded" in words(shown)
    assert "Propose it" not in words(shown)
    assert "Who bore £100.00" in words(client.post(PROPOSE, {"save": "1", "seen": "x"}))


def test_the_alliance_chooses_a_host_that_settlements_are_paid_through(hills: Alliance) -> None:
    client, way = officer(hills), "/alliances/hills/money/settlement/how/"
    shown = words(client.post(way, {"through": "north"}, follow=True))
    assert "They are paid through North Police." in shown
    assert "Settlements are paid so already." in words(
        client.post(way, {"through": "north"}, follow=True)
    )
    assert "Choose one of the ways shown" in words(client.post(way, {"through": "x"}))
    assert "Choose how settlements are paid" in words(client.post(way))
    client.post(way, {"through": "(directly)"})
    assert SettlementWay.objects.get().through is None
    assert officer(hills, "north").get(way).status_code == 403


def test_a_version_s_files_are_of_what_was_proposed(hills: Alliance) -> None:
    client = officer(hills)
    propose(client)
    restate(hills)

    journal = client.get(place("version-journal")).content.decode()
    assert "Settlement owed,Commissioner for North,,65.00" in journal
    assert 'Table,"Settlement journal, 2016/17, actual amounts, version 1"' in journal
    assert "South Police,40.00,100.00,5.00,10.00,-65.00" in (
        client.get(place("version-csv")).content.decode()
    )


def restate(hills: Alliance) -> None:
    """South paid £30 for fleet, not £40."""
    row = Amount.objects.get(item=cost(hills, "fleet"), version="ACTUAL", borne_by__code="south")
    row.pence = 30_00
    row.save()
    work_out(hills)


def many_areas(code: str, count: int) -> Scene:
    """Each area has a cost that was paid and a saving that was banked."""
    scene = a_scene(code)
    areas = BusinessArea.objects.bulk_create(
        BusinessArea(
            alliance=scene.alliance, code=f"a-{n}", name=f"Area {n}", category="BUSINESS_SUPPORT"
        )
        for n in range(count)
    )
    Amount.objects.bulk_create(
        Amount(
            alliance=scene.alliance,
            item=scene.item(f"{kind.lower()}-{n}", kind, area),
            version="ACTUAL",
            starts_on=date(2016, 4, 1),
            year=2016,
            pence=(n + 1) * 1_001,
            borne_by=scene.forces[n % 2],
        )
        for n, area in enumerate(areas)
        for kind in ("COST", "SAVING")
    )
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)
    return scene


@pytest.mark.dialect
def test_its_pages_ask_little_and_no_more_for_400_areas_than_for_5() -> None:
    asked: dict[str, list[int]] = {}
    for code, count in (("few", 5), ("many", 400)):
        scene = many_areas(code, count)
        client, base = officer(scene.alliance), f"/alliances/{code}/money/settlement/"
        address = f"{base}2016-17/propose/"
        hidden = dict(client.get(address).context["hidden"])
        client.post(address, {**hidden, "save": "1"})
        Amount.objects.filter(alliance=scene.alliance, item__kind="COST").update(pence=77)
        north = officer(scene.alliance, "north")
        north.post(f"{base}2016-17/versions/1/dispute/a-1/costs/", {**DISPUTE, "force": "north"})
        work_out(scene.alliance)
        again = dict(client.get(address).context["hidden"])
        client.post(address, {**again, "save": "1"})
        version = "2016-17/versions/2/"
        north.post(f"{base}{version}dispute/a-2/savings/", {**DISPUTE, "force": "north"})
        for force in scene.forces[1:]:
            officer(scene.alliance, force.code).post(
                f"{base}{version}agree/", {"force": force.code}
            )
        north.post(f"{base}{version}agree/", {"force": "north"})
        for page in (
            *("", "2016-17/", "2016-17/?to=2016-12", "2016-17/?version=forecast"),
            *("2016-17/propose/", "2016-17/by-area.csv", "2016-17/journal.csv", version),
            *("2016-17/versions/1/", f"{version}agree/", f"{version}dispute/a-1/costs/"),
            *(f"{version}paid/south/north/", f"{version}by-area.csv"),
        ):
            with CaptureQueriesContext(connection) as queries:
                answer = north.get(f"{base}{page}")
            assert answer.status_code == 200, page
            count_of = sum("SAVEPOINT" not in each["sql"] for each in queries.captured_queries)
            asked.setdefault(page, []).append(count_of)
    assert not {page: each for page, each in asked.items() if not each[0] == each[1] <= MOST}
