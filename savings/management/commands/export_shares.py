"""`manage.py export_shares`: an alliance's shares as a file."""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, OutputWrapper

from programmes.csv_lines import BYTE_ORDER_MARK
from savings.engine.periods import NotAPeriod, parse_year
from savings.exports import ShareRow, as_csv, as_json, share_rows, write_xlsx
from savings.management.alliances import alliances_named
from savings.models import RecomputeRequest


class Command(BaseCommand):
    """Writes one row per amount and force."""

    help = (
        "Writes an alliance's shares, one row per amount and force, as CSV, a spreadsheet or JSON."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """CODE, --year, --version, --format and --output."""
        parser.add_argument("code", metavar="CODE", help="the alliance")
        parser.add_argument("--year", help="a financial year such as 2016/17 (default: all)")
        parser.add_argument(
            "--version",
            choices=["approved", "forecast", "actual"],
            help="one version of the amounts (default: all)",
        )
        parser.add_argument("--format", choices=["csv", "xlsx", "json"], default="csv")
        parser.add_argument("--output", metavar="FILE", help="a file (default: standard output)")

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Django's parser, in which --version may mean the version of the amounts."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def handle(self, *, code: str, **options: Any) -> None:
        """Write the file; say on standard error if shares are behind."""
        (alliance,) = alliances_named([code])
        try:
            year = parse_year(options["year"]) if options["year"] else None
        except NotAPeriod as problem:
            raise CommandError(str(problem)) from problem
        version = options["version"].upper() if options["version"] else None
        rows = share_rows(alliance=alliance, year=year, version=version)
        _write(rows, options["format"], options["output"], self.stdout)
        waiting = RecomputeRequest.objects.filter(alliance=alliance).count()
        if waiting:
            self.stderr.write(
                f"{waiting} changes are still to be worked out, so some shares in the file are "
                "behind; run recompute and export again."
            )


def _write(rows: Iterable[ShareRow], kind: str, output: str | None, printed: OutputWrapper) -> None:
    if kind == "xlsx":
        if output is None:
            raise CommandError("A spreadsheet needs a file to go to: add --output FILE.")
        with _opened(output, "wb") as out:
            write_xlsx(rows, out)
        return
    lines: Iterator[str] = as_csv(rows) if kind == "csv" else as_json(rows)
    if output is None:
        try:
            for line in lines:
                printed.write(_for_a_pipe(line), ending="")
            printed.flush()
        except BrokenPipeError:
            # Whoever reads has seen enough (`| head`); nothing is left to flush at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return
    with _opened(output, "w", encoding="utf-8", newline="") as out:
        out.writelines(lines)


def _for_a_pipe(line: str) -> str:
    """The line as other programs expect it, without what is there for Excel."""
    return line.removeprefix(BYTE_ORDER_MARK).replace("\r\n", "\n")


def _opened(output: str, mode: str, **options: Any) -> Any:
    try:
        return Path(output).open(mode, **options)
    except OSError as problem:
        raise CommandError(f"{output} cannot be written: {problem.strerror}.") from problem
