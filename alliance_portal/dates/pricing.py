"""A priced date as its page shows it: by force and year, three dates side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from programmes.models import Force
from programmes.words import pounds
from savings.book import YearMove
from savings.selectors.date_price import DatePrice, Price

FEW_FORCES = 4
TOGETHER = "All forces together"


@dataclass(frozen=True)
class PriceRow:
    """One force's pence in a year, a column for each date; `year` is None for all years."""

    year: int | None
    pence: tuple[int, ...]

    @property
    def is_total(self) -> bool:
        """True for all years together."""
        return self.year is None


@dataclass(frozen=True)
class PriceTable:
    """What each force gains (above zero) or loses, in pence.

    `columns` are the label and the day of each date; `groups` the forces in the agreed order, then
    all of them together; `apart` the chosen date's costs and savings, `digest` of all that it moves;
    `unshared` what cannot be shared yet of what it moves.
    """

    forces: tuple[Force, ...]
    depends: bool
    columns: tuple[tuple[str, date], ...]
    groups: tuple[tuple[str, tuple[PriceRow, ...]], ...]
    apart: tuple[YearMove, ...]
    digest: str
    unshared: int = 0
    earlier: date | None = None
    later: date | None = None

    @property
    def width(self) -> int:
        """How many columns the table has."""
        return 1 + len(self.columns)

    def all_years(self, column: int) -> list[tuple[str, int]]:
        """Each force's name and its pence over all years."""
        return [(name, rows[-1].pence[column]) for name, rows in self.groups if name != TOGETHER]

    @property
    def sentence(self) -> str:
        """What the chosen date does over all years, for an alliance of a few forces."""
        if not self.depends or not 0 < len(self.forces) <= FEW_FORCES:
            return ""
        return who_gains(self.all_years(len(self.columns) // 2))

    @property
    def is_still(self) -> bool:
        """True if no pound moves."""
        return not self.apart and not self.unshared


def price_table(price: DatePrice) -> PriceTable:
    """The new date, with one month earlier and one month later beside it."""
    return PriceTable(
        forces=price.forces,
        depends=price.depends,
        columns=tuple((label, one.on) for label, one in price.beside),
        groups=_groups(price, [one for _, one in price.beside], 1),
        apart=price.chosen.years,
        digest=price.chosen.effect.digest,
        unshared=price.chosen.unshared,
        earlier=price.earlier.on,
        later=price.later.on,
    )


def one_date_table(price: DatePrice) -> PriceTable:
    """The new date alone, for a date that is a fact and has none beside it to choose."""
    return PriceTable(
        forces=price.forces,
        depends=price.depends,
        columns=(("With this date", price.chosen.on),),
        groups=_groups(price, [price.chosen], 1),
        apart=price.chosen.years,
        digest=price.chosen.effect.digest,
        unshared=price.chosen.unshared,
    )


def slippage_table(price: DatePrice) -> PriceTable:
    """What the move away from the priced (approved) date has done: its price, every sign turned."""
    assert price.milestone.expected_on
    return PriceTable(
        forces=price.forces,
        depends=price.depends,
        columns=(("As expected now", price.milestone.expected_on),),
        groups=_groups(price, [price.chosen], -1),
        apart=price.chosen.effect.turned().years(),
        digest=price.chosen.effect.digest,
        unshared=-price.chosen.unshared,
    )


def _groups(
    price: DatePrice, columns: list[Price], sign: int
) -> tuple[tuple[str, tuple[PriceRow, ...]], ...]:
    years = sorted({year.year for one in columns for year in one.years})
    names = [*(force.name for force in price.forces), TOGETHER]

    def pence(one: Price, year: int, place: int) -> int:
        move = one.year(year)
        if move is None:
            return 0
        return sign * (move.total if place == len(price.forces) else move.net[place])

    groups = []
    for place, name in enumerate(names):
        rows = [PriceRow(year, tuple(pence(one, year, place) for one in columns)) for year in years]
        total = tuple(sum(row.pence[at] for row in rows) for at in range(len(columns)))
        groups.append((name, (*rows, PriceRow(None, total))))
    return tuple(groups)


def who_gains(all_years: Sequence[tuple[str, int]]) -> str:
    """What a date does over all years to each of these forces, in a sentence."""
    said = [f"{name} {_gains(pence)}" for name, pence in all_years]
    return f"Over all years {', '.join(said[:-1])}{' and ' if said[1:] else ''}{said[-1]}."


def _gains(pence: int) -> str:
    if pence == 0:
        return "neither gains nor loses"
    return f"{'gains' if pence > 0 else 'loses'} {pounds(abs(pence))}"
