"""What moves money or ends something is shown first, and saved with why: one change, as it was shown."""

from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from business_areas.models import BusinessArea
from programmes.models import Change, User
from savings import recompute
from savings.models import PoolShare
from tests.alliance_portal.dates.moves import HELD_ON, an_alliance
from tests.business_areas.conftest import manager, signed_in
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

WHY = {"check-reason": "East has left the fleet", "save": "1"}


@pytest.fixture
def scene(db: None) -> Scene:
    scene = an_alliance().scene
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test asked")
    return scene


@pytest.fixture
def alice(scene: Scene) -> User:
    return manager(scene.alliance, name="Alice Archer")


@pytest.fixture
def client_of_alice(alice: User) -> Client:
    return signed_in(alice)


def post(client: Client, scene: Scene, part: str, **sent: str) -> HttpResponse:
    address = reverse("area-edit", args=[scene.alliance.code, "fleet", part])
    seen = client.get(address).context["form"].carried
    answer: HttpResponse = client.post(address, {"seen": seen, **sent})
    return answer


def without_east(scene: Scene) -> dict[str, str]:
    return {"shared_by": "some", f"in_{scene.north.pk}": "on", f"in_{scene.south.pk}": "on"}


def fleet() -> BusinessArea:
    return BusinessArea.objects.get(code="fleet")


def of_east() -> int:
    recompute.bring_up_to_date(
        alliance_id=fleet().alliance_id, cause="A test asked", everything=True
    )
    shares = PoolShare.objects.filter(force__code="east", pool__version="FORECAST")
    return sum(
        share.pence if share.pool.kind == "SAVING" else -share.pence
        for share in shares.select_related("pool")
    )


def shown_for(answer: Any, force: str) -> int:
    """The force's net over all years of the forecast, as the page has it."""
    effect = answer.context["effect"]
    at = [each.code for each in effect.forces].index(force)
    net: int = effect.by_force()[at]
    return net


def test_who_shares_an_area_is_priced_before_it_is_saved_and_stored_as_it_was_priced(
    scene: Scene, client_of_alice: Client, alice: User
) -> None:
    before = of_east()

    shown = post(client_of_alice, scene, "members", **without_east(scene))

    assert not fleet().memberships.exists()
    assert not Change.objects.exists()
    assert "Nothing has been saved yet" in shown.content.decode()
    loses = shown_for(shown, "east")
    digest = shown.context["effect"].digest
    done = post(
        client_of_alice, scene, "members", **without_east(scene), **WHY, priced=digest,
        **{"check-agreed_by": "the joint committee", "check-agreed_on_day": "1",
           "check-agreed_on_month": "3", "check-agreed_on_year": "2016"},
    )  # fmt: skip
    assert done.status_code == 302
    assert of_east() - before == loses != 0
    change = Change.objects.get()
    assert (change.kind, change.door, change.made_by) == ("SHARED_BY", "PAGE", alice)
    assert change.reason == "East has left the fleet"
    assert change.details == "Agreed on 1 March 2016 by the joint committee."


def test_without_why_nothing_is_saved_and_what_was_typed_stays(
    scene: Scene, client_of_alice: Client
) -> None:
    answer = post(
        client_of_alice, scene, "members", **without_east(scene), save="1",
        **{"check-agreed_by": "both forces"},
    )  # fmt: skip

    page = answer.content.decode()
    assert "Say why this changes" in page
    assert 'value="both forces"' in page
    assert not fleet().memberships.exists()


def test_if_other_figures_moved_the_new_price_is_shown_first(
    scene: Scene, client_of_alice: Client
) -> None:
    shown = post(client_of_alice, scene, "members", **without_east(scene))
    digest = shown.context["effect"].digest
    scene.size(scene.east, 9_000, release=2)

    answer = post(client_of_alice, scene, "members", **without_east(scene), **WHY, priced=digest)

    assert answer.context["moved_on"]
    assert answer.context["effect"].digest != digest
    assert not fleet().memberships.exists()


def test_sent_twice_it_is_one_change(scene: Scene, client_of_alice: Client) -> None:
    shown = post(client_of_alice, scene, "members", **without_east(scene))
    priced = shown.context["effect"].digest
    for _ in range(2):
        post(client_of_alice, scene, "members", **without_east(scene), **WHY, priced=priced)

    assert Change.objects.count() == 1


def test_closing_an_area_asks_what_becomes_of_it_and_it_can_be_reopened(
    scene: Scene, client_of_alice: Client
) -> None:
    BusinessArea.objects.update(stage="LIVE")

    asked = post(client_of_alice, scene, "stage", stage="CLOSED")
    assert "What becomes of the people" in asked.content.decode()
    refused = post(client_of_alice, scene, "stage", stage="CLOSED", **WHY)
    assert "Say what becomes of the savings" in refused.content.decode()
    assert fleet().stage == "LIVE"
    answers = {f"check-{name}": f"{name} go back" for name in ("people", "savings", "shares")}
    post(client_of_alice, scene, "stage", stage="CLOSED", **WHY, **answers)

    assert fleet().stage == "CLOSED"
    closed = Change.objects.get()
    assert (closed.kind, closed.made_on) == ("STAGE", HELD_ON)
    assert "Savings: savings go back" in closed.details
    post(client_of_alice, scene, "stage", stage="LIVE", **WHY)
    assert fleet().stage == "LIVE"
    assert Change.objects.count() == 2


def test_a_closed_area_can_only_be_reopened_as_live(scene: Scene, client_of_alice: Client) -> None:
    BusinessArea.objects.update(stage="CLOSED")

    assert post(client_of_alice, scene, "stage", stage="DESIGN", **WHY).status_code == 200

    assert fleet().stage == "CLOSED"


def test_many_areas_are_not_closed_together(scene: Scene, client_of_alice: Client) -> None:
    BusinessArea.objects.update(stage="LIVE")

    page = client_of_alice.post(
        reverse("areas-change", args=[scene.alliance.code]),
        {"what": "stage", "step": "check", "value": "CLOSED", "area": ["fleet"]},
    ).content.decode()

    assert "on its own page, which asks what becomes of it" in page


def test_the_day_it_was_agreed_is_no_day_to_come(scene: Scene, client_of_alice: Client) -> None:
    later = date(HELD_ON.year + 1, 1, 1)

    page = post(
        client_of_alice, scene, "members", **without_east(scene), **WHY,
        **{"check-agreed_on_day": "1", "check-agreed_on_month": "1",
           "check-agreed_on_year": str(later.year)},
    ).content.decode()  # fmt: skip

    assert "The day it was agreed must be today" in page
    assert not fleet().memberships.exists()
