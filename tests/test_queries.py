"""What each page asks of the database: at most fifteen queries, and as many for 400 areas as for 5."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from business_areas.models import BusinessArea, DesignStrand, Milestone, Staffing
from programmes.models import Alliance, Gate, Role
from savings import recompute, services
from savings.models import Amount
from tests import factories
from tests.scenes import Scene, a_scene

pytestmark = pytest.mark.django_db

MOST = 15
FEW, MANY = 5, 400
CODE = {FEW: "few", MANY: "many"}

PAGES = {
    "home": "/",
    "overview": "/alliances/{code}/",
    "chart as CSV": "/alliances/{code}/charts/costs-and-savings-by-force.csv",
    "business areas": "/alliances/{code}/areas/",
    "business areas, filtered": "/alliances/{code}/areas/?stage=LIVE&force=north&search=area",
    "business area": "/alliances/{code}/areas/area-1/",
    "apportioned savings": "/alliances/{code}/money/",
    "apportioned net costs": "/alliances/{code}/money/?kind=net&year=2016-17",
    "area working": "/alliances/{code}/money/areas/area-1/2016-17/?version=approved&kind=cost",
    "amount working": "/alliances/{code}/money/amounts/{amount}/",
    "force sizes": "/alliances/{code}/money/sizes/",
    "record a size": "/alliances/{code}/money/sizes/record/",
    "sharing rules": "/alliances/{code}/money/rules/",
    "runs": "/alliances/{code}/money/runs/",
    "progress": "/alliances/{code}/money/progress/",
    "shares as CSV": "/alliances/{code}/money/shares.csv",
    "shares as a spreadsheet": "/alliances/{code}/money/shares.xlsx",
}


def areas_with_everything(scene: Scene, count: int) -> None:
    """That many areas, each with people, design, milestones, and a cost worked out."""
    areas = BusinessArea.objects.bulk_create(
        BusinessArea(
            alliance=scene.alliance,
            code=f"area-{n}",
            name=f"Area {n}",
            category="BUSINESS_SUPPORT",
            stage="LIVE" if n % 2 else "DESIGN",
            lead_force=scene.north,
        )
        for n in range(1, count + 1)
    )
    own: dict[str, Any] = {"alliance": scene.alliance}
    Milestone.objects.bulk_create(
        Milestone(
            **own, area=area, code="live", name="Live", kind="GO_LIVE", approved_on=date(2018, 4, 1)
        )
        for area in areas
    )
    DesignStrand.objects.bulk_create(
        DesignStrand(**own, area=area, strand=strand)
        for area in areas
        for strand in DesignStrand.Strand.values
    )
    Staffing.objects.bulk_create(
        Staffing(**own, area=area, force=force, as_at=date(2016, 4, 1), shared_fte=Decimal("12.5"))
        for area in areas
        for force in scene.forces
    )
    for area in areas[: count // FEW]:
        scene.rule(date(2017, 4, 1), "SIZE", area=area)
    for n in range(count // FEW):
        Gate.objects.create(**own, code=f"gate-{n}", name=f"Gate {n}", order=n)
        factories.run(**own)
        scene.size(scene.north, 100 + n, date(2000, 1, 1), release=n + 1)
    for kind in ("COST", "SAVING"):
        items = [scene.item(f"{kind.lower()}-{area.code}", kind, area) for area in areas]
        Amount.objects.bulk_create(
            scene.new_amount(item, 12_345_67, period)
            for item in items
            for period in (2016, date(2016, 5, 1))
        )
    services.request_recompute(alliance=scene.alliance, cause="Made for the test")
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="Made for the test")


@pytest.fixture
def both(client: Client) -> Client:
    """A finance officer of an alliance of few areas and of one of many."""
    officer = factories.user()
    for count, code in CODE.items():
        scene = a_scene(code)
        areas_with_everything(scene, count)
        factories.role(alliance=scene.alliance, user=officer, kind=Role.Kind.FINANCE_OFFICER)
    client.force_login(officer)
    return client


@contextmanager
def counted() -> Iterator[CaptureQueriesContext]:
    ContentType.objects.clear_cache()
    with CaptureQueriesContext(connection) as queries:
        yield queries


def queries_of(client: Client, address: str, alliance: Alliance) -> int:
    """Queries of one page, session and user included; savepoints are not queries."""
    amount = Amount.objects.filter(alliance=alliance).order_by("pk")[0]
    with counted() as queries:
        answer = client.get(address.format(code=alliance.code, amount=amount.pk))
        if answer.streaming:
            b"".join(answer)
    assert answer.status_code in (200, 302), answer
    return sum("SAVEPOINT" not in each["sql"] for each in queries.captured_queries)


def test_every_page_asks_little_and_no_more_for_more_areas(
    both: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    alliances = {code: Alliance.objects.get(code=code) for code in CODE.values()}

    table = {
        page: tuple(queries_of(both, address, alliances[code]) for code in CODE.values())
        for page, address in PAGES.items()
    }

    lines = [f"{page:28} {few:>7} {many:>8}" for page, (few, many) in table.items()]
    with capsys.disabled():
        print("\n".join(["", f"{'Queries':28} {FEW:>1} areas {MANY} areas", *lines]))  # noqa: T201
    assert {page: asked for page, asked in table.items() if max(asked) > MOST} == {}
    assert {page: asked for page, asked in table.items() if asked[0] != asked[1]} == {}


def test_a_preview_asks_as_much_for_many_areas_as_for_few(both: Client) -> None:
    asked = []
    for code in CODE.values():
        alliance = Alliance.objects.get(code=code)
        sent = {
            "force": "north",
            "measure": alliance.measures.get().pk,
            "effective_on_day": "1",
            "effective_on_month": "4",
            "effective_on_year": "2015",
            "value": "4000",
            "source": "A later release",
        }
        with counted() as queries:
            answer = both.post(f"/alliances/{code}/money/sizes/record/", sent)
        assert b"What this size moves" in answer.content
        asked.append(sum("SAVEPOINT" not in each["sql"] for each in queries.captured_queries))

    assert asked[0] == asked[1] <= MOST
