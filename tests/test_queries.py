"""What each page asks of the database: at most fifteen queries, and as many for 400 areas as for 5."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.functions import TransactionNow
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from alliance_portal.size_files.views import TakeSizes
from business_areas.models import (
    BusinessArea,
    DesignStrand,
    Milestone,
    MovedDate,
    Outlook,
    Staffing,
    StatusOverride,
)
from programmes.models import Alliance, Change, Gate, Role, SavedView, SizeMeasure, User
from savings import recompute, services
from savings.models import Amount, Item, Scenario
from savings.pages.sizes.views import RecordRelease, WithdrawSizes
from savings.what_if.keeping import KINDS
from tests import factories
from tests.check_pages import CHECK_PAGES
from tests.laws.doors import every_page, page_of
from tests.scenes import Scene, a_scene

pytestmark = pytest.mark.django_db

MOST = 15
# A price that is found by making the change and taking it back asks what its saving asks.
MOST_TO_TRY = 45
FEW, MANY = 5, 400
CODE = {FEW: "few", MANY: "many"}

PAGES = {
    "home": "/",
    "dashboard": "/alliances/{code}/",
    "dashboard since a date": "/alliances/{code}/?since_day=1&since_month=1&since_year=2010",
    "about": "/alliances/{code}/about/",
    "a force": "/alliances/{code}/forces/north/",
    "a force since a date": (
        "/alliances/{code}/forces/north/?since_day=1&since_month=1&since_year=2010"
    ),
    "figures": "/alliances/{code}/figures/",
    "changes": "/alliances/{code}/changes/",
    "statuses": "/alliances/{code}/statuses/",
    "a status": "/alliances/{code}/statuses/areas/area-2/timescales/",
    "a status of the programme": "/alliances/{code}/statuses/programme/budget/",
    "chart as CSV": "/alliances/{code}/charts/cumulative-savings.csv",
    "business areas": "/alliances/{code}/areas/",
    "business areas, filtered": "/alliances/{code}/areas/?stage=LIVE&force=north&search=area",
    "business areas, by status": "/alliances/{code}/areas/?show=overdue&owner=nobody&sort=status",
    "business areas as CSV": "/alliances/{code}/areas/list.csv",
    "business areas as a spreadsheet": "/alliances/{code}/areas/list.xlsx",
    "save a view": "/alliances/{code}/areas/list/save-view/?stage=LIVE&sort=name",
    "add an area": "/alliances/{code}/areas/list/add/",
    "roadmap": "/alliances/{code}/roadmap/",
    "roadmap, filtered": "/alliances/{code}/roadmap/?time=next&group=stage&status=RED&owner=mine",
    "roadmap as a picture": "/alliances/{code}/roadmap.svg?stage=LIVE",
    "business area": "/alliances/{code}/areas/area-1/",
    **{
        f"edit {part}": f"/alliances/{{code}}/areas/area-2/edit/{part}/"
        for part in ("summary", "lead", "stage", "design", "people", "members")
    },
    "hold": "/alliances/{code}/areas/area-2/hold/",
    "resume": "/alliances/{code}/areas/area-2/resume/",
    "withdraw": "/alliances/{code}/areas/area-2/withdraw/",
    "history": "/alliances/{code}/areas/area-2/history/",
    "dates": "/alliances/{code}/dates/",
    "dates of a year": "/alliances/{code}/dates/?first=2018-01&last=2018-12",
    "was due": "/alliances/{code}/dates/?first=2018-04&last=2018-04&tab=moved",
    "dates as CSV": "/alliances/{code}/dates/file.csv?first=2018-01&last=2018-12",
    "milestone": "/alliances/{code}/areas/area-2/milestones/live/",
    "milestone of the programme": "/alliances/{code}/milestones/board/",
    "reason": "/alliances/{code}/areas/area-2/milestones/live/reason/?to=2019-04-01&seen=1",
    "slippage priced": "/alliances/{code}/areas/area-2/milestones/live/slippage/",
    "approve a date": "/alliances/{code}/areas/area-2/milestones/live/approved/",
    "is it ready to go live": "/alliances/{code}/areas/area-2/go-live/",
    "check a go-live": (
        "/alliances/{code}/areas/area-2/go-live/check/?on=2018-05-01&seen=1&stage=DESIGN"
    ),
    "live area": "/alliances/{code}/areas/area-1/go-live/live/",
    "correct a go-live": "/alliances/{code}/areas/area-1/go-live/correct/",
    "add a milestone": "/alliances/{code}/areas/area-2/add-milestone/",
    "reached": "/alliances/{code}/milestones/board/reached/",
    "remove a milestone": "/alliances/{code}/milestones/board/remove/",
    "apportioned savings": "/alliances/{code}/money/",
    "apportioned net costs": "/alliances/{code}/money/?kind=net&year=2016-17",
    "area working": "/alliances/{code}/money/areas/area-1/2016-17/?version=approved&kind=cost",
    "amount working": "/alliances/{code}/money/amounts/{amount}/",
    "items": "/alliances/{code}/money/items/?year=2016-17",
    "items, all on a page": "/alliances/{code}/money/items/?page=all&search=area&kind=COST",
    "an item": "/alliances/{code}/money/items/cost-area-1/",
    "add an item": "/alliances/{code}/money/items/list/add/area-2/",
    "change an item": "/alliances/{code}/money/items/posts-1/edit/",
    "take an item away": "/alliances/{code}/money/items/posts-1/take-away/",
    "force sizes": "/alliances/{code}/money/sizes/",
    "record sizes": "/alliances/{code}/money/sizes/record/",
    "sizes by date": "/alliances/{code}/money/sizes/{measure}/grid/",
    "sizes from a file": "/alliances/{code}/money/sizes/import/",
    "who bore it": "/alliances/{code}/money/areas/area-1/2016-17/bearers/",
    "spread a year": "/alliances/{code}/money/areas/area-1/2016-17/spread/",
    "gather a year": "/alliances/{code}/money/areas/area-1/2016-17/gather/",
    "months of an area": "/alliances/{code}/money/areas/area-1/2016-17/grid/approved/",
    "months of an item": (
        "/alliances/{code}/money/areas/area-1/2016-17/grid/forecast/?item=cost-area-1"
    ),
    "what counts twice": "/alliances/{code}/money/doubled/",
    "what counts twice of an area": "/alliances/{code}/money/areas/area-1/2016-17/doubled/",
    "sharing rules": "/alliances/{code}/money/rules/",
    "set a sharing rule": "/alliances/{code}/money/rules/set/",
    "settings": "/alliances/{code}/settings/",
    "papers": "/alliances/{code}/money/papers/",
    "a verifier": "/alliances/{code}/money/papers/verify.py",
    "a methodology statement": "/alliances/{code}/money/papers/methodology.docx",
    "a proof file": "/alliances/{code}/money/papers/2016-17/proof.json",
    "a working workbook": "/alliances/{code}/money/papers/2016-17/working.xlsx",
    "variances": "/alliances/{code}/money/variances/?month=2016-05",
    "variances since last month": (
        "/alliances/{code}/money/variances/?month=2016-05&measure=forecast"
    ),
    "explain a variance": "/alliances/{code}/money/variances/2016-05/area-1/cost/recurring/",
    "month ends": "/alliances/{code}/money/month-end/?year=2016-17",
    "a month end": "/alliances/{code}/money/month-end/2016-05/",
    "nil returns": "/alliances/{code}/money/month-end/2016-05/nil/",
    "lock a month": "/alliances/{code}/money/month-end/2016-05/lock/",
    "unlock a month": "/alliances/{code}/money/month-end/2016-05/unlock/",
    "runs": "/alliances/{code}/money/runs/",
    "what-ifs": "/alliances/{code}/money/what-if/",
    "a what-if": "/alliances/{code}/money/what-if/{what_if}/",
    "a what-if beside today": "/alliances/{code}/money/what-if/beside/?beside={what_if}",
    **{
        f"suppose {kind}": f"/alliances/{{code}}/money/what-if/{{what_if}}/suppose/{kind}/"
        for kind in KINDS
    },
    "why it moved": "/alliances/{code}/money/why/?since=2010-01-01",
    "why it moved, in one year": "/alliances/{code}/money/why/?since=last&year=2016-17&kind=net",
    "why it moved, up to a day": "/alliances/{code}/money/why/?since=2010-01-01&until=2011-01-01",
    "as it stood": "/alliances/{code}/money/as-at/?at=2010-01-01&year=2016-17",
    "shares as they stood": "/alliances/{code}/money/as-at/shares.csv?at=2010-01-01",
    "shares as they stood, as a spreadsheet": (
        "/alliances/{code}/money/as-at/shares.xlsx?at=2010-01-01"
    ),
    "a change": "/alliances/{code}/money/why/changes/{change}/",
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
    programme_of(scene, areas)
    DesignStrand.objects.bulk_create(
        DesignStrand(**own, area=area, strand=strand, status="IN_PLACE")
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
            for period in (date(2016, 4, 1), date(2016, 5, 1))
        )
    services.request_recompute(alliance=scene.alliance, cause="Made for the test")
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="Made for the test")


def programme_of(scene: Scene, areas: list[BusinessArea]) -> None:
    """Each area's go-live, moved once; and what people said and saved, more of it for more areas."""
    scene.alliance.target_on = date(2021, 3, 31)
    scene.alliance.save()
    own: dict[str, Any] = {"alliance": scene.alliance}
    live, later = date(2018, 4, 1), date(2018, 7, 1)
    go_live = {"code": "live", "name": "Live", "kind": "GO_LIVE", "approved_on": live}
    milestones = Milestone.objects.bulk_create(
        Milestone(**own, **go_live, area=area, forecast_on=later, is_provisional=True)
        for area in areas
    )
    factories.milestone(**own, area=None, code="board", name="Board", forecast_on=live)
    kinds = {"FORECAST": "FORECAST_DATE", "APPROVED": "APPROVED_DATE"}
    today = scene.alliance.today(timezone.localdate())
    by_page = {**own, "door": "PAGE", "reason": "Technology", "made_on": today}
    for which, kind in kinds.items():
        changes = Change.objects.bulk_create(
            Change(**by_page, kind=kind, area_id=each.area_id, milestone_id=each.pk)
            for each in milestones
        )
        MovedDate.objects.bulk_create(
            MovedDate(change=made, milestone=each, which=which, from_on=live, to_on=later)
            for made, each in zip(changes, milestones, strict=True)
        )
    somebody = factories.user()
    for n, area in enumerate(areas[1 : 1 + len(areas) // FEW], start=1):
        factories.role(**own)
        said = {**own, "area": area, "strand": "TIMESCALES"}
        StatusOverride.objects.create(
            **said, rating="RED", reason="So", made_on=live, until_on=later, made_by=somebody
        )
        Outlook.objects.create(**said, direction="STEADY", said_on=live, said_by=somebody)
        view = {**own, "user": somebody, "page": "areas", "is_shared": True}
        SavedView.objects.create(**view, name=f"View {n}", query="stage=LIVE")
        Item.objects.create(
            **own, area=area, code=f"posts-{n}", name="Posts", kind="SAVING", recurrence="RECURRING",
            milestone=milestones[n], full_year_pence=1_200_000, ramp=[50, 100],
        )  # fmt: skip


@pytest.fixture(scope="module")
def officer(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[User]:
    """A finance officer and programme manager of an alliance of few areas and of one of many.

    Made once, since that takes longer than any page.
    """
    with django_db_blocker.unblock():
        # In one transaction, or what is made would be on no record.
        with transaction.atomic():
            found = _officer()
        yield found
        call_command("flush", interactive=False, verbosity=0)


def _officer() -> User:
    officer: User = factories.user()
    for count, code in CODE.items():
        scene = a_scene(code)
        areas_with_everything(scene, count)
        # As services leave it. What is on no record asks for its names too, and for its pounds.
        factories.change(alliance=scene.alliance, made_at=TransactionNow())
        factories.what_if(alliance=scene.alliance, made_by=officer)
        for kind in (Role.Kind.FINANCE_OFFICER, Role.Kind.PROGRAMME_MANAGER):
            factories.role(alliance=scene.alliance, user=officer, kind=kind)
    return officer


@pytest.fixture
def both(officer: User, client: Client) -> Client:
    """The officer's browser."""
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
    change = Change.objects.filter(alliance=alliance).latest("pk")
    measure = SizeMeasure.objects.get(alliance=alliance)
    what_if = Scenario.objects.get(alliance=alliance)
    with counted() as queries:
        found = {
            "code": alliance.code,
            "amount": amount.pk,
            "change": change.pk,
            "measure": measure.pk,
            "what_if": what_if.pk,
        }
        answer = client.get(address.format(**found))
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


MOVE = {"to": "2019-04-01", "provisional": "yes", "seen": "1", "details": "Late"}
APPROVAL = {
    "to_day": "1",
    "to_month": "7",
    "to_year": "2019",
    "details": "Late",
    "seen": "1",
}
GO_LIVE = "/alliances/{code}/areas/area-2/milestones/live/"
MANY_AREAS = "/alliances/{code}/areas/list/change/"
# What is sent, where to, and what the answer says: pages that a form opens and that save nothing.
FORMS: dict[str, tuple[str, dict[str, Any], str]] = {
    "price of a date": (
        f"{GO_LIVE}reason/",
        {**MOVE, "reason": "Technology is not ready"},
        "Nothing has been saved yet",
    ),
    "reason with an error": (f"{GO_LIVE}reason/", MOVE, "Choose the reason"),
    "a date that someone moved": (f"{GO_LIVE}reason/", {**MOVE, "seen": "7"}, "Nothing of yours"),
    "check an approval": (f"{GO_LIVE}approved/", APPROVAL, "Nothing has been saved yet"),
    "an approval that is behind": (
        f"{GO_LIVE}approved/",
        {**APPROVAL, "seen": "7"},
        "Nothing of yours is saved yet",
    ),
    "check a corrected go-live": (
        "/alliances/{code}/areas/area-1/go-live/correct/",
        {"what": "not", "reason": "A pilot", "seen": "1"},
        "Save the correction",
    ),
    "choose for many areas": (MANY_AREAS, {"what": "owner"}, "New owner"),
    "check many stages": (
        MANY_AREAS,
        {"what": "stage", "step": "check", "value": "CONSULTATION"},
        "Consultation",
    ),
    "check many owners": (MANY_AREAS, {"what": "owner", "step": "check", "value": ""}, "Nobody"),
    "check many dates": (
        MANY_AREAS,
        {"what": "month", "step": "check", "value": "4 2019"},
        "Forecast: what each force gains or loses",
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_page_that_a_form_opens_asks_as_much_for_many_areas_as_for_few(
    both: Client, form: str
) -> None:
    address, sent, says = FORMS[form]
    asked = []
    for code in CODE.values():
        areas = BusinessArea.objects.filter(alliance__code=code).values_list("code", flat=True)
        ticked = {"area": list(areas)} if address == MANY_AREAS else {}
        with counted() as queries:
            answer = both.post(address.format(code=code), {**sent, **ticked})
        assert says in answer.content.decode(), form
        asked.append(sum("SAVEPOINT" not in each["sql"] for each in queries.captured_queries))

    assert asked[0] == asked[1] <= MOST, [each["sql"][:200] for each in queries.captured_queries]


def release(alliance: Alliance) -> dict[str, Any]:
    return {
        "effective_on_day": "1",
        "effective_on_month": "4",
        "effective_on_year": "2015",
        **{f"size-{force}": "4000" for force in ("north", "south", "east")},
        "source": "A later release",
    }


def withdrawal(alliance: Alliance) -> dict[str, Any]:
    size = alliance.sizes.filter(force__code="north", effective_on=date(2000, 1, 1))[0]
    return {"effective_on": "2000-01-01", "sizes": size.pk}


@pytest.mark.parametrize(
    ("page", "typed", "says"),
    [
        ("record", release, b"What these sizes move"),
        ("withdraw", withdrawal, b"What withdrawing this size moves"),
    ],
)
def test_a_price_of_sizes_asks_as_much_for_many_areas_as_for_few(
    both: Client, page: str, typed: Callable[[Alliance], dict[str, Any]], says: bytes
) -> None:
    asked = []
    for code in CODE.values():
        alliance = Alliance.objects.get(code=code)
        sent = {"measure": alliance.measures.get().pk, **typed(alliance)}
        with counted() as queries:
            answer = both.post(f"/alliances/{code}/money/sizes/{page}/", sent)
        assert says in answer.content
        asked.append(sum("SAVEPOINT" not in each["sql"] for each in queries.captured_queries))

    assert asked[0] == asked[1] <= MOST, [each["sql"][:200] for each in queries.captured_queries]


@pytest.mark.parametrize("name", CHECK_PAGES)
def test_a_page_that_prices_by_doing_asks_as_much_for_many_areas_as_for_few(
    officer: User, client: Client, name: str
) -> None:
    client.force_login(factories.administrator())
    asked = []
    for code in CODE.values():
        door = CHECK_PAGES[name](Alliance.objects.get(code=code))
        sent = {**door.filled_in(client), **door.file()}
        with counted() as queries:
            answer = client.post(door.address, sent)
        assert "Nothing has been saved yet" in answer.content.decode()
        asked.append(sum("SAVEPOINT" not in each["sql"] for each in queries.captured_queries))

    assert asked[0] == asked[1] <= MOST_TO_TRY, [
        each["sql"][:200] for each in queries.captured_queries
    ]


def test_every_check_page_is_counted(officer: User) -> None:
    """Those of one step are counted as they are opened; a settlement's have their own."""
    pages = {page for page in every_page() if page.check_template != page.template_name}
    few = Alliance.objects.get(code=CODE[FEW])

    here = {page_of(door, few) for door in CHECK_PAGES.values()}
    here |= {resolve(of.format(code=few.code)).func.view_class for of, _, _ in FORMS.values()}
    here |= {RecordRelease, TakeSizes, WithdrawSizes}

    assert {page.__name__ for page in pages - here} == set()
