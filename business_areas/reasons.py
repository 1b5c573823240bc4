"""Why a date moves: other reasons fit an earlier date than a later one."""

from datetime import date

ANOTHER = "Another reason"
WRONG = "The date on record was wrong"

EARLIER = (
    "Design was agreed sooner than planned",
    "People are in post sooner than planned",
    "Technology is ready sooner than planned",
    "What it waited for was reached sooner",
    "A decision was taken sooner than planned",
    "Brought forward, so that savings start sooner",
    "Less has to be done than planned",
    WRONG,
    ANOTHER,
)
LATER = (
    "Design takes longer than planned",
    "Consultation takes longer than planned",
    "People are not yet in post",
    "Technology is not ready",
    "Waits for another business area",
    "Waits for a decision or a signature",
    "Money is not yet approved",
    "More has to be done than planned",
    "Other work goes first",
    WRONG,
    ANOTHER,
)
FIRST = ("The first forecast for this milestone", WRONG, ANOTHER)


def reasons_for(before: date | None, to: date) -> tuple[str, ...]:
    """The reasons that fit a move from `before` to `to`; where nothing moves, those of a first date."""
    if before is None or before == to:
        return FIRST
    return LATER if to > before else EARLIER
