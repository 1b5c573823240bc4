"""The page that says why a figure moved: what it shows, whom, and what it says where it cannot."""

import json
import re
from decimal import Decimal
from io import StringIO
from urllib.parse import urlencode

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programmes.models import Alliance, Change, ForceSize, Role
from programmes.services import record_size
from savings import explain, recompute, services
from savings.models import Amount
from tests import factories
from tests.scenes import Scene, a_scene

pytestmark = [pytest.mark.dialect, pytest.mark.django_db(transaction=True)]

REASON = "The Home Office restated it"


@pytest.fixture
def scene() -> Scene:
    """Forecast savings of two years; since it was put in a size was restated and an amount typed."""
    scene = a_scene()
    vans = scene.item("vans", "SAVING")
    for year in (2016, 2017):
        scene.amount(vans, 100_000_00, year, "FORECAST")
    return scene


def change_two_things(scene: Scene) -> None:
    newest = ForceSize.objects.filter(force=scene.north).latest("release")
    record_size(
        force=scene.north,
        measure=scene.officers,
        effective_on=newest.effective_on,
        value=Decimal(2500),
        source=REASON,
        by=factories.user(name="Olive Officer"),
    )
    amount = Amount.objects.get(alliance=scene.alliance, year=2017)
    amount.pence += 12_345_67
    services.save_amount(amount=amount, by=None)
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="")


def by_sql(scene: Scene) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE savings_amount SET pence = pence + 1 WHERE alliance_id = %s AND year = 2016",
            [scene.alliance.pk],
        )


@pytest.fixture
def reader(scene: Scene, client: Client) -> Client:
    person = factories.user()
    factories.role(alliance=scene.alliance, user=person, kind=Role.Kind.FINANCE_OFFICER)
    client.force_login(person)
    return client


@pytest.fixture
def since(scene: Scene) -> str:
    """The moment after it was put in."""
    return timezone.now().isoformat()


def address(alliance: Alliance, since: str, **query: str) -> str:
    return f"{reverse('money-why', args=[alliance.code])}?{urlencode({'since': since, **query})}"


def text_of(markup: str) -> str:
    main = markup.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub("<[^>]+>", " ", main).split())


def test_each_cause_opens_to_its_change_with_who_and_what_it_moved(
    scene: Scene, reader: Client, since: str
) -> None:
    change_two_things(scene)

    page = reader.get(address(scene.alliance, since)).content.decode()

    said = text_of(page)
    assert "were £200,000.00 at" in said and "are £212,345.67 now" in said
    assert "£12,345.67 more." in said
    assert "Olive Officer" in said
    size, amount = Change.objects.filter(alliance=scene.alliance).order_by("pk")
    for change in (size, amount):
        assert reverse("money-change", args=[scene.alliance.code, change.pk]) in page
    one = text_of(
        reader.get(reverse("money-change", args=[scene.alliance.code, size.pk])).content.decode()
    )
    assert REASON in one and "Olive Officer" in one and "Forecast" in one


def test_it_asks_for_a_version_a_kind_and_a_year(scene: Scene, reader: Client, since: str) -> None:
    change_two_things(scene)

    found = reader.get(
        address(scene.alliance, since, version="forecast", kind="net", year="2016-17")
    )

    assert "Forecast savings less costs for 2016 to 2017" in text_of(found.content.decode())
    assert found.context["bridge"].end.total == 100_000_00
    assert found.context["bridge"].silent == 1
    found = reader.get(address(scene.alliance, since, version="approved"))
    assert "Nothing moved this figure" in text_of(found.content.decode())


def test_what_is_not_on_record_is_one_line(scene: Scene, reader: Client, since: str) -> None:
    change_two_things(scene)
    by_sql(scene)

    page = reader.get(address(scene.alliance, since))

    assert "Not on record" in text_of(page.content.decode())
    last = page.context["bridge"].steps[-1]
    assert (last.cause.change, last.line.total) == (None, 1)


@pytest.mark.parametrize(
    "query, says",
    [
        ({"since": "gone"}, "“gone” is not a date"),
        ({"since": "2099-01-01"}, "is after"),
        ({"since": "", "until": "2001-01-01"}, "change them round"),
    ],
)
def test_a_wrong_moment_is_one_sentence_and_a_bad_request(
    scene: Scene, reader: Client, query: dict[str, str], says: str
) -> None:
    answer = reader.get(address(scene.alliance, **query))

    assert answer.status_code == 400
    assert says in text_of(answer.content.decode())


def test_it_is_right_while_shares_are_behind_and_says_that_they_are(
    scene: Scene, reader: Client, since: str
) -> None:
    change_two_things(scene)
    done = reader.get(address(scene.alliance, since)).context["bridge"]
    services.request_recompute(alliance=scene.alliance, cause="A test asked")
    by_hand = Amount.objects.get(alliance=scene.alliance, year=2017)
    by_hand.pence += 1
    services.save_amount(amount=by_hand, by=None)

    page = reader.get(address(scene.alliance, since))

    assert "being worked out again just now" in text_of(page.content.decode())
    assert page.context["bridge"].end.total == done.end.total + 1


def test_a_stranger_sees_no_such_alliance_and_a_large_one_is_told_of_plainly(
    scene: Scene, reader: Client, since: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = factories.alliance()
    assert reader.get(address(elsewhere, since)).status_code == 404
    monkeypatch.setattr(explain, "MOST_SHARES", 1)

    said = text_of(reader.get(address(scene.alliance, since)).content.decode())

    assert "has 2 amounts, more than a page can work through" in said
    assert f"bin/manage explain {scene.alliance.code}" in said


def test_more_causes_than_a_page_can_list_are_one_row_together(
    scene: Scene, reader: Client, since: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_two_things(scene)
    monkeypatch.setattr("savings.bridge.CAUSES_SHOWN", 1)

    page = reader.get(address(scene.alliance, since))

    assert "1 later causes together" not in text_of(page.content.decode())
    assert "1 later cause together" in text_of(page.content.decode())
    found = page.context["bridge"]
    assert found.rest and found.steps[0].line.with_(found.rest.line) == found.moved


def test_money_pages_and_dashboard_lead_there(scene: Scene, reader: Client, since: str) -> None:
    change_two_things(scene)
    why = reverse("money-why", args=[scene.alliance.code])

    for name in ("money", "overview"):
        page = reader.get(reverse(name, args=[scene.alliance.code])).content.decode()
        assert f'href="{why}?' in page, name


def asked(*words: str) -> str:
    out = StringIO()
    call_command("explain", *words, stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_says_the_same_as_table_csv_and_json(scene: Scene, since: str) -> None:
    change_two_things(scene)
    by_sql(scene)
    code = scene.alliance.code

    found = json.loads(asked(code, f"--since={since}", "--format=json"))

    sums: dict[tuple[str, ...], int] = {}
    for cause in found["causes"]:
        for row in cause["effects"]:
            key = (row["force"], row["year"], row["kind"], row["version"])
            sums[key] = sums.get(key, 0) + row["pence"]
    assert {key: pence for key, pence in sums.items() if pence} == {
        (row["force"], row["year"], row["kind"], row["version"]): row["pence"]
        for row in found["difference"]
    }
    assert [cause["kind"] for cause in found["causes"]] == ["SIZE", "AMOUNT", "NOT_ON_RECORD"]
    assert found["causes"][0]["by"] == "Olive Officer"
    lines = asked(code, f"--since={since}", "--format=csv").splitlines()
    assert len(lines) > 10 and lines[0].removeprefix("\ufeff").startswith("At,Kind,What")
    table = asked(code, f"--since={since}")
    assert "The whole difference" in table
    assert "+£0.01" in table


def test_the_command_refuses_a_wrong_moment_in_one_sentence(scene: Scene) -> None:
    with pytest.raises(CommandError, match="is not a date"):
        asked(scene.alliance.code, "--since=gone")
