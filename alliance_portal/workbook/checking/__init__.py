"""What is wrong between the cells of a workbook: within it, and with what the portal holds.

The checks look at the alliance as it would stand after the load, and report only rows of the file.
"""

from alliance_portal.workbook.checking import amounts, codes, dates, money, programme
from alliance_portal.workbook.comparing import overlay
from alliance_portal.workbook.problems import Problems
from alliance_portal.workbook.reading import Read
from alliance_portal.workbook.sheets import COLUMNS, Workbook


def check(read: Read, stored: Workbook) -> Problems:
    """Every problem of a workbook, those of its cells first; empty if it can be loaded.

    `stored` is what the portal holds of the alliance, empty if it is new.
    """
    given = read.workbook
    after = {sheet: overlay(stored, given, sheet) for sheet in COLUMNS}
    problems = read.problems.copy()
    for found in (
        codes.find(given, after, read.unread),
        dates.find(given, stored, after),
        programme.find(read, stored, after),
        money.find(after),
        amounts.find(stored, after),
    ):
        problems.add_all(found)
    return problems
