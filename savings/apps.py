"""The savings app."""

from django.apps import AppConfig


class SavingsConfig(AppConfig):
    """Names the app for Django."""

    name = "savings"
    verbose_name = "Savings"
