"""Whether shares are behind their inputs, and since when."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from programmes.models import Alliance
from savings.inputs import Unit


@dataclass(frozen=True)
class Freshness:
    """How far an alliance's shares follow their inputs.

    `behind` areas' years wait to be worked out again, the oldest since `since`; `worked_out_at` is
    when shares were last brought up to date, None if never.
    """

    behind: int
    since: datetime | None
    worked_out_at: datetime | None

    @property
    def is_behind(self) -> bool:
        """True while anything waits."""
        return self.behind > 0

    @property
    def sentence(self) -> str:
        """What is behind, for the strip above every page."""
        what = "1 area’s year is" if self.behind == 1 else f"{self.behind:,} areas’ years are"
        return f"{what} being worked out again after a change; figures marked “behind” will move."


def freshness(alliance: Alliance) -> Freshness:
    """The alliance's freshness now. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(DISTINCT (area_id, year)) FROM savings_recomputerequest"
            "         WHERE alliance_id = %(alliance)s),"
            "       (SELECT min(asked_at) FROM savings_recomputerequest"
            "         WHERE alliance_id = %(alliance)s),"
            "       (SELECT finished_at FROM savings_run WHERE alliance_id = %(alliance)s"
            "         AND state = 'DONE' ORDER BY id DESC LIMIT 1)",
            {"alliance": alliance.pk},
        )
        return Freshness(*cursor.fetchone())


def units_behind(alliance: Alliance) -> frozenset[Unit]:
    """The areas' years that wait to be worked out again. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT area_id, year FROM savings_recomputerequest WHERE alliance_id = %s",
            [alliance.pk],
        )
        return frozenset(Unit(*row) for row in cursor.fetchall())
