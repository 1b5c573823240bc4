"""Whether shares are behind their inputs, since when, how the work is going; and what is closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from programmes.models import Alliance
from savings.inputs import Unit
from savings.models import Run


@dataclass(frozen=True)
class Freshness:
    """How far an alliance's shares follow their inputs.

    `behind` areas' years wait to be worked out again, the oldest since `since`; `worked_out_at` is
    when shares were last brought up to date, None if never. `state` is the newest run's, and
    `answered` how many requests it has answered. `closed` are the financial years that move no more.
    """

    behind: int
    since: datetime | None
    worked_out_at: datetime | None
    state: str | None
    answered: int | None
    closed: Sequence[int] = ()

    @property
    def is_behind(self) -> bool:
        """True while anything waits."""
        return self.behind > 0

    @property
    def done(self) -> int:
        """How many the run under way has answered; nought between runs."""
        return self.answered or 0 if self.state == Run.State.RUNNING else 0

    @property
    def has_failed(self) -> bool:
        """True if something waits because the newest run failed."""
        return self.is_behind and self.state == Run.State.FAILED

    @property
    def sentence(self) -> str:
        """What is behind, for the strip above every page; it counts areas' years."""
        if self.has_failed:
            return (
                f"The last run failed and will be tried again, {self.behind:,} still to do; "
                "figures marked “behind” will move."
            )
        return (
            f"Shares are being worked out again after a change, {self.behind:,} still to do; "
            "figures marked “behind” will move."
        )


def freshness(alliance: Alliance) -> Freshness:
    """The alliance's freshness now. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT waiting.units, waiting.since,"
            "       (SELECT finished_at FROM savings_run WHERE alliance_id = %(alliance)s"
            "         AND state = 'DONE' ORDER BY id DESC LIMIT 1),"
            "       newest.state, newest.requests_answered,"
            "       ARRAY(SELECT year FROM savings_financialyear WHERE alliance_id = %(alliance)s"
            "              AND closed_at IS NOT NULL ORDER BY year)"
            "  FROM (SELECT count(DISTINCT (area_id, year)) AS units, min(asked_at) AS since"
            "          FROM savings_recomputerequest WHERE alliance_id = %(alliance)s) AS waiting"
            "  LEFT JOIN LATERAL ("
            "       SELECT state, requests_answered FROM savings_run"
            "        WHERE alliance_id = %(alliance)s ORDER BY id DESC LIMIT 1) AS newest ON true",
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
