"""Someone else's save in the way: within the limit, one sentence, and nothing typed is lost (T4)."""

import html
import re
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from typing import Any

import psycopg2
import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import Func, Value
from django.db.transaction import TransactionManagementError
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from alliance_portal.serving.patience import SAVING, TOO_LONG, Busy, Patience
from business_areas.models import BusinessArea
from business_areas.views.parts import EditPart
from programmes.checked import CheckedPage
from programmes.models import Alliance
from tests import factories
from tests.alliance_portal.dates.moves import an_alliance
from tests.scenes import Scene

pytestmark = [pytest.mark.dialect, pytest.mark.django_db(transaction=True)]

TYPED = "Kept, whatever comes"
AREA = "/alliances/hills/areas/fleet/"
MILESTONE = f"{AREA}milestones/go-live/"
LATER = {"to": "2017-07-01", "provisional": "yes", "reason": "Technology is not ready"}
REQUEST, WHAT_IF = 4_711, 4_712


def day(name: str, on: date) -> dict[str, Any]:
    """A date as its three boxes send it."""
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


# Where a form is, and what is typed into it; `{north}` and `{officers}` stand for rows' numbers.
FORMS: dict[str, tuple[str, dict[str, Any]]] = {
    "a view": ("/alliances/hills/areas/list/save-view/", {"name": TYPED}),
    "a new area": (
        "/alliances/hills/areas/list/add/",
        {"name": TYPED, "category": "BUSINESS_SUPPORT", "stage": "DESIGN"},
    ),
    "an area’s facts": (
        f"{AREA}edit/summary/",
        {"name": "Fleet", "category": "BUSINESS_SUPPORT", "summary": TYPED},
    ),
    "its lead": (f"{AREA}edit/lead/", {"head": TYPED}),
    "its design": (
        f"{AREA}edit/design/",
        {
            f"{part}_{strand}": value
            for strand in ("STRUCTURE", "PROCESSES", "TECHNOLOGY")
            for part, value in (("status", "NOT_STARTED"), ("note", TYPED))
        },
    ),
    "a hold": (f"{AREA}hold/", {"hold_reason": TYPED, **day("on_hold_since", date(2017, 1, 2))}),
    "a withdrawal": (f"{AREA}withdraw/", {"reason": TYPED}),
    "a status": (
        "/alliances/hills/statuses/areas/fleet/budget/",
        {
            "override": "1",
            "override-rating": "AMBER",
            "override-reason": TYPED,
            **day("override-until_on", date(2017, 3, 1)),
        },
    ),
    "a forward look": (
        "/alliances/hills/statuses/areas/fleet/budget/",
        {"outlook": "1", "outlook-direction": "STEADY", "outlook-note": TYPED},
    ),
    "the programme’s status": (
        "/alliances/hills/statuses/programme/budget/",
        {"outlook": "1", "outlook-direction": "STEADY", "outlook-note": TYPED},
    ),
    "a forecast": (f"{MILESTONE}reason/", {**LATER, "details": TYPED, "save": "1", "seen": "1"}),
    "an approved date": (
        f"{MILESTONE}approved/",
        {
            "details": TYPED,
            "save": "1",
            **day("to", date(2017, 7, 1)),
        },
    ),
    "a refusal": (
        f"/alliances/hills/milestones/board/approved/{REQUEST}/",
        {"refuse": "1", "answer": TYPED},
    ),
    "a reached date": (
        "/alliances/hills/milestones/board/reached/",
        {"details": TYPED, "save": "1", **day("to", date(2017, 1, 2))},
    ),
    "a milestone": (
        f"{AREA}add-milestone/",
        {
            "name": TYPED,
            "kind": "REVIEW",
            "provisional": "yes",
            **day("baseline_on", date(2017, 7, 1)),
        },
    ),
    "a reason why it does not apply": (
        f"{AREA}go-live/not-applicable/",
        {"item": "PEOPLE", "reason": TYPED},
    ),
    "a size": (
        "/alliances/hills/money/sizes/record/",
        {
            "measure": "{officers}",
            "size-north": "3100",
            "source": TYPED,
            "save": "1",
            **day("effective_on", date(2016, 4, 1)),
        },
    ),
    "a what-if": ("/alliances/hills/money/what-if/", {"name": TYPED}),
    "a supposed change": (
        f"/alliances/hills/money/what-if/{WHAT_IF}/suppose/merge/",
        {"first": "north", "second": "south", "name": TYPED, **day("on", date(2017, 7, 1))},
    ),
    "many areas": (
        "/alliances/hills/areas/list/change/",
        {
            "what": "month",
            "step": "check",
            "save": "1",
            "area": "fleet",
            "seen": "fleet:1",
            "value": "7 2017",
            "check-reason_later": "Technology is not ready",
            "check-details_later": TYPED,
        },
    ),
}


@pytest.fixture
def scene(settings: Any) -> Scene:
    """An alliance with a go-live; little patience."""
    settings.WEB_LOCK_SECONDS = 0.2
    made = an_alliance()
    board = factories.milestone(alliance=made.scene.alliance, area=None, code="board")
    factories.what_if(pk=WHAT_IF, alliance=made.scene.alliance)
    factories.approval_request(pk=REQUEST, milestone=board)
    BusinessArea.objects.filter(pk=made.scene.fleet.pk).update(stage="DESIGN")
    return made.scene


@pytest.fixture
def boss(client: Client, scene: Scene) -> Client:
    """Somebody who may do everything."""
    client.force_login(factories.administrator())
    client.raise_request_exception = False
    return client


@contextmanager
def saving() -> Iterator[None]:
    """Someone else is saving everything there is: all can be read, and nothing be held or written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(format('%I', tablename), ', ') FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename ~ '^(programmes|business_areas|savings)_' AND tablename !~ 'event$'"
        )
        (tables,) = cursor.fetchone()
    with closing(psycopg2.connect(**connection.get_connection_params())) as other:
        other.cursor().execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
        yield


def filled(client: Client, scene: Scene, address: str, typed: dict[str, Any]) -> dict[str, Any]:
    """What a browser would send: what the form carries unseen, and what was typed."""
    page = client.get(address, LATER).content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    numbers = {"{north}": scene.north.code, "{officers}": str(scene.officers.pk)}
    sent = {name: numbers.get(value, value) for name, value in typed.items()}
    sent = {**({"seen": html.unescape(seen[1])} if seen else {}), **sent}
    if "save" in sent:  # the page before it, which shows what it does
        asked = {name: value for name, value in sent.items() if name != "save"}
        page = client.post(address, asked).content.decode()
    priced = re.search(r'name="priced" value="([^"]+)"', page)
    return {**sent, **({"priced": priced[1]} if priced else {})}


def assert_told(answer: HttpResponse, sentence: str) -> None:
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 503, page.split("<main")[1]
    assert answer["Retry-After"]
    assert sentence in page.split("govuk-error-summary__list")[1].split("</ul>")[0]


@pytest.mark.parametrize("name", FORMS)
def test_a_form_keeps_what_was_typed_and_says_why(boss: Client, scene: Scene, name: str) -> None:
    address, typed = FORMS[name]
    sent = filled(boss, scene, address, typed)

    with saving():
        answer = boss.post(address, sent)

    assert_told(answer, SAVING)
    assert TYPED in html.unescape(answer.content.decode())
    again = boss.post(address, sent)
    assert again.status_code == 302, again.content.decode()


def test_a_wait_for_another_ends_and_a_page_meanwhile_is_read(boss: Client, scene: Scene) -> None:
    with saving():
        assert boss.get(AREA).status_code == 200
        assert boss.get("/").status_code == 200


def test_every_form_is_tried_or_has_nothing_to_type() -> None:
    tried = {resolve(address).func.view_class for address, _ in FORMS.values()}  # type: ignore[attr-defined]
    takes = {view for view in views(get_resolver()) if hasattr(view, "post")}
    # One code: an area's parts and many areas are tried.
    takes -= {view for view in takes if issubclass(view, CheckedPage)}

    assert EditPart in tried
    assert {view.__name__ for view in takes - tried} == {
        # A button, or a date that the address carries.
        *("ResumeArea", "ForgetView", "Confirm", "ReadyToGoLive", "MilestoneDates"),
        *("TakeOut", "Forget"),
        "ReadSizes",  # a file, which no browser fills in again
        "ChangePassword",  # no password is ever filled in again
    }


def views(within: URLResolver) -> Iterator[type]:
    for each in within.url_patterns:
        if isinstance(each, URLPattern):
            view = getattr(each.callback, "view_class", None)
            if view and not view.__module__.startswith(("django.", "allauth.")):
                yield view
        else:
            yield from views(each)


def test_a_statement_that_takes_too_long_ends(boss: Client, scene: Scene, settings: Any) -> None:
    settings.WEB_STATEMENT_SECONDS = 0.2
    with connection.execute_wrapper(Patience(saves=True)), connection.cursor() as cursor:
        began = time.monotonic()
        with pytest.raises(Busy, match=re.escape(TOO_LONG)):
            cursor.execute("SELECT pg_sleep(600)")
        with transaction.atomic():
            Alliance.objects.first()
            with pytest.raises(Busy), transaction.atomic():
                cursor.execute("SELECT pg_sleep(600)")
    with (
        connection.execute_wrapper(Patience(saves=False)),
        connection.cursor() as cursor,
        pytest.raises(OperationalError),
    ):
        cursor.execute("SELECT pg_sleep(600)")

    assert time.monotonic() - began < 300


def test_what_is_read_a_portion_at_a_time_has_the_limits_too(scene: Scene, settings: Any) -> None:
    """As the choices of a form are, outside a transaction where the form is sent."""
    settings.WEB_STATEMENT_SECONDS = 0.2
    slow = Alliance.objects.annotate(slow=Func(Value(600), function="pg_sleep"))
    cursors = pytest.raises(TransactionManagementError, match="needs a transaction")
    with connection.execute_wrapper(Patience(saves=False)):
        with pytest.raises(OperationalError):
            next(slow.iterator())
        with transaction.atomic(), pytest.raises(OperationalError):
            next(slow.iterator())
        with connection.chunked_cursor() as cursor, cursors:
            cursor.execute("SELECT 1")
        with (  # noqa: PT012
            pytest.raises(OperationalError),
            transaction.atomic(),
            connection.chunked_cursor() as cursor,
        ):
            cursor.execute("SELECT pg_sleep(600)")
            cursor.fetchone()


# What a page reads or writes before and after its view, and what it is made of.
HELD = ("django_session", "programmes_user", "programmes_alliance", "")


@pytest.mark.parametrize("table", HELD)
def test_whatever_is_held_wherever_it_is_met_the_page_says_so(
    boss: Client, scene: Scene, table: str
) -> None:
    address, typed = FORMS["its lead"]
    sent = filled(boss, scene, address, typed)

    with all_of(table):
        read = boss.get("/")
        saved = boss.post(address, sent)

    for answer in (read, saved):
        assert_told(answer, SAVING)
    assert TYPED in html.unescape(saved.content.decode())
    assert boss.post(address, sent).status_code == 302


@contextmanager
def all_of(table: str) -> Iterator[None]:
    """Someone holds the table, or for no name every one, so that it cannot even be read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(format('%%I', tablename), ', ') FROM pg_tables"
            " WHERE schemaname = 'public' AND %s IN (tablename, '')",
            [table],
        )
        (tables,) = cursor.fetchone()
    with closing(psycopg2.connect(**connection.get_connection_params())) as other:
        other.cursor().execute(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")
        yield


def test_the_page_of_a_lock_met_before_anybody_is_known_is_sent_again_with_its_token(
    scene: Scene,
) -> None:
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.force_login(factories.administrator())
    address, typed = FORMS["its lead"]
    token = re.search(
        r'csrfmiddlewaretoken" value="([^"]+)"', browser.get(address).content.decode()
    )
    assert token
    sent = {**filled(browser, scene, address, typed), "csrfmiddlewaretoken": token[1]}

    with all_of("django_session"):
        answer = browser.post(address, sent)

    page = answer.content.decode().split("<main")[1]
    again = {name: html.unescape(value) for name, value in SENT_AGAIN.findall(page)}
    assert again["head"] == TYPED
    assert browser.post(address, again).status_code == 302


SENT_AGAIN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def test_nothing_of_the_limits_stays_on_the_connection(boss: Client, scene: Scene) -> None:
    boss.get("/")
    boss.post(f"{AREA}edit/lead/", {"head": TYPED})

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('lock_timeout'), current_setting('statement_timeout')"
        )
        assert cursor.fetchone() == ("0", "0")
