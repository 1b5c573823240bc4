"""When nobody has said anything for too long: one rule for every area and for the programme."""

from datetime import date

SILENT_DAYS = 30
RULE = (
    "Where nobody has said or changed anything of an area for more than 30 days, or of the programme "
    "and all its areas, no colour is shown, only for how long there has been no update. That holds "
    "for live areas and for those on hold too; a closed or withdrawn area has nothing more to say."
)
_OVER = frozenset({"CLOSED", "WITHDRAWN"})


def may_be_silent(stage: str) -> bool:
    """Whether something is still to be heard of an area in this stage."""
    return stage not in _OVER


def is_silent(stage: str, updated_on: date | None, day: date) -> bool:
    """Whether an area in this stage has had no word for too long, on `day`."""
    return may_be_silent(stage) and too_long(updated_on, day)


def too_long(updated_on: date | None, day: date) -> bool:
    """Whether the last word is too old on `day`, or there is none."""
    return updated_on is None or (day - updated_on).days > SILENT_DAYS


def words(updated_on: date | None, day: date) -> str:
    """For how long there has been none: “No update for 31 days”."""
    if updated_on is None:
        return "No update on record"
    return f"No update for {(day - updated_on).days:,} days"
