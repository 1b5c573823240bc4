"""`manage.py export_alliance`: an alliance out of the portal as the workbook that would load it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from alliance_portal.workbook.exporting import export
from alliance_portal.workbook.sheets import COLUMNS
from programmes.models import Alliance


class Command(BaseCommand):
    """Prints how many rows of how many sheets were written."""

    help = (
        "Writes an alliance as a workbook: an .xlsx if PATH ends so, otherwise a folder of CSV "
        "files. Loading it again changes nothing. Forecasts that the portal derives are left out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """CODE and PATH."""
        parser.add_argument("code", metavar="CODE", help="the alliance's code")
        parser.add_argument(
            "path", type=Path, metavar="PATH", help="a folder to write to, or an .xlsx file"
        )

    def handle(self, *, code: str, path: Path, **options: Any) -> None:
        """Write the files, each complete before it takes the place of an older one."""
        alliance = Alliance.objects.filter(code=code).first()
        if alliance is None:
            codes = ", ".join(Alliance.objects.values_list("code", flat=True).order_by("code"))
            known = f"the portal has {codes}" if codes else "the portal has none yet"
            self._stop(f"There is no alliance with the code {code}: {known}.")
        try:
            workbook = export(alliance, path)
        except OSError as problem:
            self._stop(f"{path} cannot be written: {problem.strerror or problem}.")
        rows = sum(len(workbook.rows(sheet)) for sheet in COLUMNS)
        self.stdout.write(f"Wrote {rows:,} rows in {len(COLUMNS)} sheets to {path}.")

    def _stop(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        raise SystemExit(1)
