"""How late a milestone is: the one meaning of it, and its words.

Late is later than approved, and what nobody has approved is never late: of it, only how far it is
from the date first promised is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from business_areas.models import Milestone
from programmes.words import counted, later

LATE_DAYS, VERY_LATE_DAYS = 30, 92


@dataclass(frozen=True)
class Slippage:
    """How far a milestone's date lies after the approved (or the first promised) one; negative if before."""

    days: int
    is_approved: bool = True

    @property
    def words(self) -> str:
        """“91 days later than approved”, “on the approved date”, “1 day earlier than first promised”."""
        if self.days == 0:
            return "on the approved date" if self.is_approved else "on the date first promised"
        return f"{later(self.days)} than {'approved' if self.is_approved else 'first promised'}"

    @property
    def is_late(self) -> bool:
        """Whether it is so much later than approved that a status says so."""
        return self.is_approved and self.days > LATE_DAYS


def slippage_of(milestone: Milestone | None) -> Slippage | None:
    """From the approved date to the actual one or else the forecast; None while either is unknown."""
    return _between(milestone, milestone.approved_on, is_approved=True) if milestone else None


def drift_of(milestone: Milestone | None) -> Slippage | None:
    """The same from the date first promised, the original baseline."""
    return _between(milestone, milestone.baseline_on, is_approved=False) if milestone else None


def promise_kept(milestone: Milestone | None) -> Slippage | None:
    """Against the approved date, or where none is approved against the one first promised."""
    return slippage_of(milestone) or (drift_of(milestone) if _is_unapproved(milestone) else None)


def _is_unapproved(milestone: Milestone | None) -> bool:
    return milestone is not None and milestone.approved_on is None


def _between(milestone: Milestone, promised: date | None, *, is_approved: bool) -> Slippage | None:
    on = milestone.actual_on or milestone.forecast_on
    return Slippage((on - promised).days, is_approved) if on and promised else None


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
    if not none:
        return said
    drifted = sum(each is not None and each.days > 0 for each in map(drift_of, none))
    if found:
        said += f"; {len(none)} {'has' if len(none) == 1 else 'have'} none"
    if drifted:
        of_them = f"{drifted} of them " if len(none) > 1 else ""
        said += f", {of_them}{'' if of_them else 'and it is '}later than first promised"
    return said


def _later_than_approved(late: int, approved: int, is_some: bool) -> str:
    if not approved:
        return "No go-live to come has an approved date"
    if approved == 1 and not is_some:
        return f"The go-live to come is{'' if late else ' not'} later than approved"
    what = counted(approved, "go-live", "go-lives")
    which = f"{what} to come{' with an approved date' if is_some else ''}"
    return f"{late or 'None'} of {which} {'are' if late > 1 else 'is'} later than approved"
