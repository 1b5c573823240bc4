"""`manage.py load_alliance`: an alliance workbook into the portal, all of it or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from alliance_portal.workbook.differences import Difference
from alliance_portal.workbook.loading import NotAsShown, NotLoadable, Plan, load, plan
from alliance_portal.workbook.problems import as_lines
from programmes import words
from savings.book import Effect
from savings.engine.periods import year_label


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
            help=(
                "list every value that would change, old and new, with what that does to each "
                "force in each year, and save nothing"
            ),
        )
        parser.add_argument(
            "--as-shown",
            default="",
            metavar="DIGEST",
            help="load only if it still does what the dry run that ended with this digest showed",
        )

    def handle(self, *, path: Path, dry_run: bool, as_shown: str, **options: Any) -> None:
        """Load, or plan, and say what came of it."""
        try:
            if dry_run:
                done = plan(path)
            else:
                with tqdm(unit=" rows", desc="Loading", disable=None, leave=False) as bar:
                    done = load(path, progress=bar.update, shown=as_shown)
        except NotLoadable as refusal:
            self._list(refusal)
            raise SystemExit(1) from None
        except NotAsShown as moved:
            self.stdout.write(_told(moved.plan, dry_run=True))
            self.stderr.write(
                "Nothing was loaded: it would no longer do what was shown. What it would do now "
                "is listed above; check it, then load it with its digest."
            )
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
    lines += [*done.notes, *done.doubts]
    if dry_run:
        lines += [_line(difference) for difference in done.differences]
        lines += _pounds(done.effect) if done.effect else []
    lines.append(_ending(done, dry_run=dry_run))
    return "\n".join(lines)


def _line(difference: Difference) -> str:
    old, new = difference.old or "blank", difference.new or "blank"
    return f"{difference.sheet}, {difference.key}, {difference.column}: {old} → {new}"


def _pounds(effect: Effect) -> list[str]:
    """What it does to each force, version by version and year by year; savings less costs."""
    lines = []
    for version in effect.by_version:
        for year in version.years:
            said = _by_force(effect, year.net)
            lines.append(f"{version.version.capitalize()} {year_label(year.year)}: {said}")
        if version.years:
            said = _by_force(effect, version.by_force)
            lines.append(f"{version.version.capitalize()}, all years: {said}")
        waiting = (("costs", version.costs_waiting), ("savings", version.savings_waiting))
        lines += [
            f"{version.version.capitalize()}: {words.pounds(abs(pence))} of {what} "
            f"{'can then not be shared yet' if pence > 0 else 'that could not be shared can be then'}."
            for what, pence in waiting
            if pence
        ]
    if not lines:
        return ["No force’s share of any amount changes."]
    return ["What each force gains (+) or loses (−), savings less costs:", *lines]


def _by_force(effect: Effect, net: tuple[int, ...]) -> str:
    each = zip(effect.forces, net, strict=True)
    return ", ".join(f"{force.name} {words.signed_pounds(pence)}" for force, pence in each)


def _ending(done: Plan, *, dry_run: bool) -> str:
    if not done:
        return "Nothing would change." if dry_run else "Nothing changed."
    if dry_run:
        return (
            f"To load exactly this: --as-shown {done.digest}\n"
            "Nothing was saved: this was a dry run."
        )
    if not done.requests:
        return "Loaded."
    waiting = f"{done.requests:,} request{'s' if done.requests > 1 else ''}"
    return f"Loaded; {waiting} to work out shares wait for the worker."
