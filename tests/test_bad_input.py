"""What is typed wrong: one sentence, at its field and in the summary, and what was typed stays.

Every box of the programme's pages that takes a date or a name, with everything that goes wrong there.
"""

import html
import re
from dataclasses import dataclass, field
from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client

from business_areas.models import BusinessArea, MovedDate, StatusOverride
from programmes.models import Role, SavedView
from tests import factories
from tests.scenes import Scene, a_scene

pytestmark = pytest.mark.django_db

HELD_ON, BEGAN_ON = date(2017, 12, 31), date(2015, 1, 1)
AREAS = "/alliances/hills/areas/"
GO_LIVE = f"{AREAS}fleet/milestones/go-live/"
BEGAN = "when the alliance began"


@dataclass(frozen=True)
class Box:
    """A date on a form: where it is, its name, the rest of the form, and what is wrong only here.

    `{north}` stands for a force's number. `called` is what sentences call the date.
    """

    address: str
    name: str
    called: str
    rest: dict[str, str] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)


APPROVAL = {
    "details": "Late",
    "seen": "1",
    "to_day": "1",
    "to_month": "12",
    "to_year": "2018",
}
BOXES = {
    "forecast": Box(
        GO_LIVE, "to", "new forecast date", {"provisional": "yes", "seen": "1"},
        {"31 12 2014": BEGAN, "1 7 2018": "is 1 July 2018 already; enter another date"},
    ),
    "approved date": Box(
        f"{GO_LIVE}approved/", "to", "new approved date", APPROVAL,
        {"31 12 2014": BEGAN, "1 4 2018": "is 1 April 2018 already; enter another date"},
    ),
    "end of a status": Box(
        "/alliances/hills/statuses/areas/fleet/timescales/", "override-until_on",
        "last day on which it holds",
        {"override": "1", "override-rating": "AMBER", "override-reason": "Agreed with the whole board"},
        {"30 12 2017": "must be today or later", "1 1 2030": "at most a year ahead"},
    ),
    "hold": Box(
        f"{AREAS}fleet/hold/", "on_hold_since", "day since when it is on hold",
        {"hold_reason": "Money"},
        {"31 12 2014": BEGAN, "1 1 2018": "from today or from an earlier day"},
    ),
    "go-live of a new area": Box(
        f"{AREAS}list/add/", "go_live_on", "go-live date",
        {"name": "Drones", "category": "BUSINESS_SUPPORT", "stage": "DESIGN"},
        {"31 12 2014": BEGAN},
    ),
    "people": Box(
        f"{AREAS}fleet/edit/people/", "as_at", "day of the count",
        {}, {"1 1 2018": "must be today or earlier"},
    ),
    "first day in an area": Box(
        f"{AREAS}fleet/edit/members/", "joined_{north}", "North Police’s first day",
        {"shared_by": "some", "in_{north}": "on"},
    ),
    "last day in an area": Box(
        f"{AREAS}fleet/edit/members/", "left_{north}", "North Police’s leaving date",
        {"shared_by": "some", "in_{north}": "on"},
    ),
}  # fmt: skip
# What is wrong with a date wherever it is typed.
EVERYWHERE = {
    "31 2 2017": "must be a real date, for example 31 3 2018",
    "<b> x ²": "must be a real date, for example 31 3 2018",
    "1 13 2017": "must be a real date, for example 31 3 2018",
    "1 1 17": "must have a year of four digits, for example 2018",
    "1 1 -": "must include a year",
    "1 1 2101": "must be between 1900 and 2100: check the year",
    "1 1 1066": "must be between 1900 and 2100: check the year",
}
WRONG_DATES = [
    pytest.param(name, typed, sentence, id=f"{name}, {typed}")
    for name, box in BOXES.items()
    for typed, sentence in {**EVERYWHERE, **box.own}.items()
]
# The box, its form, and how long what is typed there may be.
NAMES = {
    "new area": (f"{AREAS}list/add/", "name", "200 characters or fewer"),
    "name of an area": (f"{AREAS}fleet/edit/summary/", "name", "200 characters or fewer"),
    "head": (f"{AREAS}fleet/edit/lead/", "head", "200 characters or fewer"),
    "view": (f"{AREAS}list/save-view/", "name", "100 characters or fewer"),
}


@pytest.fixture
def scene() -> Scene:
    """Fleet in design, its go-live approved for April and forecast for July 2018."""
    scene = a_scene()
    scene.alliance.held_on, scene.alliance.agreed_on = HELD_ON, BEGAN_ON
    scene.alliance.save()
    scene.fleet.stage = "DESIGN"
    scene.fleet.save()
    factories.milestone(
        area=scene.fleet, code="go-live", approved_on=date(2018, 4, 1), forecast_on=date(2018, 7, 1)
    )
    return scene


@pytest.fixture
def alice(client: Client, scene: Scene) -> Client:
    """A programme manager's browser."""
    kind = Role.Kind.PROGRAMME_MANAGER
    client.force_login(factories.role(alliance=scene.alliance, kind=kind).user)
    return client


def carried(client: Client, address: str) -> dict[str, str]:
    """What the form carries unseen, as a browser would send it back."""
    page = client.get(address).content.decode()
    found = re.search(r'name="seen" value="([^"]*)"', page)
    return {"seen": html.unescape(found[1])} if found else {}


def summary(page: str) -> list[str]:
    """The sentences of the error summary; each leads to a box that stands on the page."""
    part = page.split("govuk-error-summary__list")[1].split("</ul>")[0]
    for target in re.findall(r'href="#([^"]+)"', part):
        assert f'id="{target}"' in page
    return [html.unescape(text) for text in re.findall(r"<li>(?:<a[^>]*>)?([^<]+)", part)]


def at_the_field(page: str) -> list[str]:
    found = re.findall(r'class="govuk-error-message"[^>]*>(.*?)</p>', page, re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]+>", "", each)).strip() for each in found]


def assert_said_once(answer: HttpResponse, sentence: str) -> str:
    """One sentence in the summary, the same at the field, and the title says so; the page."""
    page = answer.content.decode()
    assert answer.status_code == 200
    (said,) = summary(page)
    assert sentence in said
    (beside,) = at_the_field(page)
    assert beside.removeprefix("Error: ").removeprefix("Error:").strip() == said
    assert "<title>Error: " in page
    return said


@pytest.mark.parametrize("name, typed, sentence", WRONG_DATES)
def test_a_wrong_date_gets_one_sentence_and_stays_as_it_was_typed(
    alice: Client, scene: Scene, name: str, typed: str, sentence: str
) -> None:
    box = BOXES[name]
    numbers = {"north": scene.north.pk}
    date_name = box.name.format(**numbers)
    parts = ["" if part == "-" else part for part in typed.split()]
    sent = {
        **carried(alice, box.address),
        **{key.format(**numbers): value for key, value in box.rest.items()},
        **dict(zip([f"{date_name}_{part}" for part in ("day", "month", "year")], parts, strict=True)),
    }  # fmt: skip

    answer = alice.post(box.address, sent)

    said = assert_said_once(answer, sentence)
    if typed in EVERYWHERE:
        assert said.lower().startswith(box.called.lower())
    for part in filter(None, parts):
        assert f'value="{html.escape(part)}"' in answer.content.decode()
    assert not MovedDate.objects.exists()
    assert not StatusOverride.objects.exists()
    assert BusinessArea.objects.get().on_hold_since is None


@pytest.mark.parametrize("name", [name for name in BOXES if name not in (
    "go-live of a new area", "first day in an area", "last day in an area",
)])  # fmt: skip
def test_a_date_that_is_needed_is_asked_for_in_plain_words(
    alice: Client, scene: Scene, name: str
) -> None:
    box = BOXES[name]
    empty = dict.fromkeys((f"{box.name}_{part}" for part in ("day", "month", "year")), "")

    answer = alice.post(box.address, {**carried(alice, box.address), **box.rest, **empty})

    assert assert_said_once(answer, "Enter the ") == f"Enter the {box.called}"


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_400_characters_is_refused_with_its_limit(
    alice: Client, scene: Scene, name: str
) -> None:
    address, box, limit = NAMES[name]
    rest = {"category": "BUSINESS_SUPPORT", "stage": "DESIGN"}
    sent = {**rest, **carried(alice, address)}
    if address.endswith("summary/"):
        sent["summary"] = ""

    answer = alice.post(address, {**sent, box: "<b>" * 133 + "x"})

    assert_said_once(answer, limit)
    assert "<b><b>" not in answer.content.decode()
    assert BusinessArea.objects.get().name == "Fleet"
    assert not SavedView.objects.exists()


def test_the_last_day_must_follow_the_first(alice: Client, scene: Scene) -> None:
    address = f"{AREAS}fleet/edit/members/"
    north = scene.north.pk
    sent = {"shared_by": "some", f"in_{north}": "on", **carried(alice, address)}
    for name in ("joined", "left"):
        for part, typed in (("day", "1"), ("month", "4"), ("year", "2017")):
            sent[f"{name}_{north}_{part}"] = typed

    assert_said_once(alice.post(address, sent), "leaving date must be after its first day")


def test_a_hold_that_someone_else_began_first_is_told_and_what_was_typed_stays(
    alice: Client, scene: Scene
) -> None:
    day = {"on_hold_since_day": "1", "on_hold_since_month": "12", "on_hold_since_year": "2017"}
    alice.post(f"{AREAS}fleet/hold/", {**day, "hold_reason": "No money"})

    again = alice.post(f"{AREAS}fleet/hold/", {**day, "hold_reason": "No money"})
    late = alice.post(f"{AREAS}fleet/hold/", {**day, "hold_reason": "Waits for estates"})

    assert again.status_code == 302
    page = html.unescape(late.content.decode())
    (said,) = summary(page)
    assert "Fleet is on hold already, since 1 December 2017: “No money”." in said
    assert "Waits for estates" in page
    assert BusinessArea.objects.get().hold_reason == "No money"


def test_an_area_that_changed_is_withdrawn_only_after_another_look(
    alice: Client, scene: Scene
) -> None:
    address = f"{AREAS}fleet/withdraw/"
    seen = carried(alice, address)
    BusinessArea.objects.update(head="Someone")

    answer = alice.post(address, {**seen, "reason": "Not viable"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "saved this while you were typing" in page
    assert "Not viable" in page
    assert BusinessArea.objects.get().stage == "DESIGN"
    alice.post(address, {**carried(alice, address), "reason": "Not viable"})
    assert BusinessArea.objects.get().stage == "WITHDRAWN"


@pytest.mark.parametrize(
    "page",
    [
        *("areas/fleet/hold/", "areas/fleet/withdraw/", "areas/fleet/edit/lead/"),
        *("areas/fleet/edit/people/", "areas/fleet/milestones/go-live/reason/"),
        *("areas/fleet/milestones/go-live/approved/", "statuses/areas/fleet/budget/"),
    ],
)
def test_a_withdrawn_areas_old_address_leads_to_what_became_of_it(
    alice: Client, scene: Scene, page: str
) -> None:
    BusinessArea.objects.update(stage="WITHDRAWN")
    address = "/alliances/hills/" + page
    moved = {
        "to": "2019-01-01",
        "seen": "1",
        "reason": "Technology is not ready",
        "details": "Late",
    }

    for answer in (
        alice.get(address, moved, follow=True),
        alice.post(address, {**APPROVAL, **moved}, follow=True),
    ):
        assert answer.status_code == 200
        assert "withdrawn" in answer.content.decode().split("<main")[1].lower()
    assert BusinessArea.objects.get().stage == "WITHDRAWN"
    assert not MovedDate.objects.exists()
