"""How an alliance shares its costs and savings, as a statement: its rules, sizes and a real example."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, When

from programmes import words
from programmes.models import Alliance
from savings.engine.ratio import blend
from savings.engine.rules import Size
from savings.engine.working import LineWorking, explain_line
from savings.inputs import SharingInputs
from savings.models import Amount, AmountShares, Item, Pool, SettlementWay
from savings.papers.statements import method
from savings.papers.statements.parts import Block, Heading, Paragraph, Statement, Table
from savings.selectors.area_workings import lines_of
from savings.selectors.ratio_parts import Part, decimals_shown, parts_of
from savings.selectors.rules import RuleRow, in_words, rules_on_record
from savings.sharing_inputs import read_sharing_inputs

_EVER = "from the beginning"


@dataclass(frozen=True)
class Example:
    """A real amount with every step of its shares; a grant's lie in its pool with the sign turned."""

    amount: Amount
    pool: Pool
    parts: Sequence[Part]
    line: LineWorking


def methodology(alliance: Alliance, today: date) -> Statement:
    """The statement as at `today`. Ten queries at most."""
    inputs = read_sharing_inputs(alliance.pk)
    rules = rules_on_record(alliance, today)
    way = SettlementWay.objects.filter(alliance=alliance).select_related("through").first()
    note = [("Data note", alliance.data_note)] if alliance.data_note else []
    return Statement(
        title=f"How costs and savings are shared: {alliance.name}",
        facts=[("As at", words.day(today)), *note],
        blocks=[
            Paragraph(method.LEAD),
            *_members(inputs),
            *_rules(rules),
            *_sizes(inputs, today),
            *method.how("From sizes to percentages", method.RATIO),
            *method.how("From percentages to pence", method.AMOUNT),
            *_example(example_of(alliance)),
            *method.promised(),
            *_settled(way),
        ],
    )


def example_of(alliance: Alliance) -> Example | None:
    """A large shared cost, an actual one and one by size if there is; None without any. Three queries."""
    costs = AmountShares.objects.filter(
        pool__alliance=alliance, amount__item__kind=Item.Kind.COST
    ).select_related("amount__item__area", "pool__ratio")
    found = costs.order_by(
        Case(When(pool__version=Amount.Version.ACTUAL, then=0), default=1),
        Case(When(pool__ratio__sizes_on=None, then=1), default=0),
        "-amount__pence",
        "amount_id",
    ).first()
    if found is None:
        return None
    lines = lines_of([found.pool_id])[found.pool_id]
    parts = parts_of([found.pool.ratio_id])[found.pool.ratio_id or 0]
    at = next(at for at, line in enumerate(lines) if line.amount_id == found.amount_id)
    weights = [part.weight for part in parts]
    line = explain_line([each.signed_pence for each in lines], weights, at)
    return Example(found.amount, found.pool, parts, line)


def _members(inputs: SharingInputs) -> Iterator[Block]:
    yield Heading("The forces")
    names, order = inputs.names, inputs.order
    stays = sorted(
        inputs.stays, key=lambda stay: (order.index(stay.force), stay.joined_on or date.min)
    )
    yield Table(
        "Members of the alliance, in the agreed order",
        ["Force", "Member from", "No longer a member on"],
        [
            [names[stay.force], _day(stay.joined_on, _EVER), _day(stay.left_on, "–")]
            for stay in stays
        ],
        figures=False,
    )


def _rules(rules: Sequence[RuleRow]) -> Iterator[Block]:
    yield Heading("The rules")
    if not rules:
        yield Paragraph("No sharing rule is on record, so nothing is shared yet.")
        return
    for title, own in (("Of the whole alliance", False), ("Of business areas", True)):
        rows = [row for row in rules if bool(row.rule.area_id) == own]
        if rows:
            yield Table(
                title,
                ["Rule", "State", "Sizes as at", "Decimal places", "Agreed on", "Source"],
                [_rule(row) for row in rows],
                figures=False,
            )


def _rule(row: RuleRow) -> list[str]:
    rule = row.rule
    area = f"{rule.area.name}: " if rule.area else ""
    by_size = rule.method == "SIZE"
    ends = rule.method == "ALLIANCE"
    return [
        area + in_words(rule, rule.terms.all()),
        row.state,
        rule.get_sizes_as_at_display() if by_size else "–",
        "–" if ends else "exact" if rule.decimals is None else str(rule.decimals),
        _day(rule.agreed_on, "not recorded"),
        rule.source or "not recorded",
    ]


def _sizes(inputs: SharingInputs, today: date) -> Iterator[Block]:
    """The size of each force that is in force today, of every measure that a rule names."""
    rules = [*inputs.rules, *(rule for own in inputs.area_rules.values() for rule in own)]
    measures = sorted({name for rule in rules if rule.method == "SIZE" for name, _ in blend(rule)})
    if not measures:
        return
    yield Heading("Sizes and their sources")
    for measure in measures:
        found = [(force, inputs.book.latest(force, measure, today)) for force in inputs.order]
        yield Table(
            f"{measure}, the latest on {words.day(today)}",
            ["Force", "Size", "As at", "Source"],
            [_size(inputs.names[force], size) for force, size in found],
            figures=False,
        )


def _size(name: str, size: Size | None) -> list[str]:
    if size is None:
        return [name, "not recorded", "–", "–"]
    release = f", release {size.release}" if size.release > 1 else ""
    return [name, words.size(size.value), words.day(size.effective_on), f"{size.source}{release}"]


def _example(example: Example | None) -> Iterator[Block]:
    yield Heading("A worked example")
    if example is None:
        yield Paragraph("No cost is shared yet; once one is, it is worked through here.")
        return
    amount, line = example.amount, example.line
    item, ratio = amount.item, example.pool.ratio
    pence = words.counted(line.odd_pennies, "odd penny", "odd pennies")
    yield Paragraph(
        f"{item.name} ({item.area.name}), {amount.get_version_display().lower()} cost of "
        f"{_when(amount)}: {words.pounds(amount.pence)}. It is shared by "
        f"{ratio.basis if ratio else ''}. Rounding down leaves {pence}."
    )
    places = decimals_shown(example.pool)
    sizes = [
        [
            part.force.name,
            size.measure,
            words.size(size.value),
            words.day(size.effective_on),
            size.source,
        ]
        for part in example.parts
        for size in part.sizes
    ]
    if sizes:
        head = ["Force", "Measure", "Size", "As at", "Source"]
        yield Table("What its percentages come from", head, sizes, figures=False)
    rows = [
        [
            part.force.name,
            words.percent(part.percentage, places),
            _exact(step.exact.numerator, step.exact.denominator),
            words.pounds(step.whole_pence),
            "1p" if step.got_odd_penny else "–",
            f"{step.moved_by_agreement:+d}p" if step.moved_by_agreement else "–",
            words.pounds(step.share),
        ]
        for part, step in zip(example.parts, line.forces, strict=True)
    ]
    whole = words.pounds(sum(step.whole_pence for step in line.forces))
    rows.append(
        ["Together", "100%", words.pounds(line.amount), whole, "", "", words.pounds(line.amount)]
    )
    head = ["Force", "Percentage", "Exact part", "Rounded down", "Odd penny", "Agreement", "Share"]
    yield Table("Its shares, step by step", head, rows)


def _exact(pence: int, of: int) -> str:
    """Pounds with four decimals, cut off and not rounded; dots say that more would follow."""
    cut, more = divmod(abs(pence) * 100, of)
    return f"{words.MINUS if pence < 0 else ''}£{Decimal(cut).scaleb(-4):,.4f}{'…' if more else ''}"


def _when(amount: Amount) -> str:
    """The month or year that an amount is for, in words."""
    return words.year_prose(amount.year) if amount.whole_year else words.month(amount.starts_on)


def _settled(way: SettlementWay | None) -> Iterator[Block]:
    yield Heading("Settling, closing and checking")
    yield Paragraph(method.SETTLED)
    paid = f"through {way.through.name}" if way and way.through else "directly between the forces"
    left = words.pounds(way.tolerance_pence) if way and way.tolerance_pence else ""
    alone = (
        f" A difference of up to {left} for a force is left alone."
        if left
        else " The alliance leaves no difference alone."
    )
    yield Paragraph(
        f"Payments are made {paid}. A year is closed by two forces; what later evidence would have made of "
        f"it is shown beside it, and posted only as a dated adjustment in an open year.{alone}"
    )
    yield Paragraph(method.OUTSIDE)


def _day(day: date | None, missing: str) -> str:
    return words.day(day, missing)
