"""The business_areas app."""

from importlib import import_module

from django.apps import AppConfig


class BusinessAreasConfig(AppConfig):
    """Names the app for Django, and keeps the dates that changes move."""

    name = "business_areas"
    verbose_name = "Business areas"

    def ready(self) -> None:
        """Keep with each change which dates it moved."""
        import_module("programmes.changes").keep_typed_with(
            import_module("business_areas.services.moved_dates").keep
        )
