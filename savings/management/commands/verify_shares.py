"""`manage.py verify_shares`: every stored share against the laws."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from programmes import words
from programmes.models import Alliance
from savings import verify
from savings.engine.periods import year_label
from savings.management.alliances import alliances_named
from savings.selectors.amounts_of_year import counting_twice


class Command(BaseCommand):
    """Checks by SQL and by working out again; exit status 1 if a law is broken."""

    help = (
        "Checks every stored share: by SQL against the laws (sums to the penny, within a penny of "
        "exact, members only, percentages that add up to 100 …), and by working all of it out again "
        "from the inputs as they stand. Prints a line for each breach and ends with exit status 1, "
        "or says that every law holds. What is waiting to be worked out is not compared."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Codes of alliances, and how many breaches to print."""
        parser.add_argument("codes", nargs="*", metavar="CODE", help="alliances (none: every one)")
        parser.add_argument(
            "--most", type=int, default=50, help="print at most so many breaches (default 50)"
        )

    def handle(self, *, codes: list[str], most: int, **options: Any) -> None:
        """Print the breaches, or what was checked."""
        alliances = alliances_named(codes)
        total = len(alliances) * verify.STEPS
        with tqdm(total=total, unit=" checks", desc="Checking", disable=None, leave=False) as bar:
            found = verify.verify(alliances, most=max(1, most), progress=bar.update)
        for breach in found.breaches:
            self.stdout.write(breach)
        if found.more:
            self.stdout.write(f"… and {found.more:,} more.")
        for line in _twice(alliances, max(1, most)):
            self.stdout.write(line)
        self.stdout.write(summary(found))
        if not found.holds:
            sys.exit(1)


def _twice(alliances: Iterable[Alliance], most: int) -> list[str]:
    """Amounts that count twice, a line each: no breach of a law of the shares, and to be mended."""
    found = [
        f"{alliance.code}: {group.first.item.code}, {group.first.get_version_display().lower()}, "
        f"{year_label(group.first.year)}: {words.pounds(group.pence)} counts twice; take it away on "
        f"/alliances/{alliance.code}/money/doubled/."
        for alliance in alliances
        for group in counting_twice(alliance.pk)
    ]
    more = [f"… and {len(found) - most:,} more amounts that count twice."] if found[most:] else []
    return found[:most] + more


def summary(found: verify.Verified) -> str:
    """What was checked and what came of it, in one line."""
    count = len(found.breaches) + found.more
    alliances = words.counted(found.alliances, "alliance")
    behind = (
        f" ({found.behind:,} of their areas’ years are to be worked out again and were not compared)"
        if found.behind
        else ""
    )
    result = "every law holds." if found.holds else f"{count:,} breaches of the laws."
    if count == 1:
        result = "1 breach of the laws."
    return f"{found.shares:,} shares of {found.amounts:,} amounts in {alliances} checked{behind}; {result}"
