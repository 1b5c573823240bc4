"""An alliance with money that starts from a go-live, and what is stored of it by force and year."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.test import Client

from business_areas.models import Milestone
from programmes.models import Role, User
from savings import recompute
from savings.forecasts import derive_forecasts
from savings.models import PoolShare
from tests import factories
from tests.scenes import Scene, a_scene

FORECAST_ON = date(2017, 4, 1)
HELD_ON = date(2017, 2, 1)
MILESTONE = "/alliances/hills/areas/fleet/milestones/go-live/"
REASON = f"{MILESTONE}reason/"
TOLD = "The supplier needs a further quarter."


@dataclass(frozen=True)
class Alliance:
    """The scene, its go-live milestone, and two people."""

    scene: Scene
    milestone: Milestone
    alice: User
    bob: User

    def client(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client


def an_alliance() -> Alliance:
    """Odd pence, three forces, a ramp, a one-off cost, a grant, a typed cost; held in February 2017."""
    scene = a_scene()
    scene.alliance.target_on = date(2020, 3, 31)
    scene.alliance.held_on = HELD_ON
    scene.alliance.agreed_on = date(2015, 3, 1)
    scene.alliance.save()
    milestone = factories.milestone(
        area=scene.fleet,
        code="go-live",
        name="Go live",
        baseline_on=FORECAST_ON,
        approved_on=FORECAST_ON,
        forecast_on=FORECAST_ON,
    )
    for code, kind, recurrence, pence, ramp, offset in (
        ("posts", "SAVING", "RECURRING", 123_457, [50, 75, 100], 0),
        ("moving", "COST", "ONE_OFF", 77_777, [100], 1),
        ("fund", "GRANT", "ONE_OFF", 10_001, [100], 0),
    ):
        factories.item(
            area=scene.fleet, code=code, name=code.title(), kind=kind, recurrence=recurrence,
            milestone=milestone, full_year_pence=pence, ramp=ramp, offset_months=offset,
        )  # fmt: skip
    scene.amount(scene.item("parts"), 33_333, date(2017, 6, 1), "FORECAST")
    alice, bob = factories.user(name="Alice"), factories.user(name="Bob")
    for user in (alice, bob):
        factories.role(alliance=scene.alliance, user=user, kind=Role.Kind.PROGRAMME_MANAGER)
    derive_and_share(scene)
    return Alliance(scene, milestone, alice, bob)


def derive_and_share(scene: Scene) -> None:
    """Everything as it is after the worker has run."""
    with transaction.atomic():
        derive_forecasts(alliance=scene.alliance)
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test asked", everything=True)


def net_by_force(scene: Scene) -> dict[tuple[int, str], int]:
    """The stored forecast: savings less costs in pence, by year and force code."""
    totals: dict[tuple[int, str], int] = defaultdict(int)
    rows = PoolShare.objects.filter(pool__alliance=scene.alliance, pool__version="FORECAST")
    for year, kind, code, pence in rows.values_list(
        "pool__year", "pool__kind", "force__code", "pence"
    ):
        totals[year, code] += pence if kind == "SAVING" else -pence
    return totals


def answers(to: date, seen: int, **more: str) -> dict[str, str]:
    """What the price page sends back."""
    return {
        "to": to.isoformat(),
        "provisional": "yes",
        "seen": str(seen),
        "reason": "Technology is not ready",
        "details": TOLD,
        **more,
    }
