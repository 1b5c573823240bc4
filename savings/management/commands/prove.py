"""`manage.py prove`: what the other side needs to derive every penny again by itself."""

import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from programmes.models import Alliance
from programmes.snapshot import one_snapshot
from savings.engine.periods import NotAPeriod, parse_year, year_label, year_slug
from savings.management.alliances import alliances_named
from savings.papers import verify
from savings.papers.proof import proof_lines
from savings.papers.working import write_working
from savings.papers.year import StillBehind, TooLarge, read_year, years_with_papers


class Command(BaseCommand):
    """Writes a year's proof file with its verifier, and its working workbook."""

    help = (
        "Writes proof.json (a year’s amounts, sizes, rules, members, ratios and shares), verify.py, "
        "one file of plain Python that derives every share again without the portal "
        "(python3 -I verify.py proof.json), and working.xlsx, in which all of it is live formulas."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """CODE, --year and --output."""
        parser.add_argument("code", metavar="CODE", help="the alliance")
        parser.add_argument(
            "--year",
            help="a financial year such as 2016/17 (default: every year, each in a folder of its own)",
        )
        parser.add_argument(
            "--output", metavar="FOLDER", required=True, help="made if it is not there"
        )

    def handle(self, *, code: str, output: str, year: str | None, **options: Any) -> None:
        """Write the files and say where they are."""
        (alliance,) = alliances_named([code])
        folder = Path(output)
        try:
            with one_snapshot():
                asked = _asked(alliance, year, folder)
                for each, place in asked:
                    self._write(alliance, each, place)
                    self.stdout.write(f"{year_label(each)}: {place}")
        except OSError as problem:
            raise CommandError(f"{output} cannot be written: {problem.strerror}.") from problem
        except StillBehind as problem:
            raise CommandError(f"{problem} Run recompute and ask again.") from problem
        if not asked:
            self.stdout.write(f"{alliance.code} has no amounts yet; nothing was written.")

    def _write(self, alliance: Alliance, year: int, folder: Path) -> None:
        ready = read_year(alliance, year)
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "proof.json").open("w", encoding="utf-8") as out:
            out.writelines(proof_lines(ready))
        shutil.copyfile(verify.__file__, folder / "verify.py")
        try:
            ready.check_size()
        except TooLarge as problem:
            self.stderr.write(str(problem))
            return
        with (folder / "working.xlsx").open("wb") as book:
            write_working(ready, book)


def _asked(alliance: Alliance, text: str | None, folder: Path) -> list[tuple[int, Path]]:
    """The years, each with its folder. Raises CommandError for what is no year, or has no money."""
    known = [each.year for each in years_with_papers(alliance)]
    if text is None:
        return [(year, folder / year_slug(year)) for year in known]
    try:
        year = parse_year(text)
    except NotAPeriod as problem:
        raise CommandError(str(problem)) from problem
    if year not in known:
        raise CommandError(f"{alliance.code} has no amounts in {year_label(year)}.")
    return [(year, folder)]
