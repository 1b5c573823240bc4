"""The savings app."""

from django.apps import AppConfig


class SavingsConfig(AppConfig):
    """Names the app for Django and connects its receiver."""

    name = "savings"
    verbose_name = "Savings"

    def ready(self) -> None:
        """Connect the one message from the apps below."""
        from savings import receivers

        assert receivers.ask_for_shares
