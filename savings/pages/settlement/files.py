"""A settlement's rows area by area, as the page has them, with the area beside each."""

from collections.abc import Iterator
from decimal import Decimal

from programmes.csv_lines import Cell
from savings.selectors.settlement import AreaRows, YearSettlement

COLUMNS = (
    "Business area",
    "Force",
    "Costs borne (£)",
    "Costs due (£)",
    "Savings due (£)",
    "Savings banked (£)",
    "Net to settle (£)",
    "Adjustments (£)",
)
UNNAMED, UNSHARED, ALL = "Force not recorded", "Not yet shared", "All forces"


def rows_of(found: YearSettlement) -> Iterator[tuple[Cell, ...]]:
    """The page's rows in its order, in pounds; a net is empty while anything is not shared.

    Savings are empty where they take no part.
    """
    for each in (*found.areas, *found.adjusted, found.total):
        yield from _rows(found, each)


def _rows(found: YearSettlement, of: AreaRows) -> Iterator[tuple[Cell, ...]]:
    name, counts = of.name, found.counts_savings

    def savings(due: int, banked: int) -> tuple[Cell, Cell]:
        return (_pounds(due), _pounds(banked)) if counts else (None, None)

    for row in of.rows:
        own = row.figures
        net = _pounds(own.net) if found.is_netted else None
        held = _pounds(own.borne), _pounds(own.due)
        brought = _pounds(own.adjustment)
        yield name, row.force.name, *held, *savings(own.saving_due, own.banked), net, brought
    none = of.nobody
    if of.has_unnamed:
        yield name, UNNAMED, _pounds(none.borne), None, None, savings(0, none.banked)[1], None, None
    if of.has_unshared:
        due = savings(none.saving_due, 0)[0]
        yield name, UNSHARED, None, _pounds(none.due), due, None, None, None
    every = of.all_forces
    held = _pounds(every.borne), _pounds(every.due)
    brought = _pounds(every.adjustment)
    yield name, ALL, *held, *savings(every.saving_due, every.banked), None, brought


def _pounds(pence: int) -> Decimal:
    return Decimal(pence).scaleb(-2)
