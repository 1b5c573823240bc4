"""The savings app."""

from importlib import import_module

from django.apps import AppConfig


class SavingsConfig(AppConfig):
    """Names the app for Django and connects its receiver."""

    name = "savings"
    verbose_name = "Savings"

    def ready(self) -> None:
        """Connect the one message from the apps below."""
        import_module("savings.receivers")
