"""A year's settlement, as a page and as files of the same figures."""

import csv
import io
from collections import defaultdict
from datetime import date
from decimal import Decimal
from html import unescape

import openpyxl
import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from programmes.models import Alliance, Role
from savings.requests import request_recompute
from savings.selectors.settlement import year_settlement
from tests import factories
from tests.savings.settlements import amount, cost, name_everyone, the_hills, work_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def hills(client: Client) -> Alliance:
    alliance = the_hills()
    client.force_login(factories.role(alliance=alliance).user)
    return alliance


def page(
    client: Client,
    alliance: Alliance,
    name: str = "year",
    *,
    query: str = "",
    year: str = "2016-17",
) -> str:
    place = reverse(f"money-settlement-{name}", args=[alliance.code, year])
    return client.get(f"{place}{query}").content.decode("utf-8-sig")


def offers_to_propose(client: Client, alliance: Alliance) -> bool:
    officer = factories.role(alliance=alliance, kind=Role.Kind.FINANCE_OFFICER)
    client.force_login(officer.user)
    return "Propose this settlement" in page(client, alliance)


def in_words(html: str) -> str:
    return " ".join(unescape(html).split())


def lines(
    client: Client, alliance: Alliance, name: str = "csv", query: str = ""
) -> list[list[str]]:
    return list(csv.reader(io.StringIO(page(client, alliance, name, query=query))))


def test_the_net_is_costs_borne_less_due_and_savings_due_less_banked(
    hills: Alliance, client: Client
) -> None:
    total = [line for line in lines(client, hills) if line[:1] == ["All areas"]]

    assert total == [
        ["All areas", "North Police", "100.00", "100.00", "5.00", "0.00", "5.00", "0.00"],
        ["All areas", "South Police", "40.00", "100.00", "5.00", "10.00", "-65.00", "0.00"],
        ["All areas", "Force not recorded", "60.00", "", "", "0.00", "", ""],
        ["All areas", "All forces", "200.00", "200.00", "10.00", "10.00", "", "0.00"],
    ]


def test_what_is_nameless_keeps_it_from_being_settled_and_is_listed_with_a_link(
    hills: Alliance, client: Client
) -> None:
    html = page(client, hills)
    shown = in_words(html)

    assert "Before it can be proposed" in shown
    assert "Who bore £60.00 of Fleet’s costs is not recorded: name the force." in shown
    assert not offers_to_propose(client, hills)
    assert f"{reverse('money-area', args=['hills', 'fleet', '2016-17'])}?version=actual" in html
    assert "South pays" not in shown
    journal = reverse("money-settlement-journal", args=["hills", "2016-17"])
    assert client.get(journal).status_code == 404


def test_once_all_is_named_the_payment_clears_it_between_the_policing_bodies(
    hills: Alliance, client: Client
) -> None:
    name_everyone(hills)

    shown = in_words(page(client, hills))
    assert "South pays North £65.00." in shown
    assert "Before it can be proposed" not in shown
    assert offers_to_propose(client, hills)
    file = client.get(
        reverse("money-settlement-year", args=["hills", "2016-17"]) + "?table=payments&file=csv"
    )
    first, second, *_ = csv.reader(io.StringIO(file.content.decode("utf-8-sig")))
    assert first == ["Payer", "Payee", "Amount (£)"]
    assert second == ["Commissioner for South", "Commissioner for North", "65.00"]


def test_the_journal_balances_for_each_force(hills: Alliance, client: Client) -> None:
    name_everyone(hills)

    debited: dict[str, Decimal] = defaultdict(Decimal)
    credited: dict[str, Decimal] = defaultdict(Decimal)
    rows = lines(client, hills, "journal")
    for row in rows[1 : rows.index([])]:
        debited[row[1]] += Decimal(row[6] or 0)
        credited[row[1]] += Decimal(row[7] or 0)
    assert debited == credited
    assert debited.keys() == {"North Police", "South Police"}
    owed = ["2016/17", "South Police", "Commissioner for South", "", "Settlement owed"]
    assert [*owed, "Commissioner for North", "", "65.00"] in rows


def test_nothing_is_netted_while_anything_is_not_shared(hills: Alliance, client: Client) -> None:
    late = factories.area(alliance=hills, name="Vetting")
    with transaction.atomic():  # by a size that nobody has recorded
        rule = factories.sharing_rule(
            alliance=hills, area=late, method="SIZE", effective_on=date(2015, 4, 1)
        )
        factories.sharing_term(rule=rule)
    amount(factories.item(area=late, kind="COST"), 7_00, borne_by=hills.forces.first())
    work_out(hills)

    shown = in_words(page(client, hills))
    assert "Part of it is not shared yet, so no force’s net is known." in shown
    assert "Not shared yet: " in shown and "(Vetting)." in shown
    assert "−£65.00" not in shown
    assert {row[6] for row in lines(client, hills) if row[:1] == ["All areas"]} == {""}


def test_nothing_is_proposed_while_anything_is_behind(hills: Alliance, client: Client) -> None:
    name_everyone(hills)
    request_recompute(alliance=hills, cause="A test", years=[2016])

    assert "Shares of Dogs and Fleet are being worked out again" in in_words(page(client, hills))


def test_a_year_that_is_not_over_is_settled_to_a_month(hills: Alliance, client: Client) -> None:
    north, fleet = hills.forces.get(code="north"), cost(hills, "fleet")
    amount(fleet, 30_00, starts_on=date(2017, 4, 1), borne_by=north)
    amount(fleet, 50_00, starts_on=date(2017, 6, 1), borne_by=north)
    amount(cost(hills, "vans"), 70_00, starts_on=date(2017, 4, 1), whole_year=True, borne_by=north)
    work_out(hills)

    whole = in_words(page(client, hills, year="2017-18"))
    assert "2017/18 ends on 31 March 2018, which has not come" in whole
    assert "South pays North £75.00." in whole
    part = in_words(page(client, hills, query="?to=2017-05", year="2017-18"))
    assert "to 31 May 2017" in part
    assert "South pays North £15.00." in part
    assert "which has not come" not in part
    for nonsense in ("2017-13", "2016-05", "2018-03", "x"):
        assert "South pays North £75.00." in in_words(
            page(client, hills, query=f"?to={nonsense}", year="2017-18")
        )


def test_what_the_forecast_would_settle_is_shown_and_never_proposed(
    hills: Alliance, client: Client
) -> None:
    shown = in_words(page(client, hills, query="?version=forecast"))

    assert "What would be settled if the year came out as forecast." in shown
    assert "No saving of the forecast says who banks it" in shown
    assert "−£60.00" in shown
    assert "Before it can be proposed" not in shown
    before = client.get("/alliances/hills/money/net/2016-17/")
    assert before.url == reverse("money-settlement-year", args=["hills", "2016-17"]) + (
        "?version=forecast"
    )


def test_savings_that_take_no_part_have_no_row_that_asks_for_a_force(
    hills: Alliance, client: Client
) -> None:
    dogs = factories.item(area=hills.areas.get(code="dogs"), kind="SAVING")
    amount(dogs, 7_00, "FORECAST")
    work_out(hills)

    table = page(client, hills, query="?version=forecast").split('id="by-area"')[1]
    rows = [row for row in table.split("<tr") if "Force not recorded" in row]

    assert rows
    assert all("£" in row for row in rows)


def test_a_file_says_what_it_is_and_as_at_when(hills: Alliance, client: Client) -> None:
    written = page(client, hills, "csv").splitlines()

    at = written.index("")
    assert written[at + 1 :] == [
        'Table,"Net to settle by business area, 2016/17, actual amounts"',
        "Alliance,Hills",
        "As at,2017-12-31",
        "Data note,Invented.",
    ]
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(reverse("money-settlement-xlsx", args=["hills", "2016-17"])).content)
    )
    assert book.sheetnames == ["by-area", "about"]
    assert len(list(book["by-area"].rows)) == at


def test_a_year_without_actual_money_says_so(hills: Alliance, client: Client) -> None:
    shown = in_words(page(client, hills, year="2011-12"))

    assert "No actual costs or savings are recorded here" in shown
    wrong = reverse("money-settlement-year", args=["hills", "2011-13"])
    assert client.get(wrong).status_code == 404


def test_the_years_with_actual_money_are_listed(hills: Alliance, client: Client) -> None:
    shown = client.get(reverse("money-settlement", args=["hills"]))
    assert shown.context["years"] == [(2016, None)]


def test_the_sample_settles_as_computed_outside(db: None) -> None:
    call_command("load_samples", stdout=io.StringIO())
    alliance = Alliance.objects.get(code="devon-cornwall-dorset")

    found = year_settlement(alliance, 2016)

    assert found.is_whole
    assert [
        (row.force.code, own.borne, own.due, own.saving_due, own.banked, row.net)
        for row in found.total.rows
        for own in [row.figures]
    ] == [
        ("devon-cornwall", 24_536_446_66, 26_229_147_08, 1_104_933_38, 978_258_09, -1_566_025_13),
        ("dorset", 12_531_955_07, 10_839_254_65, 456_675_30, 583_350_59, 1_566_025_13),
    ]
    assert [each.sentence for each in found.payments] == [
        "Devon & Cornwall pays Dorset £1,566,025.13"
    ]
    for month in range(4, 13):
        part = year_settlement(alliance, 2016, until=date(2016, month, 30))
        assert sum(row.net for row in part.total.rows) == 0
