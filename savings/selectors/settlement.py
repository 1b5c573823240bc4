"""A year's settlement as its page shows it: each force, what it is owed or owes, and who pays whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from business_areas.models import BusinessArea
from programmes import words
from programmes.models import Alliance, Force
from savings.models import SettlementWay
from savings.selectors.accounts import Adjusted, YearAccount, read_account
from savings.settlement import Figures, Line, directly
from savings.settlement import through as by_way_of


@dataclass(frozen=True)
class ForceRow:
    """One force's figures, over an area or over all of them."""

    force: Force
    figures: Figures

    @property
    def net(self) -> int:
        """Above nought it is to receive, below it is to pay; in pence."""
        return self.figures.net

    @property
    def held(self) -> int:
        """What it bore and banked."""
        return self.figures.borne + self.figures.banked

    @property
    def due(self) -> int:
        """What is due from it and to it."""
        return self.figures.due + self.figures.saving_due


@dataclass(frozen=True)
class AreaRows:
    """An area's rows (area None: all areas together), and what belongs to no force yet, in pence.

    `kinds` says which lines it has, as addresses do: costs, savings. Of an adjustment of a closed year
    it has `adjusted`. Savings have no row unless they take part (`counts_savings`); `nobody` has
    them all the same.
    """

    area: BusinessArea | None
    rows: tuple[ForceRow, ...]
    nobody: Figures
    kinds: tuple[str, ...] = ()
    adjusted: Adjusted | None = None
    counts_savings: bool = True

    @property
    def name(self) -> str:
        """What the rows are of."""
        if self.adjusted:
            return f"{self.adjusted.area.name}, {self.adjusted.what}"
        return self.area.name if self.area else "All areas"

    @property
    def all_forces(self) -> Figures:
        """The forces together, with what belongs to none of them yet."""
        return sum((row.figures for row in self.rows), self.nobody)

    @property
    def has_unnamed(self) -> bool:
        """Whether no force is named for something that was borne or banked, and takes part."""
        return bool(self.nobody.borne or (self.counts_savings and self.nobody.banked))

    @property
    def has_unshared(self) -> bool:
        """Whether something that takes part is due from no force, or to none."""
        return bool(self.nobody.due or (self.counts_savings and self.nobody.saving_due))


@dataclass(frozen=True)
class Paid:
    """A payment with what it nets: the whole year of who pays, and of who receives."""

    payer: ForceRow
    payee: ForceRow
    pence: int

    @property
    def sentence(self) -> str:
        """Who pays whom how much."""
        names = self.payer.force.short_name, self.payee.force.short_name
        return f"{names[0]} pays {names[1]} {words.pounds(self.pence)}"

    @property
    def sides(self) -> tuple[tuple[ForceRow, str], ...]:
        """Who pays and who receives, each with what becomes of its net."""
        return (
            (self.payer, self._part(self.payer, "pays")),
            (self.payee, self._part(self.payee, "receives")),
        )

    def _part(self, row: ForceRow, does: str) -> str:
        """“All of it is this payment”, or what else clears it."""
        rest = abs(row.net) - self.pence
        if not rest:
            return "This payment clears it."
        if rest > 0:
            return (
                f"This payment is {words.pounds(self.pence)} of it; it {does} the rest otherwise."
            )
        return "It passes on what it takes for others."


@dataclass(frozen=True)
class YearSettlement:
    """The settlement of a year, or of what is in by the end of `until`, as it comes out today."""

    of: YearAccount
    areas: tuple[AreaRows, ...]
    total: AreaRows
    payments: tuple[Paid, ...]
    through: Force | None = None

    @property
    def year(self) -> int:
        """The financial year."""
        return self.of.year

    @property
    def until(self) -> date | None:
        """The last day that counts; None for the whole year."""
        return self.of.until

    @property
    def is_forecast(self) -> bool:
        """Whether it is what the forecast would settle, and not what was paid and banked."""
        return self.of.version == "FORECAST"

    @property
    def counts_savings(self) -> bool:
        """Whether savings take part in the nets."""
        return self.of.account.counts_savings

    @property
    def is_netted(self) -> bool:
        """Whether any force's net is known."""
        return self.of.account.is_netted

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing: all of it is shared, and names who bore or banked it."""
        return self.of.account.is_whole

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to settle: no money of the year, and nothing from a closed one."""
        return not self.areas and not self.adjusted

    @property
    def has_adjustments(self) -> bool:
        """Whether closed years bring any force anything in this one."""
        return bool(self.adjusted)

    @property
    def columns(self) -> int:
        """How many columns its tables have."""
        return 4 + 2 * self.counts_savings + self.has_adjustments

    @property
    def adjusted(self) -> tuple[AreaRows, ...]:
        """The adjustments of closed years, each with the forces that it moves, in the agreed order."""
        return tuple(
            AreaRows(
                None,
                tuple(
                    ForceRow(force, Figures(adjustment=each.nets[force.pk]))
                    for force in self.of.forces
                    if force.pk in each.nets
                ),
                Figures(),
                adjusted=each,
            )
            for each in self.of.adjusted
        )


def year_settlement(
    alliance: Alliance, year: int, version: str = "ACTUAL", *, until: date | None = None
) -> YearSettlement:
    """The settlement as it comes out of the stored shares now. Six queries."""
    return settlement_of(
        read_account(alliance, year, version, until=until), through=host_of(alliance)
    )


def host_of(alliance: Alliance) -> Force | None:
    """The force that the alliance pays its settlements through; None if it pays directly. One query."""
    way = way_of(alliance)
    return way.through if way else None


def way_of(alliance: Alliance) -> SettlementWay | None:
    """How the alliance settles, once anybody chose. One query."""
    return SettlementWay.objects.filter(alliance=alliance).select_related("through").first()


def settlement_of(found: YearAccount, *, through: Force | None = None) -> YearSettlement:
    """The settlement that the account comes to."""
    forces, lines = {force.pk: force for force in found.forces}, found.lines_by_area
    counts = found.account.counts_savings
    figures = found.account.figures()
    total = _area_rows(None, forces, found.account.lines, counts)
    others = tuple(
        ForceRow(force, figures[pk])
        for pk, force in forces.items()
        if figures[pk] != Figures() or any(row.force.pk == pk for row in total.rows)
    )
    return YearSettlement(
        of=found,
        areas=tuple(_area_rows(area, forces, lines[area.pk], counts) for area in found.areas),
        total=replace(total, rows=others),
        payments=payments_of(found, through) if found.account.is_whole else (),
        through=through,
    )


def payments_of(found: YearAccount, through: Force | None) -> tuple[Paid, ...]:
    """The payments that clear a whole account, through one force or directly."""
    figures = found.account.figures()
    rows = {force.pk: ForceRow(force, figures[force.pk]) for force in found.forces}
    nets = found.account.nets()
    cleared = by_way_of(through.pk, nets) if through and through.pk in nets else directly(nets)
    return tuple(Paid(rows[each.payer], rows[each.payee], each.pence) for each in cleared)


def _area_rows(
    area: BusinessArea | None,
    forces: Mapping[int, Force],
    lines: Sequence[Line],
    counts_savings: bool,
) -> AreaRows:
    """The rows of the forces that the lines have to do with, in the agreed order."""
    found: dict[int, Figures] = {}
    nobody = Figures()
    for line in lines:
        if line.is_saving:
            nobody += Figures(saving_due=line.unshared, banked=line.unnamed)
        else:
            nobody += Figures(borne=line.unnamed, due=line.unshared)
        if counts_savings or not line.is_saving:
            for force in line.forces:
                found[force] = found.get(force, Figures()) + line.of(force)
    rows = tuple(ForceRow(force, found[pk]) for pk, force in forces.items() if pk in found)
    kinds = tuple("savings" if line.is_saving else "costs" for line in lines) if area else ()
    return AreaRows(area, rows, nobody, kinds, counts_savings=counts_savings)
