"""Sizes from a file: each figure with what it would move, taken or left out, priced, saved as one change."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from programmes.models import Change, ForceSize, Role, User
from programmes.services import record_size, withdraw_sizes
from savings import recompute
from tests import factories
from tests.alliance_portal.size_files import files
from tests.forms_on_pages import filled_in
from tests.savings.pages.test_sizes import recorded_effect, stored
from tests.savings.test_views import text_of
from tests.scenes import Scene, a_scene

pytestmark = pytest.mark.django_db

READ = "/alliances/hills/money/sizes/import/"
TAKE = f"{READ}take/"
WHY = {"check-reason": "The July release", "check-sure": "on", "save": "1"}
# North is restated, South is as it was, West is none of ours.
TABLE = files.table_1(
    ["1 April 2015", "1 April 2016"],
    [("North Police", (2990, 3050.5)), ("South2", (1503, 1520)), ("Kent", (5, 5))],
    (4498, 4575.5),
)


@pytest.fixture
def scene() -> Scene:
    scene = a_scene()
    for year in (2016, 2017):
        scene.amount(scene.item(f"cost-{year}"), 1_000_01 + year, year, "FORECAST")
    work_out(scene)
    return scene


@pytest.fixture(autouse=True)
def officer(client: Client, scene: Scene) -> User:
    role = factories.role(alliance=scene.alliance, kind=Role.Kind.FINANCE_OFFICER)
    client.force_login(role.user)
    return role.user


def work_out(scene: Scene) -> None:
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)


def read(client: Client, scene: Scene, rows: files.Rows = TABLE, name: str = "march.xlsx") -> Any:
    content = files.as_csv(rows) if name.endswith(".csv") else files.xlsx(Table_1=rows)
    sent = {"measure": scene.officers.pk, "people": "OFFICERS", "count": "FTE"}
    return client.post(READ, {**sent, "file": SimpleUploadedFile(name, content)})


def chosen(answer: Any) -> dict[str, Any]:
    """What the page sends as it stands: an unticked box is not sent."""
    page = answer.content.decode()
    ticked = [lot.key for lot, is_ticked in answer.context["lots"] if is_ticked]
    return {**filled_in(page), "take": ticked}


def key(scene: Scene, force: str, day: str) -> str:
    return f"{day}-{getattr(scene, force).pk}"


def save(client: Client, checked: Any, **more: Any) -> Any:
    return client.post(TAKE, {**filled_in(checked.content.decode()), **WHY, **more}, follow=True)


def test_each_figure_is_shown_with_what_it_moves_and_what_is_taken_is_one_change(
    client: Client, scene: Scene, officer: User
) -> None:
    before = stored(scene)

    offered = read(client, scene)

    said = text_of(offered)
    assert "North Police, 1 April 2015 Restated 3,001 2,990 −0.4%" in said
    assert "North Police, 1 April 2016 none 3,050.5" in said
    assert "march.xlsx, Table_1!C8" in said
    assert "1 figure is on record already, with the same value." in said
    assert "The file has no figure of East Police." in said
    assert "South Police, 1 April 2015" not in said
    restated, *_ = offered.context["lots"]
    assert restated[0].moves.startswith("Over all years")
    assert not Change.objects.exists()

    taken = chosen(offered)
    assert len(taken["take"]) == 3
    taken["take"].remove(key(scene, "south", "20160401"))
    checked = client.post(TAKE, taken)

    said = text_of(checked)
    assert "2 sizes, from march.xlsx. Nothing has been saved yet." in said
    assert "North Police 1 April 2015, restates the figure on record 3,001 2,990" in said
    assert "2 sizes are saved from march.xlsx." in text_of(save(client, checked))
    work_out(scene)
    change = Change.objects.get()
    assert (change.kind, change.reason, change.made_by) == ("SIZE", "The July release", officer)
    after = stored(scene)
    moved = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert recorded_effect(change) == moved
    new = ForceSize.objects.filter(recorded_by=officer)
    assert set(new.values_list("force__code", "value", "release", "source")) == {
        ("north", Decimal(2990), 2, "march.xlsx, Table_1!B8"),
        ("north", Decimal("3050.5"), 1, "march.xlsx, Table_1!C8"),
    }


def test_what_is_on_record_by_then_is_offered_no_more(client: Client, scene: Scene) -> None:
    save(client, client.post(TAKE, chosen(read(client, scene))))
    assert "There is nothing to take" in text_of(read(client, scene))


def test_sent_twice_it_is_saved_once(client: Client, scene: Scene) -> None:
    checked = client.post(TAKE, chosen(read(client, scene)))
    save(client, checked)
    again = text_of(save(client, checked))
    assert "already on record" in again
    assert Change.objects.count() == 1


def test_nothing_is_taken_without_a_choice(client: Client, scene: Scene) -> None:
    taken = {**chosen(read(client, scene)), "take": []}
    assert "Choose a figure at least" in text_of(client.post(TAKE, taken))


def test_dates_before_the_first_on_record_are_left_out_unless_they_are_asked_for(
    client: Client, scene: Scene
) -> None:
    rows = files.table_1(["1 April 2010"], [("North", (2000,))], (2000,))
    offered = read(client, scene, rows)
    assert [ticked for _, ticked in offered.context["lots"]] == [False]


@pytest.mark.parametrize("what", ["restated", "withdrawn"])
def test_who_was_second_is_told_and_sees_both_figures(
    client: Client, scene: Scene, what: str
) -> None:
    checked = client.post(TAKE, chosen(read(client, scene)))
    other = factories.role(alliance=scene.alliance, kind=Role.Kind.FINANCE_OFFICER).user
    known = scene.north.sizes.get()
    if what == "restated":
        given = {"measure": scene.officers, "effective_on": known.effective_on, "source": "June"}
        record_size(force=scene.north, value=Decimal(2999), by=other, **given)
    else:
        withdraw_sizes(measure=scene.officers, sizes=[known], reason="A mistake", by=other)

    refused = save(client, checked)

    said = text_of(refused)
    assert ("While you were looking, 2,999 was recorded" in said) == (what == "restated")
    assert ("The figure of North Police was withdrawn" in said) == (what == "withdrawn")
    assert Change.objects.count() == 1
    again = client.post(TAKE, chosen(refused))
    assert "3 sizes are saved" in text_of(save(client, again))


def test_a_role_of_one_force_takes_its_own_figures_only(client: Client, scene: Scene) -> None:
    own = factories.role(alliance=scene.alliance, kind=Role.Kind.FINANCE_OFFICER, force=scene.south)
    client.force_login(own.user)
    offered = read(client, scene)
    assert [lot.name for lot, _ in offered.context["lots"]] == ["South Police, 1 April 2016"]
    assert "2 figures are of forces whose sizes you may not change." in text_of(offered)
    taken = {**chosen(offered), "take": [key(scene, "north", "20160401")]}
    assert "The figures have changed since" in text_of(client.post(TAKE, taken))
    assert not Change.objects.exists()


def test_many_figures_are_taken_by_date(client: Client, scene: Scene) -> None:
    days = [f"{day} May 2016" for day in range(1, 22)]
    rows = files.table_1(
        days, [("North", range(3000, 3021)), ("South", [1500] * 21)], range(4500, 4521)
    )
    offered = read(client, scene, rows)
    assert [lot.name for lot, _ in offered.context["lots"]][:2] == ["1 May 2016", "2 May 2016"]
    taken = {**chosen(offered), "take": ["20160502"]}
    assert "2 sizes, from march.xlsx" in text_of(client.post(TAKE, taken))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("photo.xlsx", b"\xff\xd8\xff\xe0 a photo", "The file is not an Excel workbook, whatever"),
        ("photo.jpg", b"\xff\xd8\xff\xe0 a photo", "Choose a file whose name ends in .xlsx, .ods"),
        ("empty.csv", b"", "The file is empty: choose another"),
        ("other.csv", b"a,b\n1,2\n", "The sheet Data has no row of dates below"),
    ],
)
def test_what_is_no_such_file_is_one_sentence_and_nothing_is_saved(
    client: Client, scene: Scene, name: str, content: bytes, says: str
) -> None:
    sent = {"measure": scene.officers.pk, "people": "OFFICERS", "count": "FTE"}
    answer = client.post(READ, {**sent, "file": SimpleUploadedFile(name, content)})
    assert says in text_of(answer)
    assert not Change.objects.exists()


def test_without_figures_a_file_is_asked_for(client: Client, scene: Scene) -> None:
    for answer in (client.get(TAKE), client.post(TAKE, {"figures": "forged", "take": "1"})):
        assert answer.status_code == 302
        assert answer["Location"] == READ
