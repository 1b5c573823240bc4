"""The administration site's lists of every change, as the database's triggers recorded them."""

# ruff: noqa: SLF001 (Django's `_meta` is public for all its underscore)

from typing import Any

import pghistory.core
from django.contrib import admin
from django.db.models import BigIntegerField, CharField, F, QuerySet, Value
from django.db.models.expressions import OuterRef, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, NullIf
from django.http import HttpRequest

from programmes.models import User
from programmes.read_only import ReadOnlyAdmin

_OWN = ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj", "pgh_context")
_WORDS = {"insert": "Added", "update": "Changed", "delete": "Taken away"}


class ChangeLog(ReadOnlyAdmin):
    """The changes of one table, newest first: when, what, who, and the row as it then stood."""

    changed_in_portal = False
    ordering = ("-pgh_id",)
    list_display_links = None
    list_filter = ("pgh_label",)
    show_full_result_count = False

    def get_list_display(self, request: HttpRequest) -> Any:
        """The change, then every column that is kept; links to other rows by number."""
        kept = [
            field.attname for field in self.model._meta.concrete_fields if field.name not in _OWN
        ]
        return ["when", "what", "who", "pgh_obj_id", *kept]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the name of who did it, if a person did; one query."""
        person = Cast(KeyTextTransform("user", "pgh_context__metadata"), BigIntegerField())
        names = User.objects.filter(pk=OuterRef("person_id"))
        source = KeyTextTransform("source", "pgh_context__metadata")
        found: QuerySet[Any] = (
            super()
            .get_queryset(request)
            .annotate(person_id=person)
            .annotate(
                who_name=Coalesce(
                    NullIf(Subquery(names.values("name")[:1]), Value("")),
                    Subquery(names.values("email")[:1]),
                    source,
                    output_field=CharField(),
                )
            )
            .order_by(F("pgh_id").desc())
        )
        return found

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Not on the front page: reached from the table that it is about."""
        return False

    @admin.display(description="When")
    def when(self, event: Any) -> Any:
        """The moment of the change."""
        return event.pgh_created_at

    @admin.display(description="What")
    def what(self, event: Any) -> str:
        """“Added”, “Changed” or “Taken away”."""
        return str(_WORDS.get(event.pgh_label, event.pgh_label))

    @admin.display(description="Who")
    def who(self, event: Any) -> str:
        """The person, or the door it came through."""
        return event.who_name or "The portal"


def register_change_logs(app_label: str) -> None:
    """Make the changes of every tracked table of the app readable in the administration site."""
    every: list[Any] = pghistory.core.event_models()
    for events in every:
        if events.pgh_tracked_model._meta.app_label == app_label:
            admin.site.register(events, ChangeLog)
