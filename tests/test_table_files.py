"""Every table of a money page is a file as well, and the file's cells are the table's."""

import csv
import html
import io
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from alliance_portal.table_files.reading import read_table, typed
from programmes.models import Alliance, Change, Role, User
from savings import recompute, services
from savings.models import Amount
from tests import factories
from tests.scenes import Scene, a_scene

NOTE = "Amounts are illustrative."
_TABLE = re.compile(r'<table class="app-table[^"]*"([^>]*)>(.*?)</table>', re.DOTALL)
_HIDDEN = re.compile(r'<span class="govuk-visually-hidden">.*?</span>', re.DOTALL)
_POUNDS = re.compile(r"£([\d,]+\.\d{2,})(?!\d*[mk…])")


@pytest.fixture
def scene(db: None) -> Scene:
    """Two areas with costs, savings and a grant in every version, shared, one amount of nobody's."""
    scene = a_scene()
    Alliance.objects.filter(pk=scene.alliance.pk).update(
        held_on=date(2016, 12, 31), data_note=NOTE, name="Hills & Dales"
    )
    scene.alliance.refresh_from_db()
    for kind in ("COST", "SAVING", "GRANT"):
        for version in ("FORECAST", "APPROVED", "ACTUAL"):
            item = scene.item(f"{kind.lower()}-{version.lower()}", kind)
            scene.amount(item, 1_234_567_89, 2016, version)
    scene.fleet.stage = "LIVE"
    scene.fleet.save()
    services.request_recompute(alliance=scene.alliance, cause="Made for the test")
    vans = scene.new_amount(scene.item("vans", "SAVING"), 7_777_77)
    for amount in (vans, scene.new_amount(vans.item, 3_333_33, 2016, "FORECAST")):
        services.save_amount(amount=amount, by=None)
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="Made for the test")
    return scene


@pytest.fixture
def reader(scene: Scene) -> Client:
    """A finance officer's browser."""
    person: User = factories.user()
    factories.role(alliance=scene.alliance, user=person, kind=Role.Kind.FINANCE_OFFICER)
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def money_pages(scene: Scene) -> Iterator[str]:
    code = scene.alliance.code
    yield "/"
    for name in (
        *("overview", "overview-figures", "statuses"),
        *("money-items", "money-sizes", "money-rules", "money-runs"),
    ):
        yield reverse(name, args=[code])
    yield f"{reverse('overview-force', args=[code, 'north'])}?period=quarter"
    for kind in ("cost", "saving", "net"):
        yield f"{reverse('money', args=[code])}?version=forecast&kind={kind}"
        working = reverse("money-area", args=[code, "fleet", "2016-17"])
        yield f"{working}?version=forecast&kind={kind}"
    yield reverse("money-settlement-year", args=[code, "2016-17"])
    yield reverse("money-month-ends", args=[code])
    for measure in ("month", "to-date", "year", "forecast"):
        yield f"{reverse('money-variances', args=[code])}?month=2016-05&measure={measure}"
    yield reverse("money-month-end", args=[code, "2016-05"])
    yield reverse("money-item", args=[code, "cost-forecast"])
    yield reverse("statuses-programme", args=[code, "budget"])
    yield reverse("statuses-area", args=[code, "fleet", "budget"])
    amount = Amount.objects.filter(version="FORECAST").earliest("pk")
    yield reverse("money-amount", args=[code, amount.pk])
    yield reverse("money-why", args=[code])
    yield f"{reverse('money-why', args=[code])}?kind=net&version=approved"
    what_if = factories.what_if(alliance=scene.alliance)
    yield reverse("money-what-if-one", args=[code, what_if.pk])
    yield f"{reverse('money-what-if-beside', args=[code])}?beside={what_if.pk}&year=2016-17"
    yield f"{reverse('money-as-at', args=[code])}?kind=net"
    change = Change.objects.exclude(effect=[]).latest("pk")
    yield reverse("money-change", args=[code, change.pk])


def visible(markup: str) -> str:
    return html.unescape(re.sub("<[^>]+>", " ", _HIDDEN.sub("", markup)))


def pounds_of(markup: str) -> list[list[Decimal]]:
    """The pounds of each row below the head that has any, without their sign."""
    rows = re.findall(r"<tr.*?</tr>", markup.partition("</thead>")[2], re.DOTALL)
    found = [
        [Decimal(each.replace(",", "")) for each in _POUNDS.findall(visible(row))] for row in rows
    ]
    return [row for row in found if row]


def test_every_table_of_a_money_page_is_a_file_with_its_cells(scene: Scene, reader: Client) -> None:
    seen = 0
    for address in money_pages(scene):
        page = reader.get(address).content.decode()
        for given, inside in _TABLE.findall(page.partition("<main")[2]):
            # A chart's own table has the chart's file; a table without figures needs none.
            figures = re.search("app-money|app-number", inside) or 'id="rules"' in given
            if 'id="chart-' in inside or not figures:
                continue
            found = re.search(r'\bid="([^"]+)"', given)
            assert found, f"{address}: a table without a name: {visible(inside)[:60]}"
            links = re.findall(rf'href="([^"]+)"[^>]*data-file-of="{found[1]}"', page)
            assert len(links) == 2, f"{address}: no files of {found[1]}"
            base = address.partition("?")[0]
            as_csv, as_xlsx = (
                reader.get(html.unescape(link) if link[0] == "/" else base + html.unescape(link))
                for link in links
            )
            lines = list(csv.reader(io.StringIO(as_csv.content.decode("utf-8-sig"))))
            end = lines.index([])
            rows, says = lines[1:end], dict(lines[end + 1 :])
            numbers = [
                [abs(Decimal(cell)) for cell in row if re.fullmatch(r"-?\d+\.\d\d\d*", cell)]
                for row in rows
            ]
            for row in pounds_of(inside):
                assert any(is_within(row, line) for line in numbers), (address, found[1], row)
            assert says["As at"]
            if address != "/":
                assert (says["Alliance"], says["Data note"]) == ("Hills & Dales", NOTE)
            sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx.content)).worksheets[0]
            assert [str(cell.value) for cell in sheet[1]] == lines[0]
            assert sheet.max_row == len(lines[:end])
            seen += 1
    assert seen > 15


def is_within(wanted: list[Decimal], line: list[Decimal]) -> bool:
    left = list(line)
    for each in wanted:
        if each not in left:
            return False
        left.remove(each)
    return True


def test_a_table_that_a_page_has_not_is_404_and_a_page_is_a_page(
    scene: Scene, reader: Client
) -> None:
    address = reverse("money", args=[scene.alliance.code])

    assert reader.get(f"{address}?table=nothing&file=csv").status_code == 404
    for query in ("table=by-area&file=exe", "table=%22%3E&file=csv", "file=csv"):
        assert reader.get(f"{address}?{query}")["Content-Type"].startswith("text/html")
    elsewhere = factories.alliance()
    closed = reverse("money", args=[elsewhere.code])
    assert reader.get(f"{closed}?table=by-area&file=csv").status_code == 404


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("£1,234.56", Decimal("1234.56")),
        ("−£0.05", Decimal("-0.05")),
        ("1,265", Decimal(1265)),
        ("12.50", Decimal("12.50")),
        ("31 December 2017", date(2017, 12, 31)),
        ("£5 to pay", "£5 to pay"),
        ("2017/18", "2017/18"),
        ("", None),
    ],
)
def test_a_cell_is_what_it_says(text: str, cell: object) -> None:
    assert typed(text) == cell


def test_a_table_is_read_as_it_is_seen() -> None:
    page = """
        <h1>Money</h1><table id="other"><tr><td>1</td></tr></table>
        <table class="app-table" id="it"><caption>By <span>area</span></caption>
        <thead><tr><th rowspan="2">Area</th><th colspan="2">North</th><th rowspan="2">
        <span class="govuk-visually-hidden">Change</span></th></tr>
        <tr><th>Share</th><th>Part</th></tr></thead>
        <tbody><tr><th colspan="4">Support</th></tr>
        <tr><th><a>Fleet<span class="govuk-visually-hidden">: open</span></a><span
          class="app-table__sub">since 2016</span><br><svg><path d="M0"/><title>x</title></svg></th>
        <td>£1.00</td><td>50.5%</td><td><a>Change it</a></td></tr>
        <tr><th>Dogs</th><td><span class="app-missing">none</span></td><td>49.5%</td><td></td></tr>
        </tbody></table>"""

    table = read_table(page, "it")

    assert table is not None
    assert table.title == "Money: By area"
    assert table.columns == ("Area", "North: Share (£)", "North: Part (%)")
    assert table.rows == (
        ("Support", None, None),
        ("Fleet; since 2016", Decimal("1.00"), Decimal("50.5")),
        ("Dogs", None, Decimal("49.5")),
    )
    assert read_table(page, "no-such") is None
