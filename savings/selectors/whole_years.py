"""Whole-year amounts under a rule, or between members, that change within the year."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from programmes import words
from savings.engine.periods import first_day, months_of, year_label
from savings.engine.rules import change_days, members_on, rule_on
from savings.inputs import SharingInputs
from savings.models import Amount, Item
from savings.sharing_inputs import read_sharing_inputs


@dataclass(frozen=True)
class WholeYear:
    """An area's whole-year amounts of a year that stay under what held on 1 April.

    `changes_on` is the first day on which another rule or other members would share them.
    """

    area_id: int
    area: str
    year: int
    changes_on: date
    amounts: tuple[Amount, ...]

    @property
    def sentence(self) -> str:
        """Which amounts stay under what held before, and what can be done."""
        names = sorted({amount.item.name for amount in self.amounts})
        listed = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if names[5:] else "")
        return (
            f"{self.area}: {how_much(self.amounts)} of {year_label(self.year)} are entered for the "
            f"whole year ({listed}), so all of it is shared as on 1 April, although what holds "
            f"changes on {words.day(self.changes_on)}. Spread them into months and each is shared by "
            "what holds then."
        )


def how_much(amounts: Iterable[Amount]) -> str:
    """“forecast savings of £600.00, actual costs of £20.00”: each version and kind by itself.

    A grant counts against costs.
    """
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for amount in amounts:
        kind = "savings" if amount.item.kind == Item.Kind.SAVING else "costs"
        sign = -1 if amount.item.kind == Item.Kind.GRANT else 1
        sums[amount.version, kind] += sign * amount.pence
    return ", ".join(
        f"{version.label.lower()} {kind} of {words.pounds(sums[version, kind])}"
        for version in Amount.Version
        for kind in ("costs", "savings")
        if (version, kind) in sums
    )


def under_an_earlier_rule(
    alliance_id: int,
    *,
    area_ids: Collection[int] | None = None,
    year: int | None = None,
    sharing: SharingInputs | None = None,
) -> list[WholeYear]:
    """Each area's year with such amounts, by area and year. One query, and another unless `sharing` is given.

    `sharing` can be what would hold, so that a rule's price says what it leaves as it is. Withdrawn
    areas count, for what was spent is shared.
    """
    found = (
        Amount.objects.typed()
        .filter(alliance_id=alliance_id, whole_year=True)
        .select_related("item__area")
        .order_by("item__area__name", "year", "item__name", "version")
    )
    if area_ids is not None:
        found = found.filter(item__area_id__in=area_ids)
    if year is not None:
        found = found.filter(year=year)
    by_unit: dict[tuple[int, int], list[Amount]] = defaultdict(list)
    for amount in found:
        by_unit[amount.item.area_id, amount.year].append(amount)
    if not by_unit:
        return []
    inputs = sharing or read_sharing_inputs(alliance_id)
    years = []
    for (area_id, of_year), amounts in by_unit.items():
        changes_on = _first_change(inputs, area_id, of_year)
        if changes_on:
            area = amounts[0].item.area
            years.append(WholeYear(area_id, area.name, of_year, changes_on, tuple(amounts)))
    return years


def _first_change(inputs: SharingInputs, area_id: int, year: int) -> date | None:
    """The first day after 1 April on which another rule or other members hold; None if none."""
    rules = inputs.area_rules.get(area_id, ()), inputs.rules
    stays = inputs.area_stays.get(area_id, ()), inputs.stays

    def holds(day: date) -> tuple[object, ...]:
        return rule_on(day, *rules), members_on(day, *stays, inputs.order)

    start = first_day(year)
    within = [day for day in change_days(*rules, *stays) if start < day <= months_of(year)[-1]]
    return next((day for day in within if holds(day) != holds(start)), None)
