"""The working workbook: formulas with the values that they come to, the stored shares among them."""

import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from django.test import Client

from programmes.models import Role
from savings.models import Share
from savings.papers import year
from savings.papers.working import write_working
from savings.papers.year import read_year
from tests import factories
from tests.savings.papers.alliances import YEAR, any_alliance

pytestmark = pytest.mark.django_db


def books(seed: int) -> tuple[Any, Any]:
    """The workbook as its formulas, and as their values."""
    out = io.BytesIO()
    write_working(read_year(any_alliance(seed), YEAR), out)
    return openpyxl.load_workbook(out), openpyxl.load_workbook(out, data_only=True)


def columns(sheet: Any, head: str) -> Iterator[Any]:
    """The cells below every head that begins so."""
    for column in sheet.iter_cols():
        if str(column[0].value).startswith(head):
            yield from column[1:]


@pytest.mark.parametrize("seed", range(6))
def test_shares_are_formulas_whose_values_are_the_stored_shares(seed: int) -> None:
    formulas, values = books(seed)

    shares = [
        round(cell.value * 100)
        for cell in columns(values["Amounts"], "Share (£)")
        if isinstance(cell.value, int | float)
    ]
    stored = list(Share.objects.values_list("pence", flat=True))
    assert sorted(filter(None, shares)) == sorted(filter(None, stored))
    derived = [cell for cell in columns(formulas["Amounts"], "Share (£)") if cell.data_type == "f"]
    assert derived
    assert not any(cell.value is False for sheet in values for row in sheet for cell in row)
    assert values["Read me"]["B6"].value is True


@pytest.mark.parametrize("seed", range(3))
def test_what_people_typed_is_text(seed: int) -> None:
    """Names of forces begin like formulas here."""
    formulas, _ = books(seed)

    typed = [
        cell
        for sheet in formulas
        for row in sheet.iter_rows()
        for cell in row
        if "& Sons" in str(cell.value)
    ]
    assert typed
    assert {cell.data_type for cell in typed} == {"s"}


def test_a_year_too_large_for_a_spreadsheet_has_none(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    alliance = any_alliance(1)
    client.force_login(factories.role(alliance=alliance, kind=Role.Kind.PANEL_MEMBER).user)
    address = "/alliances/any/money/papers/"
    assert client.get(f"{address}2016-17/working.xlsx").status_code == 200

    monkeypatch.setattr(year, "MOST_SHARES", 1)

    assert client.get(f"{address}2016-17/working.xlsx").status_code == 404
    assert "too many amounts for a spreadsheet" in client.get(address).content.decode()
