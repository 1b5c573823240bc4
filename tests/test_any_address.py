"""Whatever is typed into an address or sent to it: a page, a refusal or a sentence, never an error."""

import random
import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import quote

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from programmes.models import SavedView
from savings import recompute, services
from savings.models import Amount, SharingRule
from savings.what_if.keeping import KINDS
from tests import factories
from tests.scenes import Scene, a_scene

pytestmark = pytest.mark.django_db

# Other people's pages.
NOT_OURS = ("admin/", "accounts/")
# Everything that any page reads from its address.
NAMES = (
    *("page", "sort", "search", "stage", "category", "force", "status", "owner", "show", "tick"),
    *("first", "last", "tab", "period", "since_day", "since_month", "since_year"),
    *("to", "provisional", "seen", "instead", "version", "kind", "year", "measure"),
    *("effective_on", "area", "what", "step", "next", "chart", "from", "until", "zoom", "also"),
    *("figures", "beside", "what_if", "number", "size-north"),
)
# Already as an address has them.
WILD = (
    *("", "x", "-1", "0", "%00", "1%002", "%F0%28%8C%28", "%EF%BF%BF", "%ED%A0%80"),
    *("9" * 30, "1" * 5000, "1e999", "NaN", "%C2%B2", "%D9%A3", "2017-02-31", "0000-00", "9999-12"),
    *("10000-01", "%3Cscript%3E", "%27%3B--", "..%2F..%2Fetc", "%E2%80%AE", "true", "null"),
    *("2100-12-31", "0001-01-01", "1900-01", "%0D%0ASet-Cookie:a=b"),
)
TRIES = 8  # of all names at once, for each address; another choice of what is wild for each
SINGLE = 5  # tries of one name alone, for each address
FORM_TRIES = 6  # of all that is wild, for each form


@pytest.fixture
def scene() -> Scene:
    """An alliance with a go-live that has moved, money that starts from it, and everything shared."""
    scene = a_scene()
    scene.alliance.held_on, scene.alliance.target_on = date(2017, 12, 31), date(2020, 3, 31)
    scene.alliance.explored_on = date(2015, 1, 1)
    scene.alliance.save()
    scene.fleet.stage = "DESIGN"
    scene.fleet.save()
    go_live = factories.milestone(
        area=scene.fleet, code="go-live", approved_on=date(2018, 4, 1), forecast_on=date(2018, 7, 1)
    )
    factories.milestone(alliance=scene.alliance, area=None, code="board")
    factories.moved_date(milestone=go_live)
    scene.amount(scene.item("vans"), 100_01, 2017)
    factories.item(
        area=scene.fleet, milestone=go_live, full_year_pence=1_200_000, ramp=[50, 100], code="posts"
    )
    services.request_recompute(alliance=scene.alliance, cause="Made for the test")
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="Made for the test")
    return scene


@pytest.fixture
def boss(client: Client) -> Client:
    """Somebody who may do everything."""
    client.force_login(factories.administrator())
    client.raise_request_exception = False
    return client


def addresses(scene: Scene) -> list[str]:
    """Every address of the project, each of its parts filled in with what there is."""
    view = SavedView.objects.create(
        alliance=scene.alliance, user=factories.user(), page="areas", name="Mine"
    )
    what_if = factories.what_if(alliance=scene.alliance)
    known = {
        "code": ["hills"],
        "area_code": ["fleet"],
        "milestone_code": ["go-live"],
        "strand": ["timescales"],
        "part": ["summary", "lead", "stage", "design", "people", "members"],
        "year": ["2017-18"],
        "month": ["2017-12"],
        "kind": ["cost"],
        "recurrence": ["recurring"],
        "number": ["1", "9" * 25],
        "pk": [
            *(str(model.objects.earliest("pk").pk) for model in (Amount, SharingRule)),
            *(str(view.pk), str(what_if.pk), "9" * 25),
        ],
    }
    found: list[str] = []
    for route in routes(get_resolver()):
        if route.startswith(NOT_OURS):
            continue
        filled = [route]
        for part, name in re.findall(r"(<(?:\w+:)?(\w+)>)", route):
            values = known.get(name, ["x", "9" * 25])
            filled = [each.replace(part, value) for each in filled for value in values]
        found += [f"/{each}" for each in filled]
    found.append("/alliances/hills/milestones/board/")
    found += [f"/alliances/hills/money/what-if/{what_if.pk}/suppose/{kind}/" for kind in KINDS]
    return found


def routes(within: URLResolver, before: str = "") -> Iterator[str]:
    """Every route as `urls.py` writes it, joined."""
    for each in within.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route
        else:
            yield from routes(each, route)


def trouble(answer: HttpResponseBase) -> bool:
    if answer.streaming:
        b"".join(answer)  # type: ignore[arg-type]
    return answer.status_code >= 500


def test_every_address_with_anything_in_it_answers(boss: Client, scene: Scene) -> None:
    any_ = random.Random(2017)
    wrong = []
    for address in addresses(scene):
        tries = [
            "&".join(f"{name}={value}" for name in NAMES) for value in any_.sample(WILD, TRIES)
        ]
        tries += [f"{any_.choice(NAMES)}={any_.choice(WILD)}" for _ in range(SINGLE)]
        tries += ["&".join(f"page={value}" for value in WILD[:8]), "%00", "&&==&", "a" * 3000]
        wrong += [
            f"{address}?{query[:200]}" for query in tries if trouble(boss.get(f"{address}?{query}"))
        ]

    assert wrong == []


# What a form of many areas and of many steps asks first, and otherwise would go no further.
STEPS = [
    f"what={what}&step={step}" for what in ("stage", "owner", "month") for step in ("check", "save")
]


def test_every_form_with_anything_in_it_answers(boss: Client, scene: Scene) -> None:
    any_ = random.Random(2017)
    wrong = []
    for address in addresses(scene):
        page = boss.get(address)
        text = b"" if page.streaming else page.content
        names = set(re.findall(r'\bname="([\w-]+)"', text.decode(errors="ignore")))
        names = {*names, "value", "seen", "to", "reason", "save"} - {"csrfmiddlewaretoken", "area"}
        for value in any_.sample(WILD, FORM_TRIES):
            pairs = [f"{name}={value}" for name in sorted(names) if any_.random() < 0.9]
            sent = "&".join([*pairs, "area=fleet", any_.choice(STEPS)])
            with transaction.atomic():
                if trouble(boss.post(address, sent, "application/x-www-form-urlencoded")):
                    wrong.append(f"{address} with {sent[:300]}")
                transaction.set_rollback(True)

    assert wrong == []


def test_an_area_or_alliance_of_any_name_in_the_address_is_a_missing_page(
    boss: Client, scene: Scene
) -> None:
    for code in ("nothing", "x" * 500, quote("\x7f"), quote("<b>"), "%F0%28", "-", "9" * 30):
        for address in (
            f"/alliances/{code}/",
            f"/alliances/hills/areas/{code}/",
            f"/alliances/hills/areas/fleet/milestones/{code}/",
            f"/alliances/hills/statuses/areas/{code}/budget/",
            f"/alliances/hills/money/areas/fleet/{code}/",
        ):
            assert boss.get(address).status_code == 404, address
