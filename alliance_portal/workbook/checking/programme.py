"""Forces, members and go-lives: what an alliance must have, and have once."""

from collections.abc import Iterator

from alliance_portal.workbook.checking.codes import After
from alliance_portal.workbook.comparing import compare
from alliance_portal.workbook.problems import Problem
from alliance_portal.workbook.reading import Read
from alliance_portal.workbook.sheets import Workbook
from business_areas.rules import withdrawal_refusal
from programmes.rules import budgets_refusal


def find(read: Read, stored: Workbook, after: After) -> Iterator[Problem]:
    """What is missing from the programme or there too often."""
    given, unread = read.workbook, read.unread
    if "alliance" in read.sheets and not given.alliance:
        what = "The sheet has no row."
        yield Problem("alliance", None, "", what, "Write the alliance's code and name below.")
    yield from _alliance(given)
    yield from _withdrawn(given, stored)
    for sheet, thing in (("forces", "force"), ("members", "member")):
        if given.alliance and not after[sheet] and sheet not in {*read.sheets, *unread}:
            what = f"An alliance has {thing}s, and the workbook names none."
            yield Problem(sheet, None, "", what, f"Add the sheet {sheet}, with a row for each.")
    if "milestones" not in unread:
        yield from _go_lives(after)


def _withdrawn(given: Workbook, stored: Workbook) -> Iterator[Problem]:
    for before, after in compare(stored, given, "business_areas").changed:
        if after.stage == "WITHDRAWN" != before.stage:
            refusal = withdrawal_refusal(after.name, before.stage)
            if refusal:
                yield Problem("business_areas", after.row, "stage", refusal, "Write closed.")


def _alliance(given: Workbook) -> Iterator[Problem]:
    for row in given.alliance[1:]:
        what = "A workbook holds one alliance."
        yield Problem("alliance", row.row, "code", what, "Keep one row.")
    for row in given.alliance[:1]:
        refusal = budgets_refusal(row.in_scope_budget_pence, row.total_budget_pence)
        if refusal:
            mend = "Correct one of the two."
            yield Problem("alliance", row.row, "in_scope_budget", refusal, mend)


def _go_lives(after: After) -> Iterator[Problem]:
    """An area has exactly one go-live."""
    first: dict[str, int | None] = {}
    in_doubt = any(row.unreadable & {"area", "kind"} for row in after["milestones"])
    for row in sorted(after["milestones"], key=lambda row: row.row or 0):
        if row.kind != "GO_LIVE" or not row.area:
            continue
        if row.area in first and row.row is not None:
            where = f"in row {first[row.area]}" if first[row.area] else "on record"
            what = f"The area {row.area} has a go-live {where} already."
            yield Problem("milestones", row.row, "kind", what, "Give this one another kind.")
        first.setdefault(row.area, row.row)
    if in_doubt:
        return
    for area in after["business_areas"]:
        if area.row is not None and area.code and area.code not in first:
            what = f"The area {area.code} has no go-live milestone."
            mend = "Add one to the sheet milestones; its dates may be blank."
            yield Problem("business_areas", area.row, "code", what, mend)
