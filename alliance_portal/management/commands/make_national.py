"""`manage.py make_national`: invented national data for benchmarks and load tests."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError
from tqdm import tqdm

from alliance_portal import national


class Command(BaseCommand):
    """Makes invented alliances over the 43 territorial forces."""

    help = (
        "Makes invented alliances over the 43 territorial forces, with real officer numbers and "
        "invented amounts, for benchmarks and load tests. The same seed makes the same data. Amounts "
        "are written without their history. Shares are not worked out: use recompute."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much, from which seed, and whether to replace what is there."""
        parser.add_argument("--alliances", type=int, default=60, help="how many (default 60)")
        parser.add_argument(
            "--amounts", type=int, default=1_000_000, help="how many in all (default 1,000,000)"
        )
        parser.add_argument("--seed", type=int, default=1, help="another seed makes other data")
        parser.add_argument(
            "--replace", action="store_true", help="remove the national alliances first"
        )

    def handle(self, **options: Any) -> None:
        """Print what was made."""
        alliances, amounts = options["alliances"], options["amounts"]
        if alliances < 1 or amounts < alliances:
            raise CommandError("Ask for at least one alliance, and at least one amount for each.")
        try:
            if options["replace"]:
                national.remove_national()
            with tqdm(total=amounts, unit=" amounts", desc="Making", disable=None) as bar:
                national.make_national(
                    alliances=alliances,
                    amounts=amounts,
                    seed=options["seed"],
                    progress=bar.update,
                )
        except national.NationalDataExists as problem:
            raise CommandError(str(problem)) from problem
        except ProgrammingError as problem:
            if "session_replication_role" not in str(problem):
                raise
            raise CommandError(
                "The database user may not set session_replication_role; "
                "use a superuser, or grant it."
            ) from problem
        self.stdout.write(f"{amounts:,} amounts in {alliances} national alliances made.")
