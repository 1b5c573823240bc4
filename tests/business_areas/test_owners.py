"""Who may own an area, at every door; and that “me” means whoever made the view or sent the link."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from business_areas.models import BusinessArea
from business_areas.services import areas
from business_areas.services.areas import NotToOwn
from programmes.models import Role, SavedView, User
from programmes.permissions import Action, Standing, people_who_may
from tests import factories
from tests.business_areas.conftest import signed_in
from tests.scenes import Scene

pytestmark = pytest.mark.django_db
DAY = date(2017, 12, 31)


@pytest.mark.parametrize("kind", Role.Kind.values)
def test_whoever_may_change_an_area_may_own_it_and_nobody_else(scene: Scene, kind: str) -> None:
    person = factories.user(name="Pat")
    factories.role(alliance=scene.alliance, user=person, kind=kind)
    may = Standing(person, scene.alliance, frozenset({(kind, None)})).may(Action.MANAGE_AREAS)
    new = {"category": "BUSINESS_SUPPORT", "stage": "DESIGN", "day": DAY, "by": None}

    def by_every_door() -> None:
        areas.change_area(area=scene.fleet, values={"owner": person}, by=None, day=DAY)
        areas.add_area(alliance=scene.alliance, name="New", owner=person, **new)

    assert (person in people_who_may(scene.alliance, Action.MANAGE_AREAS)) is may
    if may:
        by_every_door()
        assert BusinessArea.objects.filter(owner=person).count() == 2
    else:
        with pytest.raises(NotToOwn, match="Pat may not change business areas"):
            by_every_door()
        with pytest.raises(NotToOwn):
            areas.add_area(alliance=scene.alliance, name="New", owner=person, **new)


def test_forms_offer_only_those_who_may_and_keep_who_does_already(
    scene: Scene, alice: User, bob: User
) -> None:
    BusinessArea.objects.filter(pk=scene.fleet.pk).update(owner=bob)
    client, code = signed_in(alice), scene.alliance.code

    lead = client.get(reverse("area-edit", args=[code, "fleet", "lead"])).content.decode()
    new = client.get(reverse("area-add", args=[code])).content.decode()

    assert "Bob Baker" in lead
    assert "Alice Archer" in lead
    assert "Bob Baker" not in new
    assert "Alice Archer" in new


def test_an_owner_whose_role_has_gone_stays_until_another_is_chosen(
    scene: Scene, bob: User
) -> None:
    BusinessArea.objects.filter(pk=scene.fleet.pk).update(owner=bob)

    areas.change_area(area=scene.fleet, values={"owner": bob, "head": "Sam"}, by=None, day=DAY)

    assert BusinessArea.objects.get(pk=scene.fleet.pk).head == "Sam"


def test_me_in_a_shared_view_or_a_link_is_the_person_who_made_it(
    scene: Scene, alice: User, bob: User, client: Client
) -> None:
    BusinessArea.objects.filter(pk=scene.fleet.pk).update(owner=alice)
    factories.area(alliance=scene.alliance, code="dogs", name="Dogs")
    mine, list_url = signed_in(alice), reverse("areas", args=[scene.alliance.code])
    for query in ("owner=mine", f"owner={alice.pk}"):
        mine.post(
            f"{reverse('areas-save-view', args=[scene.alliance.code])}?{query}",
            {"name": f"Mine {query[-1]}", "is_shared": "on"},
        )

    queries = set(SavedView.objects.values_list("query", flat=True))
    seen_by_bob = signed_in(bob).get(f"{list_url}?{queries.copy().pop()}")

    assert queries == {f"owner={alice.pk}"}
    assert [row.area.code for row in seen_by_bob.context["part"].rows] == ["fleet"]
    page = mine.get(list_url).content.decode()
    assert "owner=mine" not in page
    assert f"owner={alice.pk}" in page
