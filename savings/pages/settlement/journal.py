"""A settlement as each force's ledger takes it: what it is charged by area, against whom it owes."""

from collections.abc import Iterator
from decimal import Decimal

from programmes.csv_lines import Cell
from programmes.models import Force
from savings.engine.periods import year_label
from savings.selectors.settlement import YearSettlement

COLUMNS = (
    "Financial year",
    "Force",
    "Policing body",
    "Business area",
    "Description",
    "With",
    "Debit (£)",
    "Credit (£)",
)


def rows_of(found: YearSettlement) -> Iterator[tuple[Cell, ...]]:
    """Force by force, its areas and then its payments; each force's debits equal its credits."""
    for row in found.total.rows:
        yield from _of(found, row.force)


def _of(found: YearSettlement, force: Force) -> Iterator[tuple[Cell, ...]]:
    head = (year_label(found.year), force.name, policing_body(force))
    for area in found.areas:
        assert area.area
        for each in area.rows:
            if each.force == force:
                own = each.figures
                yield from _line(head, area.area.name, "Costs shared", "", own.due - own.borne)
                saving = own.banked - own.saving_due
                yield from _line(head, area.area.name, "Savings shared", "", saving)
    for adjusted in found.of.adjusted:
        what = adjusted.what.capitalize()
        yield from _line(head, adjusted.area.name, what, "", -adjusted.nets.get(force.pk, 0))
    for payment in found.payments:
        if payment.payer.force == force:
            other = payment.payee.force
            yield from _line(head, "", "Settlement owed", policing_body(other), -payment.pence)
        if payment.payee.force == force:
            other = payment.payer.force
            yield from _line(head, "", "Settlement due", policing_body(other), payment.pence)


def _line(
    head: tuple[str, ...], area: str, what: str, other: str, pence: int
) -> Iterator[tuple[Cell, ...]]:
    """A debit, or a credit for pence below nought; nothing for nought."""
    if pence:
        amount = Decimal(abs(pence)).scaleb(-2)
        sides = (amount, None) if pence > 0 else (None, amount)
        yield (*head, area, what, other, *sides)


def policing_body(force: Force) -> str:
    """Who holds the force's money and pays: its commissioner's office, or the force if none is recorded."""
    return force.commissioner or force.name
