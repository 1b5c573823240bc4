"""The same figure on the dashboard, the apportioned page, in the CSV and in the spreadsheet.

`SAME_FIGURE_ALLIANCES=1000 bin/test tests/alliance_portal/dashboard/test_same_figure.py` tries a
thousand random alliances instead of the usual few.
"""

import csv
import io
import os
import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from programmes.models import Alliance, Force
from programmes.words import pounds
from savings import recompute
from savings.selectors.positions import Positions
from tests import factories

pytestmark = pytest.mark.dialect

HOW_MANY = int(os.environ.get("SAME_FIGURE_ALLIANCES", "40"))
YEAR, DAY = 2017, date(2017, 12, 31)

Figures = dict[tuple[str, str], int]  # (kind of pool, force's code): pence


@pytest.fixture
def boss(db, client: Client) -> Client:
    client.force_login(factories.administrator())
    return client


@pytest.mark.parametrize("seed", range(HOW_MANY))
def test_a_figure_is_the_same_wherever_it_is_shown(boss: Client, seed: int) -> None:
    alliance = random_alliance(random.Random(seed))
    recompute.bring_up_to_date(alliance_id=alliance.pk, cause="A test", everything=True)

    on_dashboard = dashboard_figures(boss, alliance)

    assert on_dashboard == apportioned_figures(boss, alliance)
    assert on_dashboard == csv_figures(boss, alliance)
    assert on_dashboard == workbook_figures(boss, alliance)


def dashboard_figures(client: Client, alliance: Alliance) -> Figures:
    response = client.get(reverse("overview", args=[alliance.code]))
    page, table = response.content.decode(), response.context["dashboard"].positions
    found: Figures = {}
    for row in table.rows:
        for kind, pence in (("COST", row.cost_due), ("SAVING", row.saving_due)):
            if pence is not None:
                assert pounds(pence) in page
                found[kind, row.force.code] = pence
    for kind, total, unshared in (
        ("COST", table.cost, table.cost_unshared),
        ("SAVING", table.saving, table.saving_unshared),
    ):
        found[kind, "all"] = total
        assert total == unshared + sum(
            pence for (of, who), pence in found.items() if of == kind and who != "all"
        )
    assert_it_opens_to_how_it_comes_about(client, alliance, table)
    said = response.context["dashboard"].sentence
    assert (said.forecast or 0) == found["SAVING", "all"]
    return found


def assert_it_opens_to_how_it_comes_about(
    client: Client, alliance: Alliance, table: Positions
) -> None:
    """Every position's borne, due and net is the sum of the areas' on the page that it opens to."""
    place = reverse("money-settlement-year", args=[alliance.code, "2017-18"])
    settled = client.get(f"{place}?version=forecast").context["settlement"]
    assert settled.counts_savings == table.counts_savings
    found = {each.force: each for each in settled.total.rows}
    for row in table.rows:
        mine = [each for area in settled.areas for each in area.rows if each.force == row.force]
        borne = found[row.force].figures.borne if row.force in found else 0
        assert sum(each.figures.borne for each in mine) == (row.borne or 0) == borne
        assert sum(each.figures.due for each in mine) == (row.cost_due or 0)
        if settled.counts_savings:
            assert sum(each.figures.saving_due for each in mine) == (row.saving_due or 0)
            assert sum(each.figures.banked for each in mine) == (row.banked or 0)
        if row.net is not None:
            assert settled.is_netted
            assert row.net == sum(each.net for each in mine)
        is_named = any(each.borne is not None for each in table.rows)
        assert (row.net is None) == (not settled.is_netted or not is_named)
    nobody = settled.total.nobody
    assert sum(area.nobody.borne for area in settled.areas) == nobody.borne == table.unnamed
    assert sum(area.nobody.due for area in settled.areas) == nobody.due == table.cost_unshared
    if settled.is_netted:
        unbanked = nobody.banked if settled.counts_savings else 0
        assert sum(each.net for each in settled.total.rows) == unbanked - nobody.borne


def apportioned_figures(client: Client, alliance: Alliance) -> Figures:
    found: Figures = {}
    for kind in ("COST", "SAVING"):
        query = f"?version=forecast&kind={kind.lower()}&year=2017-18"
        response = client.get(reverse("money", args=[alliance.code]) + query)
        page, table = response.content.decode(), response.context["table"]
        if table.year != YEAR:
            found[kind, "all"] = 0
            continue
        found[kind, "all"] = table.total.total
        for force, pence in zip(table.forces, table.total.by_force, strict=True):
            if pence is not None:
                assert pounds(pence) in page
                found[kind, force.code] = pence
    return found


def csv_figures(client: Client, alliance: Alliance) -> Figures:
    query = "?version=forecast&year=2017-18"
    response = client.get(reverse("money-shares-csv", args=[alliance.code]) + query)
    text = b"".join(response.streaming_content).decode()
    return added_up(csv.DictReader(io.StringIO(text)))


def workbook_figures(client: Client, alliance: Alliance) -> Figures:
    query = "?version=forecast&year=2017-18"
    response = client.get(reverse("money-shares-xlsx", args=[alliance.code]) + query)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    rows = list(book.active.iter_rows(values_only=True))
    return added_up(dict(zip(rows[0], row, strict=True)) for row in rows[1:])


def added_up(rows: Iterable[dict[str, object]]) -> Figures:
    """Shares by kind of pool and force; amounts once each; grants come off the costs."""
    found: Figures = defaultdict(int)
    found["COST", "all"] = found["SAVING", "all"] = 0
    for row in rows:
        kind = "SAVING" if row["kind"] == "saving" else "COST"
        sign = -1 if row["kind"] == "grant" else 1
        if row["force"]:
            pence = sign * pence_of(row["share"])
            found[kind, str(row["force"])] += pence
        else:
            pence = sign * pence_of(row["amount"])
        found[kind, "all"] += pence
    return dict(found)


def pence_of(written: object) -> int:
    return int((Decimal(str(written)) * 100).to_integral_value())


@transaction.atomic
def random_alliance(any_: random.Random) -> Alliance:
    """Two to six forces, some late, leaving or without a size; one to four areas; a year's money."""
    alliance = factories.alliance(held_on=DAY)
    forces = [factories.force(alliance=alliance) for _ in range(any_.randint(2, 6))]
    for force in forces:
        left = date(2017, 11, 1) if any_.random() < 0.1 else None
        factories.membership(force=force, left_on=left)
    random_rule(any_, alliance, forces)
    for _ in range(any_.randint(1, 4)):
        area = factories.area(alliance=alliance, stage=any_.choice(["LIVE", "DESIGN"]))
        if any_.random() < 0.3:
            for force in any_.sample(forces, any_.randint(1, len(forces))):
                factories.area_membership(area=area, force=force)
        for kind in any_.choices(["COST", "SAVING", "GRANT"], k=any_.randint(1, 5)):
            item = factories.item(area=area, kind=kind)
            for month in any_.sample(range(4, 13), any_.randint(1, 4)):
                factories.amount(
                    item=item,
                    version=any_.choice(["FORECAST", "FORECAST", "APPROVED"]),
                    starts_on=date(YEAR, month, 1),
                    pence=any_.choice([1, -1, 100, any_.randint(-(10**9), 10**10)]),
                    borne_by=any_.choice([None, *forces]),
                )
    return alliance


def random_rule(any_: random.Random, alliance: Alliance, forces: list[Force]) -> None:
    if any_.random() < 0.3:
        factories.sharing_rule(alliance=alliance)
        return
    rule = factories.sharing_rule(
        alliance=alliance, method="SIZE", decimals=any_.choice([None, 0, 2, 4])
    )
    term = factories.sharing_term(rule=rule)
    for force in forces:
        if any_.random() < 0.95:
            value = Decimal(any_.randint(1, 10**7)) / 100
            factories.force_size(force=force, measure=term.measure, value=value)
