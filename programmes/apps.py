"""The programmes app."""

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """Names the app for Django."""

    name = "programmes"
    verbose_name = "Programmes"
