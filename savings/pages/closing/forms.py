"""What is typed to close a year, or not to."""

from programmes.form_fields import TextField
from savings.pages.settlement.forms import OnADay


class AskForm(OnADay):
    """What the other forces read with it."""

    note = TextField(
        label="Note to the other forces",
        lines=3,
        required=False,
        help_text="Where something is left open, say why the year is closed all the same.",
    )


class ConfirmForm(OnADay):
    """Nothing is typed: the page shows what is confirmed."""


class ReasonForm(OnADay):
    """Why a year is not closed."""

    reason = TextField(
        label="Why it is not closed",
        lines=3,
        error_messages={"required": "Say why the year is not closed"},
    )
