"""Writes of several amounts at once: who bore them, a year spread over its months, and back."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from business_areas.models import BusinessArea
from programmes.changes import recorded
from programmes.models import Change, Force, User
from savings.engine.apportion import apportion
from savings.engine.periods import Period, first_day, months_of
from savings.inputs import Unit
from savings.models import Amount
from savings.month_end.locks import check_unlocked, periods_of_actual
from savings.requests import request_units
from savings.rules import beside_refusal
from savings.services import DerivedAmount, check_open


class NotTheseAmounts(ValidationError):
    """The amounts are no longer there as they were shown, or cannot be changed in this way."""


class AlreadyBorne(ValidationError):
    """The force has a part of that amount already, or another without a force is there."""

    def __init__(self, amount: Amount, force: Force | None) -> None:
        whose = f"borne by {force.name}" if force else "that names nobody"
        super().__init__(
            f"{amount.item.name} already has an amount for {amount.period.label} {whose}; "
            "take one of the two away, or leave them as they are."
        )


@recorded(Change.Kind.AMOUNT, of="area")
@transaction.atomic
def name_bearer(
    *,
    area: BusinessArea,
    amounts: Sequence[Amount],
    force: Force | None,
    by: User | None,
    reason: str = "",
) -> list[Amount]:
    """Say which force bore these amounts of the area; None: nobody is known. Its shares stay.

    Raises DerivedAmount, YearIsClosed, or ValidationError where an amount would then count twice.
    """
    found = _held(area, amounts)
    changing = [each for each in found if each.borne_by_id != (force.pk if force else None)]
    if force and force.alliance_id != area.alliance_id:
        raise NotTheseAmounts(f"{force} is of another alliance; choose one of this alliance.")
    _check_beside(changing, force)
    Amount.objects.filter(pk__in=[each.pk for each in changing]).update(borne_by=force)
    _ask(area, found, "Who bore amounts was recorded", by)
    return found


@recorded(Change.Kind.AMOUNT, of="area")
@transaction.atomic
def spread_over_months(
    *, area: BusinessArea, amounts: Sequence[Amount], by: User | None, reason: str = ""
) -> list[Amount]:
    """Put twelve months in place of each whole year; odd pennies in the earlier months.

    Raises DerivedAmount, YearIsClosed, NotTheseAmounts for a month.
    """
    found = _held(area, amounts)
    if not all(amount.whole_year for amount in found):
        raise NotTheseAmounts("Only an amount of a whole year is spread into months.")
    months: list[Amount] = []
    for amount in found:
        parts = apportion(amount.pence, [1] * 12)
        pairs = zip(months_of(amount.year), parts, strict=True)
        months += [_like(amount, starts_on=month, pence=pence) for month, pence in pairs]
    _put(found, months)
    _ask(area, found, "Amounts of a year were spread into months", by)
    return months


@recorded(Change.Kind.AMOUNT, of="area")
@transaction.atomic
def gather_into_years(
    *, area: BusinessArea, amounts: Sequence[Amount], by: User | None, reason: str = ""
) -> list[Amount]:
    """Put one amount of the whole year in place of its months: what undoes spreading it.

    Raises DerivedAmount, YearIsClosed, NotTheseAmounts unless all typed months of a year are given.
    """
    found = _held(area, amounts)
    wholes: dict[tuple[int, str, int, int | None], list[Amount]] = {}
    for amount in found:
        key = (amount.item_id, amount.version, amount.year, amount.borne_by_id)
        wholes.setdefault(key, []).append(amount)
    if any(amount.whole_year for amount in found) or _left_out(found):
        raise NotTheseAmounts("A year is put together from all of its months.")
    years = [
        _like(months[0], starts_on=first_day(year), pence=sum(each.pence for each in months))
        for (_, _, year, _), months in wholes.items()
    ]
    for whole in years:
        whole.whole_year = True
    _put(found, years)
    _ask(area, found, "Months were put together into a year", by)
    return years


@recorded(Change.Kind.AMOUNT, of="area")
@transaction.atomic
def take_away(
    *, area: BusinessArea, amounts: Sequence[Amount], by: User | None, reason: str = ""
) -> None:
    """Take typed amounts away. Raises DerivedAmount, YearIsClosed."""
    found = _held(area, amounts)
    Amount.objects.filter(pk__in=[amount.pk for amount in found]).delete()
    _ask(area, found, "Amounts were taken away", by)


def _held(area: BusinessArea, amounts: Iterable[Amount]) -> list[Amount]:
    """The amounts as they are now, held.

    Raises DerivedAmount, YearIsClosed, MonthIsLocked, NotTheseAmounts.
    """
    ids = {amount.pk for amount in amounts}
    found = list(
        Amount.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=ids, item__area=area)
        .select_related("item", "borne_by")
        .order_by("pk")
    )
    if len(found) < len(ids) or not found:
        raise NotTheseAmounts("Some of these amounts are no longer there; look at the page again.")
    if any(amount.derived for amount in found):
        raise DerivedAmount
    check_open(area.alliance, {amount.year for amount in found})
    check_unlocked(area.alliance, periods_of_actual(found))
    return found


def _left_out(found: Sequence[Amount]) -> bool:
    """Whether an item's year has an amount of the same version that is not among these. One query."""
    beside = Amount.objects.filter(
        item__in={amount.item_id for amount in found}, year__in={amount.year for amount in found}
    ).exclude(pk__in=[amount.pk for amount in found])
    places = {(amount.item_id, amount.version, amount.year) for amount in found}
    return any(place in places for place in beside.values_list("item_id", "version", "year"))


def _check_beside(changing: Sequence[Amount], force: Force | None) -> None:
    """Raise ValidationError where one would count twice once the force bore it. One query."""
    bearer = force.code if force else ""
    items = {amount.item_id for amount in changing}
    beside: dict[tuple[int, str], list[tuple[Period, str]]] = defaultdict(list)
    others = Amount.objects.filter(item__in=items, year__in={each.year for each in changing})
    others = others.exclude(pk__in=[amount.pk for amount in changing])
    for item, version, on, whole, theirs in others.values_list(
        "item_id", "version", "starts_on", "whole_year", "borne_by__code"
    ):
        beside[item, version].append((Period(on, whole), theirs or ""))
    for amount in changing:
        stand = beside[amount.item_id, amount.version]
        if (amount.period, bearer) in stand:
            raise AlreadyBorne(amount, force)
        names_as_before = bool(amount.borne_by_id) == bool(bearer)
        said = beside_refusal(amount.period, bearer, stand, amount.get_version_display())
        if said and not names_as_before:
            raise NotTheseAmounts(f"{amount.item.name}: {said}")
        stand.append((amount.period, bearer))


def _like(amount: Amount, **other: object) -> Amount:
    """An amount of the same item, version and bearer, not saved; a month unless said otherwise."""
    return Amount(
        alliance_id=amount.alliance_id,
        item=amount.item,
        version=amount.version,
        year=amount.year,
        borne_by=amount.borne_by,
        **other,
    )


def _put(old: Sequence[Amount], new: Sequence[Amount]) -> None:
    """The new amounts in place of the old ones, which make room first."""
    Amount.objects.filter(pk__in=[amount.pk for amount in old]).delete()
    for amount in new:
        amount.clean_fields(exclude={"alliance", "item", "borne_by"})  # which are the old ones'
    Amount.objects.bulk_create(new)


def _ask(area: BusinessArea, amounts: Iterable[Amount], cause: str, by: User | None) -> None:
    units = {Unit(area.pk, amount.year) for amount in amounts}
    request_units(alliance=area.alliance, units=units, cause=cause, by=by)
