"""`manage.py recompute`: bring shares up to date by hand."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from programmes import words
from savings import recompute, tasks
from savings.management.alliances import alliances_named
from savings.models import RecomputeRequest, Run


class Command(BaseCommand):
    """Answers what is waiting, here or through Celery."""

    help = (
        "Brings shares up to date. Without --all only what is waiting to be worked out is done; "
        "with it everything is considered, and what has not changed is not written."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Codes of alliances, --all and --queue."""
        parser.add_argument("codes", nargs="*", metavar="CODE", help="alliances (none: every one)")
        parser.add_argument("--all", action="store_true", help="consider every area and year")
        parser.add_argument("--queue", action="store_true", help="let the Celery workers do it")

    def handle(self, *, codes: list[str], **options: Any) -> None:
        """Print the lines considered, the shares changed and the pounds moved between forces."""
        alliances = alliances_named(codes)
        if options["queue"]:
            for alliance in alliances:
                tasks.recompute_alliance.delay(
                    alliance_id=alliance.pk, cause="Asked by command", everything=options["all"]
                )
            self.stdout.write(
                f"Asked the workers to bring {words.counted(len(alliances), 'alliance')} up to date."
            )
            return
        with tqdm(unit=" lines", desc="Sharing", disable=None) as bar:
            runs = recompute.bring_all_up_to_date(
                alliance_ids=[alliance.pk for alliance in alliances],
                cause="Asked by command",
                everything=options["all"],
                progress=bar.update,
            )
        self.stdout.write(_summary(runs))
        left = RecomputeRequest.objects.filter(alliance__in=alliances).count()
        if left:
            self.stderr.write(f"{left} requests arrived in the meantime; run the command again.")


def _summary(runs: list[Run]) -> str:
    pence = sum(run.moved_pence for run in runs)
    return (
        f"{sum(run.lines_considered for run in runs):,} lines considered, "
        f"{sum(run.shares_changed for run in runs):,} shares changed, "
        f"{words.pounds(pence)} moved between forces"
        f" ({words.counted(len({run.alliance_id for run in runs}), 'alliance')})."
    )
