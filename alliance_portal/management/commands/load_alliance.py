"""`manage.py load_alliance`: an alliance workbook into the portal, all of it or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from alliance_portal.workbook.differences import Difference
from alliance_portal.workbook.loading import NotLoadable, Plan, load, plan
from alliance_portal.workbook.problems import as_lines
from programmes import words


class Command(BaseCommand):
    """Prints what was created, changed and left alone in each sheet, or every problem."""

    help = (
        "Loads an alliance workbook: a folder of CSV files or one .xlsx. All of it is loaded or "
        "nothing is. It adds and changes rows and never deletes one; loading the same workbook "
        "again changes nothing. If anything is wrong, every problem is listed and the exit "
        "status is 1."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """PATH and --dry-run."""
        parser.add_argument(
            "path", type=Path, metavar="PATH", help="a folder of CSV files, or an .xlsx file"
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="list every value that would change, old and new, and save nothing",
        )

    def handle(self, *, path: Path, dry_run: bool, **options: Any) -> None:
        """Load, or plan, and say what came of it."""
        try:
            if dry_run:
                done = plan(path)
            else:
                with tqdm(unit=" rows", desc="Loading", disable=None, leave=False) as bar:
                    done = load(path, progress=bar.update)
        except NotLoadable as refusal:
            self._list(refusal)
            raise SystemExit(1) from None
        self.stdout.write(_told(done, dry_run=dry_run))

    def _list(self, refusal: NotLoadable) -> None:
        lines = as_lines(refusal.problems)
        count = len(refusal.problems)
        found = words.counted(count, "problem")
        self.stderr.write(f"The workbook was not loaded: {found}.")
        for line in lines:
            self.stderr.write(f"  {line}")


def _told(done: Plan, *, dry_run: bool) -> str:
    lines = [f"{done.name} ({done.code})", f"{'':<16}{'created':>9}{'changed':>9}{'unchanged':>11}"]
    for sheet in done.sheets:
        changes = done.changes[sheet]
        created, changed = len(changes.created), len(changes.changed)
        lines.append(f"{sheet:<16}{created:>9,}{changed:>9,}{changes.unchanged:>11,}")
    lines += done.notes
    if dry_run:
        lines += [_line(difference) for difference in done.differences]
    lines.append(_ending(done, dry_run=dry_run))
    return "\n".join(lines)


def _line(difference: Difference) -> str:
    old, new = difference.old or "blank", difference.new or "blank"
    return f"{difference.sheet}, {difference.key}, {difference.column}: {old} → {new}"


def _ending(done: Plan, *, dry_run: bool) -> str:
    if not done:
        return "Nothing would change." if dry_run else "Nothing changed."
    if dry_run:
        return "Nothing was saved: this was a dry run."
    if not done.requests:
        return "Loaded."
    waiting = f"{done.requests:,} request{'s' if done.requests > 1 else ''}"
    return f"Loaded; {waiting} to work out shares wait for the worker."
