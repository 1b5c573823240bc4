"""The sheet of totals: each force's year, and who owes whom, as sums of the other sheets."""

from collections.abc import Iterable
from typing import Any

from savings.papers.proof import settlement_of, totals_of
from savings.papers.working.amounts import Money
from savings.papers.working.sheet import Column, Look, Sheet
from savings.papers.year import Ready, Record

_TOTALS = [
    Column("what", "What", "long"),
    Column("version", "Version"),
    Column("sum", "Pounds", "money", by_force=True),
    Column("portal", "In the portal", "money", by_force=True),
    Column("same", "As in the portal", "check"),
]
_SETTLED = ("borne", "due", "saving_due", "banked", "adjustment", "net")
_WORDS = {
    "borne": "Costs borne, net of grants",
    "due": "Costs due",
    "saving_due": "Savings due",
    "banked": "Savings banked",
    "adjustment": "Adjustments of closed years",
    "net": "Net: above nought to receive, below to pay",
}


def write_totals(book: Any, look: Look, ready: Ready, money: Money) -> Sheet:
    """The sheet, each figure beside the portal's own."""
    sheet = Sheet(book, look, "Totals", _TOTALS, [force.name for force in ready.inputs.forces])
    order = ready.inputs.order
    found: dict[tuple[str, str], dict[str, int]] = {}
    for row in totals_of(ready):
        found.setdefault((row["version"], row["kind"]), {})[row["force"]] = row["pence"]
    for (version, kind), pence in found.items():
        sheet.add()
        sheet.given("what", "Costs less grants" if kind == "cost" else "Savings")
        sheet.given("version", version)
        for force, code in enumerate(order):
            of = f'{_pools(money, "kind")},"{kind}",{_pools(money, "version")},"{version}"'
            formula = f"SUMIFS({money.pools.column('share', force)},{of})"
            _figure(sheet, force, formula, pence.get(code, 0))
        _same(sheet)
    rows = {row["force"]: row for row in settlement_of(ready)}
    if rows:
        _settlement(sheet, money, order, rows)
    return sheet


def _settlement(sheet: Sheet, money: Money, order: Iterable[str], rows: dict[str, Record]) -> None:
    """Each force's account of the actual amounts, a figure a row."""
    first = sheet.rows + 2
    counts = any(row["saving_due"] or row["banked"] for row in rows.values())
    for what in _SETTLED:
        sheet.add()
        sheet.given("what", _WORDS[what])
        sheet.given("version", "actual")
        for force, code in enumerate(order):
            if what == "adjustment":
                sheet.given("sum", rows[code][what] / 100, force)
                sheet.given("portal", rows[code][what] / 100, force)
                continue
            _figure(
                sheet,
                force,
                _account(sheet, money, what, code, force, first, counts),
                rows[code][what],
            )
        _same(sheet)


def _account(
    sheet: Sheet, money: Money, what: str, code: str, force: int, first: int, counts: bool
) -> str:
    if what == "net":
        letter = sheet.cell("sum", force).rstrip("0123456789")
        signs = ("", "-", "+", "-", "+")
        return "".join(f"{sign}{letter}{first + at}" for at, sign in enumerate(signs))
    if what in ("due", "saving_due"):
        kind = "saving" if what == "saving_due" else "cost"
        of = f'{_pools(money, "kind")},"{kind}",{_pools(money, "version")},"actual"'
        return (
            f"SUMIFS({money.pools.column('share', force)},{of})" if what == "due" or counts else "0"
        )
    held = money.amounts.column("amount")
    mine = f'{_lines(money, "version")},"actual",{_lines(money, "bearer")},"{code}"'
    if what == "banked":
        return f'SUMIFS({held},{mine},{_lines(money, "kind")},"saving")'
    costs = f'SUMIFS({held},{mine},{_lines(money, "kind")},"cost")'
    return f'{costs}-SUMIFS({held},{mine},{_lines(money, "kind")},"grant")'


def _figure(sheet: Sheet, force: int, formula: str, pence: int) -> None:
    sheet.formula("sum", f"ROUND({formula},2)", pence / 100, force)
    sheet.given("portal", pence / 100, force)


def _same(sheet: Sheet) -> None:
    gap = f"{sheet.cells('sum')}-{sheet.cells('portal')}"
    sheet.formula("same", f"SUMPRODUCT(--(ROUND({gap},2)<>0))=0", True)


def _pools(money: Money, key: str) -> str:
    return money.pools.column(key)


def _lines(money: Money, key: str) -> str:
    return money.amounts.column(key)
