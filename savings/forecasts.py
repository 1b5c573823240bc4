"""Forecasts that the portal derives from a milestone's date, a full-year value and a ramp."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

from django.db.models import Max

from business_areas.models import BusinessArea
from programmes.changes import hold
from programmes.models import Alliance
from savings.engine.periods import add_months, financial_year_of, last_day
from savings.engine.ramp import monthly_forecast
from savings.inputs import Unit
from savings.models import Amount, FinancialYear, Item


class Ramped(Protocol):
    """What a forecast is derived from, on record or as it would be."""

    @property
    def derives_forecast(self) -> bool: ...
    @property
    def full_year_pence(self) -> int | None: ...
    @property
    def ramp(self) -> Sequence[int]: ...
    @property
    def offset_months(self) -> int: ...
    @property
    def recurrence(self) -> str: ...


def derive_forecasts(*, alliance: Alliance, area_ids: Iterable[int] | None = None) -> set[Unit]:
    """Bring the derived amounts of these areas (None: all) up to date; the areas' years that changed.

    A withdrawn area has none; closed years stay as they are. Only rows that differ are written. Five
    queries and the writes. Run
    it in the transaction that changed an item, a milestone's date, a stage or the alliance's target.
    """
    # One at a time, or one who moves a date and one who changes a ramp would each derive from what
    # the other has not yet saved.
    alliance = hold(alliance)
    items = Item.objects.filter(alliance=alliance).select_related("milestone", "area")
    if area_ids is not None:
        items = items.filter(area_id__in=list(area_ids))
    until = horizon(alliance)
    closed = closed_years(alliance.pk)
    stored: dict[int, dict[date, Amount]] = {}
    for row in Amount.objects.filter(item__in=items, derived=True):
        stored.setdefault(row.item_id, {})[row.starts_on] = row
    new: list[Amount] = []
    changed: list[Amount] = []
    gone: list[Amount] = []
    touched: set[Unit] = set()
    for item in items:
        is_withdrawn = item.area.stage == BusinessArea.Stage.WITHDRAWN
        from_on = item.milestone.expected_on if item.milestone and not is_withdrawn else None
        wanted = derived_amounts(item, from_on, until)
        have = stored.get(item.pk, {})
        for starts_on in wanted.keys() | have.keys():
            if financial_year_of(starts_on) in closed:
                continue
            if starts_on not in have:
                new.append(_amount(item, starts_on, wanted[starts_on]))
            elif starts_on not in wanted:
                gone.append(have[starts_on])
            elif have[starts_on].pence != wanted[starts_on]:
                have[starts_on].pence = wanted[starts_on]
                changed.append(have[starts_on])
            else:
                continue
            touched.add(Unit(item.area_id, financial_year_of(starts_on)))
    Amount.objects.filter(pk__in=[amount.pk for amount in gone]).delete()
    Amount.objects.bulk_update(changed, ["pence"], batch_size=1000)
    Amount.objects.bulk_create(new, batch_size=1000)
    return touched


def closed_years(alliance_id: int) -> set[int]:
    """The financial years that are closed. One query."""
    years = FinancialYear.objects.filter(alliance_id=alliance_id, closed_at__isnull=False)
    return set(years.values_list("year", flat=True))


def horizon(alliance: Alliance) -> date:
    """The last day of recurring forecasts: of the target's year, or the last with a typed amount."""
    typed = Amount.objects.filter(alliance=alliance).typed().aggregate(Max("year"))["year__max"]
    return horizon_after(alliance, typed)


def horizon_after(alliance: Alliance, typed: int | None) -> date:
    """The same, where the last year with a typed amount is known already."""
    target = financial_year_of(alliance.target_on) if alliance.target_on else None
    return last_day(max((year for year in (typed, target) if year is not None), default=1900))


def derived_amounts(item: Ramped, from_on: date | None, until: date) -> dict[date, int]:
    """The item's forecast by month, in pence, if its milestone is reached on `from_on`.

    Empty for an item that derives none and for a milestone without a date.
    """
    if not item.derives_forecast or from_on is None:
        return {}
    assert item.full_year_pence is not None
    return dict(
        monthly_forecast(
            full_year_pence=item.full_year_pence,
            ramp=item.ramp,
            starts_on=add_months(from_on, item.offset_months),
            until=until,
            one_off=item.recurrence == Item.Recurrence.ONE_OFF,
        )
    )


def _amount(item: Item, starts_on: date, pence: int) -> Amount:
    return Amount(
        alliance_id=item.alliance_id,
        item=item,
        version=Amount.Version.FORECAST,
        starts_on=starts_on,
        year=financial_year_of(starts_on),
        pence=pence,
        derived=True,
    )
