"""Tables that the administration site shows and never changes: money, dates, stages, memberships."""

# ruff: noqa: SLF001 (Django's `_meta` is public for all its underscore)

from collections.abc import Callable
from typing import Any

import pghistory.core
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from programmes.words import pounds


class NeverWritten(admin.options.BaseModelAdmin[Any]):
    """Rows to read; whoever is signed in, none is added, changed or taken away here."""

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


class WithHistory(admin.ModelAdmin[Any]):
    """A list and a history that show every change, whichever door it came through."""

    change_list_template = "admin/recorded_change_list.html"

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Every change of the row."""
        events = event_model(self.model)
        if events is None:
            return super().history_view(request, object_id, extra_context)
        return redirect(f"{reverse(address(events, 'changelist'))}?pgh_obj={unquote(object_id)}")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's list, with a link to the changes of all rows, deleted ones too."""
        events = event_model(self.model)
        found = reverse(address(events, "changelist")) if events else ""
        return super().changelist_view(request, {**(extra_context or {}), "history_address": found})


class ReadOnlyAdmin(NeverWritten, WithHistory):
    """A table to read: what it holds is changed in the portal, where it is priced and on record.

    `changed_in_portal` is false for what nobody changes, such as runs.
    """

    actions = None
    changed_in_portal = True
    list_per_page = 50
    change_form_template = "admin/read_change_form.html"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Those that are named, or all that the row holds; money in pounds."""
        every = [
            field.name
            for field in self.opts.concrete_fields
            if field.editable and not field.primary_key
        ]
        return [
            _in_pounds(name) if name.endswith("pence") else name
            for name in (self.fields or every)
            if isinstance(name, str)
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All of them."""
        return self.get_fields(request, obj)


class ReadOnlyRows(NeverWritten, admin.TabularInline[Any, Any]):
    """Rows that belong to a table to read."""

    extra = 0
    can_delete = False


def _in_pounds(name: str) -> Callable[[Any], str]:
    """A column that shows what the field of that name holds in pence."""

    def column(row: Any) -> str:
        pence = getattr(row, name)
        return "" if pence is None else pounds(pence)

    label = name.removesuffix("pence").replace("_", " ").strip()
    column.short_description = label.capitalize() or "Amount"  # type: ignore[attr-defined]
    return column


def event_model(model: type[Model]) -> type[Model] | None:
    """The table of the model's events, if it has one."""
    events: list[type[Model]] = pghistory.core.event_models(tracks_model=model)
    return events[0] if events else None


def address(model: type[Model], page: str) -> str:
    """The name of one of the site's pages of a table."""
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
