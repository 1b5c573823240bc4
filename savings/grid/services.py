"""Writes many months of an area's items at once: typed, pasted or spread, and all of them or none."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from business_areas.models import BusinessArea
from programmes import words
from programmes.changes import recorded
from programmes.models import Change, Force, User
from programmes.recorded import StaleEdit
from programmes.written.limits import MOST_PENCE
from savings.engine.periods import Period, financial_year_of
from savings.inputs import Unit
from savings.models import Amount, Item
from savings.month_end.locks import check_unlocked
from savings.rules import beside_refusal
from savings.services import (
    DerivedAmount,
    ask_for_amounts,
    check_open,
    last_typed_year,
)


class Place(NamedTuple):
    """Where an amount of a month stands: its item, its first day, and who bore it, if anybody."""

    item_id: int
    starts_on: date
    force_id: int | None


Pence = Mapping[Place, int | None]


class CellsMoved(StaleEdit):
    """Somebody else wrote some of the cells first; `theirs` is what these say now, in pence."""

    def __init__(self, area: BusinessArea, theirs: Pence) -> None:
        super().__init__(area)
        self.theirs = theirs


class NotThisCell(ValidationError):
    """A cell cannot be written as it is asked; the sentence names it."""


@recorded(Change.Kind.AMOUNT, of="area", moves_all=True)
@transaction.atomic
def set_months(
    *,
    area: BusinessArea,
    version: str,
    amounts: Pence,
    by: User | None,
    seen: Pence | None = None,
    reason: str = "",
) -> int:
    """Write months of the area's items in one version; None takes an amount away. How many differed.

    `seen` is what the page showed: CellsMoved where a cell says neither that nor what is asked for.
    Raises DerivedAmount, YearIsClosed, MonthIsLocked, NotThisCell. Six queries and the writes.
    """
    items = _items(area, version, amounts)
    stand = _standing(items, version, {financial_year_of(place.starts_on) for place in amounts})
    on_record = {_place(amount): amount for amount in stand if not amount.whole_year}
    now = {place: _pence(on_record.get(place)) for place in amounts}
    moved = {place: now[place] for place in amounts if now[place] != amounts[place]}
    if seen is not None and (
        theirs := {place: pence for place, pence in moved.items() if pence != seen.get(place)}
    ):
        raise CellsMoved(area, theirs)
    years = {financial_year_of(place.starts_on) for place in moved}
    check_open(area.alliance, years)
    if version == Amount.Version.ACTUAL:
        check_unlocked(area.alliance, [Period(place.starts_on) for place in moved])
    if not moved:
        return 0
    _check(items, version, {place: amounts[place] for place in moved}, stand)
    last_year = last_typed_year(area.alliance)
    _write(area, version, {place: amounts[place] for place in moved}, on_record)
    units = {Unit(area.pk, year) for year in years}
    cause = f"{words.counted(len(moved), 'amount')} of {area.name} changed"
    ask_for_amounts(area.alliance, units, last_year, cause, by)
    return len(moved)


def _items(area: BusinessArea, version: str, amounts: Pence) -> dict[int, Item]:
    """The items of the cells. Raises NotThisCell for one of another area, DerivedAmount. One query."""
    wanted = {place.item_id for place in amounts}
    rows = Item.objects.filter(area=area, pk__in=wanted).order_by()
    found = {item.pk: item for item in rows}
    if len(found) < len(wanted):
        raise NotThisCell("Some of these items are no longer there; look at the page again.")
    if version == Amount.Version.FORECAST and any(each.derives_forecast for each in found.values()):
        raise DerivedAmount
    return found


def _standing(items: Collection[int], version: str, years: set[int]) -> list[Amount]:
    """The amounts of these items and years in the version, held. One query."""
    return list(
        Amount.objects.select_for_update(of=("self",), no_key=True)
        .filter(item__in=items, version=version, year__in=years)
        .order_by("pk")
    )


def _check(items: Mapping[int, Item], version: str, moved: Pence, stand: Sequence[Amount]) -> None:
    """Raise NotThisCell where an amount would count twice, is too large, or its actual is in."""
    if version == Amount.Version.FORECAST:
        _check_to_come(items, moved)
    forces = {place.force_id for place in moved if place.force_id}
    known = dict(Force.objects.filter(pk__in=forces).values_list("pk", "alliance_id"))
    on_record = {_place(amount) for amount in stand if not amount.whole_year}
    others: dict[int, list[tuple[Period, str]]] = {}
    for amount in stand:
        if moved.get(_place(amount), 0) is not None or amount.whole_year:
            bearer = str(amount.borne_by_id or "")
            others.setdefault(amount.item_id, []).append((amount.period, bearer))
    label = Amount.Version(version).label
    for place, pence in moved.items():
        item, period = items[place.item_id], Period(place.starts_on)
        if place.force_id and known.get(place.force_id) != item.alliance_id:
            raise NotThisCell("The force is of another alliance; choose one of this alliance.")
        if pence is None:
            continue
        said = ""
        if place not in on_record:
            bearer = str(place.force_id or "")
            said = beside_refusal(period, bearer, others.get(item.pk, ()), label)
            others.setdefault(item.pk, []).append((period, bearer))
        if abs(pence) > MOST_PENCE:
            said = "It is more than £10 trillion: check the number of noughts."
        if said:
            raise NotThisCell(f"{item.name}, {words.month(place.starts_on)}: {said}")


def _check_to_come(items: Mapping[int, Item], moved: Pence) -> None:
    """Raise NotThisCell for the forecast of a month of which the actual is in. One query."""
    made = Amount.objects.filter(
        item__in=items,
        version=Amount.Version.ACTUAL,
        whole_year=False,
        starts_on__in={place.starts_on for place in moved},
    ).values_list("item_id", "starts_on")
    for item_id, starts_on in set(made) & {(each.item_id, each.starts_on) for each in moved}:
        raise NotThisCell(
            f"{items[item_id].name}, {words.month(starts_on)}: the actual is in, so the forecast "
            "stays as it was."
        )


_UPDATE = """
    UPDATE savings_amount a SET pence = n.pence
      FROM unnest(%s::bigint[], %s::bigint[]) AS n(id, pence) WHERE a.id = n.id
"""


def _write(
    area: BusinessArea, version: str, moved: Pence, on_record: Mapping[Place, Amount]
) -> None:
    """Take away, change and add, in this order, so that what goes makes room. Three queries."""
    gone = [on_record[place].pk for place, pence in moved.items() if pence is None]
    if gone:
        Amount.objects.filter(pk__in=gone).delete()
    changed = [
        (on_record[place].pk, pence)
        for place, pence in moved.items()
        if pence is not None and place in on_record
    ]
    if changed:
        with connection.cursor() as cursor:
            cursor.execute(_UPDATE, [list(each) for each in zip(*changed, strict=True)])
    Amount.objects.bulk_create(
        Amount(
            alliance_id=area.alliance_id,
            item_id=place.item_id,
            version=version,
            starts_on=place.starts_on,
            year=financial_year_of(place.starts_on),
            pence=pence,
            borne_by_id=place.force_id,
        )
        for place, pence in moved.items()
        if pence is not None and place not in on_record
    )


def _place(amount: Amount) -> Place:
    return Place(amount.item_id, amount.starts_on, amount.borne_by_id)


def _pence(amount: Amount | None) -> int | None:
    return amount.pence if amount else None
