"""What stood at a past moment is what the pages and the file had then, and both say that it is past."""

import contextlib
import io
import random
from dataclasses import replace
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programmes.models import Alliance, Role
from savings import explain, recompute
from savings.exports import ShareRow, share_rows
from savings.inputs import VERSIONS
from savings.past_shares import past_share_rows
from savings.selectors.apportioned import VIEWS, Apportioned, apportioned
from tests import factories
from tests.laws.hand import REFUSED, ByService
from tests.laws.scene import an_alliance_to_change
from tests.scenes import a_scene

pytestmark = [pytest.mark.dialect, pytest.mark.django_db(transaction=True)]

CHANGES = 8


def clock() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found


def page(alliance: Alliance, version: str, view: str, at: datetime | None) -> Apportioned:
    found = apportioned(
        alliance=alliance,
        version=version,
        view=view,
        year=2016,
        today=timezone.localdate(),
        at=at,
    )
    # The objects may have other names by now; their keys are what a figure stands at.
    return replace(found, reasons=())


def figures(found: Apportioned) -> dict[str, Any]:
    codes = [force.code for force in found.forces]
    lines = {
        **{each.area.code: each.line for each in found.areas},
        **{str(each.year): each.line for each in found.years},
        "total": found.total,
        "all": found.all_years,
    }
    return {
        name: (dict(zip(codes, line.by_force, strict=True)), line.unshared, line.total)
        for name, line in lines.items()
    }


@pytest.mark.parametrize("seed", range(2))
def test_a_past_moment_is_what_the_page_and_the_file_had_then(seed: int) -> None:
    alliance, chance = an_alliance_to_change(f"past-{seed}"), random.Random(seed)
    boss = factories.administrator()
    seen: list[tuple[datetime, dict[tuple[str, str], Any], list[ShareRow]]] = []
    for _ in range(CHANGES):
        hand = ByService(chance.randrange(10**6), alliance, boss)
        with contextlib.suppress(*REFUSED):
            getattr(hand, chance.choice(ByService.WAYS))()
        recompute.bring_up_to_date(alliance_id=alliance.pk, cause="A test", everything=True)
        now = {
            (version, view): figures(page(alliance, version, view, None))
            for version in VERSIONS
            for view in VIEWS
        }
        seen.append((clock(), now, list(share_rows(alliance=alliance))))

    for at, then, rows in seen:
        for (version, view), was in then.items():
            assert figures(page(alliance, version, view, at)) == was
        assert past_share_rows(alliance=alliance, at=at) == rows


def test_a_year_closed_by_then_is_as_it_was_frozen() -> None:
    scene = a_scene()
    vans = scene.item("vans", "SAVING")
    for year in (2016, 2017):
        scene.amount(vans, 100_000_01, year, "FORECAST")
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)
    factories.financial_year(alliance=scene.alliance, year=2016, closed_at="2018-05-01T00:00Z")
    scene.size(scene.north, 9000, release=2)
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)
    at, rows = clock(), list(share_rows(alliance=scene.alliance))
    scene.size(scene.north, 100, release=3)

    assert past_share_rows(alliance=scene.alliance, at=at) == rows


def test_page_and_files_say_that_they_are_of_the_past(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = a_scene()
    vans = scene.item("vans", "SAVING")
    scene.amount(vans, 100_000_01, 2016, "FORECAST")
    at = timezone.now().isoformat()
    person = factories.user()
    factories.role(alliance=scene.alliance, user=person, kind=Role.Kind.FINANCE_OFFICER)
    client.force_login(person)
    scene.amount(vans, 50_000_00, 2017, "FORECAST")
    address = reverse("money-as-at", args=[scene.alliance.code])

    said = client.get(address, {"at": at, "year": "2016-17"}).content.decode()
    assert "£100,000.01" in said and "£50,000.00" not in said
    assert "as they stood at" in said and "These figures are of the past" in said

    file = client.get(address, {"at": at, "table": "by-area", "file": "csv"}).content.decode()
    assert "Figures of the past" in file and "As they stood at" in file
    shares = client.get(reverse("money-as-at-csv", args=[scene.alliance.code]), {"at": at})
    lines = b"".join(shares).decode().splitlines()
    assert "as-at" in shares["Content-Disposition"]
    assert lines[0].endswith(",stood_at") and len(lines) == 1 + len(scene.forces)
    book = client.get(reverse("money-as-at-xlsx", args=[scene.alliance.code]), {"at": at})
    assert "as-at" in book["Content-Disposition"]
    cells = list(openpyxl.load_workbook(io.BytesIO(b"".join(book))).active.values)
    stood = {line.rsplit(",", 1)[-1] for line in lines[1:]}
    assert cells[0][-1] == "stood_at" and {row[-1] for row in cells[1:]} == stood
    assert [f"{row[12]:.2f}" for row in cells[1:]] == [line.split(",")[12] for line in lines[1:]]

    assert client.get(address, {"at": "gone"}).status_code == 400
    assert client.get(reverse("money-as-at", args=[factories.alliance().code])).status_code == 404
    monkeypatch.setattr(explain, "MOST_SHARES", 1)
    assert "more than a page can work through" in client.get(address).content.decode()
