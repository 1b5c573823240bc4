"""Writes of items and amounts, and of rules; each asks for the shares it affects in its own transaction."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from programmes.changes import recorded
from programmes.models import Alliance, Change, User
from programmes.recorded import check_revision
from savings.engine.periods import Period, financial_year_of, year_label
from savings.forecasts import closed_years
from savings.forecasts import derive_forecasts as _derive
from savings.inputs import Unit
from savings.models import Amount, Item
from savings.month_end.locks import check_unlocked, periods_of_actual
from savings.requests import request_recompute, request_units
from savings.rule_services import RuleWasInForce, StartsTooLate, check_terms, delete_rule, save_rule

__all__ = [
    "DerivedAmount",
    "RuleWasInForce",
    "StartsTooLate",
    "TypedForecast",
    "YearIsClosed",
    "ask_for_amounts",
    "check_open",
    "check_terms",
    "delete_amount",
    "delete_item",
    "delete_rule",
    "derive_forecasts",
    "last_typed_year",
    "request_recompute",
    "save_amount",
    "save_item",
    "save_rule",
]


class DerivedAmount(ValidationError):
    """The portal works this forecast out itself; it is not typed."""

    def __init__(self) -> None:
        super().__init__(
            "The portal works this forecast out from the go-live date and the ramp; "
            "change those, or take the ramp off the item first."
        )


class YearIsClosed(ValidationError):
    """A closed year's amounts, and what they were shared by, stay as they are."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"{year_label(year)} is closed, so nothing in it changes; "
            "put what came to light later into an open year."
        )


class TypedForecast(ValidationError):
    """A forecast is either typed or worked out from a ramp, not both."""

    def __init__(self) -> None:
        super().__init__(
            "This item has forecast amounts that were typed; take them away before giving it a ramp."
        )


@transaction.atomic
def derive_forecasts(
    *,
    alliance: Alliance,
    area_ids: Iterable[int] | None = None,
    cause: str = "A date moved",
    by: User | None = None,
) -> int:
    """Bring derived forecasts up to date and ask for the shares they change; how many area years."""
    touched = _derive(alliance=alliance, area_ids=area_ids)
    request_units(alliance=alliance, units=touched, cause=cause, by=by)
    return len(touched)


@recorded(Change.Kind.ITEM, of="item")
@transaction.atomic
def save_item(*, item: Item, by: User | None, seen_revision: int | None = None) -> Item:
    """Write an item; its derived forecast follows. Raises StaleEdit, ValidationError.

    Affects the years that its forecast changes; all years of its area (and of the area it was in
    before) if its area, kind or code changes, the last because lines are in its order. Raises
    TypedForecast.
    """
    check_revision(item, seen_revision)
    item.full_clean()
    if item.pk and item.derives_forecast:
        typed = item.amounts.typed().filter(version=Amount.Version.FORECAST)
        if typed.exists():
            raise TypedForecast
    before = Item.objects.filter(pk=item.pk).values_list("area_id", "kind", "code").first()
    if before is not None and before != (item.area_id, item.kind, item.code):
        check_open(item.alliance, item.amounts.values_list("year", flat=True))
        check_unlocked(item.alliance, _actual_periods(item))
    item.save()
    cause = f"{item.name} changed"
    derived = _derive(alliance=item.alliance, area_ids=[item.area_id])
    if before is None or before == (item.area_id, item.kind, item.code):
        request_units(alliance=item.alliance, units=derived, cause=cause, by=by)
    else:
        areas = {before[0], item.area_id}
        request_recompute(alliance=item.alliance, cause=cause, area_ids=areas, by=by)
    return item


@recorded(Change.Kind.ITEM, of="item")
@transaction.atomic
def delete_item(*, item: Item, by: User | None, seen_revision: int | None = None) -> None:
    """Take an item and its amounts away. Raises StaleEdit, YearIsClosed."""
    check_revision(item, seen_revision)
    alliance, cause = item.alliance, f"{item.name} was taken away"
    check_open(alliance, item.amounts.values_list("year", flat=True))
    check_unlocked(alliance, _actual_periods(item))
    units = {Unit(item.area_id, year) for year in item.amounts.values_list("year", flat=True)}
    last_year = last_typed_year(alliance)
    item.delete()
    ask_for_amounts(alliance, units, last_year, cause, by)


def _actual_periods(item: Item) -> list[Period]:
    """The periods of the item's actual amounts. One query."""
    actual = item.amounts.filter(version=Amount.Version.ACTUAL).order_by()
    return [Period(*each) for each in actual.values_list("starts_on", "whole_year")]


def check_open(alliance: Alliance, years: Iterable[int]) -> None:
    """Raise YearIsClosed if any of these financial years is. One query."""
    closed = closed_years(alliance.pk) & set(years)
    if closed:
        raise YearIsClosed(min(closed))


@recorded(Change.Kind.AMOUNT, of="amount")
@transaction.atomic
def save_amount(*, amount: Amount, by: User | None) -> Amount:
    """Write a typed amount. Raises ValidationError, DerivedAmount if the portal derives it, MonthIsLocked."""
    if amount.derived or (
        amount.version == Amount.Version.FORECAST and amount.item.derives_forecast
    ):
        raise DerivedAmount
    alliance = amount.item.alliance
    amount.alliance = alliance
    amount.year = financial_year_of(amount.starts_on)
    amount.full_clean()
    before = Amount.objects.filter(pk=amount.pk).select_related("item").first()
    both = [each for each in (amount, before) if each is not None]
    check_open(alliance, {each.year for each in both})
    check_unlocked(alliance, periods_of_actual(both))
    units = {Unit(each.item.area_id, each.year) for each in both}
    last_year = last_typed_year(alliance)
    amount.save()
    ask_for_amounts(alliance, units, last_year, f"An amount of {amount.item.name} changed", by)
    return amount


@recorded(Change.Kind.AMOUNT, of="amount")
@transaction.atomic
def delete_amount(*, amount: Amount, by: User | None) -> None:
    """Take a typed amount away. Raises DerivedAmount."""
    if amount.derived:
        raise DerivedAmount
    item = amount.item
    check_open(item.alliance, {amount.year})
    check_unlocked(item.alliance, periods_of_actual([amount]))
    unit = Unit(item.area_id, amount.year)
    last_year = last_typed_year(item.alliance)
    amount.delete()
    cause = f"An amount of {item.name} was taken away"
    ask_for_amounts(item.alliance, {unit}, last_year, cause, by)


def last_typed_year(alliance: Alliance) -> int | None:
    """Derived forecasts run to the end of this year, if that is later than the target. One query."""
    typed = Amount.objects.filter(alliance=alliance).typed()
    last: int | None = typed.aggregate(Max("year"))["year__max"]
    return last


def ask_for_amounts(
    alliance: Alliance, units: set[Unit], last_year: int | None, cause: str, by: User | None
) -> None:
    """Ask for `units`, and for the forecasts that now run longer or shorter than to `last_year`."""
    if last_typed_year(alliance) != last_year:
        units = units | _derive(alliance=alliance)
    request_units(alliance=alliance, units=units, cause=cause, by=by)
