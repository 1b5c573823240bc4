"""What is typed at a month's end: of which items there is nothing, and why a month is locked or not."""

from collections.abc import Sequence
from typing import Any

from django import forms

from programmes.form_fields import TextField
from savings.month_end.expected import ItemMonth
from savings.pages.settlement.forms import OnADay


class NilForm(OnADay):
    """The items that had no cost or saving in the month."""

    items = forms.TypedMultipleChoiceField(
        label="Items without a cost or saving",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one item",
            "invalid_choice": "Choose items whose actual amount is not in yet",
        },
    )
    details = TextField(label="Note", lines=2, required=False)

    def __init__(self, *args: Any, missing: Sequence[ItemMonth], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["items"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [
            (str(row.item.pk), f"{row.item.area.name}: {row.item.name}") for row in missing
        ]


class LockForm(OnADay):
    """What is to be read with the lock."""

    note = TextField(
        label="Note",
        lines=2,
        required=False,
        help_text="Where an actual amount is not in, say why the month is locked all the same.",
    )


class UnlockForm(OnADay):
    """Why a month is unlocked."""

    reason = TextField(
        label="Why it is unlocked",
        lines=2,
        error_messages={"required": "Say why the month is unlocked"},
    )
