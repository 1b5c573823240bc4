"""Why an area cannot go live, or a go-live not be corrected, one sentence each."""

from datetime import date

from django.core.exceptions import ValidationError

from business_areas.models import BusinessArea, Milestone, MovedDate, NotApplicable
from business_areas.readiness import Readiness
from programmes import words


class LiveInFuture(ValidationError):
    """Nothing has gone live tomorrow."""

    def __init__(self, day: date) -> None:
        super().__init__(f"The go-live date must be today, {words.day(day)}, or earlier.")


class NoGoLive(ValidationError):
    """The area has no milestone that its going live could be put on."""

    def __init__(self, area: BusinessArea) -> None:
        super().__init__(
            f"{area.name} has no go-live milestone; add one to the area, then come back."
        )


class AreaOnHold(ValidationError):
    """Work on the area is halted."""

    def __init__(self, area: BusinessArea) -> None:
        super().__init__(f"{area.name} is on hold; resume it before it goes live.")


class NotReady(ValidationError):
    """Something is missing that nobody has said does not apply."""

    def __init__(self, readiness: Readiness) -> None:
        super().__init__(f"{readiness.sentence} {readiness.advice}")


class AlreadyLive(ValidationError):
    """The area is live, or was; `milestone` has the date on record, `moved` who put it there."""

    def __init__(
        self, area: BusinessArea, milestone: Milestone | None, moved: MovedDate | None
    ) -> None:
        self.milestone, self.moved = milestone, moved
        on = milestone.actual_on if milestone else None
        since = f" on {words.day(on)}" if on else ""
        by = moved.change.made_by if moved else None
        who = f"; {by} put that on record" if by else ""
        super().__init__(f"{area.name} went live{since} already{who}.")


class NotLive(ValidationError):
    """There is no going live to correct."""

    def __init__(self, area: BusinessArea) -> None:
        super().__init__(f"{area.name} is not live, so there is no go-live to correct.")


class AlreadyMarked(ValidationError):
    """Somebody has marked the item with another reason; `mark` is theirs."""

    def __init__(self, mark: NotApplicable) -> None:
        self.mark = mark
        who = mark.said_by or "Somebody"
        super().__init__(
            {
                "reason": f"{who} has marked this already: “{mark.reason}”. "
                "Undo that first to give another reason."
            }
        )


class MarkedAgain(ValidationError):
    """The mark that was to be undone has gone, and another stands in its place."""

    def __init__(self) -> None:
        super().__init__(
            "Someone else has marked this again, with another reason; read it before you undo it."
        )
