"""The money pages: who sees them, what they answer to nonsense, and how a size gets on record."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from programmes.models import ForceSize, Role, User
from savings import recompute, services
from savings.models import Amount, Pool, PoolShare, RecomputeRequest
from tests import factories
from tests.saving import saved
from tests.scenes import Scene, a_scene

pytestmark = pytest.mark.django_db

MONEY = "/alliances/hills/money/"
RECORD = f"{MONEY}sizes/record/"
APRIL_2016 = date(2016, 4, 1)


@pytest.fixture
def scene() -> Scene:
    """A saving of a year and of its months in three versions, and a cost, all worked out."""
    scene = a_scene()
    saving, cost = scene.item("tyres", "SAVING"), scene.item("vans")
    for version in ("APPROVED", "FORECAST", "ACTUAL"):
        scene.amount(saving, 100_000_01, 2016, version)
        scene.amount(saving, -1_234_57, date(2017, 5, 1), version)
        scene.amount(cost, 50_000_02, 2016, version, scene.north)
    work_out(scene)
    return scene


def work_out(scene: Scene) -> None:
    services.request_recompute(alliance=scene.alliance, cause="Made for the test")
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="Made for the test")


def signed_in(client: Client, scene: Scene, kind: str) -> User:
    """Sign in a person with that role."""
    user = factories.user()
    factories.role(alliance=scene.alliance, user=user, kind=kind)
    client.force_login(user)
    return user


@pytest.fixture
def officer(client: Client, scene: Scene) -> User:
    """A finance officer, signed in."""
    return signed_in(client, scene, Role.Kind.FINANCE_OFFICER)


def pages_of(scene: Scene) -> list[str]:
    amount = Amount.objects.filter(alliance=scene.alliance).earliest("pk")
    inside = ["", "sizes/", "rules/", "runs/", "areas/fleet/2016-17/", f"amounts/{amount.pk}/"]
    code = scene.alliance.code
    return [
        f"/alliances/{code}/",
        f"/alliances/{code}/areas/",
        f"/alliances/{code}/areas/fleet/",
        *[f"/alliances/{code}/money/{path}" for path in [*inside, "shares.csv", "shares.xlsx"]],
    ]


def text_of(answer: Any) -> str:
    """What a page says, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


# Who sees what


@pytest.mark.parametrize("kind", Role.Kind.values)
def test_whoever_has_a_role_reads_every_page(client: Client, scene: Scene, kind: str) -> None:
    signed_in(client, scene, kind)

    assert {page: client.get(page).status_code for page in pages_of(scene)} == dict.fromkeys(
        pages_of(scene), 200
    )


def test_nobody_reads_anything_without_signing_in(client: Client, scene: Scene) -> None:
    for page in [*pages_of(scene), RECORD]:
        answer = client.get(page)

        assert answer.status_code == 302
        assert answer["Location"] == f"{reverse('account_login')}?next={page}"


def test_another_alliance_is_the_same_404_as_a_missing_one(client: Client, scene: Scene) -> None:
    signed_in(client, a_scene("elsewhere"), Role.Kind.FINANCE_OFFICER)
    missing = client.get("/alliances/no-such/money/")

    for page in [*pages_of(scene), RECORD]:
        answer = client.get(page)
        assert answer.status_code == missing.status_code == 404
        assert text_of(answer) == text_of(missing)


def test_another_alliances_amount_and_area_are_404_inside_ones_own(
    client: Client, scene: Scene, officer: User
) -> None:
    other = a_scene("elsewhere")
    amount = other.amount(other.item("dogs"), 1)
    other.area("only-theirs")

    assert client.get(f"{MONEY}amounts/{amount.pk}/").status_code == 404
    assert client.get(f"{MONEY}areas/only-theirs/2016-17/").status_code == 404
    assert client.get("/alliances/hills/areas/only-theirs/").status_code == 404


@pytest.mark.parametrize(
    "kind", [kind for kind in Role.Kind.values if kind != Role.Kind.FINANCE_OFFICER]
)
def test_only_a_finance_officer_records_a_size(client: Client, scene: Scene, kind: str) -> None:
    signed_in(client, scene, kind)

    for answer in (client.get(RECORD), client.post(RECORD, typed(scene, save="1"))):
        assert answer.status_code == 403
        assert "your role does not let you record force sizes" in text_of(answer)
    assert "Record a size" not in text_of(client.get(f"{MONEY}sizes/"))
    assert ForceSize.objects.count() == 3


def test_every_title_is_its_own(client: Client, scene: Scene, officer: User) -> None:
    pages = [page for page in pages_of(scene) if "shares." not in page]
    titles = [
        re.search(r"<title>(.*?)</title>", client.get(page).content.decode())
        for page in [*pages, RECORD]
    ]

    assert len({title and title[1] for title in titles}) == len(pages) + 1


# Nonsense in the address


@pytest.mark.parametrize(
    "query",
    [
        "year=9999-00",
        "year=0000-01&version=x&kind=<script>",
        "version=x&kind=%F0%28%8C%28",
        "page=abc",
        "page=99999999999999999999",
        "search=x&stage=%27%3B--&force=" + "x" * 5000,
        "force=nobody&measure=99999999999999999999&effective_on=2018-02-31",
    ],
)
def test_nonsense_in_an_address_is_never_a_failure(
    client: Client, scene: Scene, officer: User, query: str
) -> None:
    for page in [*pages_of(scene), RECORD, f"{MONEY}progress/"]:
        answer = client.get(f"{page}?{query}")
        assert answer.status_code in (200, 302, 404), page
        if not answer.streaming:
            assert b"<script>" not in answer.content.split(b"</head>")[-1]


@pytest.mark.parametrize(
    "path", ["areas/fleet/2016-18/", "areas/fleet/99999-00/", "amounts/99999999999999999999/"]
)
def test_a_year_or_amount_that_cannot_be_is_404(
    client: Client, scene: Scene, officer: User, path: str
) -> None:
    assert client.get(MONEY + path).status_code == 404


def test_sending_something_to_a_page_that_is_only_read_is_a_plain_405(
    client: Client, scene: Scene, officer: User
) -> None:
    answer = client.post(MONEY, {"pence": "1"})

    assert answer.status_code == 405
    assert "GET" in answer["Allow"]
    assert "Nothing can be sent to this page" in text_of(answer)


# What the table says


def test_totals_tie_from_the_stored_shares_to_the_page(
    client: Client, scene: Scene, officer: User
) -> None:
    table = client.get(f"{MONEY}?version=forecast&kind=net&year=2016-17").context["table"]

    stored = {force.pk: 0 for force in scene.forces}
    for share in PoolShare.objects.filter(pool__version="FORECAST", pool__year=2016):
        stored[share.force_id] += share.pence if share.pool.kind == "SAVING" else -share.pence
    assert table.total.by_force == tuple(stored.values())
    assert table.total.total == sum(stored.values()) == 100_000_01 - 50_000_02
    for place in range(3):
        assert sum(row.line.by_force[place] for row in table.areas) == table.total.by_force[place]
        assert (
            sum(row.line.by_force[place] for row in table.years) == table.all_years.by_force[place]
        )


def test_every_figure_of_an_area_opens_its_working(
    client: Client, scene: Scene, officer: User
) -> None:
    page = client.get(f"{MONEY}?version=forecast&year=2016-17").content.decode()

    working = "/alliances/hills/money/areas/fleet/2016-17/?version=forecast&amp;kind=saving"
    assert page.count(f'href="{working}"') == 1 + 3 + 1


def test_a_negative_amount_has_a_true_minus(client: Client, scene: Scene, officer: User) -> None:
    page = text_of(client.get(f"{MONEY}areas/fleet/2017-18/"))

    assert "−£1,234.57" in page


def test_what_is_not_yet_shared_says_why_and_is_never_nought(client: Client) -> None:
    scene = a_scene(sized=["north"])
    scene.amount(scene.item("tyres", "SAVING"), 5_00, 2016, "FORECAST")
    work_out(scene)
    signed_in(client, scene, Role.Kind.FINANCE_OFFICER)

    for page in (MONEY, f"{MONEY}areas/fleet/2016-17/", pages_of(scene)[8]):
        said = text_of(client.get(page))
        assert "Not yet shared." in said, page
        assert "South Police" in said, page
        assert "£0.00" not in said, page


def test_a_working_shows_the_division_the_odd_penny_and_where_the_amount_came_from(
    client: Client, scene: Scene, officer: User
) -> None:
    amount = Amount.objects.get(version="FORECAST", item__code="vans")
    amount.pence = 50_000_03
    amount.save()
    work_out(scene)

    said = text_of(client.get(f"{MONEY}amounts/{amount.pk}/"))

    assert "£50,000.03 shared between 3 forces" in said
    # 3001 of 3001 + 1503 + 777 officers.
    assert (
        "3,001 ÷ 5,281 = 56.826358…%, rounded down 56.8263%, which loses 0.586… of a unit, "
        "written 56.8264%"
    ) in said
    assert "penn" in said
    assert "Changed from £50,000.02 to £50,000.03" in said


def test_a_part_of_a_year_says_so_and_the_year_is_added_up(client: Client) -> None:
    scene = a_scene()
    tyres = scene.item("tyres", "SAVING")
    for month, pence in ((5, 100_00), (11, 230_00)):
        scene.amount(tyres, pence, date(2016, month, 1), "FORECAST")
    scene.amount(scene.item("vans"), 30_00, 2016, "FORECAST")
    scene.rule(date(2016, 10, 1), "EQUAL")
    work_out(scene)
    signed_in(client, scene, Role.Kind.FINANCE_OFFICER)

    amount = Amount.objects.get(starts_on=date(2016, 11, 1))
    said = text_of(client.get(f"{MONEY}amounts/{amount.pk}/"))
    assert (
        "forecast savings for the part of 2016/17 from 1 November 2016, £230.00 of the year’s £330.00"
    ) in said

    page = client.get(f"{MONEY}areas/fleet/2016-17/?version=forecast&kind=net")
    together = page.context["working"].together
    assert [(line.name, line.total) for line in together] == [
        ("Costs net of grants", 30_00),
        ("Savings", 330_00),
        ("Savings less costs", 300_00),
    ]
    assert all(sum(line.by_force) == line.total for line in together)
    assert "Savings less costs" in text_of(page)
    table = client.get(f"{MONEY}?version=forecast&kind=net&year=2016-17").context["table"]
    assert table.areas[0].line.by_force == together[-1].by_force


def test_a_year_without_figures_says_which_year_is_shown(
    client: Client, scene: Scene, officer: User
) -> None:
    said = text_of(client.get(f"{MONEY}?version=forecast&year=2030-31"))

    assert "There are no forecast savings for 2030 to 2031." in said
    assert "2017 to 2018, is shown." in said
    assert "There are no" not in text_of(client.get(f"{MONEY}?year=2016-17"))


def test_runs_are_numbered_from_the_alliances_first(
    client: Client, scene: Scene, officer: User
) -> None:
    factories.run()
    work_out(scene)

    runs = list(client.get(f"{MONEY}runs/").context["runs"])
    assert [run.number for run in runs] == list(range(len(runs), 0, -1))
    amount = Amount.objects.get(version="FORECAST", item__code="vans")
    number = next(run.number for run in runs if run.pk == amount_run(amount))
    assert f"run {number}." in text_of(client.get(f"{MONEY}amounts/{amount.pk}/"))


def amount_run(amount: Amount) -> int | None:
    return Pool.objects.get(
        area=amount.item.area, kind="COST", version=amount.version, year=amount.year
    ).run_id


def test_the_parts_of_a_rule_stand_in_the_agreed_order_of_forces(
    client: Client, scene: Scene, officer: User
) -> None:
    with transaction.atomic():
        rule = factories.sharing_rule(
            alliance=scene.alliance, method="FIXED", effective_on=date(2019, 4, 1)
        )
        for force, percent in ((scene.east, 20), (scene.south, 30), (scene.north, 50)):
            factories.sharing_term(rule=rule, force=force, percent=percent)

    said = text_of(client.get(f"{MONEY}rules/"))
    assert (
        said.index("North Police 50%")
        < said.index("South Police 30%")
        < said.index("East Police 20%")
    )


# A size on record


def typed(scene: Scene, **changed: Any) -> dict[str, Any]:
    """What a finance officer types for Dorset's like."""
    return {
        "measure": scene.officers.pk,
        "effective_on_day": "1",
        "effective_on_month": "4",
        "effective_on_year": "2016",
        "size-south": "1,600.5",
        "source": "Workforce statistics, July 2016",
        "check-sure": "on",
        **changed,
    }


def seen(scene: Scene, **releases: int) -> dict[str, int]:
    """What the check page carries: the latest release of each force."""
    return {f"seen-{force.pk}": releases.get(force.code, 0) for force in scene.forces}


def test_the_address_fills_the_form(client: Client, scene: Scene, officer: User) -> None:
    asked = f"measure={scene.officers.pk}&effective_on=2015-04-01"
    page = client.get(f"{RECORD}?{asked}").content.decode()

    assert "Before: 1,503 on 1 April 2015" in page
    assert re.search(r'name="effective_on_month"[^>]*value="4"', page)


def test_a_preview_shows_what_moves_and_saves_nothing(
    client: Client, scene: Scene, officer: User
) -> None:
    said = text_of(client.post(RECORD, typed(scene)))

    assert "What these sizes move" in said
    assert "1,600.5" in said
    assert "Forecast: what each force gains or loses" in said
    assert "6.5% more than the 1,503 of 1 April 2015; a change above 5% is unusual" in said
    assert not ForceSize.objects.filter(effective_on=APRIL_2016).exists()
    assert not RecomputeRequest.objects.exists()


def test_changing_what_was_typed_brings_the_form_back_as_it_was(
    client: Client, scene: Scene, officer: User
) -> None:
    page = client.post(RECORD, typed(scene, change="1")).content.decode()

    assert 'value="1,600.5"' in page
    assert re.search(r'name="effective_on_year"[^>]*value="2016"', page)
    assert "There is a problem" not in page


def test_saving_puts_the_size_on_record_and_says_so(
    client: Client, scene: Scene, officer: User
) -> None:
    answer = saved(client, RECORD, typed(scene, **seen(scene)), follow=True)

    size = ForceSize.objects.get(effective_on=APRIL_2016)
    assert (size.value, size.release, size.recorded_by) == (Decimal("1600.5"), 1, officer)
    assert "on 1 April 2016: the figure of South Police is recorded." in text_of(answer)
    assert "Behind." in text_of(answer)


def test_sending_it_twice_saves_it_once(client: Client, scene: Scene, officer: User) -> None:
    for _ in range(2):
        answer = saved(client, RECORD, typed(scene, **seen(scene)), follow=True)

    assert ForceSize.objects.filter(effective_on=APRIL_2016).count() == 1
    assert "already on record" in text_of(answer)


def test_who_saves_after_somebody_else_sees_both_figures(
    client: Client, scene: Scene, officer: User
) -> None:
    scene.size(scene.south, 1555, APRIL_2016)

    page = client.post(RECORD, typed(scene, save="1", **seen(scene)))

    assert "1,555 was recorded" in text_of(page)
    assert 'value="1,600.5"' in page.content.decode()
    assert ForceSize.objects.get(effective_on=APRIL_2016).value == 1555


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"size-south": "-1"}, "Size of South Police must be 0 or more"),
        ({"size-south": "many"}, "Size of South Police must be"),
        ({"size-south": "1" * 400}, "Size of South Police must be"),
        ({"size-south": ""}, "Enter the size of at least one force"),
        ({"effective_on_day": "31"}, "must be a real date"),
        ({"effective_on_year": "18"}, "must have a year of four digits"),
        ({"source": ""}, "Enter the source"),
        ({"source": "x" * 501}, "500 characters or fewer"),
    ],
)
@pytest.mark.parametrize("button", [{}, {"save": "1"}])
def test_a_mistake_is_one_sentence_at_its_field_and_in_the_summary(
    client: Client,
    scene: Scene,
    officer: User,
    changed: dict[str, str],
    sentence: str,
    button: dict[str, str],
) -> None:
    answer = client.post(RECORD, typed(scene, **changed, **button))
    page = answer.content.decode()

    assert answer.status_code == 200
    summary, form = page.split("<h1")
    assert sentence in summary
    assert sentence in "".join(re.findall(r'govuk-error-message">(.*?)</p>', form))
    for target in re.findall(r'<a href="#(id_[^"]+)"', page):
        assert f'id="{target}"' in page
    assert not ForceSize.objects.filter(effective_on__gt=date(2015, 4, 1)).exists()


def test_another_alliances_measure_is_not_on_offer(
    client: Client, scene: Scene, officer: User
) -> None:
    for measure in (factories.measure().pk, "9" * 30, "x"):
        assert client.post(RECORD, typed(scene, measure=measure, save="1")).status_code == 404


def test_nothing_typed_is_every_mistake_in_the_order_of_the_page(
    client: Client, scene: Scene, officer: User
) -> None:
    page = client.post(RECORD, {}).content.decode()

    summary = page[page.index("There is a problem") : page.index("<h1")]
    assert re.findall(r'href="#id_([a-z-]+)', summary) == ["effective", "size-north", "source"]


def test_a_size_of_zero_for_all_is_refused(client: Client) -> None:
    scene = a_scene(sized=[])
    signed_in(client, scene, Role.Kind.FINANCE_OFFICER)

    nothing = {f"size-{force.code}": "0" for force in scene.forces}
    said = text_of(client.post(RECORD, typed(scene, save="1", **nothing)))

    assert "would be zero on 1 April 2016, so nothing could be shared by it" in said
    assert not ForceSize.objects.exists()


def test_who_recorded_a_figure_and_what_it_restates_are_shown(
    client: Client, scene: Scene, officer: User
) -> None:
    scene.size(scene.south, 1555, APRIL_2016)
    saved(client, RECORD, typed(scene, **seen(scene, south=1)))

    said = text_of(client.get(f"{MONEY}sizes/"))

    assert f"recorded by {officer}" in said
    assert "restated from 1,555.0 (Workforce statistics)" in said
    assert "1,503.0" in said


# The strip that follows the work


def test_the_strip_asks_until_nothing_is_behind_and_then_calls_for_the_figures(
    client: Client, scene: Scene, officer: User
) -> None:
    asking = {"HX-Request": "true"}
    services.request_recompute(alliance=scene.alliance, cause="A change")
    late = client.get(f"{MONEY}progress/", headers=asking)
    work_out(scene)
    done = client.get(f"{MONEY}progress/", headers=asking)

    assert "hx-get" in late.content.decode()
    assert "HX-Trigger" not in late
    assert "Up to date." in text_of(done)
    assert 'hx-swap-oob="true"' in done.content.decode()
    assert done["HX-Trigger"] == "shares-updated"


def test_every_page_says_that_shares_are_behind(
    client: Client, scene: Scene, officer: User
) -> None:
    services.request_recompute(alliance=scene.alliance, cause="A change")

    for page in pages_of(scene):
        if "shares." not in page:
            said = text_of(client.get(page))
            assert "Behind." in said
            assert "Check again" in said


def test_without_script_the_progress_is_the_page_of_runs(
    client: Client, scene: Scene, officer: User
) -> None:
    assert client.get(f"{MONEY}progress/")["Location"] == f"{MONEY}runs/"
