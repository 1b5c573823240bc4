"""What error sentences call a field."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import pretty_name


def mid_sentence(label: str) -> str:
    """A label as it stands inside a sentence: "Date of the count" is "date of the count".

    A label that begins with initials ("ICT lead") stays as it is.
    """
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def named_in_errors(field: forms.Field, called: str) -> dict[str, str]:
    """The params `called` and `Called` of an error sentence, from `called` or else the label."""
    name = called or str(field.label or "value")
    return {"called": mid_sentence(name), "Called": name[:1].upper() + name[1:]}


class NamedField(forms.Field):
    """A field whose errors call it by `called`, or else by its label, written or worked out."""

    def __init__(self, *, called: str = "", **options: Any) -> None:
        super().__init__(**options)
        self.called = called

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> BoundField:
        """Django's, after giving a field without a label the one that the page will show."""
        if self.label is None:
            self.label = pretty_name(field_name)
        return super().get_bound_field(form, field_name)
