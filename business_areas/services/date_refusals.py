"""Why a date is refused, one sentence each."""

from datetime import date

from django.core.exceptions import ValidationError

from business_areas import rules
from business_areas.models import ApprovalRequest, BusinessArea, Milestone
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


class ReachedSoApproved(ValidationError):
    """What has been reached is judged against what was approved before."""

    def __init__(self, milestone: Milestone) -> None:
        assert milestone.actual_on
        super().__init__(
            rules.approval_of_reached_refusal(milestone.name, words.day(milestone.actual_on))
        )


class NotWithoutAgreement(ValidationError):
    """An approved date on record changes in one way only."""

    def __init__(self, milestone: Milestone) -> None:
        assert milestone.approved_on
        super().__init__({"approved_on": rules.approval_refusal(words.day(milestone.approved_on))})


class RequestWaits(ValidationError):
    """One request at a time; `request` is the one that waits."""

    def __init__(self, request: ApprovalRequest) -> None:
        self.request = request
        super().__init__(
            f"{request.asked_by} has asked for {words.day(request.to_on)} already, and that waits "
            "for an answer; have it answered or withdrawn first."
        )


class OwnRequest(ValidationError):
    """The second person is another person."""

    def __init__(self) -> None:
        super().__init__(
            "You asked for this date, so somebody else who may approve dates has to agree to it."
        )


class NotYourRequest(ValidationError):
    """Only who asked takes it back."""

    def __init__(self, request: ApprovalRequest) -> None:
        super().__init__(f"Only {request.asked_by}, who asked for this date, can withdraw that.")


class RequestAnswered(ValidationError):
    """There is nothing left to answer."""

    def __init__(self, request: ApprovalRequest) -> None:
        who = f" by {request.answered_by}" if request.answered_by else ""
        super().__init__(f"This request was {request.get_state_display().lower()}{who} already.")


class RefusalReasonNeeded(ValidationError):
    """Who asked is told why not."""

    def __init__(self) -> None:
        super().__init__({"answer": "Enter why the date is refused"})
