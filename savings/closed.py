"""What closed years hold: what they were shared by is not changed, and nothing else comes to share them."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection

from programmes import words
from savings.engine.periods import year_label
from savings.models import SharingRule
from savings.models.closed_triggers import UNLIKE_CLOSED_YEARS, YEAR_OF_A_RULE


class RuleStays(ValidationError):
    """A closed year was shared by the rule."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"{year_label(year)} is closed and was shared by this rule, so it stays as it is; "
            "set another from a day of an open year."
        )


class ClosedYearStands(ValidationError):
    """A closed year would have been shared by another rule or between other forces."""

    def __init__(self, year: int, what: str, moved_pence: int) -> None:
        kept, mend = _KEPT[what]
        moved = f" Had it been open, {words.pounds(moved_pence)} would have passed between forces."
        super().__init__(
            f"{year_label(year)} is closed and stays shared {kept}; {mend}."
            f"{moved if moved_pence else ''}"
        )


_KEPT = {
    "RULE": (
        "by the rule that was in force in it",
        "let a rule begin on a day of an open year",
    ),
    "MEMBERS": (
        "between the forces that were in it",
        "let the force join or leave on a day of an open year",
    ),
}


def check_rule(rule: SharingRule) -> None:
    """Raise RuleStays if a closed year was shared by the rule. One query."""
    with connection.cursor() as cursor:
        cursor.execute(YEAR_OF_A_RULE.format(rule="%(rule)s"), {"rule": rule.pk})
        (year,) = cursor.fetchone()
    if year is not None:
        raise RuleStays(year)


def check_standing(alliance_id: int, would_have_moved: Mapping[Any, int]) -> None:
    """Raise ClosedYearStands unless closed years have the rules and members that shared them.

    `would_have_moved` is in pence, above zero what a force would gain. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT year, what FROM ({UNLIKE_CLOSED_YEARS.format(alliance='%(alliance)s')}) u"  # noqa: S608
            " ORDER BY year, what DESC LIMIT 1",
            {"alliance": alliance_id},
        )
        row = cursor.fetchone()
    if row:
        moved = sum(pence for pence in would_have_moved.values() if pence > 0)
        year, what = row
        raise ClosedYearStands(year, what, moved)
