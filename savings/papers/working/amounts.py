"""The sheets of amounts and pools: each amount divided, and each pool's total, agreeing with its lines."""

from collections.abc import Iterable
from typing import Any

from savings.exports import NOT_SHARED
from savings.papers.working.dividing import Division, columns
from savings.papers.working.ratios import Ratios
from savings.papers.working.sheet import Column, Look, Sheet
from savings.papers.year import Ready, Record, amounts_of

_AMOUNTS = [
    Column("area", "Business area"),
    Column("item", "Item", "long"),
    Column("kind", "Kind"),
    Column("version", "Version"),
    Column("period", "Period"),
    Column("bearer", "Borne or banked by"),
    Column("pool", "Pool", "number"),
    Column("amount", "Amount (£)", "money"),
    Column("pence", "Pence, as in its pool", "number"),
    Column("whole", "All weights", "number"),
    Column("weight", "Weight", "number", by_force=True),
    *columns(),
]
_POOLS = [
    Column("pool", "Pool", "number"),
    Column("area", "Business area"),
    Column("kind", "Kind"),
    Column("version", "Version"),
    Column("ratio", "Ratio", "number"),
    Column("pence", "Total in pence: costs less grants, or savings", "number"),
    Column("whole", "All weights", "number"),
    Column("weight", "Weight", "number", by_force=True),
    *columns(),
    Column("agrees", "The lines add up to the shares of the total", "check"),
]


class Money:
    """Both sheets. Amounts are written as they are read; none is held."""

    def __init__(self, book: Any, look: Look, ready: Ready, ratios: Ratios) -> None:
        names = [force.name for force in ready.inputs.forces]
        self.amounts = Sheet(book, look, "Amounts", _AMOUNTS, names)
        self.pools = Sheet(book, look, "Pools", _POOLS, names)
        self._ready, self._ratios = ready, ratios
        self._place = {code: at for at, code in enumerate(ready.inputs.order)}
        for amount in amounts_of(ready):
            self._amount(amount)
        for number, pool in enumerate(ready.pools, start=1):
            self._pool(number, pool)

    def _amount(self, amount: Record) -> None:
        sheet = self.amounts
        sheet.add()
        for key in ("area", "item", "kind", "version", "period"):
            sheet.given(key, amount[key])
        sheet.given("bearer", amount["borne_by"])
        sheet.given("amount", amount["pence"] / 100)
        sign = -1 if amount["kind"] == "grant" else 1
        pence = f'ROUND({sheet.cell("amount")}*100,0)*IF({sheet.cell("kind")}="grant",-1,1)'
        sheet.formula("pence", pence, sign * amount["pence"])
        if amount["pool"] is None:
            sheet.given("share", "Not shared, and nothing says why")
            return
        pool = self._ready.pools[amount["pool"]]
        sheet.given("pool", amount["pool"] + 1)
        if pool["ratio"] is None:
            sheet.given("share", f"{NOT_SHARED}{pool['withheld']}")
            return
        weights = self._ratios.weights[pool["ratio"]]
        row = sheet.cell("pool")
        pools, last = self.pools, len(self._ready.pools)
        for force, weight in enumerate(weights):
            column = pools.column("weight", force, last)
            sheet.formula("weight", f"INDEX({column},{row})", weight, force)
        sheet.formula("whole", f"INDEX({pools.column('whole', 0, last)},{row})", sum(weights))
        own = self._by_place(pool, (sign * share for share in amount["shares"]))
        Division(sign * amount["pence"], weights, own, sign).write(sheet)
        _whole(sheet, sheet.cell("amount"))

    def _pool(self, number: int, pool: Record) -> None:
        sheet, lines = self.pools, self.amounts
        sheet.add()
        sheet.given("pool", number)
        for key in ("area", "kind", "version"):
            sheet.given(key, pool[key])
        mine = f"{lines.column('pool')},{sheet.cell('pool')}"
        sheet.formula("pence", f"SUMIFS({lines.column('pence')},{mine})", pool["total"])
        if pool["ratio"] is None:
            sheet.given("share", f"{NOT_SHARED}{pool['withheld']}")
            return
        ratios, digest = self._ratios, pool["ratio"]
        weights = ratios.weights[digest]
        sheet.given("ratio", ratios.number[digest])
        for force, weight in enumerate(weights):
            column = ratios.ratios.column("weight", force)
            sheet.formula("weight", f"INDEX({column},{sheet.cell('ratio')})", weight, force)
        whole = f"INDEX({ratios.ratios.column('whole')},{sheet.cell('ratio')})"
        sheet.formula("whole", whole, sum(weights))
        own = self._by_place(pool, pool["shares"])
        Division(pool["total"], weights, own).write(sheet)
        _whole(sheet, f"{sheet.cell('pence')}/100")
        agrees = []
        for force in sheet.forces:
            shares = lines.column("share", force)
            held = (
                f'SUMIFS({shares},{mine})-2*SUMIFS({shares},{mine},{lines.column("kind")},"grant")'
            )
            agrees.append(f"ROUND({held}-{sheet.cell('share', force)},2)=0")
        sheet.formula("agrees", f"AND({','.join(agrees)})", True)

    def _by_place(self, pool: Record, shares: Iterable[int]) -> list[int]:
        """The shares in the order of the alliance's forces, nought for one that has no part."""
        members = self._ready.members_of[pool["ratio"]]
        found = [0] * len(self._place)
        for force, pence in zip(members, shares, strict=True):
            found[self._place[force]] = pence
        return found


def _whole(sheet: Sheet, amount: str) -> None:
    """Checks that the shares, and those that the portal has, add up to the amount."""
    for key, shares in (("sums", "share"), ("stands", "portal")):
        sheet.formula(key, f"ROUND(SUM({sheet.cells(shares)})-{amount},2)=0", True)
