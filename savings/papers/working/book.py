"""The workbook as a whole: its sheets in order, the first of which says how to read the others."""

from typing import IO, Any

import xlsxwriter
from django.utils import timezone

from programmes import words
from savings.engine.periods import year_label
from savings.papers.working.amounts import Money
from savings.papers.working.ratios import Ratios
from savings.papers.working.sheet import Look, Sheet
from savings.papers.working.totals import write_totals
from savings.papers.year import Ready

_READ = (
    (
        "Every ratio, share, total and check in this workbook is a formula over the amounts and sizes in it. "
        "Change one, and what comes from it changes with it; where it then differs from the portal, a check "
        "says FALSE."
    ),
    (
        "Blue cells are what the portal holds: amounts, sizes, and the shares that it has stored, beside "
        "which the formulas are checked. White cells are worked out here."
    ),
    (
        "Sizes: what each force counts, measure by measure, with its source. Ratios: percentages by largest "
        "remainder. Every part is rounded down; the units still missing go one each to those that lost most, "
        "and of equals to the force that comes first in the agreed order."
    ),
    (
        "Amounts: each amount is divided the same way, in pence. Pools: what one ratio divides in a business "
        "area (costs less grants, or savings, of one version). Its total is divided once, and its lines are "
        "made to agree with it. Totals: plain sums of pools, and who owes whom."
    ),
    (
        "Yellow cells are what a formula cannot find. Where the pennies of the lines did not come to the "
        "share of the total, the portal has moved one within a line, where that costs least; “Penny placed "
        "by agreement” says where. The checks beside it prove that the outcome is allowed: the shares add up "
        "to the amount, each is less than a penny from exact, and the lines add up to the shares of the "
        "total. That it is the one outcome of the method is what the verifier of the proof file derives."
    ),
    (
        "Weights and shares are yellow too where whole numbers are too long for a spreadsheet’s fifteen "
        "digits, or the rule is no longer on record; they are held to the same checks."
    ),
)


def write_working(ready: Ready, out: IO[bytes]) -> None:
    """Write the workbook. Seven queries; what grows with the amounts is written as it is read."""
    book = xlsxwriter.Workbook(
        out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    look = Look(book)
    cover = book.add_worksheet("Read me")
    ratios = Ratios(book, look, ready)
    money = Money(book, look, ready, ratios)
    totals = write_totals(book, look, ready, money)
    sheets = [ratios.ratios, money.amounts, money.pools, totals]
    for sheet in sheets:
        sheet.mark_failing()
    _write_cover(book, cover, look, ready, sheets)
    book.close()


def _write_cover(book: Any, cover: Any, look: Look, ready: Ready, sheets: list[Sheet]) -> None:
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    alliance = ready.alliance
    cover.set_column(0, 0, 28)
    cover.set_column(1, 1, 96)
    facts = [
        ("Working workbook", f"{alliance.name}, {year_label(ready.year)}"),
        (
            "Figures",
            "closed: they stay as they are" if ready.is_closed else "open: they may still change",
        ),
        ("Made", words.moment(timezone.now())),
        ("Data note", alliance.data_note or "none"),
    ]
    row = 0
    for name, said in facts:
        cover.write_string(row, 0, name, look.of("head"))
        cover.write_string(row, 1, said, wrapped)
        row += 1
    failing = "+".join(sheet.failing() for sheet in sheets)
    cover.write_string(row, 0, "Checks that fail", look.of("head"))
    cover.write_formula(row, 1, f"={failing}", None, 0)
    cover.write_string(row + 1, 0, "Every check holds", look.of("head"))
    cover.write_formula(row + 1, 1, f"=B{row + 1}=0", look.of("check"), True)
    row += 3
    for sentence in _READ:
        cover.write_string(row, 1, sentence, wrapped)
        row += 1
