"""Lists under a name: each person's own, and those that people share with the alliance."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q

from programmes.models import Alliance, SavedView, User


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
    """Keep a list's address under a name. Raises NameTaken, ValidationError.

    Sent twice, it is kept once.
    """
    view = SavedView(
        alliance=alliance, user=user, page=page, name=name.strip(), query=query, is_shared=is_shared
    )
    same = SavedView.objects.filter(alliance=alliance, user=user, page=page, name=view.name).first()
    if same and (same.query, same.is_shared) == (query, is_shared):
        return same
    view.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as problem:
        raise NameTaken from problem
    return view


def forget_view(*, user: User, alliance: Alliance, pk: int) -> str:
    """Take one of the person's own views away; its name, or "" if it is gone or another's."""
    view = SavedView.objects.filter(pk=pk, user=user, alliance=alliance).first()
    if view is None:
        return ""
    view.delete()
    return view.name
