"""Why an area is withdrawn."""

from django import forms


class WithdrawForm(forms.Form):
    """The reason, kept in the area's history."""

    reason = forms.CharField(
        label="Why is it withdrawn?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept in the area’s history with your name.",
        error_messages={
            "required": "Say why the area is withdrawn",
            "max_length": "Use 2,000 characters or fewer",
        },
    )
