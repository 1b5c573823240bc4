"""close_demo: the demo users can no longer sign in."""

from typing import Any

from django.core.management.base import BaseCommand

from alliance_portal import demonstration


class Command(BaseCommand):
    """Switches off every demo user who still has the demo password."""

    help = (
        "Switch off every demo user who can still sign in with the demo password; what they did "
        "stays on record. With HTTPS=1 the portal does not start before that."
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Demo users switched off: {demonstration.close_doors()}.")
