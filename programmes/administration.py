"""How the administration site writes: through services, every refusal a sentence on the form."""

# ruff: noqa: SLF001 (Django's `_meta` and `_default_manager` are public for all their underscores)

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import DataError, IntegrityError, InternalError, connection
from django.db.models import ForeignKey, Model, ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from programmes.read_only import WithHistory, address

# What a service or the database says no with. Anything else is a fault of ours, and a 500.
REFUSALS = (ValidationError, IntegrityError, DataError, InternalError)


def as_sentences(refusal: Exception, model: type[Model]) -> ValidationError:
    """A refusal in words for people."""
    if isinstance(refusal, ValidationError):
        return refusal
    if isinstance(refusal, ProtectedError):
        users = {str(row._meta.verbose_name_plural) for row in refusal.protected_objects}
        return ValidationError(f"This is still used by {' and '.join(sorted(users))}.")
    diagnosis = getattr(refusal.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    for constraint in model._meta.constraints:
        if constraint.name == name:
            return ValidationError(str(constraint.get_violation_error_message()))
    said = getattr(diagnosis, "message_primary", None) or str(refusal)
    return ValidationError(f"The database refused this: {said}")


class RefusableForm(forms.ModelForm[Any]):
    """A form that can show what a service refused, after it had seemed valid.

    Too long a text is refused with its length; no browser cuts it.
    """

    refusal: ClassVar[ValidationError | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)

    def clean(self) -> Any:
        """What Django says, and the refusal."""
        cleaned = super().clean()
        if self.refusal is not None:
            self.add_error(None, self.refusal)
        return cleaned

    def add_error(self, field: str | None, error: Any) -> None:
        """Put an error of a field that the page does not let one change above the form."""
        if field is None and hasattr(error, "error_dict"):
            for name, problems in error.error_dict.items():
                super().add_error(name if name in self.fields else None, problems)
        else:
            super().add_error(field, error)


class RecordedForm(RefusableForm):
    """A form of a recorded row: if someone else saved the row meanwhile, it says so."""

    seen_revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen_revision"] = self.instance.revision

    def clean(self) -> Any:
        """Hold the row until the transaction ends; complain if it is not the one that was shown."""
        cleaned = super().clean()
        seen = self.cleaned_data.get("seen_revision")
        if self.instance.pk and seen is not None:
            rows = type(self.instance)._default_manager.select_for_update(of=("self",), no_key=True)
            if not rows.filter(pk=self.instance.pk, revision=seen).exists():
                self.add_error(
                    None,
                    "Someone else changed this while you were editing it. What you typed is below; "
                    "open the page again to see what they saved.",
                )
        return cleaned


class ChoiceOfAnyAlliance(forms.ModelChoiceField[Any]):
    """A list across alliances, each row with its alliance's name."""

    def label_from_instance(self, obj: Any) -> str:
        """“Fleet (North and South)”."""
        return f"{obj} ({obj.alliance})"


class WithinAlliance(admin.options.BaseModelAdmin[Any]):
    """Offers only rows of the alliance that the page is about, once that is known."""

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any], request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField[Any] | None:
        """Django's field, its list limited, or each row of it named with its alliance."""
        rows = db_field.remote_field.model._default_manager
        if db_field.name not in self.raw_id_fields and _has_alliance(rows.model):
            alliance_id = self.alliance_id(request)
            if alliance_id is None:
                kwargs["queryset"] = rows.select_related("alliance")
                kwargs["form_class"] = ChoiceOfAnyAlliance
            else:
                kwargs["queryset"] = rows.filter(alliance_id=alliance_id)
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None:
            field.error_messages["invalid_choice"] = (
                "This is not one of the alliance’s own; choose again from the list."
            )
        return field

    def alliance_id(self, request: HttpRequest) -> int | None:
        """The alliance of the row being changed, or the one chosen for a new row. One query at most."""
        if not hasattr(request, "alliance_id"):
            request.alliance_id = self._find_alliance_id(request)  # type: ignore[attr-defined]
        found: int | None = request.alliance_id  # type: ignore[attr-defined]
        return found

    def _find_alliance_id(self, request: HttpRequest) -> int | None:
        model = getattr(self, "parent_model", self.model)
        match = request.resolver_match
        written = match.kwargs.get("object_id") if match else None
        if written is not None:
            pk = unquote(written)
            rows = model._default_manager.filter(pk=pk) if pk.isdecimal() else model.objects.none()
            found: int | None = rows.values_list("alliance_id", flat=True).first()
            return found
        chosen = request.POST.get("alliance") or request.GET.get("alliance") or ""
        return int(chosen) if chosen.isdecimal() and len(chosen) < 19 else None


class ServiceAdmin(WithinAlliance, WithHistory):
    """A table whose writes go through services and whose refusals become form errors.

    A subclass names its services in `save_model` and `delete_model`. Rows are deleted one at a
    time. `fixed` names what cannot be changed once the row exists.
    """

    form = RecordedForm
    actions = None
    list_per_page = 50
    fixed: tuple[str, ...] = ("alliance",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What Django says, and what is fixed in a row that exists."""
        return [*super().get_readonly_fields(request, obj), *(self.fixed if obj else ())]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What Django says; the revision only where there is a form to send it with."""
        names = [name for name in super().get_fields(request, obj) if name != "seen_revision"]
        if obj and self.has_change_permission(request, obj):
            names.append("seen_revision")
        return names

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form's class, made for this request, with what was refused in it."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Django's page; if the write is refused, the same page again with the reason."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except REFUSALS as refusal:
            request.refusal = as_sentences(refusal, self.model)  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Django's; then what is checked at the end of a transaction is checked now."""
        super().save_related(request, form, formsets, change)
        connection.check_constraints()

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's page; if the deletion is refused, the row's page with the reason."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except REFUSALS as refusal:
            for sentence in as_sentences(refusal, self.model).messages:
                self.message_user(request, sentence, messages.ERROR)
            return redirect(address(self.model, "change"), object_id)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        """Django's; first, what is checked at the end of a transaction is checked."""
        connection.check_constraints()
        return super().response_delete(request, obj_display, obj_id)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        """The rows themselves; to list all that hangs on one could take thousands of lines."""
        named = [str(obj) for obj in objs]
        return named, {str(self.model._meta.verbose_name_plural): len(named)}, set(), []


class KeptAdmin(ServiceAdmin):
    """A table whose rows stay: too much hangs on each to take one away here."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


def _has_alliance(model: type[Model]) -> bool:
    try:
        return bool(model._meta.get_field("alliance"))
    except FieldDoesNotExist:
        return False
