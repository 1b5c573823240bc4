"""A name for a list."""

from django import forms


class SaveViewForm(forms.Form):
    """What the view is called, and who sees it."""

    name = forms.CharField(
        label="Name of the view",
        max_length=100,
        help_text="For example: Go-lives this spring.",
        error_messages={
            "required": "Enter a name for the view",
            "max_length": "The name must be 100 characters or fewer",
        },
    )
    is_shared = forms.BooleanField(label="Share it with everyone in the alliance", required=False)
