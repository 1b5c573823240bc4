"""The book as it stands beside the book of up to three what-ifs, by force and year, in pence."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from programmes.models import Alliance, Force
from savings.book import Book, Effect, compare, read
from savings.book.effect import COST, SAVING, stands
from savings.what_if.keeping import Kept
from savings.what_if.merging import ForcesMerge
from savings.what_if.supposed import NoLongerFits, Supposed

MOST_BESIDE = 3
VERSION = "FORECAST"
# Kind (COST, SAVING), financial year, and force's code; "" is money that waits for a rule or a size.
Pence = Mapping[tuple[str, int, str], int]


@dataclass(frozen=True)
class Line:
    """A force's figure today and in each what-if, and how far each is from today's; in pence."""

    name: str
    today: int
    then: tuple[int, ...]

    @property
    def cells(self) -> list[tuple[int, int]]:
        """Each what-if's figure, and its difference from today's."""
        return [(pence, pence - self.today) for pence in self.then]


@dataclass(frozen=True)
class Table:
    """Costs, savings, or savings less costs: a line for each force, one of what waits, and the sum."""

    id: str
    title: str
    lines: tuple[Line, ...]
    total: Line


class Beside:
    """An alliance's forecast today and as each list of changes would make it; open years only.

    `problems` has for each list the sentence of a change that no longer fits, or "". Worked out when
    it is asked for; the book is read in two queries.
    """

    def __init__(self, alliance: Alliance, lists: Sequence[Iterable[Kept]]) -> None:
        self.now = read(alliance.pk)
        self.problems: list[str] = []
        self.supposed: list[Supposed] = []
        self.books = [self._with(changes) for changes in lists]

    def _with(self, changes: Iterable[Kept]) -> Book:
        book, problem = self.now, ""
        for kept in changes:
            self.supposed.append(kept.change)
            try:
                book = kept.change.apply(book)
            except NoLongerFits as found:
                problem = str(found)
        self.problems.append(problem)
        return book

    def effect(self, at: int) -> Effect:
        """What one of the lists does, as any change's price says it."""
        return compare(self.now, self.books[at])

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The open years that any of the books has money in."""
        return tuple(sorted({year for found in self._figures for _, year, _ in found}))

    @cached_property
    def _figures(self) -> list[Pence]:
        return [_figures_of(book) for book in (self.now, *self.books)]

    @cached_property
    def forces(self) -> tuple[Force, ...]:
        """Every book's forces, each once, in the order of the books."""
        found: dict[tuple[str, str], Force] = {}
        for book in (self.now, *self.books):
            for force in book.sharing.forces:
                found.setdefault((force.code, force.name), force)
        return tuple(found.values())

    @property
    def has_successor(self) -> bool:
        """Whether forces become one in any of them."""
        return any(isinstance(change, ForcesMerge) for change in self.supposed)

    def tables(self, year: int | None = None) -> tuple[Table, ...]:
        """Savings less costs, costs and savings, of one year or of all."""
        return (
            self._table("net", "Savings less costs", {SAVING: 1, COST: -1}, year),
            self._table("costs", "Costs, net of grants", {COST: 1}, year),
            self._table("savings", "Savings", {SAVING: 1}, year),
        )

    def _table(self, name: str, title: str, signs: Mapping[str, int], year: int | None) -> Table:
        sums: list[dict[str, int]] = []
        for found in self._figures:
            of_book: dict[str, int] = defaultdict(int)
            for (kind, of_year, force), pence in found.items():
                if kind in signs and year in (None, of_year):
                    of_book[force] += signs[kind] * pence
            sums.append(of_book)
        lines = [self._line(force.code, force.name, sums) for force in self.forces]
        waiting = self._line("", "Not shared", sums)
        if waiting.today or any(waiting.then):
            lines.append(waiting)
        totals = [sum(of_book.values()) for of_book in sums]
        return Table(name, title, tuple(lines), Line("Alliance", totals[0], tuple(totals[1:])))

    def _line(self, code: str, name: str, sums: Sequence[Mapping[str, int]]) -> Line:
        books = (self.now, *self.books)
        today, *then = (
            of_book.get(code, 0) if not code or book.sharing.names.get(code) == name else 0
            for book, of_book in zip(books, sums, strict=True)
        )
        return Line(name, today, tuple(then))


def _figures_of(book: Book) -> Pence:
    found: dict[tuple[str, int, str], int] = defaultdict(int)
    for cell, pence in stands(book, VERSION).items():
        found[cell.kind, cell.year, cell.force] += pence
    for pool in book.worked.pools:
        key = pool.key
        if pool.ratio is None and key.version == VERSION and key.year not in book.closed:
            found[key.kind, key.year, ""] += pool.total_pence
    return found
