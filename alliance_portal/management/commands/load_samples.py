"""load_samples: both sample alliances and the people of the demonstration."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from alliance_portal import demonstration
from alliance_portal.workbook import loading
from alliance_portal.workbook.problems import as_lines
from programmes.models import Alliance
from savings import recompute


class Command(BaseCommand):
    """Loads what is not there yet; what people have changed since is left alone."""

    help = (
        "Load both sample alliances and the demo users, and bring the shares up to date. "
        "Safe to repeat: an alliance that is already there is left as it is, and so is a user. "
        "New users get the password in DEMO_PASSWORD (alliance-demo if that is not set). Only in the "
        "embedded database, or with DEMO=1; never with HTTPS=1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--again",
            action="store_true",
            help="load also over alliances that are there, undoing changes to their rows",
        )
        parser.add_argument(
            "--no-recompute",
            action="store_true",
            help="leave the shares for the worker, or for the recompute command",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            demonstration.refuse_unless_wanted()
        except demonstration.NoDemonstrationHere as refusal:
            raise CommandError(str(refusal)) from refusal
        loaded = [
            code for code in demonstration.SAMPLE_CODES if self._load(code, again=options["again"])
        ]
        made = demonstration.make_users(password=demonstration.password())
        self.stdout.write(f"Demo users: {made} new, {len(demonstration.demo_users()) - made} kept.")
        for code in loaded:
            demonstration.give_areas(code)
        if not options["no_recompute"]:
            self._bring_up_to_date()

    def _load(self, code: str, *, again: bool) -> bool:
        """Load a sample; False if it was there already and stays as it is."""
        if not again and Alliance.objects.filter(code=code).exists():
            self.stdout.write(f"{code}: already there, left as it is.")
            return False
        try:
            plan = loading.load(demonstration.SAMPLES / code)
        except loading.NotLoadable as refusal:
            lines = "\n".join(as_lines(refusal.problems))
            raise CommandError(f"The sample {code} cannot be loaded.\n{lines}") from refusal
        self.stdout.write(f"{code}: {plan.size:,} rows written.")
        return True

    def _bring_up_to_date(self) -> None:
        for alliance in Alliance.objects.filter(code__in=demonstration.SAMPLE_CODES):
            run = recompute.bring_up_to_date(alliance_id=alliance.pk, cause="samples loaded")
            said = f"{run.shares_changed:,} shares worked out" if run else "shares are up to date"
            self.stdout.write(f"{alliance.code}: {said}.")
