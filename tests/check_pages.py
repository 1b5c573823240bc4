"""The check pages whose price is found by making the change, in the alliances of `test_queries`."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pgtrigger
from django.db import transaction
from django.urls import reverse

from alliance_portal.workbook.stored import stored_workbook
from alliance_portal.workbook.writing import as_xlsx
from programmes.models import Alliance
from savings.forecasts import derive_forecasts
from savings.models import Amount, Item, SharingRule
from savings.selectors.amounts_of_year import amounts_of_year
from tests import factories
from tests.laws.doors import EQUAL, Door, on

YEAR = "2016-17"
TOLD = "As the board was told."


def at(alliance: Alliance, name: str, *more: Any) -> str:
    return reverse(name, args=[alliance.code, *more])


def item(alliance: Alliance) -> Item:
    found: Item = Item.objects.select_related("area").get(alliance=alliance, code="cost-area-1")
    return found


def every_amount(alliance: Alliance) -> dict[str, Any]:
    """All of the item's amounts of the year."""
    groups = amounts_of_year(item(alliance).area, 2016)
    mine = [group for group in groups if group.first.item.code == "cost-area-1"]
    return {"amounts": [group.key for group in mine]}


def members(alliance: Alliance) -> Door:
    typed = {"shared_by": "some"}
    for force in alliance.forces.exclude(code="east"):
        typed[f"in_{force.pk}"] = "on"
    return Door(at(alliance, "area-edit", "area-1", "members"), typed)


def closed(alliance: Alliance) -> Door:
    return Door(at(alliance, "area-edit", "area-1", "stage"), {"stage": "CLOSED"})


def brought_back(alliance: Alliance) -> Door:
    alliance.areas.filter(code="area-2").update(stage="WITHDRAWN")
    return Door(at(alliance, "area-edit", "area-2", "stage"), {"stage": "DESIGN"})


def reached(alliance: Alliance) -> Door:
    typed = {**on(date(2016, 7, 1), "to"), "details": TOLD}
    return Door(at(alliance, "programme-date-reached", "board"), typed)


def not_reached(alliance: Alliance) -> Door:
    alliance.milestones.filter(code="board").update(actual_on=date(2016, 7, 1))
    return Door(
        at(alliance, "programme-date-reached-correct", "board"), {"what": "not", "details": TOLD}
    )


def bearer(alliance: Alliance) -> Door:
    typed = {**every_amount(alliance), "force": "south"}
    return Door(at(alliance, "money-bearers", "area-1", YEAR), typed)


def spread(alliance: Alliance) -> Door:
    factories.amount(item=item(alliance), version="FORECAST", whole_year=True, pence=1_200_00)
    typed = every_amount(alliance)
    return Door(at(alliance, "money-spread", "area-1", YEAR), {"amounts": typed["amounts"][-1:]})


def months(alliance: Alliance) -> Door:
    """Further months of each of the area's items."""
    items = Item.objects.filter(area=item(alliance).area)
    cells = {f"c{each.pk}-0-2016{month:02}": "12.50" for each in items for month in range(6, 13)}
    return Door(at(alliance, "money-grid", "area-1", YEAR, "approved"), cells)


def sizes(alliance: Alliance) -> Door:
    """Another figure of each force."""
    measure = alliance.measures.get()
    cells = {
        f"s{size.force_id}-{size.effective_on:%Y%m%d}": str(size.value + 1)
        for size in measure.sizes.all()
    }
    return Door(at(alliance, "money-sizes-grid", measure.pk), {**cells, "source": "July"})


def gathered(alliance: Alliance) -> Door:
    return Door(at(alliance, "money-gather", "area-1", YEAR), every_amount(alliance))


def doubled(alliance: Alliance) -> Door:
    with pgtrigger.ignore("savings.Amount:counts_once"):
        factories.amount(
            item=item(alliance), version="APPROVED", pence=5_00, borne_by=alliance.forces.first()
        )
    first = Amount.objects.filter(item=item(alliance), borne_by=None).order_by("pk")[0]
    groups = amounts_of_year(item(alliance).area, 2016)
    keys = [group.key for group in groups if first in group.amounts]
    return Door(at(alliance, "money-area-doubled", "area-1", YEAR), {"amounts": keys})


def new_item(alliance: Alliance) -> Door:
    milestone = alliance.milestones.get(area__code="area-2").pk
    typed = {
        "name": "New posts",
        "kind": "SAVING",
        "recurrence": "RECURRING",
        "cashable": "CASHABLE",
        "milestone": milestone,
        "full_year_pence": "120000",
        "ramp": "50;100",
    }
    return Door(at(alliance, "money-item-add-area", "area-2"), typed)


def changed_item(alliance: Alliance) -> Door:
    return Door(at(alliance, "money-item-edit", "posts-1"), {"full_year_pence": "54321.00"})


def lost_item(alliance: Alliance) -> Door:
    return Door(at(alliance, "money-item-take-away", "cost-area-1"))


def weights(alliance: Alliance) -> dict[str, str]:
    """No rule by size."""
    return {f"weight_{measure.pk}": "" for measure in alliance.measures.all()}


def rule(alliance: Alliance) -> Door:
    typed = {**on(date(2016, 5, 1), "effective_on"), **EQUAL, **weights(alliance)}
    return Door(at(alliance, "money-rule-set"), typed)


def rule_of_an_area(alliance: Alliance) -> Door:
    door = rule(alliance)
    return Door(at(alliance, "money-rule-set-area", "area-2"), door.typed)


def rule_ended(alliance: Alliance) -> Door:
    typed = {**on(date(2018, 4, 1), "effective_on"), "source": "Minute 14"}
    return Door(at(alliance, "money-rule-end", "area-1"), typed)


def rule_corrected(alliance: Alliance) -> Door:
    number = SharingRule.objects.get(alliance=alliance, area=None).pk
    return Door(at(alliance, "money-rule-correct", number), {**EQUAL, **weights(alliance)})


@transaction.atomic
def rule_taken_away(alliance: Alliance) -> Door:
    number = factories.sharing_rule(alliance=alliance, effective_on=date(2040, 4, 1)).pk
    return Door(at(alliance, "money-rule-take-away", number))


@transaction.atomic
def facts(alliance: Alliance) -> Door:
    """A year more of what is derived, which is written by the thousand."""
    derive_forecasts(alliance=alliance)
    return Door(at(alliance, "settings-facts"), on(date(2022, 3, 31), "target_on"))


def force(alliance: Alliance) -> Door:
    number = alliance.forces.get(code="north").pk
    return Door(at(alliance, "settings-force", number), {"position": "3"})


def new_measure(alliance: Alliance) -> Door:
    return Door(at(alliance, "settings-measure-add"), {"name": "Population"})


def measure(alliance: Alliance) -> Door:
    number = alliance.measures.get().pk
    return Door(at(alliance, "settings-measure", number), {"name": "Officers"})


def new_stay(alliance: Alliance) -> Door:
    stay = alliance.memberships.get(force__code="east")
    alliance.memberships.filter(pk=stay.pk).update(left_on=date(2016, 4, 1))
    typed = {"force": stay.force_id, **on(date(2016, 5, 1), "joined_on")}
    return Door(at(alliance, "settings-stay-add"), typed)


def stay(alliance: Alliance) -> Door:
    number = alliance.memberships.get(force__code="east").pk
    return Door(at(alliance, "settings-stay", number), on(date(2016, 5, 1), "left_on"))


def lost_stay(alliance: Alliance) -> Door:
    number = alliance.memberships.get(force__code="east").pk
    return Door(at(alliance, "settings-stay-gone", number))


def workbook(alliance: Alliance) -> Door:
    """The alliance's own, in which every area has a go-live."""
    factories.milestone(area=alliance.areas.get(code="fleet"))
    return Door(at(alliance, "workbook"), content=as_xlsx(stored_workbook(alliance)))


CHECK_PAGES: dict[str, Callable[[Alliance], Door]] = {
    door.__name__: door
    for door in (
        *(members, closed, brought_back, reached, not_reached, bearer, spread, gathered, doubled),
        *(new_item, changed_item, lost_item, rule, rule_of_an_area, rule_ended, rule_corrected),
        *(rule_taken_away, facts, force, new_measure, measure, new_stay, stay, lost_stay),
        *(workbook, months, sizes),
    )
}
