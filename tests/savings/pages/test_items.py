"""The items of an alliance: a year that foots, an item with its months and history, and its changes."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from programmes.models import Alliance, Change, Role
from savings import amount_services, recompute
from savings.models import Amount, Item
from tests import factories
from tests.savings.test_views import text_of
from tests.scenes import Scene, a_scene

pytestmark = pytest.mark.django_db

ITEMS = "/alliances/hills/money/items/"
APRIL, MAY, JUNE = (date(2016, month, 1) for month in (4, 5, 6))


@pytest.fixture
def scene() -> Scene:
    """As at May 2016: vans with two months in, a grant, and a saving that is planned only."""
    scene = a_scene()
    Alliance.objects.filter(pk=scene.alliance.pk).update(held_on=date(2016, 6, 2))
    scene.alliance.refresh_from_db()
    vans, grant = scene.item("vans"), scene.item("fund", "GRANT")
    for month in (APRIL, MAY, JUNE):
        scene.amount(vans, 100_01, month)
        scene.amount(vans, 110_00, month, "FORECAST")
    scene.amount(vans, 60_00, APRIL, "ACTUAL", scene.north)
    scene.amount(vans, 50_03, APRIL, "ACTUAL", scene.south)
    scene.amount(vans, 90_00, MAY, "ACTUAL", scene.north)
    scene.amount(grant, 1_200_00, 2016)
    scene.amount(grant, 1_200_00, 2016, "FORECAST")
    scene.amount(scene.item("posts", "SAVING", scene.area("dogs")), 7_77, MAY)
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)
    return scene


@pytest.fixture(autouse=True)
def officer(client: Client, scene: Scene) -> None:
    role = factories.role(alliance=scene.alliance, kind=Role.Kind.FINANCE_OFFICER)
    client.force_login(role.user)


def file_of(client: Client, query: str = "") -> list[list[str]]:
    answer = client.get(f"{ITEMS}?{query}&table=items&file=csv")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    return lines[: lines.index([])]


def figures(line: list[str]) -> list[str]:
    return line[2:7]


def test_outturn_is_the_actual_where_it_is_in_and_else_the_forecast(client: Client) -> None:
    rows = {line[0]: figures(line) for line in file_of(client)}

    assert rows["Vans"] == ["300.03", "200.03", "110.00", "310.03", "10.00"]
    assert rows["Fund"] == ["1200.00", "", "1200.00", "1200.00", "0.00"]
    assert rows["Posts"] == ["7.77", "", "", "", ""]


def test_totals_foot_to_the_penny_with_grants_taken_off(client: Client) -> None:
    rows = {line[0]: figures(line) for line in file_of(client)}

    assert rows["Costs, net of grants"] == ["-899.97", "200.03", "-1090.00", "-889.97", "10.00"]
    for place in range(5):
        vans, fund = (Decimal(rows[name][place] or 0) for name in ("Vans", "Fund"))
        assert Decimal(rows["Costs, net of grants"][place]) == vans - fund
    assert rows["Savings"][0] == "7.77"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("kind=SAVING", ["Posts"]),
        ("kind=GRANT", ["Fund"]),
        ("area=fleet", ["Fund", "Vans"]),
        ("search=VAN", ["Vans"]),
        ("search=dogs", ["Posts"]),
        ("owner=Ann+Officer", ["Vans"]),
        ("kind=nonsense&area=nowhere&year=1066-67", ["Posts", "Fund", "Vans"]),
    ],
)
def test_the_address_says_which_items(
    client: Client, scene: Scene, query: str, names: list[str]
) -> None:
    Item.objects.filter(code="vans").update(owner="Ann Officer")
    found = [line[0] for line in file_of(client, query)[1:]]
    assert [name for name in found if name in ("Posts", "Fund", "Vans")] == names


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("sort=item", ["Fund", "Posts", "Vans"]),
        ("sort=-item", ["Vans", "Posts", "Fund"]),
        ("sort=outturn", ["Vans", "Fund", "Posts"]),
        ("sort=-outturn", ["Fund", "Vans", "Posts"]),
        ("sort=nonsense", ["Posts", "Fund", "Vans"]),
    ],
)
def test_each_head_sorts_the_list_and_what_is_missing_comes_last(
    client: Client, query: str, names: list[str]
) -> None:
    found = [line[0] for line in file_of(client, query)[1:]]
    assert [name for name in found if name in ("Posts", "Fund", "Vans")] == names


def test_the_head_that_sorts_turns_it_round_and_keeps_the_filters(client: Client) -> None:
    page = client.get(f"{ITEMS}?sort=plan&area=fleet").content.decode()
    assert 'href="?area=fleet&amp;sort=-plan"' in page
    assert 'aria-sort="ascending"' in page
    assert "2 items found" in text_of(client.get(f"{ITEMS}?sort=plan&area=fleet"))
    assert file_of(client, "sort=plan")[0][:3] == ["Item", "Business area", "Plan (£)"]


def test_another_year_has_its_own_figures(client: Client, scene: Scene) -> None:
    scene.amount(Item.objects.get(code="vans"), 5_00, date(2018, 4, 1))
    rows = {line[0]: figures(line) for line in file_of(client, "year=2018-19")}
    assert rows["Vans"] == ["5.00", "", "", "", ""]


def test_a_long_list_has_pages_and_totals_of_the_page_and_of_all(
    client: Client, scene: Scene
) -> None:
    items = [scene.item(f"item-{n:03}") for n in range(120)]
    Amount.objects.bulk_create(scene.new_amount(item, 1_00, MAY) for item in items)

    page = text_of(client.get(ITEMS))

    assert "1 to 100 of 123 are shown" in page
    first, whole = file_of(client), file_of(client, "page=all")
    assert (len(first), len(whole)) == (1 + 100 + 4, 1 + 123 + 2)
    costs = {line[0]: line[2] for line in first}
    assert costs["Costs, net of grants, of all 123 items"] == "-779.97"
    assert {line[0]: line[2] for line in whole}["Costs, net of grants"] == "-779.97"


def test_an_item_shows_its_months_by_version_and_bearer(client: Client) -> None:
    answer = client.get(f"{ITEMS}vans/?table=months&file=csv")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert lines[1:5] == [
        ["April 2016", "", "100.01", "110.00", ""],
        ["April 2016", "North", "", "", "60.00"],
        ["April 2016", "South", "", "", "50.03"],
        ["May 2016", "", "100.01", "110.00", ""],
    ]
    assert ["2016/17, together", "", "300.03", "330.00", "200.03"] in lines


@pytest.mark.django_db(transaction=True)  # its history is told by moments
def test_an_item_has_its_own_history_and_no_other_ones(client: Client, scene: Scene) -> None:
    vans = Item.objects.get(code="vans")
    other = scene.item("more-vans", area=scene.area("roads"))
    Item.objects.filter(pk=other.pk).update(name="Vans")
    theirs = scene.amount(other, 1_00, MAY, "ACTUAL")
    given: dict[str, Any] = {"by": None, "force": scene.east}
    for item, why in ((vans, "Ours"), (other, "Theirs")):
        amounts = list(item.amounts.filter(version="ACTUAL", starts_on=MAY))
        amount_services.name_bearer(area=item.area, amounts=amounts, reason=why, **given)

    page = text_of(client.get(f"{ITEMS}vans/"))

    assert theirs.item == other
    assert "Amount of Vans, May 2016, actual, Borne by: North Police → became East Police" in page
    assert "Ours" in page
    assert "Theirs" not in page


def typed(**more: Any) -> dict[str, Any]:
    return {
        "name": "Driver training",
        "kind": "SAVING",
        "recurrence": "RECURRING",
        "cashable": "CASHABLE",
        "owner": "Ann Officer",
        **more,
    }


def saved(client: Client, address: str, sent: dict[str, Any]) -> str:
    checked = client.post(address, sent).content.decode()
    assert "Nothing has been saved yet." in checked, text_of(client.post(address, sent))
    priced = checked.split('name="priced" value="')[1].split('"')[0]
    also = {"priced": priced, "check-reason": "As agreed", "save": "1"}
    return text_of(client.post(address, {**sent, **also}, follow=True))


def test_an_item_is_added_changed_and_taken_away(client: Client, scene: Scene) -> None:
    assert client.get(f"{ITEMS}list/add/", {"area": "fleet"}).url == f"{ITEMS}list/add/fleet/"
    live = factories.milestone(
        alliance=scene.alliance, area=scene.fleet, forecast_on=date(2016, 4, 1), name="Live"
    )
    follows = {"milestone": live.pk, "full_year_pence": "1,200", "ramp": "50;100"}

    said = saved(client, f"{ITEMS}list/add/fleet/", typed(**follows))

    assert "the item is added" in said
    item = Item.objects.get(code="fleet-driver-training")
    assert sum(item.amounts.filter(year=2016).values_list("pence", flat=True)) == 600_00
    seen = {"seen": item.revision}
    saved(client, f"{ITEMS}{item.code}/edit/", typed(**{**follows, "ramp": "100"}, **seen))
    item.refresh_from_db()
    assert item.ramp == [100]
    saved(client, f"{ITEMS}{item.code}/take-away/", {"seen": item.revision})
    assert not Item.objects.filter(pk=item.pk).exists()
    kinds = set(Change.objects.values_list("kind", "reason"))
    assert kinds == {(Change.Kind.ITEM, "As agreed")}
    assert Change.objects.count() == 3


def test_whoever_was_second_sees_both(client: Client, scene: Scene) -> None:
    vans = Item.objects.get(code="vans")
    Item.objects.filter(pk=vans.pk).update(owner="Bo")

    answer = client.post(f"{ITEMS}vans/edit/", typed(seen=vans.revision))

    assert answer.status_code == 409
    assert "Bo" in text_of(answer)
    assert not Change.objects.exists()


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"name": ""}, "Enter its name"),
        ({"kind": "COST"}, "Only savings are cashable or not."),
        ({"ramp": "half"}, "is not a percentage: write whole numbers with semicolons"),
        ({"ramp": "50;100"}, "A ramp needs a milestone to start from and a full-year value."),
        ({"offset_months": "1.5"}, "must be a whole number"),
    ],
)
def test_what_no_item_is_is_said_in_a_sentence(
    client: Client, more: dict[str, Any], says: str
) -> None:
    assert says in text_of(client.post(f"{ITEMS}list/add/fleet/", typed(**more)))
    assert not Change.objects.exists()


@pytest.mark.parametrize("address", ["list/add/fleet/", "vans/edit/", "vans/take-away/"])
def test_a_reader_and_an_officer_of_one_force_change_no_item(
    client: Client, scene: Scene, address: str
) -> None:
    for role in ({"kind": "PANEL_MEMBER"}, {"kind": "FINANCE_OFFICER", "force": scene.south}):
        client.force_login(factories.role(alliance=scene.alliance, **role).user)
        assert client.get(ITEMS + address).status_code == 403
        assert client.post(ITEMS + address, typed(save="1")).status_code == 403
        assert "Add an item" not in text_of(client.get(ITEMS))


def test_an_item_of_another_alliance_is_none(client: Client) -> None:
    a_scene("vales").item("bikes")
    for page in ("bikes/", "bikes/edit/", "bikes/take-away/", "list/add/", "list/add/nowhere/"):
        assert client.get(ITEMS + page).status_code == 404
