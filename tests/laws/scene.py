"""An alliance with a bit of everything, and dates, money and people to change."""

from datetime import date

from django.db import transaction

from business_areas.models import Milestone
from programmes.models import Alliance
from savings import services
from savings.forecasts import derive_forecasts
from savings.models import Item
from tests.processes.alliances import an_alliance


@transaction.atomic
def an_alliance_to_change(code: str) -> Alliance:
    """Held in September 2016; its areas' go-lives, a review and the programme's end have money."""
    scene = an_alliance(code)
    alliance = scene.alliance
    alliance.held_on, alliance.target_on = date(2016, 9, 1), date(2018, 3, 31)
    alliance.save()
    for area, kind, name in ((scene.fleet, "REVIEW", "Review"), (None, "OTHER", "End")):
        milestone = Milestone.objects.create(
            alliance=alliance,
            area=area,
            code=name.lower(),
            name=name,
            kind=kind,
            baseline_on=date(2017, 1, 1),
            approved_on=date(2017, 1, 1),
        )
        Item.objects.create(
            alliance=alliance,
            area=scene.fleet,
            code=f"from-{name.lower()}",
            name=f"From {name}",
            kind="COST",
            recurrence="ONE_OFF",
            milestone=milestone,
            full_year_pence=77_777,
            ramp=[100],
        )
    derive_forecasts(alliance=alliance)
    services.request_recompute(alliance=alliance, cause="A test asked")
    return alliance
