"""How late a milestone is: the one meaning of it, and its words.

Late is later than approved, and what nobody has approved is never late: of it, only how far it is
from the date first promised is said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from business_areas.models import Milestone
from programmes.words import counted, later

LATE_DAYS, VERY_LATE_DAYS = 30, 92


# What lies between which dates of a milestone, in the order in which it is told.
SINCE_APPROVED, REBASELINED, UNAPPROVED = "since_approved", "rebaselined", "unapproved"


class HasDates(Protocol):
    """Whatever has a milestone's dates."""

    @property
    def baseline_on(self) -> date | None: ...
    @property
    def approved_on(self) -> date | None: ...
    @property
    def expected_on(self) -> date | None: ...


def spans(milestone: HasDates) -> Mapping[str, tuple[date, date]]:
    """The two dates between which each part of a move lies; together from the original to the expected.

    Without an approved date nothing slipped and nothing was re-baselined: it is UNAPPROVED.
    """
    baseline, approved = milestone.baseline_on, milestone.approved_on
    expected = milestone.expected_on
    if approved is None:
        return {UNAPPROVED: (baseline, expected)} if baseline and expected else {}
    found = {SINCE_APPROVED: (approved, expected)} if expected else {}
    return {**found, REBASELINED: (baseline, approved)} if baseline else found


def has_moved(milestone: HasDates) -> bool:
    """Whether any of its dates is another than the one before it."""
    return any(before != after for before, after in spans(milestone).values())


@dataclass(frozen=True)
class Slippage:
    """How far a date lies after the approved (or the first promised) one; negative if before.

    `rebaselined` are the days from the original baseline to the approved date, None where either is
    not known: they are said beside the others, so that a new approved date hides nothing.
    """

    days: int
    is_approved: bool = True
    rebaselined: int | None = None

    @property
    def words(self) -> str:
        """Both parts: “91 days later than approved, re-baselined 30 days later than first promised”."""
        if not self.is_approved:
            return (
                f"{later(self.days)} than first promised"
                if self.days
                else "on the date first promised"
            )
        said = f"{later(self.days)} than approved" if self.days else "on the approved date"
        return f"{said}, {self.rebaselined_words}" if self.rebaselined_words else said

    @property
    def rebaselined_words(self) -> str:
        """How far the approved date itself lies from the original one; empty where that is not known."""
        if self.rebaselined is None:
            return ""
        if self.rebaselined == 0:
            return "not re-baselined"
        return f"re-baselined {later(self.rebaselined)} than first promised"

    @property
    def is_moved(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.days or self.rebaselined)

    @property
    def is_late(self) -> bool:
        """Whether it is so much later than approved that a status says so."""
        return self.is_approved and self.days > LATE_DAYS


def slippage_of(milestone: Milestone | None) -> Slippage | None:
    """From the approved date to the actual one or else the forecast; None while either is unknown."""
    on = _dated(milestone)
    if milestone is None or milestone.approved_on is None or on is None:
        return None
    return Slippage((on - milestone.approved_on).days, rebaselined=rebaselined_by(milestone))


def drift_of(milestone: Milestone | None) -> Slippage | None:
    """The same from the date first promised, the original baseline."""
    on = _dated(milestone)
    if milestone is None or milestone.baseline_on is None or on is None:
        return None
    return Slippage((on - milestone.baseline_on).days, is_approved=False)


def rebaselined_by(milestone: HasDates) -> int | None:
    """Days from the original baseline to the approved date; None while either is unknown."""
    span = spans(milestone).get(REBASELINED)
    return (span[1] - span[0]).days if span else None


def promise_kept(milestone: Milestone | None) -> Slippage | None:
    """Against the approved date, or where none is approved against the one first promised."""
    return slippage_of(milestone) or (drift_of(milestone) if _is_unapproved(milestone) else None)


def _dated(milestone: Milestone | None) -> date | None:
    return (milestone.actual_on or milestone.forecast_on) if milestone else None


def _is_unapproved(milestone: Milestone | None) -> bool:
    return milestone is not None and milestone.approved_on is None


def finding(go_lives: Sequence[Milestone]) -> str:
    """How late the go-lives to come are; those without an approved date are counted apart.

    “2 of 5 go-lives to come with an approved date are later than approved, 1 by more than 30 days;
    3 have none, 1 of them later than first promised”.
    """
    found = [slippage_of(each) for each in go_lives if each.approved_on]
    none = [each for each in go_lives if each.approved_on is None]
    late = sum(each is not None and each.days > 0 for each in found)
    very = sum(each is not None and each.is_late for each in found)
    said = _later_than_approved(late, len(found), bool(none))
    if very:
        said += f", {f'{very} ' if len(go_lives) > 1 else ''}by more than {LATE_DAYS} days"
    if found:
        said += _rebaselined(sum((each.rebaselined or 0) > 0 for each in found if each), go_lives)
    if not none:
        return said
    drifted = sum(each is not None and each.days > 0 for each in map(drift_of, none))
    if found:
        said += f"; {len(none)} {'has' if len(none) == 1 else 'have'} none"
    if drifted:
        of_them = f"{drifted} of them " if len(none) > 1 else ""
        said += f", {of_them}{'' if of_them else 'and it is '}later than first promised"
    return said


def _rebaselined(count: int, go_lives: Sequence[Milestone]) -> str:
    """How many approved dates are themselves later than the original ones."""
    if len(go_lives) == 1:
        return f"; it is {'' if count else 'not '}re-baselined later than first promised"
    return (
        f"; {count or 'none'} {'are' if count > 1 else 'is'} re-baselined later than first promised"
    )


def _later_than_approved(late: int, approved: int, is_some: bool) -> str:
    if not approved:
        return "No go-live to come has an approved date"
    if approved == 1 and not is_some:
        return f"The go-live to come is{'' if late else ' not'} later than approved"
    what = counted(approved, "go-live", "go-lives")
    which = f"{what} to come{' with an approved date' if is_some else ''}"
    return f"{late or 'None'} of {which} {'are' if late > 1 else 'is'} later than approved"
