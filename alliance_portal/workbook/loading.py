"""Loading a workbook: all of it or nothing, and nothing twice.

A load adds and changes; it never deletes, and says nothing of rows that the workbook does not
have. The terms of a sharing rule that it gives are replaced as a set. A size that differs from the
latest on record is a further release beside it. Derived amounts are the portal's own. Loading the
same workbook again changes nothing and asks for nothing.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from alliance_portal.workbook.checking import check
from alliance_portal.workbook.comparing import SheetChanges, compare, in_agreed_order
from alliance_portal.workbook.completing import completed
from alliance_portal.workbook.differences import Difference, differences
from alliance_portal.workbook.doubts import doubts
from alliance_portal.workbook.following import (
    areas_spoken_of,
    derive_forecasts,
    make_room_for_typed_forecasts,
)
from alliance_portal.workbook.order import order_notes
from alliance_portal.workbook.problems import Problem, Problems, as_lines
from alliance_portal.workbook.reading import Read, read
from alliance_portal.workbook.saving import (
    Progress,
    Writer,
    no_progress,
    save_alliance,
)
from alliance_portal.workbook.sheets import COLUMNS, AllianceRow, Workbook
from alliance_portal.workbook.stored import stored_workbook
from alliance_portal.workbook.upon import empty_book, upon
from business_areas.services.areas import spoken_of
from programmes.changes import PriceMoved, having_shown, making, through
from programmes.models import Alliance, Change, User
from programmes.snapshot import one_snapshot
from savings.book import Effect
from savings.book import compare as compare_books
from savings.book import read as book_of_shares
from savings.models import RecomputeRequest

# Each sheet after those that it refers to.
_IN_ORDER = (
    *("forces", "members", "force_sizes", "business_areas", "sharing_rules"),
    *("gates", "sign_offs", "area_members", "staffing", "design"),
    *("milestones", "items", "amounts", "raid"),
)

# The first key of the lock of an alliance's loads; the second is made of its code.
_LOADS = 4712


class NotLoadable(Exception):
    """The workbook has problems; nothing was saved."""

    def __init__(self, problems: Problems) -> None:
        super().__init__("; ".join(as_lines(problems)))
        self.problems = problems


class NotAsShown(Exception):
    """The load would do something else than was shown; nothing was saved. `plan` is what it would."""

    def __init__(self, plan: "Plan") -> None:
        super().__init__("What the workbook would change is no longer what was shown.")
        self.plan = plan


@dataclass(frozen=True)
class Plan:
    """What a load does, or would do: the alliance's row as it will stand, and the changes by sheet.

    `sheets` names those that the workbook has; `differences` are the values on record that get
    another one; `effect` is what the load would do to shares, None once it is loaded; `notes` tell
    of what is unusual in the file, or the wrong way round, `doubts` of sizes that one would ask
    about; `requests` counts what waits for the workers then. Reads as true if anything changes.
    """

    alliance: AllianceRow
    is_new: bool
    sheets: tuple[str, ...]
    changes: Mapping[str, SheetChanges]
    differences: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    requests: int = 0
    effect: Effect | None = None

    def __bool__(self) -> bool:
        return any(self.changes.values())

    @property
    def code(self) -> str:
        """The alliance's code."""
        return self.alliance.code

    @property
    def name(self) -> str:
        """The alliance's name."""
        return self.alliance.name

    @cached_property
    def content(self) -> str:
        """The same text for the same values written, whatever they do to shares."""
        said = hashlib.sha256()
        for sheet, changes in self.changes.items():
            for before, after in (*changes.changed, *((None, row) for row in changes.created)):
                said.update(repr((sheet, _values(before), _values(after))).encode())
        return said.hexdigest()[:16]

    @property
    def digest(self) -> str:
        """Tells whether the load would do what was shown: the values, and the pounds."""
        return f"{self.content}.{self.effect.digest if self.effect else ''}"

    @property
    def size(self) -> int:
        """How many rows are written."""
        return sum(len(c.created) + len(c.changed) for c in self.changes.values())


class _OtherContent(Exception):
    """The workbook would write other values than were shown."""


def _values(row: Any) -> tuple[Any, ...]:
    """What a row says, wherever it stands in the file."""
    if row is None:
        return ()
    return tuple(getattr(row, each.name) for each in fields(row) if each.compare)


def plan(path: Path) -> Plan:
    """What loading the workbook would change, and do to shares, holding nobody up and saving nothing.

    Raises NotLoadable.
    """
    book = read(path)
    with one_snapshot():
        found = _alliance_of(book)
        planned = _plan(book, stored_workbook(found) if found else Workbook())
        now = book_of_shares(found.pk) if found else empty_book()
    return replace(planned, effect=compare_books(now, upon(now, planned.changes)))


def load(
    path: Path, *, by: User | None = None, progress: Progress = no_progress, shown: str = ""
) -> Plan:
    """Load the workbook in one transaction and ask for the shares it touches.

    `progress` is told of rows as they are written; `shown` is the digest of the plan that was shown,
    blank if none was. Two loads of one alliance wait for each other. Raises NotLoadable, NotAsShown.
    """
    book = read(path)
    content, _, priced = shown.partition(".")
    try:
        with having_shown(priced if shown else None):
            return _saved(book, path, content, by=by, progress=progress)
    except (PriceMoved, _OtherContent):
        raise NotAsShown(plan(path)) from None


def _saved(book: Read, path: Path, content: str, *, by: User | None, progress: Progress) -> Plan:
    try:
        with (
            through(Change.Door.WORKBOOK),
            transaction.atomic(),
            pghistory.context(source="workbook", file=path.name),
        ):
            return _load(book, content, by=by, progress=progress)
    except (IntegrityError, ValidationError) as refusal:
        raise NotLoadable(Problems([_refused(refusal)])) from refusal


def _load(book: Read, content: str, *, by: User | None, progress: Progress) -> Plan:
    _one_at_a_time(book)
    alliance = _alliance_of(book)
    planned = _plan(book, stored_workbook(alliance) if alliance else Workbook())
    if content and planned.content != content:
        raise _OtherContent
    if not planned:
        return planned
    given = planned.alliance
    alliance = alliance or save_alliance(given, None)
    kind = Change.Kind.FIRST_LOAD if planned.is_new else Change.Kind.WORKBOOK
    with making(alliance=alliance, kind=kind, by=by) as made:
        alliance = save_alliance(given, alliance)
        writer = Writer(alliance, by=by, progress=progress)
        for sheet in _IN_ORDER:
            if sheet == "amounts":
                make_room_for_typed_forecasts(alliance, planned.changes["items"], by=by)
            writer.write(sheet, planned.changes[sheet])
        writer.write_way(given)
        derive_forecasts(alliance, by=by)
        spoken_of(areas_spoken_of(alliance, planned.changes), made.day)
    connection.check_constraints()  # deferred ones speak now, and not when it is too late to say so
    waiting = RecomputeRequest.objects.filter(alliance=alliance).count()
    return replace(planned, requests=waiting)


def _plan(book: Read, stored: Workbook) -> Plan:
    book = completed(book, stored)
    problems = check(book, stored)
    if problems:
        raise NotLoadable(problems)
    given = in_agreed_order(stored, book.workbook)
    changes = {sheet: compare(stored, given, sheet) for sheet in COLUMNS}
    return Plan(
        alliance=given.alliance[0],
        is_new=not stored.alliance,
        sheets=book.sheets,
        changes=changes,
        notes=(*book.notes, *order_notes(stored, given)),
        doubts=tuple(doubts(stored.force_sizes, changes["force_sizes"], _today(given.alliance[0]))),
        differences=tuple(
            each for sheet in COLUMNS for each in differences(stored, sheet, changes[sheet])
        ),
    )


def _today(alliance: AllianceRow) -> date:
    """The day that the alliance's pages speak of."""
    return alliance.held_on or timezone.localdate()


def _alliance_of(book: Read) -> Alliance | None:
    """The alliance on record that the workbook is of; None if it is new or not said."""
    if not book.workbook.alliance:
        return None
    return Alliance.objects.filter(code=book.workbook.alliance[0].code).first()


def _one_at_a_time(book: Read) -> None:
    """Hold back other loads of the alliance until the transaction ends, and nobody else."""
    code = book.workbook.alliance[0].code if book.workbook.alliance else ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOADS, code])


def _refused(refusal: IntegrityError | ValidationError) -> Problem:
    """What closed years or the database do not allow, and the checks did not foresee."""
    if isinstance(refusal, ValidationError):
        mend = "Nothing was saved; take these rows out of the workbook."
        return Problem("", None, "", " ".join(refusal.messages), mend)
    diagnosis = getattr(refusal.__cause__, "diag", None)
    said = getattr(diagnosis, "message_primary", None) or str(refusal).splitlines()[0]
    what = f"The database refused the workbook: {said}."
    return Problem("", None, "", what, "Nothing was saved; correct the rows that this is about.")
