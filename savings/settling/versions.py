"""A proposed version of a settlement with what was said of it and paid: where it stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db.models import Max

from programmes import words
from programmes.models import Force
from savings.models import Settlement, SettlementAnswer, SettlementPayment
from savings.selectors.settlement import ForceRow, Paid, YearSettlement, settlement_of
from savings.selectors.settlement import payments_of as _payments_of
from savings.settlement import Payment
from savings.settling.document import account_in, through_in

LineKey = tuple[int, str]  # area, COST or SAVING
Says = SettlementAnswer.Says


@dataclass
class ForceAnswer:
    """What one force has said: its agreement, the lines that it disputes and those that it let go."""

    force: Force
    agreement: SettlementAnswer | None = None
    disputed: dict[LineKey, SettlementAnswer] = field(default_factory=dict)
    let_go: dict[LineKey, SettlementAnswer] = field(default_factory=dict)

    @property
    def has_agreed(self) -> bool:
        """Whether it has agreed to all that it does not dispute."""
        return self.agreement is not None

    @property
    def sentence(self) -> str:
        """Where it stands, in a few words."""
        lines = words.counted(len(self.disputed), "line")
        if self.has_agreed:
            return f"Agreed, but for {lines}" if self.disputed else "Agreed"
        return f"Disputes {lines}; has not agreed to the rest" if self.disputed else "No answer yet"

    def hear(self, said: SettlementAnswer) -> None:
        """Take one answer more into account, in the order in which they were given."""
        if said.says == Says.AGREES:
            self.agreement = said
            return
        assert said.area_id
        line = said.area_id, said.kind
        if said.says == Says.DISPUTES:
            self.disputed[line] = said
        else:
            self.disputed.pop(line, None)
            self.let_go[line] = said


@dataclass(frozen=True)
class DisputedLine:
    """A line that a force disputes, and what is at stake in it for each force."""

    answer: SettlementAnswer
    name: str
    area_code: str
    stakes: tuple[ForceRow, ...]

    @property
    def slug(self) -> str:
        """What of the area it is, as addresses say it."""
        return "savings" if self.answer.kind == SettlementAnswer.Kind.SAVING else "costs"


@dataclass(frozen=True)
class Version:
    """A version as proposed, its answers, and the payments of the year that are on record.

    `newest` is the number of the year's newest version.
    """

    row: Settlement
    settlement: YearSettlement
    answers: tuple[ForceAnswer, ...]
    paid: tuple[SettlementPayment, ...]
    newest: int

    @property
    def is_newest(self) -> bool:
        """Whether no other version took its place."""
        return self.newest == self.row.number

    @property
    def waiting(self) -> list[Force]:
        """The forces that have not agreed to anything yet."""
        return [each.force for each in self.answers if not each.has_agreed]

    @cached_property
    def disputed(self) -> tuple[DisputedLine, ...]:
        """Each force's disputes, in the order of forces."""
        return tuple(
            DisputedLine(said, self.name_of(*line), self._codes[line[0]], self._stakes(line))
            for each in self.answers
            for line, said in each.disputed.items()
        )

    @cached_property
    def rest(self) -> YearSettlement:
        """The settlement of the lines that nobody disputes, less what is paid already."""
        lines = {line for each in self.answers for line in each.disputed}
        account = self.settlement.of.account.without(
            [(area, kind == SettlementAnswer.Kind.SAVING) for area, kind in lines]
        )
        made = [Payment(each.payer_id, each.payee_id, each.pence) for each in self.paid]
        of = replace(self.settlement.of, account=account.after(made))
        return replace(self.settlement, of=of, payments=_payments_of(of, self.settlement.through))

    @property
    def to_pay(self) -> Sequence[Paid]:
        """The payments that clear what nobody disputes and nobody has paid yet."""
        return self.rest.payments

    @property
    def state(self) -> str:
        """Where it stands, in a few words."""
        if not self.is_newest:
            return f"Replaced by version {self.newest}"
        disputed = {line for each in self.answers for line in each.disputed}
        lines = words.counted(len(disputed), "line")
        if self.waiting:
            names = " and ".join(force.short_name for force in self.waiting[:2])
            names = names if len(self.waiting) < 3 else words.counted(len(self.waiting), "force")
            return f"Proposed, waiting for {names}" + (f"; {lines} in dispute" if disputed else "")
        if disputed:
            return f"Agreed, but for {lines} in dispute"
        return "Agreed" if self.to_pay else "Agreed and settled"

    def answer_of(self, force: Force) -> ForceAnswer:
        """What the force has said. Raises StopIteration for a force that has no part in it."""
        return next(each for each in self.answers if each.force.pk == force.pk)

    def name_of(self, area: int, kind: str) -> str:
        """What a line is called: “the costs of Fleet services”."""
        names = {each.pk: each.name for each in self.settlement.of.areas}
        what = "savings" if kind == SettlementAnswer.Kind.SAVING else "costs"
        return f"the {what} of {names[area]}"

    @property
    def made_of(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Each pool that it was made of: its line's name, and the pool as the document has it."""
        kinds = SettlementAnswer.Kind
        return [
            (self.name_of(line["area"], kinds.SAVING if line["savings"] else kinds.COST), made)
            for line in self.row.document["lines"]
            for made in line["made_of"]
        ]

    @property
    def _codes(self) -> Mapping[int, str]:
        return {each.pk: each.code for each in self.settlement.of.areas}

    def _stakes(self, line: LineKey) -> tuple[ForceRow, ...]:
        area, kind = line
        return stakes_of(self.settlement, area, kind)


def stakes_of(settlement: YearSettlement, area: int, kind: str) -> tuple[ForceRow, ...]:
    """What a line brings each force: its part of the nets that would be left out."""
    is_saving = kind == SettlementAnswer.Kind.SAVING
    line = next(
        each
        for each in settlement.of.account.lines
        if (each.area, each.is_saving) == (area, is_saving)
    )
    return tuple(
        ForceRow(force, line.of(force.pk))
        for force in settlement.of.forces
        if force.pk in line.forces
    )


def version_of(settlement: Settlement, *, newest: int | None = None) -> Version:
    """The version with all that was said and paid. Three queries, two where the newest is known."""
    of = account_in(settlement.document)
    found = settlement_of(of, through=through_in(settlement.document, of.forces))
    answers = {row.force.pk: ForceAnswer(row.force) for row in found.total.rows}
    said = SettlementAnswer.objects.filter(settlement=settlement).select_related("said_by", "force")
    for each in said.order_by("pk"):
        answers[each.force_id].hear(each)
    year = {"alliance": settlement.alliance_id, "year": settlement.year}
    paid = SettlementPayment.objects.filter(
        settlement__alliance=year["alliance"], settlement__year=year["year"]
    ).select_related("payer", "payee", "settlement", "recorded_by")
    if newest is None:
        newest = Settlement.objects.filter(**year).aggregate(Max("number"))["number__max"]
    assert newest
    return Version(settlement, found, tuple(answers.values()), tuple(paid.order_by("pk")), newest)


@dataclass(frozen=True)
class MovedLine:
    """A line that differs between two settlements: each force's net of it before and after, in pence."""

    area: str
    what: str
    nets: tuple[tuple[Force, int, int], ...]


def moved_lines(before: YearSettlement, after: YearSettlement) -> tuple[MovedLine, ...]:
    """Where two settlements differ, line by line."""
    forces = {force.pk: force for force in (*before.of.forces, *after.of.forces)}
    names = {area.pk: area.name for area in (*before.of.areas, *after.of.areas)}
    was = {(line.area, line.is_saving): line for line in before.of.account.lines}
    now = {(line.area, line.is_saving): line for line in after.of.account.lines}
    found = []
    for key in sorted(was.keys() | now.keys(), key=lambda key: (names[key[0]], key[1])):
        nets = tuple(
            (
                force,
                was[key].of(pk).net if key in was else 0,
                now[key].of(pk).net if key in now else 0,
            )
            for pk, force in forces.items()
        )
        if any(then != today for _, then, today in nets):
            what = "savings" if key[1] else "costs"
            found.append(MovedLine(names[key[0]], what, nets))
    return (*found, *_moved_adjustments(before, after, forces))


def _moved_adjustments(
    before: YearSettlement, after: YearSettlement, forces: Mapping[int, Force]
) -> Iterator[MovedLine]:
    """Adjustments of closed years that only one of the two has, or has otherwise."""
    was, now = (
        {(each.area.name, each.what): each.nets for each in found.of.adjusted}
        for found in (before, after)
    )
    for area, what in sorted(was.keys() | now.keys()):
        then, today = was.get((area, what), {}), now.get((area, what), {})
        if then != today:
            nets = tuple((each, then.get(pk, 0), today.get(pk, 0)) for pk, each in forces.items())
            yield MovedLine(area, what, nets)
