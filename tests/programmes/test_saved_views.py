"""How many views a list may have, and how long what is typed may be."""

import pytest
from django import forms

from alliance_portal import urls  # noqa: F401  (brings every form along)
from programmes.form_fields import TextField
from programmes.models import Alliance, SavedView, User
from programmes.saved_views import MOST_OF_A_PERSON, MOST_SHARED, TooManyViews, save_view
from savings.forms import ApportionedFilter
from tests import factories

pytestmark = pytest.mark.django_db


def views(alliance: Alliance, user: User, count: int, *, is_shared: bool = False) -> None:
    SavedView.objects.bulk_create(
        SavedView(alliance=alliance, user=user, page="areas", name=f"{at}", is_shared=is_shared)
        for at in range(count)
    )


def save(alliance: Alliance, user: User, *, is_shared: bool = False) -> SavedView:
    return save_view(
        alliance=alliance, user=user, page="areas", name="Mine", query="", is_shared=is_shared
    )


def test_a_person_has_room_for_so_many_views_and_is_told() -> None:
    alliance, user = factories.alliance(), factories.user()
    views(alliance, user, MOST_OF_A_PERSON - 1)

    kept = save(alliance, user)

    assert save(alliance, user) == kept
    with pytest.raises(TooManyViews, match="take one away before you save another"):
        save_view(
            alliance=alliance, user=user, page="areas", name="More", query="", is_shared=False
        )
    assert save(alliance, factories.user())


def test_an_alliance_shares_so_many_views_and_no_more() -> None:
    alliance = factories.alliance()
    views(alliance, factories.user(), MOST_SHARED, is_shared=True)
    user = factories.user()

    with pytest.raises(TooManyViews, match="save this one for yourself"):
        save(alliance, user, is_shared=True)
    assert save(alliance, user)


def every_form(of: type[forms.BaseForm] = forms.Form) -> set[type[forms.BaseForm]]:
    below = set(of.__subclasses__())
    return below.union(*(every_form(each) for each in below))


def test_no_text_on_any_form_is_without_end() -> None:
    ours = ("alliance_portal", "business_areas", "programmes", "savings")
    endless = [
        f"{form.__name__}.{name}"
        for form in every_form()
        # What chooses figures is of an address, whose length is bounded.
        if form.__module__.startswith(ours) and not issubclass(form, ApportionedFilter)
        for name, field in getattr(form, "base_fields", {}).items()
        if type(field) is forms.CharField
        and field.max_length is None
        and not isinstance(field.widget, forms.PasswordInput)  # kept nowhere
    ]

    assert endless == []
    assert TextField().longest == 10_000
