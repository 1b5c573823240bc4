"""The savings app."""

from importlib import import_module

from django.apps import AppConfig


class SavingsConfig(AppConfig):
    """Names the app for Django and connects its receiver."""

    name = "savings"
    verbose_name = "Savings"

    def ready(self) -> None:
        """Connect the one message from the apps below, and keep the book for their changes."""
        import_module("savings.receivers")
        import_module("programmes.changes").keep_books_with(
            import_module("savings.keeper").Keeper()
        )
