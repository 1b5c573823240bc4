"""A release of sizes is one act, and a size entered by mistake is withdrawn as if it had never been."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.test import Client

from alliance_portal.workbook.loading import plan
from alliance_portal.workbook.stored import stored_workbook
from programmes import services
from programmes.models import Change, ForceSize, Role, User
from savings import recompute
from savings.book import read
from savings.models import PoolShare
from savings.selectors.sizes import sizes_on_record
from tests import factories
from tests.alliance_portal.workbook.books import SMALL, as_folder
from tests.saving import saved
from tests.savings.test_views import text_of
from tests.scenes import Scene, a_scene

pytestmark = pytest.mark.django_db

MONEY = "/alliances/hills/money/"
RECORD, WITHDRAW = f"{MONEY}sizes/record/", f"{MONEY}sizes/withdraw/"
APRIL_2016 = date(2016, 4, 1)


@pytest.fixture
def scene() -> Scene:
    """A cost and a saving in plan, forecast and actual of two years, worked out."""
    scene = a_scene()
    for kind in ("COST", "SAVING"):
        item = scene.item(kind.lower(), kind)
        for number, version in enumerate(("APPROVED", "FORECAST", "ACTUAL"), 1):
            for year in (2016, 2017):
                scene.amount(item, 1_000_01 * number + year, year, version)
    work_out(scene)
    return scene


@pytest.fixture
def officer(client: Client, scene: Scene) -> User:
    role = factories.role(alliance=scene.alliance, kind=Role.Kind.FINANCE_OFFICER)
    client.force_login(role.user)
    return role.user


def work_out(scene: Scene) -> None:
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)


def stored(scene: Scene) -> dict[tuple[Any, ...], int]:
    """Pence by year, kind, version and force."""
    by = ("pool__year", "pool__kind", "pool__version", "force__code")
    rows = PoolShare.objects.filter(pool__alliance=scene.alliance).values_list(*by)
    return {tuple(row[:4]): row[4] for row in rows.annotate(Sum("pence"))}


def recorded_effect(change: Change) -> dict[tuple[Any, ...], int]:
    return {(year, kind, version, force): p for _, year, kind, version, force, p in change.effect}


def a_release(scene: Scene, **changed: Any) -> dict[str, Any]:
    """Every force's figure of April 2016; South's has a digit too many."""
    return {
        "measure": scene.officers.pk,
        "effective_on_day": "1",
        "effective_on_month": "4",
        "effective_on_year": "2016",
        "size-north": "3,050",
        "size-south": "15,100",
        "size-east": "777",
        "source": "Workforce statistics, July 2016",
        **changed,
    }


def priced(page: str) -> str:
    return page.split('name="priced" value="')[1].split('"')[0]


def at(scene: Scene) -> str:
    return f"{WITHDRAW}?measure={scene.officers.pk}&effective_on=2016-04-01"


def chosen(scene: Scene, *sizes: ForceSize) -> dict[str, Any]:
    """What the page sends for these figures."""
    of = {"measure": scene.officers.pk, "effective_on": "2016-04-01"}
    return {**of, "sizes": [size.pk for size in sizes]}


def withdraw(client: Client, scene: Scene, *sizes: ForceSize, **more: Any) -> Any:
    typed = chosen(scene, *sizes)
    page = client.post(WITHDRAW, typed).content.decode()
    sent = {**typed, "priced": priced(page), "check-reason": "15,100 for 1,510", "save": "1"}
    return client.post(WITHDRAW, {**sent, **more}, follow=True)


def test_a_release_of_all_forces_is_one_price_one_save_and_one_change(
    client: Client, scene: Scene, officer: User
) -> None:
    before = stored(scene)

    page = client.post(RECORD, a_release(scene)).content.decode()
    said = text_of(client.post(RECORD, a_release(scene)))
    for version in ("Approved", "Forecast", "Actual"):
        assert f"{version}: what each force gains or loses" in said
    client.post(
        RECORD, {**a_release(scene), "check-sure": "on", "save": "1", "priced": priced(page)}
    )
    work_out(scene)

    change = Change.objects.get()
    assert (change.kind, len(change.said), change.made_by) == (Change.Kind.SIZE, 3, officer)
    after = stored(scene)
    moved = {key: after[key] - before[key] for key in after if after[key] != before[key]}
    assert recorded_effect(change) == moved
    assert {version for _, _, version, _ in moved} == {"APPROVED", "FORECAST", "ACTUAL"}


def test_a_figure_that_one_would_ask_about_is_saved_only_with_a_tick(
    client: Client, scene: Scene, officer: User
) -> None:
    sent = client.post(RECORD, a_release(scene, save="1"))

    said = text_of(sent)
    assert "South Police: It is 904.7% more than the 1,503 of 1 April 2015" in said
    assert "North Police: " not in said.split("Is that right?")[1].split("Money")[0]
    assert "Tick the box if these figures are right" in said
    assert not ForceSize.objects.filter(effective_on=APRIL_2016).exists()
    usual = {"size-south": "1,510", "size-east": ""}
    saved(client, RECORD, a_release(scene, **usual))
    assert ForceSize.objects.filter(effective_on=APRIL_2016).count() == 2


def test_a_price_that_has_moved_is_shown_anew(client: Client, scene: Scene, officer: User) -> None:
    page = client.post(RECORD, a_release(scene)).content.decode()
    scene.amount(scene.item("late"), 7_77, 2016, "FORECAST")

    sent = {**a_release(scene), "check-sure": "on", "save": "1", "priced": priced(page)}
    said = text_of(client.post(RECORD, sent))

    assert "Other figures changed while you were looking" in said
    assert not ForceSize.objects.filter(effective_on=APRIL_2016).exists()


def test_withdrawing_takes_back_to_the_penny_what_the_mistake_moved(
    client: Client, scene: Scene, officer: User
) -> None:
    scene.size(scene.south, 1510, APRIL_2016)
    work_out(scene)
    before = stored(scene)
    mistake = scene.size(scene.south, 15100, APRIL_2016, release=2)
    work_out(scene)
    wrong = stored(scene)

    answer = withdraw(client, scene, mistake)
    work_out(scene)

    assert "the figure of South Police is withdrawn." in text_of(answer)
    assert stored(scene) == before != wrong
    change = Change.objects.get()
    assert (change.kind, change.reason) == (Change.Kind.SIZE, "15,100 for 1,510")
    assert recorded_effect(change) == {
        key: before[key] - wrong[key] for key in before if before[key] != wrong[key]
    }


def test_a_withdrawn_size_is_struck_with_who_when_and_why_and_is_no_earlier_release(
    client: Client, scene: Scene, officer: User
) -> None:
    right = scene.size(scene.south, 1510, APRIL_2016)
    mistake = scene.size(scene.south, 15100, APRIL_2016, release=2)

    withdraw(client, scene, mistake)

    cell = sizes_on_record(scene.alliance).measures[0].dates[0].cells[1]
    mistake.refresh_from_db()
    assert (cell.latest, cell.earlier, cell.withdrawn) == (right, (), (mistake,))
    page = client.get(f"{MONEY}sizes/").content.decode()
    assert "<s>15,100</s> withdrawn by" in page
    assert f"withdrawn by {officer} at " in text_of(client.get(f"{MONEY}sizes/"))
    assert "15,100 for 1,510" in page


def test_whatever_counts_with_sizes_leaves_a_withdrawn_one_out(
    client: Client, scene: Scene, officer: User, tmp_path: Path
) -> None:
    book, sheet = read(scene.alliance.pk).sharing, stored_workbook(scene.alliance).force_sizes
    mistake = scene.size(scene.south, 15100, APRIL_2016)
    assert len(read(scene.alliance.pk).sharing.sizes) == 4

    withdraw(client, scene, mistake)

    assert read(scene.alliance.pk).sharing.sizes == book.sizes
    assert stored_workbook(scene.alliance).force_sizes == sheet
    again = services.record_size(
        force=scene.south,
        measure=scene.officers,
        effective_on=APRIL_2016,
        value=Decimal(15100),
        source=mistake.source,
        by=None,
    )
    assert again.release == 2


def test_it_is_withdrawn_once_with_a_reason(client: Client, scene: Scene, officer: User) -> None:
    mistake = scene.size(scene.south, 15100, APRIL_2016)
    assert "Say why this changes" in text_of(
        withdraw(client, scene, mistake, **{"check-reason": ""})
    )
    withdraw(client, scene, mistake)
    mistake.refresh_from_db()
    first = mistake.withdrawn_at

    sent = {**chosen(scene, mistake), "check-reason": "Again", "save": "1"}
    assert "was withdrawn by" in text_of(client.post(WITHDRAW, sent))

    mistake.refresh_from_db()
    assert mistake.withdrawn_at == first
    assert Change.objects.count() == 1


def test_whoever_saves_over_a_figure_that_was_withdrawn_meanwhile_is_told(scene: Scene) -> None:
    mistake = scene.size(scene.south, 15100, APRIL_2016)
    on = {"measure": scene.officers, "by": None}
    services.withdraw_sizes(sizes=[mistake], reason="Wrong force", **on)
    release = {"effective_on": APRIL_2016, "source": "X", "values": {scene.south: Decimal(1)}}

    with pytest.raises(services.AlreadyWithdrawn, match="Wrong force"):
        services.record_release(**on, **release, seen={scene.south.pk: 1})


def test_a_withdrawal_that_leaves_nought_for_every_force_is_refused(scene: Scene) -> None:
    for force in scene.forces:
        scene.size(force, 0, APRIL_2016)
    right = scene.size(scene.north, 3001, APRIL_2016, release=2)

    with pytest.raises(ValidationError, match="would be zero on 1 April 2016"):
        services.withdraw_sizes(measure=scene.officers, sizes=[right], reason="No", by=None)


@pytest.mark.parametrize(
    "address", ["", "?measure=x&effective_on=2016-04-01", "?measure=1&effective_on=x"]
)
def test_a_day_that_is_none_is_no_page(
    client: Client, scene: Scene, officer: User, address: str
) -> None:
    assert client.get(WITHDRAW + address).status_code == 404


def test_a_reader_withdraws_nothing(client: Client, scene: Scene) -> None:
    client.force_login(factories.role(alliance=scene.alliance).user)
    assert client.post(WITHDRAW, chosen(scene)).status_code == 403
    assert "Withdraw" not in text_of(client.get(f"{MONEY}sizes/"))


def test_a_dry_run_asks_about_what_the_page_asks_about(tmp_path: Path) -> None:
    sizes = [
        *SMALL["force_sizes"],
        ["south-police", "Officers (FTE)", "2017-03-31", "12000", "Home Office"],
        ["north-police", "Officers (FTE)", "2017-03-31", "3050", "Home Office"],
        ["north-police", "Officers (FTE)", "2099-03-31", "0", "Home Office"],
    ]

    planned = plan(as_folder({**SMALL, "force_sizes": sizes}, tmp_path / "book"))

    first = "force_sizes, row 4, south-police, Officers (FTE): It is 900.0% more than the 1,200 of "
    assert planned.doubts == (
        f"{first}31 March 2016; a change above 5% is unusual. Is that right?",
        *(
            f"force_sizes, row 6, north-police, Officers (FTE): {doubt} Is that right?"
            for doubt in (
                "It is nought: the force would have no share at all.",
                "31 March 2099 is still to come.",
            )
        ),
    )
