"""An area's parts, each on a page of its own; two people at once; holds; new areas; history."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from business_areas.models import BusinessArea, DesignStrand, Milestone, Staffing
from programmes.models import User
from savings.models import RecomputeRequest
from tests import factories
from tests.business_areas.conftest import manager, signed_in
from tests.scenes import Scene

pytestmark = pytest.mark.django_db
TODAY = date(2017, 12, 15)
# What the page that shows what a change does adds to what was typed.
CHECKED = {"check-reason": "Agreed by both", "save": "1"}
PARTS = ["summary", "lead", "stage", "design", "people", "members"]


@pytest.fixture(autouse=True)
def _held(scene: Scene) -> None:
    scene.alliance.held_on = TODAY
    scene.alliance.explored_on = date(2015, 4, 1)
    scene.alliance.save()


@pytest.fixture
def client_of_alice(alice: User) -> Client:
    return signed_in(alice)


def page_of(scene: Scene, name: str, *more: str) -> str:
    return reverse(name, args=[scene.alliance.code, "fleet", *more])


def opened(client: Client, scene: Scene, part: str) -> dict[str, str]:
    """The part's page as a browser would send it back, nothing typed."""
    page = client.get(page_of(scene, "area-edit", part))
    assert page.status_code == 200
    return sent_by(page)


def sent_by(page: Any) -> dict[str, str]:
    form = page.context["form"]
    sent = {"seen": form.carried}
    for field in form:
        value = field.value()
        if hasattr(field.field.widget, "widgets"):
            boxes = field.field.widget.decompress(value)
            names = ("day", "month", "year")
            sent.update({f"{field.html_name}_{n}": v for n, v in zip(names, boxes, strict=True)})
        elif value is True:
            sent[field.html_name] = "on"
        elif value not in (None, False):
            sent[field.html_name] = str(value)
    return sent


def fleet() -> BusinessArea:
    return BusinessArea.objects.get(code="fleet")


@pytest.mark.parametrize("part", PARTS)
def test_a_part_saved_as_it_was_opened_changes_nothing_but_the_day_of_the_update(
    scene: Scene, client_of_alice: Client, part: str
) -> None:
    factories.staffing(area=scene.fleet, force=scene.north, baseline_fte="10.50", shared_fte=9)
    factories.area_membership(area=scene.fleet, force=scene.south, joined_on=date(2016, 4, 1))
    sent = opened(client_of_alice, scene, part)

    answer = client_of_alice.post(page_of(scene, "area-edit", part), sent)

    assert answer.status_code == 302, answer.context and answer.context["form"].errors
    now = fleet()
    assert now.last_update_on == TODAY
    assert (now.name, now.stage, now.category) == ("Fleet", "PROPOSED", "BUSINESS_SUPPORT")


def test_each_part_is_saved(scene: Scene, alice: User, client_of_alice: Client) -> None:
    for part, typed in {
        "summary": {"name": "Fleet services", "in_scope_budget_pence": "£1,200.50"},
        "lead": {"lead_force": scene.south.pk, "head": "Sam", "owner": alice.pk},
        "stage": {"stage": "DESIGN"},
        "design": {"status_PROCESSES": "AGREED", "note_PROCESSES": "By all"},
        "people": {f"before_{scene.north.pk}": "12.5", f"shared_{scene.north.pk}": "11"},
        "members": {"shared_by": "some", f"in_{scene.east.pk}": "on", **CHECKED},
    }.items():
        sent = {**opened(client_of_alice, scene, part), **typed}
        answer = client_of_alice.post(page_of(scene, "area-edit", part), sent, follow=True)
        assert answer.redirect_chain, (part, answer.context["form"].errors)

    now = fleet()
    assert (now.name, now.in_scope_budget_pence, now.head) == ("Fleet services", 120_050, "Sam")
    assert (now.lead_force, now.owner, now.stage) == (scene.south, alice, "DESIGN")
    assert DesignStrand.objects.get(strand="PROCESSES").status == "AGREED"
    assert Staffing.objects.get().shared_fte == 11
    assert [stay.force for stay in now.memberships.all()] == [scene.east]
    assert RecomputeRequest.objects.exists() or not scene.alliance.pools.exists()


def test_the_second_of_two_sees_both_values_and_keeps_what_was_typed(
    scene: Scene, client_of_alice: Client
) -> None:
    bert = signed_in(manager(scene.alliance, name="Bert Burns", email="bert@example.org"))
    address = page_of(scene, "area-edit", "lead")
    hers, his = opened(client_of_alice, scene, "lead"), opened(bert, scene, "lead")
    bert.post(address, {**his, "head": "His head", "lead_force": scene.south.pk})

    answer = client_of_alice.post(address, {**hers, "head": "Her <b>head</b>"})

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Bert Burns saved this while you were typing" in page
    lines = {line.label: line for line in answer.context["conflict"].differences}
    assert (lines["Head"].was, lines["Head"].theirs) == ("nothing", "His head")
    assert lines["Head"].typed == "Her <b>head</b>"
    assert "Her &lt;b&gt;head&lt;/b&gt;" in page
    assert fleet().head == "His head"
    again = sent_by(answer)
    assert again["head"] == "Her <b>head</b>"
    assert again["lead_force"] == str(scene.south.pk)  # his, for she had not touched it
    assert client_of_alice.post(address, again).status_code == 302
    assert (fleet().head, fleet().lead_force) == ("Her <b>head</b>", scene.south)


@pytest.mark.parametrize(
    ("part", "theirs", "mine"),
    [
        ("design", {"status_STRUCTURE": "AGREED"}, {"note_PROCESSES": "Mine"}),
        ("people", {"before_{north}": "5"}, {"before_{north}": "6"}),
        (
            "members",
            {"shared_by": "some", "in_{north}": "on", **CHECKED},
            {"shared_by": "some", "in_{south}": "on"},
        ),
        ("summary", {"summary": "Theirs"}, {"summary": "Mine"}),
        ("stage", {"stage": "DESIGN"}, {"stage": "CONSULTATION"}),
    ],
)
def test_every_part_notices_that_someone_else_saved_first(
    scene: Scene, client_of_alice: Client, part: str, theirs: dict[str, str], mine: dict[str, str]
) -> None:
    def named(typed: dict[str, str]) -> dict[str, str]:
        numbers = {"north": scene.north.pk, "south": scene.south.pk}
        return {name.format(**numbers): value for name, value in typed.items()}

    bert = signed_in(manager(scene.alliance))
    address = page_of(scene, "area-edit", part)
    hers, his = opened(client_of_alice, scene, part), opened(bert, scene, part)
    assert bert.post(address, {**his, **named(theirs)}).status_code == 302

    answer = client_of_alice.post(address, {**hers, **named(mine)})

    assert answer.status_code == 409
    assert answer.context["conflict"].differences
    kept = sent_by(answer)
    assert named(mine).items() <= kept.items()


def test_saving_the_same_twice_is_no_conflict(scene: Scene, client_of_alice: Client) -> None:
    address = page_of(scene, "area-edit", "lead")
    sent = {**opened(client_of_alice, scene, "lead"), "head": "Sam"}

    assert [client_of_alice.post(address, sent).status_code for _ in range(2)] == [302, 302]


def test_a_token_that_was_tampered_with_counts_as_not_seen(
    scene: Scene, client_of_alice: Client
) -> None:
    sent = {**opened(client_of_alice, scene, "lead"), "head": "Sam", "seen": "made-up"}

    assert client_of_alice.post(page_of(scene, "area-edit", "lead"), sent).status_code == 409


def test_an_area_goes_live_and_is_withdrawn_on_other_pages(
    scene: Scene, client_of_alice: Client
) -> None:
    address = page_of(scene, "area-edit", "stage")
    for stage in ("LIVE", "WITHDRAWN", "CLOSED", "NONSENSE"):
        sent = {**opened(client_of_alice, scene, "stage"), "stage": stage}
        assert client_of_alice.post(address, sent).status_code == 200
    assert fleet().stage == "PROPOSED"


def test_wrong_input_is_said_once_at_its_field(scene: Scene, client_of_alice: Client) -> None:
    factories.area(alliance=scene.alliance, name="Dogs")
    for part, typed, sentence in (
        ("summary", {"name": " "}, "Enter the name of the area"),
        ("summary", {"name": "x" * 400}, "it has 400, which is 200 too many"),
        ("summary", {"name": "DOGS"}, "There is already a business area called DOGS."),
        ("summary", {"in_scope_budget_pence": "-5"}, "must be £0 or more"),
        ("lead", {"head": "x" * 400}, "it has 400, which is 200 too many"),
        ("people", {"as_at_day": "31", "as_at_month": "2"}, "must be a real date"),
        ("people", {f"before_{scene.north.pk}": "many"}, "must be a number"),
        ("members", {"shared_by": "some"}, "Tick the forces that share the area"),
    ):
        sent = {**opened(client_of_alice, scene, part), **typed}
        page = client_of_alice.post(page_of(scene, "area-edit", part), sent).content.decode()
        assert sentence in page.split("govuk-error-summary__list")[1].split("</ul>")[0], part
        assert "<title>Error: " in page


def test_who_may_not_is_told_and_strangers_find_nothing(
    scene: Scene, bob: User, mallory: User
) -> None:
    for name, more in (
        ("area-edit", ["lead"]),
        ("area-hold", []),
        ("area-resume", []),
        ("area-withdraw", []),
    ):
        address = page_of(scene, name, *more)
        assert signed_in(bob).get(address).status_code == 403, name
        assert signed_in(bob).post(address, {}).status_code == 403, name
        assert signed_in(mallory).get(address).status_code == 404, name
    assert signed_in(bob).get(page_of(scene, "area-history")).status_code == 200
    assert signed_in(bob).post(reverse("area-add", args=["hills"]), {}).status_code == 403
    assert signed_in(bob).post(reverse("areas-change", args=["hills"]), {}).status_code == 403


def test_an_area_is_held_with_a_reason_and_resumed(scene: Scene, client_of_alice: Client) -> None:
    day = {"on_hold_since_day": "1", "on_hold_since_month": "12", "on_hold_since_year": "2017"}
    address = page_of(scene, "area-hold")

    assert "Say why" in client_of_alice.post(address, day).content.decode()
    future = {**day, "on_hold_since_year": "2018", "hold_reason": "Money"}
    assert "from an earlier day" in client_of_alice.post(address, future).content.decode()
    for _ in range(2):
        client_of_alice.post(address, {**day, "hold_reason": "No money"})
    assert (fleet().on_hold_since, fleet().hold_reason) == (date(2017, 12, 1), "No money")
    page = client_of_alice.get(page_of(scene, "area")).content.decode()
    assert "On hold since 1 December 2017." in page
    for _ in range(2):
        client_of_alice.post(page_of(scene, "area-resume"))
    assert fleet().on_hold_since is None
    assert "On hold since" in client_of_alice.get(page_of(scene, "area-history")).content.decode()


def test_an_area_is_added_with_its_go_live(scene: Scene, client_of_alice: Client) -> None:
    address = reverse("area-add", args=[scene.alliance.code])
    sent = {
        "name": "Drones & dogs",
        "category": "OPERATIONAL_POLICING",
        "stage": "DESIGN",
        "go_live_on_day": "1",
        "go_live_on_month": "4",
        "go_live_on_year": "2018",
    }

    first, again = (client_of_alice.post(address, sent) for _ in range(2))
    second = client_of_alice.post(address, {**sent, "stage": "PROPOSED"})

    assert first.url == again.url == reverse("area", args=[scene.alliance.code, "drones-dogs"])
    assert "There is already a business area called Drones &amp; dogs." in second.content.decode()
    go_live = Milestone.objects.get(area__code="drones-dogs")
    assert (go_live.kind, go_live.baseline_on, go_live.is_provisional) == (
        "GO_LIVE",
        date(2018, 4, 1),
        True,
    )
    early = {**sent, "name": "Other", "go_live_on_year": "2014"}
    assert "when the alliance began" in client_of_alice.post(address, early).content.decode()
    for name in ("<script>", "…", "add", "list"):
        added = client_of_alice.post(address, {**sent, "name": name})
        assert client_of_alice.get(added.url).status_code == 200, name


def test_the_history_says_who_when_from_and_to(scene: Scene, client_of_alice: Client) -> None:
    sent = {**opened(client_of_alice, scene, "lead"), "lead_force": scene.south.pk, "head": "Sam"}
    client_of_alice.post(page_of(scene, "area-edit", "lead"), sent)
    sent = {**opened(client_of_alice, scene, "stage"), "stage": "DESIGN"}
    client_of_alice.post(page_of(scene, "area-edit", "stage"), sent)

    page = client_of_alice.get(page_of(scene, "area"))

    newest, before, *_ = page.context["changes"]
    assert (newest.title, newest.who) == ("Stage", "Alice Archer")
    assert newest.rows[0].fields == (("Stage", "Proposed", "Design"),)
    assert before.rows[0].fields == (
        ("Lead force", "nothing", "South Police"),
        ("Head", "nothing", "Sam"),
    )
    text = re.sub(r"<[^>]+>|\s+", " ", page.content.decode())
    assert re.search(r"Lead force: +nothing +→ +became +South Police", text)


def test_what_came_in_one_go_is_told_as_one_change(scene: Scene, client_of_alice: Client) -> None:
    factories.milestone(area=scene.fleet, name="Go live", kind="GO_LIVE")
    factories.staffing(area=scene.fleet, force=scene.north, as_at=date(2017, 1, 1))

    (first,) = client_of_alice.get(page_of(scene, "area")).context["changes"]

    assert first.title == "Before the record"
    assert {row.what for row in first.rows} == {"added"}
    assert [row.of for row in first.rows if row.of.startswith("Mile")] == ["Milestone “Go live”"]


def test_the_area_page_asks_at_most_sixteen_questions(
    scene: Scene, client_of_alice: Client, django_assert_max_num_queries: Any
) -> None:
    for n in range(30):
        factories.milestone(area=scene.fleet, kind="OTHER", name=f"Step {n}")
        factories.staffing(area=scene.fleet, force=scene.north, as_at=date(2017, 1, 1 + n))

    with django_assert_max_num_queries(16):
        client_of_alice.get(page_of(scene, "area"))
