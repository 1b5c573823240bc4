"""The alliance_portal app."""

from importlib import import_module

from django.apps import AppConfig


class AlliancePortalConfig(AppConfig):
    """Names the app for Django and brings Celery's settings into every process."""

    name = "alliance_portal"
    verbose_name = "Alliance portal"

    def ready(self) -> None:
        """Make the portal's Celery application the one that tasks belong to, and register checks.

        Without the first a command would ring on a queue that no worker listens to, and say nothing.
        """
        import_module("alliance_portal.celery")
        import_module("alliance_portal.checks")
