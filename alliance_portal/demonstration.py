"""The people of the demonstration, who sign in to the sample alliances."""

import csv
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone

from alliance_portal import env
from business_areas.models import BusinessArea
from business_areas.services.many import change_many, plan_owner
from programmes.models import Alliance, Force, Role, User

SAMPLES = Path(__file__).resolve().parent / "samples"
SAMPLE_CODES = ("devon-cornwall-dorset", "east-midlands")
ADMINISTRATOR = "ADMINISTRATOR"
PUBLISHED_PASSWORD = "alliance-demo"  # noqa: S105 (in the README of every copy of the portal)


class NoDemonstrationHere(Exception):
    """The portal is not for demonstration: no sample and no demo user may be made in it."""


@dataclass(frozen=True)
class DemoUser:
    """A row of `demo_users.csv`: a person and the one role they have."""

    email: str
    name: str
    role: str
    alliance: str
    force: str

    @property
    def is_administrator(self) -> bool:
        """True if the person uses the administration site and belongs to no alliance."""
        return self.role == ADMINISTRATOR


def demo_users() -> tuple[DemoUser, ...]:
    """Everyone in `demo_users.csv`, in its order."""
    with (SAMPLES / "demo_users.csv").open(encoding="utf-8", newline="") as file:
        return tuple(DemoUser(**row) for row in csv.DictReader(file))


def password() -> str:
    """What new demo users sign in with."""
    return env.text("DEMO_PASSWORD", PUBLISHED_PASSWORD)


def refuse_unless_wanted() -> None:
    """Raises NoDemonstrationHere unless the portal is for demonstration."""
    if not settings.DEMO:
        raise NoDemonstrationHere(
            "Samples and demo users are made only in the embedded database of bin/start, or with "
            "DEMO=1: everybody knows their password."
        )


def open_doors() -> list[str]:
    """The addresses of demo users who can sign in with the demo password, in order. One query."""
    emails = [person.email for person in demo_users()]
    users = User.objects.filter(email__in=emails, is_active=True).order_by("email")
    opened: dict[str, bool] = {}
    for user in users:  # users made together share one hash, and testing one takes long
        if user.password not in opened:
            opened[user.password] = any(
                check_password(known, user.password) for known in {PUBLISHED_PASSWORD, password()}
            )
    return [user.email for user in users if opened[user.password]]


def close_doors() -> int:
    """Keep those demo users from signing in; how many."""
    return User.objects.filter(email__in=open_doors()).update(is_active=False)


@transaction.atomic
def make_users(*, password: str) -> int:
    """Make those demonstration users that are not there yet, each with a role; how many are new.

    A user who is there already keeps their password and name. The sample alliances must be loaded.
    """
    made = 0
    hashed = make_password(password)
    for person in demo_users():
        user, is_new = User.objects.get_or_create(
            email=person.email,
            defaults={
                "name": person.name,
                "password": hashed,
                "is_staff": person.is_administrator,
                "is_superuser": person.is_administrator,
            },
        )
        made += is_new
        if not person.is_administrator:
            _give_role(user, person)
    return made


def give_areas(code: str) -> int:
    """Have an alliance's demonstration manager own the areas in preparation; how many they are now.

    Areas that are live, only proposed, or owned by somebody are left as they are.
    """
    manager = User.objects.get(
        roles__alliance__code=code,
        roles__kind=Role.Kind.PROGRAMME_MANAGER,
        email__in=[person.email for person in demo_users()],
    )
    alliance = Alliance.objects.get(code=code)
    stages = BusinessArea.Stage
    areas = list(
        BusinessArea.objects.filter(alliance=alliance, owner=None)
        .exclude(stage__in=[stages.LIVE, stages.PROPOSED, stages.WITHDRAWN])
        .select_related("alliance", "owner")
        .order_by("pk")
    )
    return change_many(
        alliance=alliance,
        planned=plan_owner(areas, manager),
        seen={area.code: area.revision for area in areas},
        values={"owner": manager},
        by=manager,
        day=timezone.localdate(),
    )


def _give_role(user: User, person: DemoUser) -> None:
    alliance = Alliance.objects.get(code=person.alliance)
    force = Force.objects.get(alliance=alliance, code=person.force) if person.force else None
    Role.objects.get_or_create(alliance=alliance, user=user, kind=person.role, force=force)
