"""What each force bore and banked, what it should have, and the net between them.

A line is an area's costs, net of grants, or its savings. Where all of a line is shared and every pound
of it names the force that bore or banked it, its nets add up to nought, and so do those of any sum of
such lines: what one force is owed the others owe.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from savings.settlement.payments import Payment

# Who bore what no force is named for, and whom it is due from while it is not shared.
NOBODY = None
ByForce = Mapping[int | None, int]  # force, or NOBODY: pence


@dataclass(frozen=True)
class Figures:
    """One force's pence.

    `adjustment` is what closed years still bring it (below nought: take), and `paid` what it has paid
    already, less what it was paid.
    """

    borne: int = 0
    due: int = 0
    saving_due: int = 0
    banked: int = 0
    adjustment: int = 0
    paid: int = 0

    @property
    def net(self) -> int:
        """Above nought it has borne more, or banked less, than its share, and is to receive."""
        return self.borne - self.due + self.saving_due - self.banked + self.adjustment + self.paid

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.borne + other.borne,
            self.due + other.due,
            self.saving_due + other.saving_due,
            self.banked + other.banked,
            self.adjustment + other.adjustment,
            self.paid + other.paid,
        )


@dataclass(frozen=True)
class Line:
    """An area's costs or savings, in pence: `held` by whom they were borne or banked, `due` by share."""

    area: int
    is_saving: bool
    held: ByForce
    due: ByForce

    @property
    def unnamed(self) -> int:
        """What no force is named for."""
        return self.held.get(NOBODY, 0)

    @property
    def unshared(self) -> int:
        """What is due from no force yet."""
        return self.due.get(NOBODY, 0)

    @property
    def forces(self) -> set[int]:
        """Whom it has anything to do with."""
        return {force for force in (*self.held, *self.due) if force is not NOBODY}

    def of(self, force: int) -> Figures:
        """The force's figures of this line."""
        held, due = self.held.get(force, 0), self.due.get(force, 0)
        return Figures(saving_due=due, banked=held) if self.is_saving else Figures(held, due)


@dataclass(frozen=True)
class Account:
    """Forces in the agreed order, and a year's lines in the order of their areas, costs first.

    `adjustments` and `paid` are each force's pence, as in its Figures.
    """

    forces: tuple[int, ...]
    lines: tuple[Line, ...]
    adjustments: Mapping[int, int] = field(default_factory=dict)
    paid: Mapping[int, int] = field(default_factory=dict)

    @property
    def counts_savings(self) -> bool:
        """Whether savings take part in the nets: they do as soon as any says who banks it.

        A forecast does not know yet; without this, everybody would be owed all of their share.
        """
        return any(
            force is not NOBODY for line in self.lines if line.is_saving for force in line.held
        )

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing: all is shared and named, and the nets add up to nought."""
        missing = any(line.unnamed or line.unshared for line in self.lines)
        return not missing and not sum(self.adjustments.values())

    @property
    def netting(self) -> tuple[Line, ...]:
        """The lines that take part in the nets."""
        return tuple(line for line in self.lines if self.counts_savings or not line.is_saving)

    @property
    def is_netted(self) -> bool:
        """Whether any force's net is known: not while anything that takes part is not shared."""
        return not any(line.due.get(NOBODY) for line in self.netting)

    def figures(self) -> dict[int, Figures]:
        """Each force's figures over the lines that take part; nought where it has none."""
        found = {
            force: Figures(adjustment=self.adjustments.get(force, 0), paid=self.paid.get(force, 0))
            for force in self.forces
        }
        for line in self.netting:
            for force in line.forces:
                found[force] = found.get(force, Figures()) + line.of(force)
        return found

    def nets(self) -> dict[int, int]:
        """Each force's net, in the agreed order."""
        return {force: figures.net for force, figures in self.figures().items()}

    def without(self, disputed: Collection[tuple[int, bool]]) -> "Account":
        """The account of the other lines; a line is named by its area, and whether it is savings."""
        kept = (line for line in self.lines if (line.area, line.is_saving) not in disputed)
        return replace(self, lines=tuple(kept))

    def after(self, payments: Iterable[Payment]) -> "Account":
        """The account once these payments have been made."""
        paid: dict[int, int] = dict(self.paid)
        for each in payments:
            paid[each.payer] = paid.get(each.payer, 0) + each.pence
            paid[each.payee] = paid.get(each.payee, 0) - each.pence
        return replace(self, paid=paid)
