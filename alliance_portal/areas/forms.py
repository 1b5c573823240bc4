"""Why an area is withdrawn."""

from django import forms

from programmes.form_fields import TextField


class WithdrawForm(forms.Form):
    """The reason, kept in the area's history."""

    reason = TextField(
        label="Why is it withdrawn?",
        called="the reason",
        longest=2000,
        lines=3,
        help_text="Kept in the area’s history with your name.",
        error_messages={"required": "Say why the area is withdrawn"},
    )
