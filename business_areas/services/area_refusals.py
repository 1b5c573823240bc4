"""Why an area is not put on hold, one sentence each."""

from datetime import date

from django.core.exceptions import ValidationError

from business_areas.models import BusinessArea
from programmes import words


class HoldInFuture(ValidationError):
    """A hold begins today or earlier."""

    def __init__(self) -> None:
        super().__init__({"on_hold_since": "An area is on hold from today or from an earlier day."})


class HoldTooEarly(ValidationError):
    """A hold cannot begin before there was an alliance."""

    def __init__(self, began_on: date) -> None:
        sentence = (
            f"The hold must begin on or after {words.day(began_on)}, when the alliance began."
        )
        super().__init__({"on_hold_since": sentence})


class HeldAlready(ValidationError):
    """Someone put the area on hold first, with a day or a reason of their own."""

    def __init__(self, area: BusinessArea) -> None:
        super().__init__(
            f"{area.name} is on hold already, since {words.day(area.on_hold_since)}: "
            f"“{area.hold_reason}”. Resume it first if that is not right."
        )


class NotToHold(ValidationError):
    """A closed or withdrawn area has no work to hold."""

    def __init__(self, area: BusinessArea) -> None:
        super().__init__(
            f"{area.name} is {area.get_stage_display().lower()}, so there is no work to hold."
        )
