"""A name for a list."""

from django import forms

from programmes.form_fields import TextField


class SaveViewForm(forms.Form):
    """What the view is called, and who sees it."""

    name = TextField(
        label="Name of the view",
        called="the name",
        longest=100,
        help_text="For example: Go-lives this spring.",
        error_messages={"required": "Enter a name for the view"},
    )
    is_shared = forms.BooleanField(label="Share it with everyone in the alliance", required=False)
