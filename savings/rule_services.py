"""Writes of sharing rules; each asks for the shares it affects in its own transaction."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from programmes import words
from programmes.changes import recorded
from programmes.models import Alliance, Change, User
from programmes.recorded import check_revision
from savings import closed
from savings.engine.periods import financial_year_of
from savings.models import SharingRule, SharingTerm
from savings.requests import request_recompute

Method = SharingRule.Method


class RuleWasInForce(ValidationError):
    """What was agreed and held stays on record."""

    def __init__(self, rule: SharingRule) -> None:
        super().__init__(
            f"This rule has been in force since {words.day(rule.effective_on)}, so it stays on record; "
            "set another from a later date, or correct what it says."
        )


class StartsTooLate(ValidationError):
    """A rule that was in force cannot be made one that never was."""

    def __init__(self, rule: SharingRule, today: date) -> None:
        super().__init__(
            {
                "effective_on": f"The rule has been in force since {words.day(rule.effective_on)}, so it "
                f"must begin on {words.day(today)} or earlier; set another rule for later dates."
            }
        )


@recorded(Change.Kind.RULE, of="rule")
@transaction.atomic
def save_rule(
    *,
    rule: SharingRule,
    terms: Sequence[SharingTerm],
    by: User | None,
    seen_revision: int | None = None,
    day: date | None = None,
) -> SharingRule:
    """Write a rule with exactly these terms; a rule that says the same already is left alone.

    `seen_revision` is what the person corrects (None: not asked). Raises StaleEdit, RuleStays,
    StartsTooLate, and ValidationError for a rule that does not fit, in particular percentages that
    do not add up to exactly 100. Affects the rule's area, or all areas, from the earlier of its old
    and new start.
    """
    check_revision(rule, seen_revision)
    before = (
        SharingRule.objects.select_for_update(of=("self",), no_key=True).filter(pk=rule.pk).first()
    )
    check_terms(rule, terms)
    rule.full_clean()
    if before is not None:
        if _content(rule, terms) == _content(before, before.terms.all()):
            return rule
        _check_correction(before, rule, day or _today(rule.alliance))
    rule.save()
    # Every term is written anew, for a correction may bring others; a closed rule never comes here.
    rule.terms.all().delete()
    for term in terms:
        term.pk = None
        term.rule, term.alliance = rule, rule.alliance
        term.full_clean()
        term.save(force_insert=True)
    since, areas = rule.effective_on, {rule.area_id}
    if before is not None:
        since = min(since, before.effective_on)
        areas.add(before.area_id)
    _ask_for_rule(rule.alliance, areas, since, "A sharing rule changed", by)
    return rule


def _check_correction(before: SharingRule, rule: SharingRule, today: date) -> None:
    closed.check_rule(before)
    if before.effective_on <= today < rule.effective_on:
        raise StartsTooLate(before, today)


@recorded(Change.Kind.RULE, of="rule")
@transaction.atomic
def delete_rule(*, rule: SharingRule, by: User | None, day: date | None = None) -> None:
    """Take away a rule that never came into force. Raises RuleWasInForce, RuleStays."""
    closed.check_rule(rule)
    if rule.effective_on <= (day or _today(rule.alliance)):
        raise RuleWasInForce(rule)
    area_id, since = rule.area_id, rule.effective_on
    rule.delete()
    _ask_for_rule(rule.alliance, {area_id}, since, "A sharing rule was taken away", by)


def _today(alliance: Alliance) -> date:
    return alliance.today(timezone.localdate())


def _content(rule: SharingRule, terms: Iterable[SharingTerm]) -> tuple[object, ...]:
    """What a rule says, apart from its identity."""
    said = (rule.area_id, rule.effective_on, rule.method, rule.sizes_as_at, rule.decimals)
    lines = {(term.measure_id, term.weight, term.force_id, term.percent) for term in terms}
    return said, rule.agreed_on, rule.source, lines


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
    if rule.method == Method.EQUAL and terms:
        raise ValidationError("Equal shares take no measures or percentages.")
    if rule.method == Method.ALLIANCE and terms:
        raise ValidationError("The whole alliance’s rule has its own measures or percentages.")
    if rule.method == Method.SIZE:
        if not terms:
            raise ValidationError("Name at least one measure to share by.")
        if any(term.measure_id is None or term.weight is None or term.force_id for term in terms):
            raise ValidationError(
                "A rule by size takes measures, each with its weight, and no forces or percentages."
            )
    if rule.method == Method.FIXED:
        _check_percentages(rule, terms)


def _check_percentages(rule: SharingRule, terms: Sequence[SharingTerm]) -> None:
    given = [term.percent for term in terms if term.percent is not None]
    if len(given) < len(terms) or any(term.force_id is None or term.measure_id for term in terms):
        raise ValidationError(
            "Stated percentages take forces, each with its percentage, and no measures or weights."
        )
    total = sum(given, Decimal(0))
    if total != 100:
        raise ValidationError(
            f"The percentages add up to {total.normalize():f}; they must add up to exactly 100."
        )
    for percent in given:
        shown = percent * 10 ** (6 if rule.decimals is None else rule.decimals)
        if shown != int(shown):
            raise ValidationError(
                f"{percent.normalize():f}% has more decimal places than the rule’s {rule.decimals}."
            )
