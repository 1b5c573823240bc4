"""Each force's part of the outturn: the same on the page, in the working, in the file and as it stood."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from django.test import Client
from django.utils import timezone

from business_areas.models import BusinessArea
from programmes.models import Role
from savings import recompute, services
from savings.exports import ShareRow, share_rows
from savings.models import Item
from savings.outturn_shares import outturn_rows
from savings.selectors.apportioned import VIEWS, Line, apportioned
from savings.selectors.area_workings import area_working
from savings.selectors.outturn import OUTTURN, months_in, outturn_months, outturn_of, read_saved
from tests import factories
from tests.scenes import Scene, a_scene

pytestmark = pytest.mark.django_db

TODAY = date(2016, 12, 31)
YEARS = (2015, 2016)


def month_of(year: int, place: int) -> date:
    return date(year + (place > 8), (place + 3) % 12 + 1, 1)


def fill(scene: Scene, seed: int) -> None:
    """Items of every kind, of years and of months, some of which have actual amounts; one area's are
    not shared before 2016."""
    random = Random(seed)
    late = scene.area("late")
    for number in range(12):
        kind = random.choice(("SAVING", "COST", "GRANT"))
        item = scene.item(f"item-{number}", kind, late if number % 4 == 0 else None)
        for year in YEARS:
            amounts(scene, item, year, random)
    services.request_recompute(alliance=scene.alliance, cause="Made for the test")
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="Made for the test")


def amounts(scene: Scene, item: Item, year: int, random: Random) -> None:
    def pence() -> int:
        return random.choice((1, -1)) * random.randrange(1_000_000)

    for version in ("FORECAST", "ACTUAL"):
        if random.random() < 0.4:
            bearer = random.choice((None, *scene.forces))
            if random.random() < 0.7 or version == "FORECAST":
                scene.amount(item, pence(), year, version, bearer)
                if bearer not in (None, scene.south):
                    scene.amount(item, pence(), year, version, scene.south)
            continue
        for place in range(12 if version == "FORECAST" else random.randrange(10)):
            if random.random() < 0.9:
                scene.amount(item, pence(), month_of(year, place), version)


@pytest.fixture(params=range(4))
def scene(request: pytest.FixtureRequest) -> Scene:
    scene = a_scene(sized=("north", "south") if request.param == 3 else ("north", "south", "east"))
    scene.alliance.held_on = TODAY
    scene.alliance.save()
    fill(scene, request.param)
    return scene


def sums_of(rows: Iterable[ShareRow], view: str) -> Counter[tuple[int, str, str]]:
    """Pence by year, area and force ("" for what is not shared) as they count in the view."""
    signs = {"saving": VIEWS[view].get("SAVING", 0), "cost": VIEWS[view].get("COST", 0)}
    signs["grant"] = -signs["cost"]
    found: Counter[tuple[int, str, str]] = Counter()
    for row in rows:
        pounds = row.amount if row.share is None else row.share
        place = int(row.financial_year[:4]), row.area, row.force
        found[place] += signs[row.kind] * int(pounds * Decimal(100))
    return found


def of_line(line: Line, scene: Scene) -> dict[str, int]:
    forces = (force.code for force in scene.forces)
    return {
        **{code: pence or 0 for code, pence in zip(forces, line.by_force, strict=True)},
        "": line.unshared,
    }


@pytest.mark.parametrize("view", VIEWS)
def test_page_working_and_file_say_the_same_of_every_force(scene: Scene, view: str) -> None:
    of_file = sums_of(outturn_rows(share_rows(alliance=scene.alliance), TODAY), view)
    for year in YEARS:
        table = apportioned(
            alliance=scene.alliance, version=OUTTURN, view=view, year=year, today=TODAY
        )
        for row in table.areas:
            of_page = of_line(row.line, scene)
            assert of_page == {force: of_file[year, row.area.code, force] for force in of_page}, (
                row.area
            )
            assert sum(of_page.values()) == row.line.total
            assert of_working(scene, row.area, year, view) == of_page, row.area
        assert sum(row.line.total for row in table.areas) == table.total.total


def of_working(scene: Scene, area: BusinessArea, year: int, view: str) -> dict[str, int]:
    working = area_working(
        alliance=scene.alliance,
        area=area,
        year=year,
        version=OUTTURN,
        kinds=list(VIEWS[view]),
        day=TODAY,
    )
    found: Counter[str] = Counter(dict.fromkeys((*(f.code for f in scene.forces), ""), 0))
    for pool in working.pools:
        sign = VIEWS[view][pool.pool.kind]
        for part, pence in pool.rows:
            found[part.force.code] += sign * pence
        if not pool.parts:
            found[""] += sign * pool.pence
        else:
            assert sum(line.signed_pence for line in pool.lines) == pool.pence
            for at, of_force in enumerate(pool.shares):
                assert sum(line.signed_shares[at] for line in pool.lines) == of_force
    return dict(found)


def test_the_savings_come_to_what_the_dashboard_says(scene: Scene) -> None:
    saved = read_saved(scene.alliance.pk).amounts
    for year in YEARS:
        table = apportioned(
            alliance=scene.alliance, version=OUTTURN, view="saving", year=year, today=TODAY
        )
        outturn = outturn_of(saved, year, TODAY)
        assert table.total.total == (outturn.outturn or 0)
        assert table.months == outturn.months.said


@pytest.mark.parametrize("view", VIEWS)
def test_as_it_stood_a_moment_ago_is_as_it_stands(scene: Scene, view: str) -> None:
    asked = {"alliance": scene.alliance, "version": OUTTURN, "view": view, "today": TODAY}
    for year in YEARS:
        now = apportioned(**asked, year=year)
        stood = apportioned(**asked, year=year, at=timezone.now())
        assert [of_line(row.line, scene) for row in stood.areas] == [
            of_line(row.line, scene) for row in now.areas
        ]


def test_the_page_begins_with_the_outturn_and_names_its_months(client: Client) -> None:
    scene = a_scene()
    posts = scene.item("posts", "SAVING")
    for place in range(12):
        scene.amount(posts, 100_00, month_of(2016, place), "FORECAST")
        if place < 9:
            scene.amount(posts, 90_00, month_of(2016, place), "ACTUAL")
    services.request_recompute(alliance=scene.alliance, cause="Made for the test")
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="Made for the test")
    user = factories.user()
    factories.role(alliance=scene.alliance, user=user, kind=Role.Kind.FINANCE_OFFICER)
    client.force_login(user)

    page = " ".join(client.get("/alliances/hills/money/?year=2016-17").content.decode().split())

    assert "Outturn savings for 2016 to 2017 come to" in page
    assert "£1,110.00" in page
    assert "9 months actual, 3 forecast." in page
    shares = client.get("/alliances/hills/money/shares.csv?version=outturn&year=2016-17")
    lines = b"".join(shares).decode("utf-8-sig").splitlines()[1:]
    assert len(lines) == 12 * 3
    assert sum(",actual," in line for line in lines) == 9 * 3
    assert "outturn" in shares["Content-Disposition"]


def test_months_are_named_with_those_that_are_in_only_in_part() -> None:
    scene = a_scene()
    posts, tyres = scene.item("posts", "SAVING"), scene.item("tyres", "SAVING")
    for place in range(12):
        for item in (posts, tyres):
            scene.amount(item, 100_00, month_of(2016, place), "FORECAST")
    for place in range(2):
        scene.amount(posts, 0, month_of(2016, place), "ACTUAL")
    scene.amount(tyres, 1, month_of(2016, 0), "ACTUAL")

    saved = read_saved(scene.alliance.pk).amounts
    assert months_in(outturn_months(saved, TODAY)).said == (
        "2 months actual (1 of them in part), 10 forecast"
    )
