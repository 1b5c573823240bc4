"""The grid: an area's months typed, checked with their price and saved as one change."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from programmes.models import Alliance, Change, Role
from savings.engine.periods import months_of
from savings.models import Amount, FinancialYear, Item
from tests import factories
from tests.savings.test_views import text_of
from tests.scenes import Scene, a_scene

pytestmark = pytest.mark.django_db

GRID = "/alliances/hills/money/areas/fleet/2016-17/grid/"
APRIL, MAY, JUNE = (date(2016, month, 1) for month in (4, 5, 6))


@pytest.fixture
def scene() -> Scene:
    """As at May 2016: vans with a year's forecast and an actual of April, and a grant without any."""
    scene = a_scene()
    Alliance.objects.filter(pk=scene.alliance.pk).update(held_on=date(2016, 5, 2))
    scene.alliance.refresh_from_db()
    vans = scene.item("vans")
    scene.item("fund", "GRANT")
    for month in months_of(2016):
        scene.amount(vans, 100_00, month, "FORECAST")
    scene.amount(vans, 60_00, APRIL, "ACTUAL", scene.north)
    return scene


@pytest.fixture
def vans(scene: Scene) -> Item:
    return Item.objects.get(code="vans")


@pytest.fixture
def fund(scene: Scene) -> Item:
    return Item.objects.get(code="fund")


@pytest.fixture(autouse=True)
def officer(client: Client, scene: Scene) -> None:
    role = factories.role(alliance=scene.alliance, kind=Role.Kind.FINANCE_OFFICER)
    client.force_login(role.user)


def box(item: Item, month: date, force: Any = None) -> str:
    return f"c{item.pk}-{force.pk if force else 0}-{month:%Y%m}"


def token(page: str) -> str:
    return page.split('name="seen" value="')[1].split('"')[0]


def shown(client: Client, version: str = "forecast") -> str:
    return client.get(f"{GRID}{version}/").content.decode()


def checked(
    client: Client, typed: dict[str, Any], version: str = "forecast", seen: str = ""
) -> Any:
    sent = {"seen": seen or token(shown(client, version)), **typed}
    return client.post(f"{GRID}{version}/", sent)


def save(client: Client, asked: Any, version: str = "forecast", **why: Any) -> Any:
    page = asked.content.decode()
    assert "Nothing has been saved yet." in page, text_of(asked)
    form = page.split('<form method="post"')[1]
    carried: dict[str, Any] = {}
    for part in form.split('<input type="hidden" name="')[1:]:
        name, rest = part.split('" value="', 1)
        carried[name] = rest.split('"', 1)[0]
    sent = {**carried, "check-reason": "As agreed", **why, "save": "1"}
    return client.post(f"{GRID}{version}/", sent, follow=True)


def test_months_are_typed_checked_and_saved_as_one_change(
    client: Client, vans: Item, fund: Item, scene: Scene
) -> None:
    typed = {
        box(vans, MAY): "£1,234.50",
        box(vans, JUNE): "",
        box(vans, date(2016, 7, 1)): "100",  # as it is
        box(fund, APRIL): "(500)",
        box(fund, MAY): "-",
        f"b{fund.pk}": "south",
    }

    asked = checked(client, typed)

    said = text_of(asked)
    assert "4 amounts change. Nothing has been saved yet." in said
    assert "Vans, May 2016 £100.00 £1,234.50 +£1,134.50" in said
    assert "Vans, June 2016 £100.00 nothing −£100.00" in said
    assert "Fund, borne by South, April 2016 nothing −£500.00" in said
    assert "Costs, net of grants £1,200.00 £2,734.50 +£1,534.50" in said
    assert "4 amounts are saved" in text_of(save(client, asked, **{"check-sure": "on"}))
    months = dict(vans.amounts.filter(version="FORECAST").values_list("starts_on", "pence"))
    assert months[MAY] == 1_234_50
    assert JUNE not in months
    assert set(fund.amounts.values_list("pence", "borne_by__code")) == {
        (-500_00, "south"),
        (0, "south"),
    }
    change = Change.objects.get()
    assert (change.kind, change.area_id, change.reason) == ("AMOUNT", scene.fleet.pk, "As agreed")
    assert sum(cell[-1] for cell in change.effect if cell[2] == "COST") == 1_534_50


def test_the_grid_has_a_row_for_each_bearer_and_says_what_stays(
    client: Client, vans: Item, scene: Scene
) -> None:
    said = text_of(client.get(f"{GRID}forecast/"))
    assert "1 cell stays as it is: the actual is in (1)." in said
    assert "£1,200.00" in said
    actual = shown(client, "actual")
    assert f'id="id_{box(vans, MAY, scene.north)}"' in actual
    assert "Cost, borne by North" in actual
    alone = client.get(f"{GRID}approved/", {"item": "vans"}).content.decode()
    assert "Vans" in alone
    assert "Fund" not in alone


def test_a_derived_forecast_a_whole_year_and_a_closed_year_are_text(
    client: Client, vans: Item, fund: Item, scene: Scene
) -> None:
    live = factories.milestone(alliance=scene.alliance, area=scene.fleet, forecast_on=APRIL)
    Item.objects.create(
        alliance=scene.alliance, area=scene.fleet, code="posts", name="Posts", kind="SAVING",
        recurrence="RECURRING", milestone=live, full_year_pence=12_00, ramp=[100],
    )  # fmt: skip
    scene.amount(fund, 77_00, 2016, "FORECAST")

    said = text_of(client.get(f"{GRID}forecast/"))

    assert "follows its milestone (12)" in said
    assert "£77.00 for the whole year. Spread it into months" in said
    FinancialYear.objects.create(alliance=scene.alliance, year=2016, closed_at=timezone.now())
    closed = shown(client)
    assert "app-grid__box" not in closed
    assert "the year is closed" in closed
    assert "app-grid__bearer" not in closed


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("n/a", "Vans, May 2016 must be an amount in pounds, for example 1,234.50"),
        ("1.005", "Vans, May 2016 can have pounds and pence, but no part of a penny"),
        ("99999999999999", "Vans, May 2016 must be £10 trillion or less"),
    ],
)
def test_what_is_no_amount_is_said_at_its_cell_and_stays_as_typed(
    client: Client, vans: Item, text: str, says: str
) -> None:
    page = checked(client, {box(vans, MAY): text, box(vans, JUNE): "5"})

    assert says in text_of(page)
    assert f'href="#id_{box(vans, MAY)}"' in page.content.decode()
    assert f'value="{text}"' in page.content.decode()
    assert not Change.objects.exists()


def test_nothing_typed_is_nothing_to_check(client: Client, vans: Item) -> None:
    assert "Nothing is changed yet" in text_of(checked(client, {box(vans, MAY): "100.00"}))


def test_two_people_on_one_cell_see_both_values_and_others_do_not_collide(
    client: Client, vans: Item
) -> None:
    seen = token(shown(client))
    Amount.objects.filter(item=vans, starts_on=MAY, version="FORECAST").update(pence=90_00)

    elsewhere = checked(client, {box(vans, MAY): "100.00", box(vans, JUNE): "5"}, seen=seen)
    assert "1 amount changes." in text_of(elsewhere)
    collides = checked(client, {box(vans, MAY): "80"}, seen=seen)

    assert collides.status_code == 409
    assert "Vans, May 2016 £100.00 £90.00 £80.00" in text_of(collides)
    page = collides.content.decode()
    assert f'id="id_{box(vans, MAY)}" name="{box(vans, MAY)}" value="80"' in page
    again = checked(client, {box(vans, MAY): "80"}, seen=token(page))
    assert "Vans, May 2016 £90.00 £80.00 −£10.00" in text_of(again)


def test_a_cell_that_moves_between_check_and_save_is_not_overwritten(
    client: Client, vans: Item
) -> None:
    asked = checked(client, {box(vans, MAY): "80"})
    Amount.objects.filter(item=vans, starts_on=MAY, version="FORECAST").update(pence=90_00)

    answer = save(client, asked)

    assert answer.status_code == 409
    assert vans.amounts.get(starts_on=MAY, version="FORECAST").pence == 90_00


def test_sent_twice_it_is_one_change(client: Client, vans: Item) -> None:
    asked = checked(client, {box(vans, MAY): "80"})
    save(client, asked)
    assert "1 amount is saved" in text_of(save(client, asked))
    assert Change.objects.count() == 1


def test_a_changed_actual_has_a_cause_and_a_new_one_none(
    client: Client, vans: Item, scene: Scene
) -> None:
    new = checked(client, {box(vans, MAY, scene.north): "61"}, "actual")
    assert 'name="check-cause"' not in new.content.decode()
    asked = checked(client, {box(vans, APRIL, scene.north): "61"}, "actual")
    refused = save(client, asked, "actual")
    assert "Choose why an actual that was in changes" in text_of(refused)

    save(client, asked, "actual", **{"check-cause": "Late invoice"})

    assert Change.objects.get().details == "Cause: late invoice."


def test_an_amount_over_ten_times_its_neighbours_is_asked_about(client: Client, vans: Item) -> None:
    asked = checked(client, {box(vans, MAY): "1000.01"})
    assert "£1,000.01 is more than ten times each of the months beside it." in text_of(asked)
    assert "Tick the box if these amounts are right" in text_of(save(client, asked))
    assert not Change.objects.exists()
    just = checked(client, {box(vans, MAY): "1000.00"})
    assert "more than ten times" not in text_of(just)


def test_a_row_for_another_force_is_added_and_its_amount_named(
    client: Client, vans: Item, scene: Scene
) -> None:
    asked = {"also_item": "vans", "also_force": "south"}
    page = client.get(f"{GRID}actual/", asked).content.decode()
    name = box(vans, APRIL, scene.south)
    assert f'id="id_{name}"' in page

    save(
        client, checked(client, {"also": "vans:south", name: "5"}, "actual", token(page)), "actual"
    )

    assert vans.amounts.get(borne_by=scene.south).pence == 5_00


def test_rows_are_pasted_into_the_box_and_only_fill_the_grid(client: Client, vans: Item) -> None:
    rows = "Item\tMay 2016\tApr\tJun\r\nvans\t1,000.00\t7\tn/a\r\n"

    filled = client.post(f"{GRID}forecast/", {"seen": token(shown(client)), "rows": rows})

    said = text_of(filled)
    assert "2 amounts, £1,007.00. 1 of the cells stays as it is: the actual is in." in said
    assert "1 cell is not an amount and is marked." in said
    assert 'value="1,000.00"' in filled.content.decode()
    assert 'value="n/a"' in filled.content.decode()
    assert not Change.objects.exists()


def test_a_block_that_does_not_fit_fills_nothing_and_says_why(client: Client, vans: Item) -> None:
    sent = {"fill": "paste", "at": box(vans, date(2017, 3, 1)), "rows": "1\t2"}
    answer = client.post(f"{GRID}forecast/", sent, headers={"accept": "application/json"})
    assert "2 columns were copied, and 1 fit" in answer.json()["refused"]


def test_a_total_is_spread_over_the_months_that_are_not_held(client: Client, vans: Item) -> None:
    sent = {
        "seen": token(shown(client)),
        "fill": "spread",
        "spread-row": f"{vans.pk}-0",
        "spread-total": "1,200.05",
        "spread-way": "EVEN",
        "spread-held": ["2016-05", "2016-06"],
    }
    page = client.post(f"{GRID}forecast/", sent)
    said = text_of(page)
    assert "Vans comes to £1,200.05: 9 months filled in." in said
    assert page.content.decode().count('value="100.01"') == 5
    assert not Change.objects.exists()
    sent["spread-way"] = "LAST_YEAR"
    assert "Vans’s last year has nothing" in text_of(client.post(f"{GRID}forecast/", sent))


@pytest.mark.parametrize("kind", ["PANEL_MEMBER", "of one force"])
def test_the_grid_is_for_a_finance_officer_of_all_forces(
    client: Client, scene: Scene, kind: str
) -> None:
    named = {"kind": "FINANCE_OFFICER", "force": scene.south} if " " in kind else {"kind": kind}
    client.force_login(factories.role(alliance=scene.alliance, **named).user)

    assert client.get(f"{GRID}forecast/").status_code == 403
    assert client.post(f"{GRID}forecast/", {"save": "1"}).status_code == 403
    assert "Enter amounts by month" not in text_of(client.get("/alliances/hills/areas/fleet/"))


def test_what_is_no_grid_is_a_404(client: Client) -> None:
    money = "/alliances/hills/money/"
    for page in (
        "fleet/2016-17/grid/later/",
        "none/2016-17/grid/actual/",
        "fleet/2016/grid/actual/",
    ):
        assert client.get(f"{money}areas/{page}").status_code == 404
    assert client.get(f"{money}months/?area=fleet&year=2016-17").url.endswith("grid/forecast/")
    assert client.get(f"{money}months/?area=fleet").status_code == 404
