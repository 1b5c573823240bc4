"""A pool behind a figure: its ratio, its forces' shares and the lines that make it up."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from savings.models import Item, Pool
from savings.selectors.ratio_parts import (
    Part,
    decimals_shown,
    sources_of,
    total_size,
)
from savings.selectors.sizes import places_of


@dataclass(frozen=True)
class PoolLine:
    """One amount of a pool with its shares by force, pence; a grant with its own sign.

    `borne_by` names the force that paid or banked it; blank: nobody on record.
    """

    amount_id: int
    item: str
    kind: str
    starts_on: date
    whole_year: bool
    pence: int
    shares: tuple[int, ...]
    borne_by: str = ""
    item_id: int = 0

    @property
    def signed_pence(self) -> int:
        """As it counts in the pool: a grant is taken off (law 8)."""
        return Item.Kind(self.kind).sign * self.pence

    @property
    def signed_shares(self) -> tuple[int, ...]:
        """The shares as they count in the pool."""
        return tuple(-share for share in self.shares) if self.is_grant else self.shares

    @property
    def is_grant(self) -> bool:
        """True if the amount is taken off the costs."""
        return self.kind == Item.Kind.GRANT


@dataclass(frozen=True)
class ItemLines:
    """An item's amounts of a pool, and what they and their shares come to as they count in it."""

    lines: tuple[PoolLine, ...]

    @property
    def name(self) -> str:
        """The item's name."""
        return self.lines[0].item

    @property
    def pence(self) -> int:
        """All of them."""
        return sum(line.signed_pence for line in self.lines)

    @property
    def shares(self) -> list[int]:
        """Each force's shares of all of them."""
        by_force = zip(*(line.signed_shares for line in self.lines), strict=True)
        return [sum(of_force) for of_force in by_force]


@dataclass(frozen=True)
class PoolWorking:
    """A pool with its ratio, its forces' shares and its lines. Withheld pools have neither.

    Of an outturn, `pence`, shares and lines are what counts of it, and `names_version` is true.
    """

    pool: Pool
    parts: tuple[Part, ...]
    shares: tuple[int, ...]
    lines: tuple[PoolLine, ...]
    pence: int
    names_version: bool = False

    @property
    def items(self) -> list[ItemLines]:
        """The lines item by item, in the order that they are shared in."""
        by_item = groupby(self.lines, key=lambda line: line.item)
        return [ItemLines(tuple(lines)) for _, lines in by_item]

    @property
    def names_bearers(self) -> bool:
        """True if any amount says who bore it."""
        return any(line.borne_by for line in self.lines)

    @property
    def measures(self) -> list[str]:
        """The measures that the ratio's sizes are of, in order of first use."""
        return list(dict.fromkeys(size.measure for part in self.parts for size in part.sizes))

    @property
    def size_places(self) -> int:
        """The decimals at which all sizes shown align."""
        return places_of(size.value for part in self.parts for size in part.sizes)

    @property
    def size_totals(self) -> list[Decimal]:
        """All forces' sizes added up, measure by measure."""
        return [total_size(self.parts, measure) for measure in self.measures]

    @property
    def rows(self) -> list[tuple[Part, int]]:
        """Each force with its share of the pool."""
        return list(zip(self.parts, self.shares, strict=True))

    @property
    def decimals(self) -> int:
        """How many decimals the percentages are shown with; an exact rule's are a picture at four."""
        return decimals_shown(self.pool)

    @property
    def sources(self) -> list[tuple[date, str]]:
        """When the sizes were counted and where they were published, each once."""
        return sources_of(self.parts)
