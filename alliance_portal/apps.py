"""The alliance_portal app."""

from django.apps import AppConfig


class AlliancePortalConfig(AppConfig):
    """Names the app for Django."""

    name = "alliance_portal"
    verbose_name = "Alliance portal"
