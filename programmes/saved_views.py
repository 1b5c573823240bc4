"""Lists under a name: each person's own, and those that people share with the alliance."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q

from programmes.models import Alliance, SavedView, User

MOST_OF_A_PERSON, MOST_SHARED = 30, 100


@dataclass(frozen=True)
class SavedViews:
    """The views of one list that a person may open: their own, and what others share."""

    mine: tuple[SavedView, ...]
    shared: tuple[SavedView, ...]

    def __bool__(self) -> bool:
        return bool(self.mine or self.shared)


class NameTaken(ValidationError):
    """The person has a view of that name for this list."""

    def __init__(self) -> None:
        super().__init__({"name": "You already have a view with this name; choose another."})


class TooManyViews(ValidationError):
    """The person, or all who share, have as many views as a list can show."""


def views_of(*, alliance: Alliance, user: User, page: str) -> SavedViews:
    """The saved views of a list, by name. One query."""
    found = (
        SavedView.objects.filter(Q(user=user) | Q(is_shared=True), alliance=alliance, page=page)
        .select_related("user")
        .order_by("name", "pk")
    )
    return SavedViews(
        mine=tuple(view for view in found if view.user_id == user.pk),
        shared=tuple(view for view in found if view.user_id != user.pk),
    )


def save_view(
    *, alliance: Alliance, user: User, page: str, name: str, query: str, is_shared: bool
) -> SavedView:
    """Keep a list's address under a name. Raises NameTaken, TooManyViews, ValidationError.

    Sent twice, it is kept once.
    """
    view = SavedView(
        alliance=alliance, user=user, page=page, name=name.strip(), query=query, is_shared=is_shared
    )
    same = SavedView.objects.filter(alliance=alliance, user=user, page=page, name=view.name).first()
    if same and (same.query, same.is_shared) == (query, is_shared):
        return same
    view.full_clean(validate_constraints=False)
    _check_room(view)
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as problem:
        raise NameTaken from problem
    return view


def _check_room(view: SavedView) -> None:
    """Raise TooManyViews unless the list has room for one more. Two queries at most."""
    views = SavedView.objects.filter(alliance=view.alliance, page=view.page)
    if views.filter(user=view.user).count() >= MOST_OF_A_PERSON:
        raise TooManyViews(
            f"You have {MOST_OF_A_PERSON} saved views already; take one away before you save another."
        )
    if view.is_shared and views.filter(is_shared=True).count() >= MOST_SHARED:
        raise TooManyViews(
            f"{MOST_SHARED} views are shared in this alliance already; save this one for yourself, or "
            "ask someone to take a shared one away."
        )


def forget_view(*, user: User, alliance: Alliance, pk: int) -> str:
    """Take one of the person's own views away; its name, or "" if it is gone or another's."""
    view = SavedView.objects.filter(pk=pk, user=user, alliance=alliance).first()
    if view is None:
        return ""
    view.delete()
    return view.name
