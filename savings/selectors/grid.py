"""An area's items of a financial year in one version, month by month, as the grid shows them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from business_areas.models import BusinessArea
from programmes.models import Force
from savings.engine.periods import months_of
from savings.forecasts import closed_years
from savings.grid.services import Place
from savings.models import Amount, Item
from savings.month_end.locks import locked_months

# Why a cell stays as it is, as it is said beside it and counted.
CLOSED = "the year is closed"
LOCKED = "the month is locked"
DERIVED = "follows its milestone"
ACTUAL_IN = "the actual is in"
WHOLE_YEAR = "entered for the whole year"


@dataclass(frozen=True)
class Cell:
    """A month of a row; `pence` is None where there is no amount. `stays` says why it cannot change."""

    name: str
    place: Place
    pence: int | None
    stays: str

    @property
    def month(self) -> date:
        """Its first day."""
        return self.place.starts_on


@dataclass(frozen=True)
class Row:
    """An item with one bearer, or with nobody; `whole_year` is what it has for the year as a whole.

    `is_new`: it has no amount yet but can have one, so who bears it can still be said.
    """

    item: Item
    borne_by: Force | None
    cells: tuple[Cell, ...]
    whole_year: int | None
    is_new: bool

    @property
    def pence(self) -> int:
        """All of it."""
        return sum(cell.pence or 0 for cell in self.cells) + (self.whole_year or 0)

    @property
    def sign(self) -> int:
        """How it counts in the totals: a grant is taken off costs."""
        return Item.Kind(self.item.kind).sign

    @property
    def stays(self) -> str:
        """Why none of it can change; blank if any of it can."""
        reasons = {cell.stays for cell in self.cells}
        return "" if "" in reasons or len(reasons) > 1 else next(iter(reasons))


@dataclass(frozen=True)
class Grid:
    """The rows of an area's year and version; `forces` are the alliance's, in the agreed order."""

    area: BusinessArea
    year: int
    version: str
    rows: tuple[Row, ...]
    forces: tuple[Force, ...]

    @cached_property
    def months(self) -> list[date]:
        """Its twelve columns."""
        return months_of(self.year)

    @cached_property
    def open_cells(self) -> dict[str, tuple[Row, Cell]]:
        """The cells that can change, by name."""
        return {cell.name: (row, cell) for row in self.rows for cell in row.cells if not cell.stays}

    @property
    def is_closed(self) -> bool:
        """Whether its year is."""
        return any(cell.stays == CLOSED for row in self.rows for cell in row.cells)


def grid_of(
    area: BusinessArea,
    year: int,
    version: str,
    *,
    item_code: str = "",
    also: Iterable[tuple[str, str]] = (),
) -> Grid:
    """The area's grid, or one item's of it; four queries, five of actual amounts.

    `also` are rows to have beside those with amounts: an item's code and a force's.
    """
    items = Item.objects.filter(area=area).order_by("name", "code")
    if item_code:
        items = items.filter(code=item_code)
    forces = tuple(Force.objects.filter(alliance_id=area.alliance_id).order_by("position"))
    amounts = _amounts(area, year, version)
    stay = _Stay(
        is_closed=year in closed_years(area.alliance_id),
        locked=locked_months(area.alliance_id) if version == "ACTUAL" else frozenset(),
    )
    asked: dict[str, set[str]] = defaultdict(set)
    for code, force in also:
        asked[code].add(force)
    rows: list[Row] = []
    for item in items:
        make = _RowsOf(item, version, amounts.get(item.pk, []), year, stay)
        rows += make.rows(forces, asked.get(item.code, set()))
    return Grid(area, year, version, tuple(rows), forces)


def _amounts(area: BusinessArea, year: int, version: str) -> dict[int, list[Amount]]:
    """The amounts of the version, and for a forecast those that are in. One query."""
    versions = {version, Amount.Version.ACTUAL} if version == "FORECAST" else {version}
    found: dict[int, list[Amount]] = defaultdict(list)
    of_year = Amount.objects.filter(item__area=area, year=year, version__in=versions)
    for amount in of_year.order_by():
        found[amount.item_id].append(amount)
    return found


@dataclass(frozen=True)
class _Stay:
    """What does not change whatever the item: all of a closed year, actual amounts of locked months."""

    is_closed: bool
    locked: Collection[date]


class _RowsOf:
    """Makes the rows of one item."""

    def __init__(
        self, item: Item, version: str, amounts: Sequence[Amount], year: int, stay: _Stay
    ) -> None:
        self.item, self.year, self.stay = item, year, stay
        own = [amount for amount in amounts if amount.version == version]
        self.months = {(a.borne_by_id, a.starts_on): a.pence for a in own if not a.whole_year}
        self.wholes = {a.borne_by_id: a.pence for a in own if a.whole_year}
        self.is_derived = version == "FORECAST" and item.derives_forecast
        self.is_in = {a.starts_on for a in amounts if a.version != version and not a.whole_year}

    def rows(self, forces: Sequence[Force], also: set[str]) -> list[Row]:
        """Nobody's first, then each force's in the agreed order; one of nobody where there is none."""
        bearers = {bearer for bearer, _ in self.months} | self.wholes.keys()
        wanted = [force for force in forces if force.pk in bearers or force.code in also]
        if None in bearers or not wanted:
            return [self._row(each, bearers) for each in (None, *wanted)]
        return [self._row(each, bearers) for each in wanted]

    def _row(self, force: Force | None, bearers: set[int | None]) -> Row:
        pk = force.pk if force else None
        cells = tuple(self._cell(pk, month) for month in months_of(self.year))
        is_open = any(not cell.stays for cell in cells)
        is_new = is_open and not bearers and not force
        return Row(self.item, force, cells, self.wholes.get(pk), is_new=is_new)

    def _cell(self, pk: int | None, month: date) -> Cell:
        place = Place(self.item.pk, month, pk)
        name = f"c{self.item.pk}-{pk or 0}-{month:%Y%m}"
        return Cell(name, place, self.months.get((pk, month)), self._stays(month))

    def _stays(self, month: date) -> str:
        if self.stay.is_closed:
            return CLOSED
        if month in self.stay.locked:
            return LOCKED
        if self.is_derived:
            return DERIVED
        if self.wholes:
            return WHOLE_YEAR
        return ACTUAL_IN if month in self.is_in else ""
