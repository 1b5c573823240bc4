"""Asking for shares to be worked out again: a row in the same transaction, and a doorbell after it."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction

from programmes.models import Alliance, User
from savings import tasks
from savings.inputs import Unit

logger = logging.getLogger(__name__)

# One attempt to connect and one to send, each with a bound. Kombu's own default is to try again
# for four seconds, sleeping two in between.
_IMPATIENT = {"max_retries": 0, "socket_timeout": 0.2, "socket_connect_timeout": 0.2}

_ASK = """
    INSERT INTO savings_recomputerequest (alliance_id, area_id, year, cause, asked_by_id)
    SELECT %(alliance)s, unit.area_id, unit.year, %(cause)s, %(by)s
      FROM (
            SELECT i.area_id, a.year
              FROM savings_amount a JOIN savings_item i ON i.id = a.item_id
             WHERE i.alliance_id = %(alliance)s
               AND (%(areas)s::bigint[] IS NULL OR i.area_id = ANY(%(areas)s::bigint[]))
             UNION
            SELECT area_id, year FROM savings_pool
             WHERE alliance_id = %(alliance)s
               AND (%(areas)s::bigint[] IS NULL OR area_id = ANY(%(areas)s::bigint[]))
           ) AS unit
     WHERE (%(years)s::int[] IS NULL OR unit.year = ANY(%(years)s::int[]))
       AND (%(since)s::int IS NULL OR unit.year >= %(since)s::int)
       AND NOT EXISTS (
            SELECT 1 FROM savings_financialyear y
             WHERE y.alliance_id = %(alliance)s AND y.year = unit.year AND y.closed_at IS NOT NULL)
"""


def request_recompute(
    *,
    alliance: Alliance,
    cause: str,
    area_ids: Iterable[int] | None = None,
    years: Iterable[int] | None = None,
    since_year: int | None = None,
    by: User | None = None,
) -> int:
    """Mark the shares of these areas and years as behind and ring for a worker; how many were marked.

    None means every area, or every year; only those that have amounts or shares are marked, and
    never a closed year. One query. Call it in the transaction that changes the input.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _ASK,
            {
                "alliance": alliance.pk,
                "areas": None if area_ids is None else sorted(area_ids),
                "years": None if years is None else sorted(years),
                "since": since_year,
                "cause": cause[:200],
                "by": by.pk if by else None,
            },
        )
        asked: int = cursor.rowcount
    if asked:
        ring_after_commit(alliance.pk)
    return asked


def request_units(
    *, alliance: Alliance, units: Iterable[Unit], cause: str, by: User | None = None
) -> int:
    """As request_recompute, for exactly these areas' years."""
    areas_by_year: dict[int, set[int]] = {}
    for unit in units:
        areas_by_year.setdefault(unit.year, set()).add(unit.area_id)
    return sum(
        request_recompute(alliance=alliance, cause=cause, area_ids=areas, years=[year], by=by)
        for year, areas in areas_by_year.items()
    )


def ring_after_commit(alliance_id: int) -> None:
    """Ring once when the transaction has committed, however often it asked; never if it rolls back."""
    ring_once = _Ring(alliance_id)
    # One that waits already is undone only by a rollback that undoes this one too.
    if all(waiting[1] != ring_once for waiting in connection.run_on_commit):
        transaction.on_commit(ring_once, robust=True)


@dataclass(frozen=True)
class _Ring:
    """A ring that waits for the end of the transaction; two for the same alliance are equal."""

    alliance_id: int

    def __call__(self) -> None:
        ring(self.alliance_id)


def ring(alliance_id: int) -> None:
    """Ask Celery for a worker, within half a second.

    A broker that is away or frozen costs that time and no more: the request is on record, and beat
    rings again. The connection is the ring's own, since Celery's shared ones try for longer.
    """
    task = tasks.recompute_alliance
    try:
        with task.app.connection_for_write(transport_options=_IMPATIENT) as broker:
            task.apply_async(
                kwargs={"alliance_id": alliance_id},
                connection=broker,
                retry=False,
                ignore_result=True,
            )
    except Exception as problem:
        logger.warning("The broker did not take the message (%s); beat will ring again.", problem)
