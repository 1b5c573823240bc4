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
    SETTLE = "propose a settlement or record what was paid"
    ANSWER = "agree to or dispute a settlement, or close a year"
    SUPPOSE = "make a what-if"
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
            Action.SUPPOSE,
        }
    ),
    Role.Kind.FINANCE_OFFICER: frozenset(
        {
            Action.RECORD_SIZES,
            Action.CHANGE_RULES,
            Action.CHANGE_AMOUNTS,
            Action.SETTLE,
            Action.ANSWER,
            Action.SUPPOSE,
        }
    ),
    Role.Kind.CHIEF_OFFICER: frozenset(
        {Action.ASK_FOR_DATES, Action.APPROVE_DATES, Action.OVERRIDE_STATUSES, Action.SUPPOSE}
    ),
    Role.Kind.PANEL_MEMBER: frozenset(),
}


# What is done for all forces at once: a role that names one of them is not enough.
_OF_ALL_FORCES = frozenset({Action.CHANGE_RULES, Action.CHANGE_AMOUNTS, Action.MANAGE_ALLIANCE})

# What a force says to the others: only whose role names it says it, and nobody says it for two.
FOR_ONE_FORCE = frozenset({Action.ANSWER})


@dataclass(frozen=True)
class Standing:
    """A user in an alliance that they may see; `roles` are theirs in it: a kind and a force's id.

    A role without a force is of all of them, but for what a force says to the others.
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
        if action in FOR_ONE_FORCE:
            speaks_for = self.speaks_for(action)
            return speaks_for is not None and (of is None or of.pk == speaks_for)
        if action in _OF_ALL_FORCES:
            return self._is_allowed(action, {None})
        return self._is_allowed(action, {None, of.pk} if of else None)

    def speaks_for(self, action: Action) -> int | None:
        """The one force whose word the user gives by such an action; None for nobody's.

        It is nobody's without a role that names a force, for administrators too, and where roles
        name two.
        """
        named = {force_id for kind, force_id in self.roles if action in _ALLOWED[kind]} - {None}
        return next(iter(named)) if len(named) == 1 else None

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
            if action in FOR_ONE_FORCE:
                raise PermissionDenied(self.why_not(action, of=of))
            whose = f" of {of.name}" if of and self.may(action) else ""
            raise PermissionDenied(
                f"You can see this alliance, but your role does not let you {action.value}{whose}."
            )

    def why_not(self, action: Action, *, of: Force | None = None) -> str:
        """Why the user may not say something for a force, and who may, in a sentence."""
        own = {force_id for kind, force_id in self.roles if action in _ALLOWED[kind]}
        if not own and not self.user.is_superuser:
            return (
                f"You can see this alliance, but your role does not let you {action.value}: "
                "each force’s own finance officer does."
            )
        whose = f"{of.name} is answered for" if of else "Each force is answered for"
        names = len(own - {None})
        because = "names no force" if not names else "names another force"
        because = "roles name two forces" if names > 1 else f"role {because}"
        return (
            f"{whose} by a finance officer whose role names that force alone, and your {because}."
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


def spokespeople(alliance: Alliance, action: Action) -> dict[int, list[str]]:
    """The names of those who give each force's word by such an action, by force. One query."""
    kinds = [kind for kind, allowed in _ALLOWED.items() if action in allowed]
    roles = Role.objects.filter(
        alliance=alliance, kind__in=kinds, force__isnull=False, user__is_active=True
    ).order_by("user__name", "user_id")
    forces: dict[int, set[int]] = {}
    names: dict[int, str] = {}
    for user_id, name, force_id in roles.values_list("user", "user__name", "force"):
        forces.setdefault(user_id, set()).add(force_id)
        names[user_id] = name
    found: dict[int, list[str]] = {}
    for user_id, named in forces.items():
        if len(named) == 1:
            found.setdefault(next(iter(named)), []).append(names[user_id])
    return found
