"""Who may see and do what: another alliance's object is the same 404 as a missing one."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.aggregates import ArrayAgg
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.http import Http404
from django.utils import timezone

from programmes.models import Alliance, Force, Role, User


class Action(Enum):
    """What a role allows beyond looking; the value finishes “You may not …”."""

    RECORD_SIZES = "record force sizes"
    CHANGE_AMOUNTS = "change amounts"
    CHANGE_DATES = "change dates"
    ASK_FOR_DATES = "ask for approved dates"
    APPROVE_DATES = "agree to approved dates"
    MANAGE_AREAS = "change business areas"
    OVERRIDE_STATUSES = "set a status"
    CHANGE_RULES = "change sharing rules"
    SETTLE = "propose a settlement or answer one"
    MANAGE_ALLIANCE = "change the alliance’s own facts, forces and members"


_ALLOWED: dict[str, frozenset[Action]] = {
    Role.Kind.PROGRAMME_MANAGER: frozenset(
        {
            Action.CHANGE_DATES,
            Action.ASK_FOR_DATES,
            Action.APPROVE_DATES,
            Action.MANAGE_AREAS,
            Action.OVERRIDE_STATUSES,
            Action.MANAGE_ALLIANCE,
        }
    ),
    Role.Kind.FINANCE_OFFICER: frozenset(
        {Action.RECORD_SIZES, Action.CHANGE_RULES, Action.CHANGE_AMOUNTS, Action.SETTLE}
    ),
    Role.Kind.CHIEF_OFFICER: frozenset(
        {Action.ASK_FOR_DATES, Action.APPROVE_DATES, Action.OVERRIDE_STATUSES}
    ),
    Role.Kind.PANEL_MEMBER: frozenset(),
}


# What is done for all forces at once: a role that names one of them is not enough.
_OF_ALL_FORCES = frozenset({Action.CHANGE_RULES, Action.CHANGE_AMOUNTS, Action.MANAGE_ALLIANCE})


@dataclass(frozen=True)
class Standing:
    """A user in an alliance that they may see; `roles` are theirs in it: a kind and a force's id.

    A role without a force is of all of them.
    """

    user: User
    alliance: Alliance
    roles: frozenset[tuple[str, int | None]]

    @property
    def today(self) -> date:
        """The day that the alliance's pages speak of: the one it is held at, else London's."""
        return self.alliance.today(timezone.localdate())

    def may(self, action: Action, *, of: Force | None = None) -> bool:
        """Whether any of the user's roles here allows it; administrators may do everything.

        `of` is the force whose facts it changes, such as a size or an answer: a role that names
        another force does not allow that. Without it: whether it is allowed for any force.
        """
        if action in _OF_ALL_FORCES:
            return self._is_allowed(action, {None})
        return self._is_allowed(action, {None, of.pk} if of else None)

    def _is_allowed(self, action: Action, whose: set[int | None] | None) -> bool:
        """By a role of one of these forces (None among them: of all); by any role, without them."""
        return self.user.is_superuser or any(
            action in _ALLOWED[kind] and (whose is None or force_id in whose)
            for kind, force_id in self.roles
        )

    @property
    def may_do_everything(self) -> bool:
        """Whether nothing here is kept from the user, as whoever loads a workbook needs."""
        return all(self._is_allowed(action, {None}) for action in Action)

    def may_answer(self, asked_by_id: int, action: Action) -> bool:
        """Whether the user may agree to what that person asked for: nobody answers himself."""
        return self.may(action) and self.user.pk != asked_by_id

    def require(self, action: Action, *, of: Force | None = None) -> None:
        """Raise PermissionDenied (a 403 page that says so) unless the user may."""
        if not self.may(action, of=of):
            whose = f" of {of.name}" if of and self.may(action) else ""
            raise PermissionDenied(
                f"You can see this alliance, but your role does not let you {action.value}{whose}."
            )


def people_who_may(alliance: Alliance, action: Action) -> QuerySet[User]:
    """Those with a role in the alliance that allows it, and its administrators, by name."""
    kinds = [kind for kind, allowed in _ALLOWED.items() if action in allowed]
    roles = Role.objects.filter(Q(kind__in=kinds) | Q(user__is_superuser=True), alliance=alliance)
    return User.objects.filter(is_active=True, pk__in=roles.values("user")).order_by("name", "pk")


def where_one_may(user: User, action: Action) -> QuerySet[Alliance]:
    """The alliances in which one of the user's roles allows it; all of them for an administrator."""
    kinds = [kind for kind, actions in _ALLOWED.items() if action in actions]
    mine = Role.objects.filter(user=user, kind__in=kinds, alliance=OuterRef("pk"))
    return Alliance.objects.all() if user.is_superuser else Alliance.objects.filter(Exists(mine))


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
        role = Concat("roles__kind", Value(" "), Cast("roles__force_id", CharField()))
        own = ArrayAgg(role, filter=Q(roles__user=user), distinct=True, default=Value([]))
        alliance = visible_alliances(user).annotate(own_roles=own).filter(code=code).first()
    if alliance is None or not isinstance(user, User):
        raise Http404("No alliance with this address, or not one of yours.")
    return Standing(user, alliance, frozenset(_role(written) for written in alliance.own_roles))


def _role(written: str) -> tuple[str, int | None]:
    kind, _, force_id = written.partition(" ")
    return kind, int(force_id) if force_id else None
