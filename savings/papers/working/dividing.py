"""Largest remainder in cells: whole pence, remainders and odd pennies, each a formula.

A spreadsheet holds whole numbers up to 2^53 and compares fifteen digits, so an amount is divided in two
steps: whole multiples of the weights' sum, and the rest. That is exact while the sum of the weights is
at most MOST_WHOLE.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from savings.papers.working.sheet import Column, Sheet

MOST_WHOLE = 10_000_000
MOST_PENCE = 10**13


def columns() -> list[Column]:
    """What a division needs beside `pence` (with the pool's sign), `whole` and `weight`."""
    return [
        Column("times", "Pence ÷ weights, whole times", "number"),
        Column("rest", "Pence left over from that", "number"),
        Column("down", "Rounded down (pence)", "number", by_force=True),
        Column("lost", "Lost by it (parts of a penny)", "number", by_force=True),
        Column("odd", "Odd penny", "number", by_force=True),
        Column("moved", "Penny placed by agreement", "number", by_force=True),
        Column("share", "Share (£)", "money", by_force=True),
        Column("portal", "Share in the portal (£)", "money", by_force=True),
        Column("sums", "The shares add up", "check"),
        Column("near", "Each within a penny of exact", "check"),
        Column("same", "As in the portal", "check"),
        Column("stands", "The portal’s shares add up", "check"),
    ]


@dataclass(frozen=True)
class Division:
    """An amount in pence with the pool's sign, the weights, and its shares as stored, likewise signed."""

    pence: int
    weights: Sequence[int]
    stored: Sequence[int]
    sign: int = 1  # -1 for a grant: its own shares are the pool's turned round

    @property
    def is_exact_in_cells(self) -> bool:
        """Whether a spreadsheet's numbers hold it."""
        return 0 < sum(self.weights) <= MOST_WHOLE and abs(self.pence) <= MOST_PENCE

    def write(self, sheet: Sheet) -> None:
        """The cells of the row that was begun last."""
        size, whole = abs(self.pence), sum(self.weights)
        for force, pence in enumerate(self.stored):
            sheet.given("portal", self.sign * pence / 100, force)
        if self.is_exact_in_cells:
            self._by_formula(sheet, size, whole)
        else:
            self._as_placed(sheet)
        cells = sheet.cells
        sheet.formula(
            "same", f"SUMPRODUCT(--(ROUND({cells('share')}-{cells('portal')},2)<>0))=0", True
        )

    def _by_formula(self, sheet: Sheet, size: int, whole: int) -> None:
        cell, cells, forces = sheet.cell, sheet.cells, sheet.forces
        down = [size * weight // whole for weight in self.weights]
        lost = [size * weight % whole for weight in self.weights]
        first = sorted(forces, key=lambda force: (-lost[force], force))[: size - sum(down)]
        sign = (self.pence > 0) - (self.pence < 0)
        times, rest = cell("times"), cell("rest")
        sheet.formula("times", f"INT(ABS({cell('pence')})/{cell('whole')})", size // whole)
        sheet.formula("rest", f"ABS({cell('pence')})-{times}*{cell('whole')}", size % whole)
        for force in forces:
            weight, over = cell("weight", force), cell("lost", force)
            part = f"INT({rest}*{weight}/{cell('whole')})"
            sheet.formula("down", f"{times}*{weight}+{part}", down[force], force)
            sheet.formula("lost", f"{rest}*{weight}-{part}*{cell('whole')}", lost[force], force)
            rank = f"1+SUMPRODUCT(--({cells('lost')}>{over}))"
            if force:
                rank += f"+SUMPRODUCT(--({cells('lost', force)}={over}))"
            left = f"ABS({cell('pence')})-SUM({cells('down')})"
            odd = int(force in first)
            sheet.formula("odd", f"IF({left}>={rank},1,0)", odd, force)
            moved = self.stored[force] - sign * (down[force] + odd)
            sheet.given("moved", moved, force, look="placed" if moved else "given")
            pence = f"SIGN({cell('pence')})*({cell('down', force)}+{cell('odd', force)})"
            pence += f"+{cell('moved', force)}"
            turned = "" if self.sign > 0 else "-"
            sheet.formula(
                "share", f"{turned}({pence})/100", self.sign * self.stored[force] / 100, force
            )
        has = f"({cells('odd')}+SIGN({cell('pence')})*{cells('moved')})"
        near = f"SUMPRODUCT(({has}<>0)*(({has}<>1)+({cells('lost')}=0)))=0"
        sheet.formula("near", near, True)

    def _as_placed(self, sheet: Sheet) -> None:
        """Shares as the portal has them, where a spreadsheet's numbers are too short to derive them."""
        for force, pence in enumerate(self.stored):
            sheet.given("share", self.sign * pence / 100, force, look="placed")
        exact = f"{sheet.cell('pence')}*{sheet.cells('weight')}/{sheet.cell('whole')}"
        turned = "" if self.sign > 0 else "-"
        far = f"ABS({turned}ROUND({sheet.cells('share')}*100,0)-{exact})>=1.001"
        sheet.formula("near", f"SUMPRODUCT(--({far}))=0", True)
