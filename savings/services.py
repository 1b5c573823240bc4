"""Writes of rules, items and amounts; each asks for the shares it affects in its own transaction."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from programmes.models import Alliance, User
from savings.engine.periods import financial_year_of
from savings.forecasts import derive_forecasts as _derive
from savings.inputs import Unit
from savings.models import Amount, Item, SharingRule, SharingTerm
from savings.requests import request_recompute, request_units

__all__ = [
    "DerivedAmount",
    "delete_amount",
    "delete_item",
    "delete_rule",
    "derive_forecasts",
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


@transaction.atomic
def save_rule(*, rule: SharingRule, terms: Sequence[SharingTerm], by: User | None) -> SharingRule:
    """Write a rule with exactly these terms.

    Raises ValidationError for a rule that does not fit, in particular percentages that do not add
    up to exactly 100. Affects the rule's area, or all areas, from the earlier of its old and new
    start.
    """
    since = rule.effective_on
    before = SharingRule.objects.filter(pk=rule.pk).first() if rule.pk else None
    check_terms(rule, terms)
    rule.full_clean()
    rule.save()
    rule.terms.all().delete()
    for term in terms:
        term.pk = None
        term.rule, term.alliance = rule, rule.alliance
        term.full_clean()
        term.save(force_insert=True)
    areas = {rule.area_id}
    if before is not None:
        since = min(since, before.effective_on)
        areas.add(before.area_id)
    _ask_for_rule(rule.alliance, areas, since, "A sharing rule changed", by)
    return rule


@transaction.atomic
def delete_rule(*, rule: SharingRule, by: User | None) -> None:
    """Take a rule away; the one before it, if any, is in force again."""
    area_id, since = rule.area_id, rule.effective_on
    rule.delete()
    _ask_for_rule(rule.alliance, {area_id}, since, "A sharing rule was taken away", by)


def _ask_for_rule(
    alliance: Alliance, areas: set[int | None], since: date, cause: str, by: User | None
) -> None:
    area_ids = None if None in areas else {area for area in areas if area is not None}
    request_recompute(
        alliance=alliance,
        cause=cause,
        area_ids=area_ids,
        since_year=financial_year_of(since),
        by=by,
    )


def check_terms(rule: SharingRule, terms: Sequence[SharingTerm]) -> None:
    """Raise ValidationError unless the terms fit the rule's method and its decimals."""
    if rule.method == SharingRule.Method.SIZE and not terms:
        raise ValidationError("Name at least one measure to share by.")
    if rule.method == SharingRule.Method.EQUAL and terms:
        raise ValidationError("Equal shares take no measures or percentages.")
    if rule.method == SharingRule.Method.FIXED:
        total = sum((term.percent or 0) for term in terms)
        if total != 100:
            raise ValidationError(
                f"The percentages add up to {total}; they must add up to exactly 100."
            )
        if rule.decimals is not None:
            for term in terms:
                shown = (term.percent or 0) * 10**rule.decimals
                if shown != int(shown):
                    raise ValidationError(
                        f"{term.percent}% has more decimal places than the rule’s {rule.decimals}."
                    )


@transaction.atomic
def save_item(*, item: Item, by: User | None) -> Item:
    """Write an item; its derived forecast follows. Raises ValidationError.

    Affects all years of its area (and of the area it was in before).
    """
    item.full_clean()
    areas = {item.area_id}
    if item.pk:
        areas |= set(Item.objects.filter(pk=item.pk).values_list("area_id", flat=True))
    item.save()
    _derive(alliance=item.alliance, area_ids=[item.area_id])
    request_recompute(
        alliance=item.alliance, cause=f"{item.name} changed", area_ids=areas, by=by
    )
    return item


@transaction.atomic
def delete_item(*, item: Item, by: User | None) -> None:
    """Take an item and its amounts away."""
    alliance, area_id, name = item.alliance, item.area_id, item.name
    years = set(item.amounts.values_list("year", flat=True))
    item.delete()
    request_recompute(
        alliance=alliance, cause=f"{name} was taken away", area_ids=[area_id], years=years, by=by
    )


@transaction.atomic
def save_amount(*, amount: Amount, by: User | None) -> Amount:
    """Write a typed amount. Raises ValidationError, DerivedAmount if the portal derives it."""
    if amount.derived or (
        amount.version == Amount.Version.FORECAST and amount.item.derives_forecast
    ):
        raise DerivedAmount
    amount.alliance_id = amount.item.alliance_id
    amount.year = amount.period.year
    amount.full_clean()
    units = {Unit(amount.item.area_id, amount.year)}
    if amount.pk:
        units |= {
            Unit(area_id, year)
            for area_id, year in Amount.objects.filter(pk=amount.pk).values_list(
                "item__area_id", "year"
            )
        }
    amount.save()
    request_units(
        alliance=amount.item.alliance,
        units=units,
        cause=f"An amount of {amount.item.name} changed",
        by=by,
    )
    return amount


@transaction.atomic
def delete_amount(*, amount: Amount, by: User | None) -> None:
    """Take a typed amount away. Raises DerivedAmount."""
    if amount.derived:
        raise DerivedAmount
    item = amount.item
    unit = Unit(item.area_id, amount.year)
    amount.delete()
    request_units(
        alliance=item.alliance,
        units=[unit],
        cause=f"An amount of {item.name} was taken away",
        by=by,
    )
