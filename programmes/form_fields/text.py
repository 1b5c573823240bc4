"""Words as people type or paste them: counted, and refused rather than cut."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from programmes.form_fields.naming import NamedField, named_in_errors

# As much as a note or a summary in a workbook may be.
MOST = 10_000


class TextField(NamedField, forms.CharField):
    """Text of at most `longest` characters, in `lines` lines, or in a box of one.

    A line break counts as one character, as the page's count has it. Longer text is refused with
    how many are too many, and text shorter than `shortest` with how many there are; the browser
    cuts nothing. `called` is what sentences call the field, if that is not its label.
    """

    def __init__(
        self, *, longest: int = MOST, shortest: int = 0, lines: int = 0, **options: Any
    ) -> None:
        if lines:
            options.setdefault("widget", forms.Textarea(attrs={"rows": lines}))
        super().__init__(**options)
        self.longest, self.shortest = longest, shortest

    def to_python(self, value: Any) -> Any:
        """Stripped, its line breaks all alike."""
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text

    def validate(self, value: Any) -> None:
        """Neither too long nor too short."""
        super().validate(value)
        count, name = len(value or ""), named_in_errors(self, self.called)["Called"]
        if count > self.longest:
            raise ValidationError(
                f"{name} must be {self.longest:,} characters or fewer; "
                f"it has {count:,}, which is {count - self.longest:,} too many",
                code="max_length",
            )
        if 0 < count < self.shortest:
            raise ValidationError(
                f"{name} must be at least {self.shortest} characters; it has {count}",
                code="min_length",
            )
