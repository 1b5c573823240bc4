"""How the work of bringing shares up to date is going."""

from dataclasses import dataclass

from django.db import connection

from programmes.models import Alliance


@dataclass(frozen=True)
class WorkAhead:
    """What still waits, and the newest run: how many areas' years it has answered of how many."""

    waiting: int
    done: int
    failed: str

    @property
    def total(self) -> int:
        """Areas' years that waited when the newest run began, or wait now."""
        return self.waiting + self.done

    @property
    def finished(self) -> bool:
        """True when nothing waits."""
        return self.waiting == 0

    @property
    def sentence(self) -> str:
        """Where things stand, in one sentence."""
        if self.finished:
            return "Shares are up to date."
        if self.failed:
            return (
                f"The last run failed; {self.waiting:,} changes still wait and will be tried again."
            )
        if self.done:
            return f"Working shares out: {self.done:,} of {self.total:,} done."
        what = "1 area’s year waits" if self.waiting == 1 else f"{self.waiting:,} areas’ years wait"
        return f"{what} for a worker."


def work_ahead(alliance: Alliance) -> WorkAhead:
    """The alliance's work ahead. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(DISTINCT (area_id, year)) FROM savings_recomputerequest"
            "         WHERE alliance_id = %(alliance)s),"
            "       newest.state, newest.requests_answered, newest.problem"
            "  FROM (SELECT 1) AS one LEFT JOIN LATERAL ("
            "       SELECT state, requests_answered, problem FROM savings_run"
            "        WHERE alliance_id = %(alliance)s ORDER BY id DESC LIMIT 1) AS newest ON true",
            {"alliance": alliance.pk},
        )
        waiting, state, answered, problem = cursor.fetchone()
    running = state == "RUNNING"
    return WorkAhead(
        waiting=waiting,
        done=answered if running else 0,
        failed=problem if state == "FAILED" and waiting else "",
    )
