"""`manage.py bench`: the benchmarks, on a database of their own."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from alliance_portal.benchmarks import dates, grid, ground, memory, pages, speed, why
from alliance_portal.benchmarks.figures import Figure, table
from alliance_portal.benchmarks.ground import NotAThrowAwayDatabase, Scale

Benchmark = Callable[[Scale], list[Figure]]

# In this order: the first leaves all the data there for the rest, and the last takes it away.
BENCHMARKS: dict[str, Benchmark] = {
    "memory": memory.memory,
    "recompute-national": speed.recompute_national,
    "recompute-one-pool": speed.recompute_one_pool,
    "recompute-one-size": speed.recompute_one_size,
    "date-price": dates.date_price,
    "grid": grid.grid,
    "why": why.why,
    "pages": pages.pages,
}


class Command(BaseCommand):
    """Runs all benchmarks or those named; exit status 1 if one falls short."""

    help = (
        "Runs the benchmarks, all or those named: "
        + ", ".join(BENCHMARKS)
        + ". They make national data and delete every stored share, so they refuse a database "
        "that holds other alliances; bin/bench gives them one of their own. Prints a line "
        "FIGURE name value reach target ok|short for each figure, then a table."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which benchmarks, and on how much data."""
        parser.add_argument("names", nargs="*", metavar="NAME", help="benchmarks (none: all)")
        parser.add_argument("--alliances", type=int, default=60, help="how many (default 60)")
        parser.add_argument(
            "--amounts", type=int, default=1_000_000, help="how many in all (default 1,000,000)"
        )
        parser.add_argument(
            "--rounds", type=int, default=3, help="repetitions of each measurement (default 3)"
        )

    def handle(self, *, names: list[str], **options: Any) -> None:
        """Print each figure as it is measured, then all as a table."""
        unknown = [name for name in names if name not in BENCHMARKS]
        if unknown:
            raise CommandError(
                f"There is no benchmark “{unknown[0]}”; there are {', '.join(BENCHMARKS)}."
            )
        scale = Scale(options["alliances"], options["amounts"], options["rounds"])
        if scale.alliances < 1 or scale.amounts < scale.alliances or scale.rounds < 1:
            raise CommandError("Ask for at least one alliance, amount for each, and round.")
        figures: list[Figure] = []
        try:
            ground.refuse_other_data()
            self.stdout.write(ground.machine())
            chosen = [name for name in BENCHMARKS if name in names or not names]
            for name in tqdm(chosen, desc="Measuring", disable=None, leave=False):
                for figure in BENCHMARKS[name](scale):
                    figures.append(figure)
                    self.stdout.write(figure.line)
                    self.stdout.flush()
        except NotAThrowAwayDatabase as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write("\n" + table(figures))
        if not all(figure.is_reached for figure in figures):
            sys.exit(1)
