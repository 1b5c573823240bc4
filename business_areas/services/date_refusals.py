"""Why a date is refused, one sentence each."""

from datetime import date

from django.core.exceptions import ValidationError

from business_areas.models import BusinessArea, Milestone
from programmes import words

LATEST_YEAR = 2100


class ReasonNeeded(ValidationError):
    """A date moved, and nobody said why."""

    def __init__(self) -> None:
        super().__init__(
            "Say why the date moves; the reason is kept with the old and the new date."
        )


class BaselineStays(ValidationError):
    """The original baseline is set once."""

    def __init__(self) -> None:
        super().__init__(
            {
                "baseline_on": "The original baseline is never changed; "
                "move the approved or the forecast date instead."
            }
        )


class SameDate(ValidationError):
    """Nothing would change."""

    def __init__(self, which: str, on: date) -> None:
        super().__init__(f"The {which} date is {words.day(on)} already; enter another date.")


class BeforeTheAlliance(ValidationError):
    """The date is earlier than the alliance itself."""

    def __init__(self, began_on: date) -> None:
        super().__init__(
            f"The date must be on or after {words.day(began_on)}, when the alliance began: check the year."
        )


class TooFarAhead(ValidationError):
    """The date is after 2100."""

    def __init__(self) -> None:
        super().__init__(f"The date must be in {LATEST_YEAR} or earlier: check the year.")


class ReasonDoesNotFit(ValidationError):
    """The reason is not one of those for an earlier (or for a later) date."""

    def __init__(self) -> None:
        super().__init__("Choose a reason that fits the new date.")


class DetailsNeeded(ValidationError):
    """A reason alone does not tell the board what happened."""

    def __init__(self) -> None:
        super().__init__("Enter what happened, in a sentence or two.")


class AlreadyReached(ValidationError):
    """The milestone has an actual date; there is nothing left to forecast."""

    def __init__(self, milestone: Milestone) -> None:
        assert milestone.actual_on
        super().__init__(
            f"{milestone.name} was reached on {words.day(milestone.actual_on)}, "
            "so its forecast no longer changes."
        )


class AreaWithdrawn(ValidationError):
    """The area is withdrawn; its dates stay as they were."""

    def __init__(self, area: BusinessArea) -> None:
        super().__init__(f"{area.name} is withdrawn, so its dates no longer change.")


class NothingToConfirm(ValidationError):
    """There is no forecast, or it is confirmed already."""

    def __init__(self) -> None:
        super().__init__("There is no provisional forecast to confirm.")


class DecidedInFuture(ValidationError):
    """An approval cannot have been given after today."""

    def __init__(self) -> None:
        super().__init__("The day of the approval must be today or earlier.")


class DecidedTooEarly(ValidationError):
    """An approval cannot have been given before there was an alliance."""

    def __init__(self, began_on: date) -> None:
        super().__init__(
            f"The day of the approval must be on or after {words.day(began_on)}, "
            "when the alliance began: check the year."
        )
