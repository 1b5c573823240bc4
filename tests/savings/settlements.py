"""A small alliance with a year that was paid and banked, to settle."""

from datetime import date
from typing import Any

from programmes.models import Alliance
from savings import recompute
from savings.models import Amount
from tests import factories

APRIL = date(2016, 4, 1)


def the_hills() -> Alliance:
    """Two forces that share equally. North paid £100 for dogs, South £40 of fleet’s £100.

    Nobody is named for £60 of fleet's. South banked all of £10 that dogs saved.
    """
    alliance = factories.alliance(
        code="hills", name="Hills", held_on=date(2017, 12, 31), data_note="Invented."
    )
    north, south = (
        factories.force(
            alliance=alliance,
            code=code,
            name=f"{code.title()} Police",
            commissioner=f"Commissioner for {code.title()}",
        )
        for code in ("north", "south")
    )
    for force in (north, south):
        factories.membership(alliance=alliance, force=force)
    factories.sharing_rule(alliance=alliance, method="EQUAL", effective_on=date(2015, 4, 1))
    for version in ("ACTUAL", "FORECAST"):
        dogs = cost(alliance, "dogs")
        amount(dogs, 100_00, version, borne_by=north)
        fleet = cost(alliance, "fleet")
        amount(fleet, 40_00, version, borne_by=south)
        amount(fleet, 60_00, version, date(2016, 5, 1))
    saving = factories.item(area=dogs.area, kind="SAVING")
    amount(saving, 10_00, "ACTUAL", borne_by=south)
    work_out(alliance)
    return alliance


def cost(alliance: Alliance, code: str) -> Any:
    area = alliance.areas.filter(code=code).first() or factories.area(
        alliance=alliance, name=code.title(), code=code
    )
    return area.items.filter(kind="COST").first() or factories.item(area=area, kind="COST")


def amount(
    item: Any, pence: int, version: str = "ACTUAL", starts_on: date = APRIL, **more: Any
) -> Amount:
    return factories.amount(item=item, version=version, starts_on=starts_on, pence=pence, **more)


def work_out(alliance: Alliance) -> None:
    recompute.bring_up_to_date(alliance_id=alliance.pk, cause="A test", everything=True)


def name_everyone(alliance: Alliance) -> None:
    """North turns out to have paid the £60."""
    north = alliance.forces.get(code="north")
    for each in Amount.objects.filter(alliance=alliance, borne_by=None):
        each.borne_by = north
        each.save()
