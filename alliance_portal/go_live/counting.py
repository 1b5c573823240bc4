"""What counts from the day that an area went live, by force and financial year."""

from dataclasses import dataclass
from datetime import date

from alliance_portal.dates.pricing import FEW_FORCES, TOGETHER, who_gains
from business_areas.models import Milestone
from programmes.models import Force
from savings.book import YearMove
from savings.selectors.date_price import Price, price_date


@dataclass(frozen=True)
class Line:
    """A financial year (None: all of them): savings that count, and what the date does, in pence.

    `net` is savings less costs against the date on record today; above zero it is a gain.
    """

    year: int | None
    savings: int
    net: int

    @property
    def is_total(self) -> bool:
        """True for all years together."""
        return self.year is None


@dataclass(frozen=True)
class Counting:
    """What a date does to the money that starts from a go-live.

    `before` is the date that it is compared with; `groups` the forces that it touches, in the
    agreed order, then all of them together; `apart` what it does to costs and savings, `digest` of
    all that it moves.
    """

    on: date
    before: date | None
    depends: bool
    forces: tuple[Force, ...]
    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    apart: tuple[YearMove, ...]
    unshared: int
    digest: str

    @property
    def sentence(self) -> str:
        """What the date does over all years, for a few forces; empty where nothing moves."""
        forces = [(name, lines[-1].net) for name, lines in self.groups if name != TOGETHER]
        if not 0 < len(forces) <= FEW_FORCES or not self.apart:
            return ""
        return who_gains(forces)


def counting_from(go_live: Milestone, on: date) -> Counting:
    """The money with the go-live on `on`, beside the date on record. Nothing is saved.

    As many queries as `price_date`.
    """
    price = price_date(go_live, on)
    chosen = price.chosen
    touched = [
        place
        for place in range(len(price.forces))
        if any(year.pence[place] for year in chosen.savings)
        or any(year.costs[place] or year.savings[place] for year in chosen.years)
    ]
    groups = [(price.forces[place].name, _lines(chosen, (place,))) for place in touched]
    groups.append((TOGETHER, _lines(chosen, tuple(touched))))
    return Counting(
        on=on,
        before=go_live.expected_on,
        depends=price.depends,
        forces=price.forces,
        groups=tuple(groups) if price.depends else (),
        apart=chosen.years,
        unshared=chosen.unshared,
        digest=chosen.effect.digest,
    )


def _lines(price: Price, places: tuple[int, ...]) -> tuple[Line, ...]:
    """Each year of these forces together, then all years."""
    savings = {year.year: sum(year.pence[place] for place in places) for year in price.savings}
    net = {year.year: sum(year.net[place] for place in places) for year in price.years}
    years = sorted(savings.keys() | net.keys())
    lines = [Line(year, savings.get(year, 0), net.get(year, 0)) for year in years]
    total = Line(None, sum(line.savings for line in lines), sum(line.net for line in lines))
    return (*lines, total)
