"""The business_areas app."""

from django.apps import AppConfig


class BusinessAreasConfig(AppConfig):
    """Names the app for Django."""

    name = "business_areas"
    verbose_name = "Business areas"
