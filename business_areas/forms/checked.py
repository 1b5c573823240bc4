"""What becomes of what an area has, asked as it is closed."""

from programmes.checked import CheckForm
from programmes.checked.why import why_field


class CloseForm(CheckForm):
    """Why, and what becomes of what the area has."""

    people = why_field("What becomes of the people", "Say what becomes of the people")
    savings = why_field("What becomes of the savings", "Say what becomes of the savings")
    shares = why_field("What becomes of the shares", "Say what becomes of the shares")

    @property
    def details(self) -> str:
        """The three answers, with what was agreed."""
        given = self.cleaned_data
        said = [
            f"{name.capitalize()}: {given[name].strip()}"
            for name in ("people", "savings", "shares")
        ]
        return "\n".join([*said, *([super().details] if super().details else [])])
