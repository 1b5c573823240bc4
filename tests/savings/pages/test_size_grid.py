"""The grid of sizes: forces by date typed or pasted, priced, and saved as one change."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from programmes.models import Change, Force, ForceSize, Role
from programmes.services import record_size, withdraw_sizes
from savings import recompute
from tests import factories
from tests.forms_on_pages import filled_in
from tests.processes.visitor import hidden
from tests.savings.pages.test_sizes import recorded_effect, stored
from tests.savings.test_views import text_of
from tests.scenes import Scene, a_scene

pytestmark = pytest.mark.django_db

APRIL_2015, APRIL_2016, APRIL_2017 = (date(year, 4, 1) for year in (2015, 2016, 2017))
WHY = {"check-reason": "The July release", "check-sure": "on"}


@pytest.fixture
def scene() -> Scene:
    """A cost in plan, forecast and actual of two years, worked out; sizes of April 2015."""
    scene = a_scene()
    item = scene.item("cost")
    for number, version in enumerate(("APPROVED", "FORECAST", "ACTUAL"), 1):
        for year in (2016, 2017):
            scene.amount(item, 1_000_01 * number + year, year, version)
    work_out(scene)
    return scene


@pytest.fixture(autouse=True)
def officer(client: Client, scene: Scene) -> None:
    client.force_login(factories.role(alliance=scene.alliance, kind=Role.Kind.FINANCE_OFFICER).user)


def work_out(scene: Scene) -> None:
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)


def grid(scene: Scene) -> str:
    return reverse("money-sizes-grid", args=["hills", scene.officers.pk])


def box(force: Force, day: date) -> str:
    return f"s{force.pk}-{day:%Y%m%d}"


def sent(client: Client, scene: Scene, typed: dict[str, Any], *also: date) -> dict[str, Any]:
    """What the page's form sends, with what is typed."""
    asked = {"also": [day.isoformat() for day in also]}
    form = filled_in(client.get(grid(scene), asked).content.decode())
    return {**form, "source": "Home Office, July 2018", **asked, **typed}


def save(client: Client, scene: Scene, checked: Any, **why: str) -> Any:
    form = hidden(checked.content.decode())
    also = [each["value"] for each in _also(checked)]
    return client.post(grid(scene), {**form, "also": also, **WHY, **why, "save": "1"}, follow=True)


def _also(answer: Any) -> list[dict[str, str]]:
    return [{"value": value} for name, value in answer.context["carried"] if name == "also"]


def test_sizes_of_several_dates_are_one_price_one_reason_and_one_change(
    client: Client, scene: Scene
) -> None:
    before = stored(scene)
    typed = {
        box(scene.north, APRIL_2016): "3,050.5",
        box(scene.south, APRIL_2016): "1,510",
        box(scene.north, APRIL_2017): "3,100",
        box(scene.south, APRIL_2015): "1,500",
    }

    checked = client.post(grid(scene), sent(client, scene, typed, APRIL_2016, APRIL_2017))

    said = text_of(checked)
    assert "4 sizes, from Home Office, July 2018. Nothing has been saved yet." in said
    assert "South Police 1 April 2015, restates the figure on record 1,503 1,500 −0.2%" in said
    assert "North Police 1 April 2017 3,050.5 1 April 2016 3,100 +1.6%" in said
    for version in ("Approved", "Forecast", "Actual"):
        assert f"{version}: what each force gains or loses" in said
    assert "Is that right?" not in said
    assert "4 sizes are saved" in text_of(save(client, scene, checked))
    work_out(scene)
    change = Change.objects.get()
    assert (change.kind, change.reason, len(change.said)) == ("SIZE", "The July release", 4)
    after = stored(scene)
    moved = {key: after[key] - before[key] for key in after if after[key] != before[key]}
    assert recorded_effect(change) == moved
    sizes = ForceSize.objects.exclude(effective_on=APRIL_2015)
    assert set(sizes.values_list("force__code", "effective_on", "value", "source")) == {
        ("north", APRIL_2016, Decimal("3050.5"), "Home Office, July 2018"),
        ("south", APRIL_2016, Decimal(1510), "Home Office, July 2018"),
        ("north", APRIL_2017, Decimal(3100), "Home Office, July 2018"),
    }
    assert scene.south.sizes.filter(effective_on=APRIL_2015).count() == 2  # both are kept


def test_rows_in_the_box_add_their_dates_and_save_nothing(client: Client, scene: Scene) -> None:
    rows = "Force\t1 April 2016\t1 April 2015\nNorth\t3,050\t2,999\nSouth Police\t70%\t\n"

    filled = client.post(grid(scene), sent(client, scene, {"rows": rows, "fill": "paste"}))

    said = text_of(filled)
    assert "3 sizes" not in said
    assert "2 sizes, 6,049 in all. 1 cell is not a size and is marked." in said
    assert "Enter the source" not in said
    page = filled.content.decode()
    assert f'name="{box(scene.north, APRIL_2016)}" value="3,050"' in page
    assert f'name="{box(scene.south, APRIL_2016)}" value="70%"' in page
    assert 'name="also" value="2016-04-01"' in page
    assert ForceSize.objects.exclude(effective_on=APRIL_2015).count() == 0

    typed = {**hidden(page), "source": "July", box(scene.south, APRIL_2016): "70%"}
    said = text_of(client.post(grid(scene), {**typed, "also": ["2016-04-01"]}))
    assert "Size of South Police, 1 April 2016 must be a number" in said


def test_a_block_is_read_for_the_pages_script(client: Client, scene: Scene) -> None:
    asked = {"fill": "paste", "at": box(scene.south, APRIL_2015), "rows": "5\n6"}
    answer = client.post(grid(scene), asked, headers={"Accept": "application/json"}).json()
    assert answer["texts"] == {box(scene.south, APRIL_2015): "5", box(scene.east, APRIL_2015): "6"}
    asked["rows"] = "5\n6\n7"
    answer = client.post(grid(scene), asked, headers={"Accept": "application/json"}).json()
    assert answer["refused"].startswith("3 rows were copied, and 2 fit downwards")


def test_a_date_is_added_and_what_was_typed_stays(client: Client, scene: Scene) -> None:
    typed = {box(scene.north, APRIL_2015): "2,999", "fill": "date"}
    days = {"date-on_day": "31", "date-on_month": "3", "date-on_year": "2016"}

    page = client.post(grid(scene), sent(client, scene, {**typed, **days})).content.decode()

    assert f'name="{box(scene.north, date(2016, 3, 31))}" value=""' in page
    assert f'name="{box(scene.north, APRIL_2015)}" value="2,999"' in page
    days["date-on_month"] = "13"
    said = text_of(client.post(grid(scene), sent(client, scene, {**typed, **days})))
    assert "The date of the count must be a real date" in said


@pytest.mark.parametrize(
    ("size", "says"),
    [
        ("", "A figure on record is not taken away by a blank"),
        ("-5", "Size of South Police, 1 April 2015 must be 0 or more"),
        ("1.00001", "Size of South Police, 1 April 2015 can have at most 4 decimal places"),
        ("#REF!", "Size of South Police, 1 April 2015 must be a number"),
        ("1503", "Nothing is changed yet"),
    ],
)
def test_what_cannot_be_a_size_is_said_at_its_cell(
    client: Client, scene: Scene, size: str, says: str
) -> None:
    typed = {box(scene.south, APRIL_2015): size}
    assert says in text_of(client.post(grid(scene), sent(client, scene, typed)))


def test_a_jump_nought_and_a_date_to_come_are_asked_about(client: Client, scene: Scene) -> None:
    to_come = date(2099, 4, 1)
    typed = {
        box(scene.north, APRIL_2016): "4,000",
        box(scene.south, APRIL_2016): "0",
        box(scene.east, to_come): "800",
    }

    checked = client.post(grid(scene), sent(client, scene, typed, APRIL_2016, to_come))

    said = text_of(checked).split("Is that right?")[1]
    assert "North Police, 1 April 2016: It is 3" in said
    assert "South Police, 1 April 2016: It is nought" in said
    assert "East Police, 1 April 2099: 1 April 2099 is still to come." in said
    refused = save(client, scene, checked, **{"check-sure": ""})
    assert "Tick the box if these figures are right" in text_of(refused)
    assert not Change.objects.exists()


def test_who_was_second_sees_both_figures(client: Client, scene: Scene) -> None:
    typed = sent(client, scene, {box(scene.south, APRIL_2015): "1,490"})
    other = factories.role(alliance=scene.alliance, kind=Role.Kind.FINANCE_OFFICER).user
    given = {"measure": scene.officers, "effective_on": APRIL_2015, "source": "August"}
    theirs = record_size(force=scene.south, value=Decimal(1510), by=other, **given)

    answer = client.post(grid(scene), typed)

    assert answer.status_code == 409
    said = text_of(answer)
    assert "South Police, 1 April 2015 1,503 1,510 1,490" in said
    again = {**hidden(answer.content.decode()), box(scene.south, APRIL_2015): "1,490"}
    checked = client.post(grid(scene), {**again, "source": "July"})
    assert "restates the figure on record 1,510 1,490" in text_of(checked)
    withdraw_sizes(measure=scene.officers, sizes=[theirs], reason="A mistake", by=other)
    assert save(client, scene, checked).status_code == 409


def test_sent_twice_it_is_saved_once(client: Client, scene: Scene) -> None:
    checked = client.post(grid(scene), sent(client, scene, {box(scene.south, APRIL_2015): "1,490"}))
    save(client, scene, checked)
    assert "already on record" in text_of(save(client, scene, checked))
    assert Change.objects.count() == 1


def test_a_force_of_a_role_changes_its_own_row_only(client: Client, scene: Scene) -> None:
    mine = factories.role(
        alliance=scene.alliance, kind=Role.Kind.FINANCE_OFFICER, force=scene.south
    )
    client.force_login(mine.user)
    page = client.get(grid(scene)).content.decode()
    assert box(scene.south, APRIL_2015) in page
    assert box(scene.north, APRIL_2015) not in page


def test_the_last_dates_are_shown_and_earlier_ones_on_pages_before(
    client: Client, scene: Scene
) -> None:
    for year in range(2005, 2013):
        scene.size(scene.south, 1000 + year, date(year, 4, 1))
    page = client.get(grid(scene)).content.decode()
    assert box(scene.south, date(2008, 4, 1)) in page
    assert box(scene.south, date(2007, 4, 1)) not in page
    assert "?until=2007-04-01" in page
    page = client.get(grid(scene), {"until": "2007-04-01"}).content.decode()
    assert box(scene.south, date(2007, 4, 1)) in page
    assert box(scene.south, date(2008, 4, 1)) not in page
