"""Sharing rules as they are read: which holds from when to when, what it says, and what it lacks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import F, OuterRef, Prefetch, Subquery

from business_areas.models import BusinessArea
from programmes import words
from programmes.models import Alliance, Change
from savings.engine.periods import financial_year_of, first_day, year_label
from savings.engine.rules import Rule, members_on, rule_on
from savings.engine.withheld import Withheld
from savings.inputs import SharingInputs
from savings.models import SharingRule, SharingTerm
from savings.selectors.whole_years import how_much, under_an_earlier_rule
from savings.sharing_inputs import read_sharing_inputs

_ENDED = (BusinessArea.Stage.CLOSED, BusinessArea.Stage.WITHDRAWN)
_TERMS = SharingTerm.objects.select_related("measure", "force").order_by(
    "force__position", "measure__name", "pk"
)


@dataclass(frozen=True)
class RuleRow:
    """A rule on the list; `until` is the day on which the next of its scope begins."""

    rule: SharingRule
    until: date | None
    today: date

    @property
    def has_begun(self) -> bool:
        """Whether it is or was in force."""
        return self.rule.effective_on <= self.today

    @property
    def is_over(self) -> bool:
        """Whether another has taken its place."""
        return self.until is not None and self.until <= self.today

    @property
    def is_own(self) -> bool:
        """Whether it is an area's own, and not the end of one."""
        return bool(self.rule.area_id) and self.rule.method != SharingRule.Method.ALLIANCE

    @property
    def state(self) -> str:
        """In force, not yet, or no longer."""
        if self.is_over:
            return "No longer in force"
        return "In force" if self.has_begun else "Not yet in force"


def rules_on_record(alliance: Alliance, today: date) -> list[RuleRow]:
    """The alliance's own rules first, then the areas', oldest first. Two queries.

    The parts of each stand in the agreed order of forces, and measures by name.
    """
    rules = (
        SharingRule.objects.filter(alliance=alliance)
        .select_related("area")
        .prefetch_related(Prefetch("terms", _TERMS))
        .order_by(F("area__name").asc(nulls_first=True), F("area_id"), "effective_on")
    )
    rows = []
    for _, of_scope in groupby(rules, key=lambda rule: rule.area_id):
        found = list(of_scope)
        ends = [*(rule.effective_on for rule in found[1:]), None]
        rows += [RuleRow(rule, end, today) for rule, end in zip(found, ends, strict=True)]
    return rows


def changes_of_rules(alliance: Alliance, latest: int) -> Sequence[Change]:
    """The newest changes of rules on record. One query."""
    changes = Change.objects.filter(alliance=alliance, kind=Change.Kind.RULE)
    return list(changes.select_related("made_by").order_by("-pk")[:latest])


def in_words(rule: SharingRule, terms: Iterable[SharingTerm]) -> str:
    """What a rule says in a few words: “From 1 April 2015, by size: Police officers (FTE) …”."""
    parts = [
        f"{term.measure.name} (weight {term.weight.normalize():f})"
        if term.measure and term.weight is not None
        else f"{term.force.name if term.force else ''} {(term.percent or Decimal(0)).normalize():f}%"
        for term in terms
    ]
    what = f"{rule.get_method_display().lower()}{': ' if parts else ''}{', '.join(parts)}"
    return f"From {words.day(rule.effective_on)}, {what}"


def before_last_change(rule: SharingRule) -> tuple[SharingRule, list[SharingTerm]] | None:
    """What the rule said before it was last corrected, not saved; None if never. Three queries."""
    events: Any = SharingRule.pgh_event_model.objects.filter(pgh_obj=rule.pk)  # type: ignore[attr-defined]
    of_terms: Any = SharingTerm.pgh_event_model.objects.filter(rule_id=rule.pk)  # type: ignore[attr-defined]
    moments: list[datetime] = [
        *events.values_list("pgh_created_at", flat=True),
        *of_terms.values_list("pgh_created_at", flat=True),
    ]
    moment = max(moments)
    earlier = events.filter(pgh_created_at__lt=moment).order_by("-pgh_id").first()
    if earlier is None:
        return None
    stood = SharingRule(
        **{
            field.attname: getattr(earlier, field.attname)
            for field in SharingRule._meta.concrete_fields  # noqa: SLF001
        }
    )
    newest: dict[int, Any] = {}
    for event in of_terms.filter(pgh_created_at__lt=moment).order_by("pgh_id"):
        newest[event.id] = event
    terms = [
        SharingTerm(
            measure_id=event.measure_id,
            weight=event.weight,
            force_id=event.force_id,
            percent=event.percent,
        )
        for event in newest.values()
        if event.pgh_label != "delete"
    ]
    return stood, terms


def coverage(rule: SharingRule) -> str:
    """How many areas the rule is for on its first day, in a sentence; of the alliance's, one query."""
    if rule.area:
        return f"It covers one area, {rule.area.name}."
    begun = SharingRule.objects.filter(
        area=OuterRef("pk"), effective_on__lte=rule.effective_on
    ).order_by("-effective_on")
    areas = BusinessArea.objects.filter(alliance_id=rule.alliance_id).exclude(stage__in=_ENDED)
    methods = list(areas.values_list(Subquery(begun.values("method")[:1]), flat=True))
    own = sum(method not in (None, SharingRule.Method.ALLIANCE) for method in methods)
    said = f"On its first day it covers {words.counted(len(methods) - own, 'area')}"
    if not own:
        return f"{said}."
    has = words.counted(own, "area has a rule of its own", "areas have rules of their own")
    return f"{said}; {has}."


def cautions(rule: SharingRule, terms: Sequence[SharingTerm]) -> Iterator[str]:
    """What is said of a rule before it is saved, a sentence each: two queries."""
    inputs = read_sharing_inputs(rule.alliance_id)
    yield from _sizes_missing(rule, terms, inputs)
    yield from _whole_years_cut(rule, inputs)


def _sizes_missing(
    rule: SharingRule, terms: Sequence[SharingTerm], inputs: SharingInputs
) -> Iterator[str]:
    """Each member and measure without a size on the rule's first day."""
    if rule.method != SharingRule.Method.SIZE:
        return
    day = rule.effective_on
    stays = inputs.area_stays.get(rule.area_id, ()) if rule.area_id else ()
    by_year = rule.sizes_as_at == SharingRule.SizesAsAt.YEAR
    read_on = first_day(financial_year_of(day)) if by_year else day
    for term in terms:
        assert term.measure is not None
        for force in members_on(day, stays, inputs.stays, inputs.order):
            if inputs.book.latest(force, term.measure.name, read_on) is None:
                missing = Withheld("NO_SIZE", read_on, force, term.measure.name)
                yield (
                    f"{missing.sentence(inputs.names)} Until it is recorded, nothing can be shared "
                    "by this rule."
                )


def _whole_years_cut(rule: SharingRule, inputs: SharingInputs) -> Iterator[str]:
    """Amounts of the whole year in which the rule begins, where it begins in mid-year."""
    day, year = rule.effective_on, financial_year_of(rule.effective_on)
    then = _with(rule, inputs)
    cut = under_an_earlier_rule(
        rule.alliance_id,
        area_ids=[rule.area_id] if rule.area_id else None,
        year=year,
        sharing=then,
    )
    amounts = [
        amount
        for each in cut
        if rule.area_id or rule_on(day, then.area_rules.get(each.area_id, ()), ()) is None
        for amount in each.amounts
    ]
    if amounts and day != first_day(year):
        yield (
            f"{how_much(amounts).capitalize()} of {year_label(year)} are entered for the whole year, so "
            "they stay shared by the rule in force on 1 April; spread them into months to have them "
            "follow this one."
        )


def _with(rule: SharingRule, inputs: SharingInputs) -> SharingInputs:
    """The inputs with the rule from its day on; what it divides by is left out."""
    said = Rule(
        id=rule.pk or 0,
        effective_on=rule.effective_on,
        method=rule.method,  # type: ignore[arg-type]
        scope=rule.area.code if rule.area else "",
    )
    if rule.area_id is None:
        return replace(inputs, rules=_one_more(inputs.rules, said), _known={})
    own = _one_more(inputs.area_rules.get(rule.area_id, ()), said)
    return replace(inputs, area_rules={**inputs.area_rules, rule.area_id: own}, _known={})


def _one_more(rules: Iterable[Rule], said: Rule) -> tuple[Rule, ...]:
    return (*(each for each in rules if each.id != said.id), said)
