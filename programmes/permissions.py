"""Who may see and do what: another alliance's object is the same 404 as a missing one."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.aggregates import ArrayAgg
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet, Value
from django.http import Http404
from django.utils import timezone

from programmes.models import Alliance, Role, User


class Action(Enum):
    """What a role allows beyond looking; the value finishes “You may not …”."""

    RECORD_SIZES = "record force sizes"
    CHANGE_DATES = "change dates"
    APPROVE_DATES = "record approved dates"
    MANAGE_AREAS = "change business areas"
    OVERRIDE_STATUSES = "set a status"


_ALLOWED: dict[str, frozenset[Action]] = {
    Role.Kind.PROGRAMME_MANAGER: frozenset(
        {
            Action.CHANGE_DATES,
            Action.APPROVE_DATES,
            Action.MANAGE_AREAS,
            Action.OVERRIDE_STATUSES,
        }
    ),
    Role.Kind.FINANCE_OFFICER: frozenset({Action.RECORD_SIZES}),
    Role.Kind.CHIEF_OFFICER: frozenset({Action.APPROVE_DATES, Action.OVERRIDE_STATUSES}),
    Role.Kind.PANEL_MEMBER: frozenset(),
}


@dataclass(frozen=True)
class Standing:
    """A user in an alliance that they may see; `kinds` are the roles that they have in it."""

    user: User
    alliance: Alliance
    kinds: frozenset[str]

    @property
    def today(self) -> date:
        """The day that the alliance's pages speak of: the one it is held at, else London's."""
        return self.alliance.today(timezone.localdate())

    def may(self, action: Action) -> bool:
        """Whether any of the user's roles here allows it; administrators may do everything."""
        return self.user.is_superuser or any(action in _ALLOWED[kind] for kind in self.kinds)

    @property
    def may_do_everything(self) -> bool:
        """Whether nothing here is kept from the user, as whoever loads a workbook needs."""
        return all(self.may(action) for action in Action)

    def require(self, action: Action) -> None:
        """Raise PermissionDenied (a 403 page that says so) unless the user may."""
        if not self.may(action):
            raise PermissionDenied(
                f"You can see this alliance, but your role does not let you {action.value}."
            )


def people_who_may(alliance: Alliance, action: Action) -> QuerySet[User]:
    """Those with a role in the alliance that allows it, and its administrators, by name."""
    kinds = [kind for kind, allowed in _ALLOWED.items() if action in allowed]
    roles = Role.objects.filter(Q(kind__in=kinds) | Q(user__is_superuser=True), alliance=alliance)
    return User.objects.filter(is_active=True, pk__in=roles.values("user")).order_by("name", "pk")


def visible_alliances(user: User | AnonymousUser) -> QuerySet[Alliance]:
    """The alliances in which the user has a role; all of them for an administrator."""
    if not user.is_authenticated:
        return Alliance.objects.none()
    if user.is_superuser:
        return Alliance.objects.all()
    return Alliance.objects.filter(roles__user=user).distinct()


def standing(user: User | AnonymousUser, code: str) -> Standing:
    """The user's standing in the alliance with that code. Raises Http404. One query."""
    alliance = None
    if isinstance(user, User):
        own = ArrayAgg("roles__kind", filter=Q(roles__user=user), distinct=True, default=Value([]))
        alliance = visible_alliances(user).annotate(own_kinds=own).filter(code=code).first()
    if alliance is None or not isinstance(user, User):
        raise Http404("No alliance with this address, or not one of yours.")
    return Standing(user, alliance, frozenset(alliance.own_kinds))
