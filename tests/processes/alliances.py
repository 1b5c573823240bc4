"""An alliance with a bit of everything, worked out."""

from datetime import date

from django.db import transaction

from business_areas.models import Milestone
from savings import recompute
from savings.forecasts import derive_forecasts
from tests.scenes import Scene, a_scene


def an_alliance(code: str) -> Scene:
    """Two areas with costs, savings, a grant, actuals by month and a forecast that is derived."""
    scene = a_scene(code)
    for area in (scene.fleet, scene.area("dogs")):
        for kind in ("COST", "SAVING", "GRANT"):
            item = scene.item(f"{area.code}-{kind.lower()}", kind, area)
            for number in range(12):
                year, month = divmod(number + 3, 12)
                scene.amount(item, 10_01 * (number + 1), date(2016 + year, month + 1, 1))
            scene.amount(item, 99_99, 2017, "FORECAST")
        derived = scene.item(f"{area.code}-derived", "SAVING", area)
        derived.milestone = Milestone.objects.create(
            alliance=scene.alliance,
            area=area,
            code="go-live",
            name="Go-live",
            kind="GO_LIVE",
            baseline_on=date(2016, 6, 1),
        )
        derived.full_year_pence, derived.ramp = 1_000_00, [50, 100]
        derived.save()
    with transaction.atomic():
        derive_forecasts(alliance=scene.alliance)
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)
    return scene
