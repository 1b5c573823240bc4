"""Every input of the shares, what a change of it affects, and how each door makes the change.

The alliance is the small workbook with a few amounts more; each change is made to it as loaded.
"""

import copy
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from alliance_portal.workbook.loading import load
from business_areas import services as areas
from business_areas.models import AreaMembership, BusinessArea, Milestone
from programmes import services as programmes
from programmes.models import Alliance, Force, Membership, SizeMeasure, User
from savings import services
from savings.models import Amount, Item, SharingRule, SharingTerm
from tests.alliance_portal.workbook.books import SMALL, Sheets, as_folder
from tests.saving import saved

# Two areas, each with money in two years; Dogs has percentages and a forecast of its own.
BOOK: Sheets = {
    **SMALL,
    "amounts": [
        *SMALL["amounts"],
        ["fleet-parts", "actual", "2017-06", "100.01", ""],
        ["dogs-move", "actual", "2016-05", "33.33", ""],
    ],
    "area_members": [["area", "force", "joined_on", "left_on"]],
}
EVERY = {("fleet", 2016), ("fleet", 2017), ("dogs", 2016), ("dogs", 2017)}
DOGS = {("dogs", 2016), ("dogs", 2017)}


@dataclass(frozen=True)
class Change:
    """A change of one input: what it affects, and how each door makes it."""

    name: str
    affects: set[tuple[str, int]]
    in_workbook: Callable[[Sheets], object]
    by_service: Callable[[User], object]
    on_page: Callable[[Client], object] | None = None

    def through(self, door: str, client: Client, boss: User, folder: Path) -> None:
        """Make the change; a door may refuse to make the same one again."""
        if door == "page":
            assert self.on_page
            self.on_page(client)
        elif door == "service":
            with suppress(ValidationError):
                self.by_service(boss)
        else:
            sheets = copy.deepcopy(BOOK)
            self.in_workbook(sheets)
            path = as_folder(sheets, folder)
            if door == "workbook":
                load(path)
            else:
                call_command("load_alliance", str(path), verbosity=0)


def north() -> Force:
    return Force.objects.get(code="north-police")


def south() -> Force:
    return Force.objects.get(code="south-police")


def dogs() -> BusinessArea:
    return BusinessArea.objects.get(code="dogs")


def only(model: Any, **of: Any) -> Any:
    return model.objects.get(**of)


def having(row: Any, **values: Any) -> Any:
    """The row with other values, not saved."""
    for name, value in values.items():
        setattr(row, name, value)
    return row


def put(sheet: str, row: int, at: int, cell: str) -> Callable[[Sheets], object]:
    """A change of one cell."""
    return lambda sheets: sheets[sheet][row].__setitem__(at, cell)


def add(sheet: str, *row: str) -> Callable[[Sheets], object]:
    return lambda sheets: sheets[sheet].append(list(row))


OFFICERS = "Officers (FTE)"
APRIL_2017 = date(2017, 4, 1)
NEW_SIZE = {"value": "1300.5", "source": "Home Office, 2017"}


def size_on_the_page(client: Client) -> None:
    answer = saved(
        client,
        reverse("money-sizes-record", args=["north"]),
        {
            "measure": only(SizeMeasure).pk,
            "effective_on_day": "1",
            "effective_on_month": "4",
            "effective_on_year": "2017",
            f"size-{south().code}": NEW_SIZE["value"],
            "source": NEW_SIZE["source"],
            "check-sure": "on",
        },
    )
    assert answer.status_code == 302


def size_by_service(by: User) -> None:
    programmes.record_size(
        force=south(),
        measure=only(SizeMeasure),
        effective_on=APRIL_2017,
        value=Decimal("1300.5"),
        source=NEW_SIZE["source"],
        by=by,
    )


def percentages(first: str, second: str) -> list[SharingTerm]:
    return [
        SharingTerm(force=north(), percent=Decimal(first)),
        SharingTerm(force=south(), percent=Decimal(second)),
    ]


def dogs_rule() -> SharingRule:
    rule: SharingRule = only(SharingRule, area=dogs())
    return rule


def percentages_in_workbook(sheets: Sheets) -> None:
    sheets["sharing_rules"][2][7], sheets["sharing_rules"][3][7] = "50", "50"


def new_rule(by: User) -> None:
    rule = SharingRule(alliance=only(Alliance), effective_on=APRIL_2017, method="EQUAL")
    services.save_rule(rule=rule, terms=[], by=by)


def order_in_workbook(sheets: Sheets) -> None:
    header, first, second = sheets["forces"]
    sheets["forces"] = [header, second, first]


def go_live() -> Milestone:
    milestone: Milestone = only(Milestone, area=dogs())
    return milestone


def parts_of_april() -> Amount:
    amount: Amount = only(
        Amount, item__code="fleet-parts", starts_on=date(2016, 4, 1), version="ACTUAL"
    )
    return amount


def kennels() -> Item:
    item: Item = only(Item, code="dogs-kennels")
    return item


CHANGES = [
    Change(
        "size",
        {("fleet", 2017), ("dogs", 2017)},
        add("force_sizes", "south-police", OFFICERS, "2017-04-01", *NEW_SIZE.values()),
        size_by_service,
        size_on_the_page,
    ),
    Change(
        "percentages",
        DOGS,
        percentages_in_workbook,
        lambda by: services.save_rule(rule=dogs_rule(), terms=percentages("50", "50"), by=by),
    ),
    Change(
        "new rule",
        {("fleet", 2017), ("dogs", 2017)},
        add("sharing_rules", "", "2017-04-01", "equal", "", "", "", "", ""),
        new_rule,
    ),
    Change(
        "membership",
        EVERY,
        put("members", 2, 1, "2016-05-01"),
        lambda by: programmes.save_membership(
            membership=having(only(Membership, force=south()), joined_on=date(2016, 5, 1)), by=by
        ),
    ),
    Change(
        "area membership",
        DOGS,
        add("area_members", "dogs", "north-police", "", ""),
        lambda by: areas.save_area_membership(
            membership=AreaMembership(alliance=only(Alliance), area=dogs(), force=north()), by=by
        ),
    ),
    Change(
        "order of forces",
        EVERY,
        order_in_workbook,
        lambda by: programmes.save_force(force=having(south(), position=1), by=by),
    ),
    Change(
        "milestone date",
        {("dogs", 2017)},
        put("milestones", 2, 5, "2017-08-15"),
        lambda by: areas.save_milestone(
            milestone=having(go_live(), forecast_on=date(2017, 8, 15)), reason="Late", by=by
        ),
    ),
    Change(
        "item",
        {("dogs", 2017)},
        put("items", 2, 7, "2400.00"),
        lambda by: services.save_item(item=having(kennels(), full_year_pence=240_000), by=by),
    ),
    Change(
        "kind of an item",
        DOGS,
        put("items", 3, 3, "grant"),
        lambda by: services.save_item(
            item=having(only(Item, code="dogs-move"), kind="GRANT"), by=by
        ),
    ),
    Change(
        "amount",
        {("fleet", 2016)},
        put("amounts", 1, 3, "1234.51"),
        lambda by: services.save_amount(amount=having(parts_of_april(), pence=123_451), by=by),
    ),
    Change(
        "amount beyond the target",
        {("fleet", 2018), ("dogs", 2018)},
        add("amounts", "fleet-parts", "approved", "2018/19", "7.00", ""),
        lambda by: services.save_amount(
            amount=Amount(
                item=only(Item, code="fleet-parts"),
                version="APPROVED",
                starts_on=date(2018, 4, 1),
                whole_year=True,
                pence=700,
            ),
            by=by,
        ),
    ),
    Change(
        "target date",
        {("dogs", 2018)},
        put("alliance", 1, 2, "2019-03-31"),
        lambda by: programmes.save_alliance(
            alliance=having(only(Alliance), target_on=date(2019, 3, 31)), by=by
        ),
    ),
]
