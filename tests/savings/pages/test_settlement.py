"""How net to settle comes about, as a page and as a file of the same table."""

import csv
import io
from datetime import date
from html import unescape
from typing import Any

import openpyxl
import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from programmes.models import Alliance
from savings import recompute
from savings.models import Amount
from tests import factories

pytestmark = pytest.mark.django_db
APRIL = date(2017, 4, 1)


@pytest.fixture
def hills(client: Client) -> Alliance:
    """Two forces that share equally. North paid £100 and South £40 of £200; nobody is named for £60."""
    alliance = factories.alliance(
        code="hills", name="Hills", held_on=date(2017, 12, 31), data_note="Invented."
    )
    north, south = (
        factories.force(alliance=alliance, code=code, name=f"{code.title()} Police")
        for code in ("north", "south")
    )
    for force in (north, south):
        factories.membership(alliance=alliance, force=force)
    factories.sharing_rule(alliance=alliance, method="EQUAL", effective_on=date(2015, 4, 1))
    for name, paid in (("Dogs", (100_00, None, None)), ("Fleet", (None, 40_00, 60_00))):
        area = factories.area(alliance=alliance, name=name, code=name.lower())
        item = factories.item(area=area, kind="COST")
        for borne_by, pence in zip((north, south, None), paid, strict=True):
            if pence:
                amount(item, pence, borne_by=borne_by)
    recompute.bring_up_to_date(alliance_id=alliance.pk, cause="A test", everything=True)
    client.force_login(factories.role(alliance=alliance).user)
    return alliance


def amount(item: Any, pence: int, **more: Any) -> Amount:
    return factories.amount(item=item, version="FORECAST", starts_on=APRIL, pence=pence, **more)


def page(client: Client, alliance: Alliance, name: str = "money-net") -> str:
    return client.get(reverse(name, args=[alliance.code, "2017-18"])).content.decode("utf-8-sig")


def in_words(html: str) -> str:
    return " ".join(unescape(html).split())


def test_each_force_s_net_is_what_it_bore_less_what_it_is_due(hills: Alliance, client: Client):
    lines = list(csv.reader(io.StringIO(page(client, hills, "money-net-csv"))))

    total = [line for line in lines if line[:1] == ["All areas"]]
    assert total == [
        ["All areas", "North Police", "100.00", "100.00", "0.00"],
        ["All areas", "South Police", "40.00", "100.00", "-60.00"],
        ["All areas", "Bearer not recorded", "60.00", "", ""],
        ["All areas", "All forces", "200.00", "200.00", ""],
    ]


def test_what_nobody_is_named_for_is_a_line_and_no_debtor(hills: Alliance, client: Client):
    shown = in_words(page(client, hills))

    assert "Who bore £60.00 is not recorded." in shown
    assert "Bearer not recorded" in shown
    assert f"{reverse('money-area', args=['hills', 'fleet', '2017-18'])}?version=forecast" in shown
    assert "−£60.00" in shown
    assert "+£60.00" not in shown
    assert "60.00 to receive" not in in_words(
        client.get(reverse("overview", args=["hills"])).content.decode()
    )


def test_nothing_is_netted_while_anything_is_not_shared(hills: Alliance, client: Client):
    late = factories.area(alliance=hills, name="Vetting")
    with transaction.atomic():  # by a size that nobody has recorded
        rule = factories.sharing_rule(
            alliance=hills, area=late, method="SIZE", effective_on=date(2015, 4, 1)
        )
        factories.sharing_term(rule=rule)
    amount(factories.item(area=late, kind="COST"), 7_00)
    recompute.bring_up_to_date(alliance_id=hills.pk, cause="A test", everything=True)

    shown = in_words(page(client, hills))
    assert "£7.00 of the year’s costs are not shared yet, so no force’s net is known." in shown
    assert "−£60.00" not in shown
    dashboard = client.get(reverse("overview", args=["hills"]))
    assert [row.net for row in dashboard.context["dashboard"].positions.rows] == [None, None]
    rows = csv.reader(io.StringIO(page(client, hills, "money-net-csv")))
    assert {row[4] for row in rows if row[:1] == ["All areas"]} == {""}


def test_the_file_says_what_it_is_and_as_at_when(hills: Alliance, client: Client):
    lines = page(client, hills, "money-net-csv").splitlines()

    at = lines.index("")
    assert lines[at + 1 :] == [
        'Table,"Net to settle, 2017/18 forecast costs, net of grants"',
        "Alliance,Hills",
        "As at,2017-12-31",
        "Data note,Invented.",
    ]
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(reverse("money-net-xlsx", args=["hills", "2017-18"])).content)
    )
    assert book.sheetnames == ["net to settle", "about"]
    assert len(list(book["net to settle"].rows)) == at


def test_a_year_without_costs_says_so(hills: Alliance, client: Client):
    shown = client.get(reverse("money-net", args=["hills", "2011-12"])).content.decode()

    assert "No costs are forecast for this year" in shown
    assert client.get(reverse("money-net", args=["hills", "2011-13"])).status_code == 404
