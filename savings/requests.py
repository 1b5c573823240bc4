"""Asking for shares to be worked out again: a row in the same transaction, and a doorbell after it."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction

from programmes.changes import number_of_change
from programmes.models import Alliance, User
from savings import tasks
from savings.inputs import Unit

logger = logging.getLogger(__name__)

# For a change whose service has said why already: it stands only on rows that must be written.
NO_CAUSE_OF_ITS_OWN = "A change"

# One attempt to connect and one to send, each with a bound. Kombu's own default is to try again
# for four seconds, sleeping two in between.
_IMPATIENT = {"max_retries": 0, "socket_timeout": 0.2, "socket_connect_timeout": 0.2}

# A request that already waits serves this change too, if no worker can take it off before the change
# is committed: a lock on its row, shared with other writers and gone with the transaction, sees to
# that. A row that a worker has taken is passed over, not waited for, and another one is written. One
# row of the change's own is written in any case, so that the run can say why: one for each change on
# record, and one for each cause where there is none.
#
# An area's year that is named is asked for even if nothing is to be seen in it: its last amount may
# have gone while a worker that still saw it is about to write its shares.
_ASK = """
    WITH unit AS (
        SELECT area_id, year
          FROM (
                SELECT i.area_id, a.year
                  FROM savings_amount a JOIN savings_item i ON i.id = a.item_id
                 WHERE i.alliance_id = %(alliance)s
                   AND (%(areas)s::bigint[] IS NULL OR i.area_id = ANY(%(areas)s::bigint[]))
                 UNION
                SELECT area_id, year FROM savings_pool
                 WHERE alliance_id = %(alliance)s
                   AND (%(areas)s::bigint[] IS NULL OR area_id = ANY(%(areas)s::bigint[]))
                 UNION
                SELECT id, named_year
                  FROM unnest(%(units)s::bigint[]) AS key
                  JOIN business_areas_businessarea ON id = key / 4096
                 CROSS JOIN LATERAL (SELECT (key %% 4096)::int AS named_year) AS named
                 WHERE alliance_id = %(alliance)s
               ) AS known
         WHERE (%(years)s::int[] IS NULL OR year = ANY(%(years)s::int[]))
           AND (%(since)s::int IS NULL OR year >= %(since)s::int)
           AND (%(units)s::bigint[] IS NULL OR area_id * 4096 + year = ANY(%(units)s::bigint[]))
           AND NOT EXISTS (
                SELECT 1 FROM savings_financialyear y
                 WHERE y.alliance_id = %(alliance)s AND y.year = known.year
                   AND y.closed_at IS NOT NULL)
    ), waiting AS MATERIALIZED (
        SELECT r.area_id, r.year, r.cause, r.change_number
          FROM savings_recomputerequest r JOIN unit USING (area_id, year)
         WHERE r.alliance_id = %(alliance)s
           FOR KEY SHARE OF r SKIP LOCKED
    ), asked AS (
        INSERT INTO savings_recomputerequest
               (alliance_id, area_id, year, cause, asked_by_id, change_number)
        SELECT %(alliance)s, area_id, year, %(cause)s, %(by)s, %(change)s
          FROM unit
         WHERE (area_id, year) NOT IN (SELECT area_id, year FROM waiting)
            OR (area_id, year) = (SELECT area_id, year FROM unit ORDER BY 1, 2 LIMIT 1)
           AND NOT EXISTS (SELECT 1 FROM waiting WHERE change_number = %(change)s
                           OR %(change)s::bigint IS NULL AND cause = %(cause)s)
           AND (%(change)s::bigint IS NOT NULL OR %(cause)s <> %(no_cause)s)
    )
    SELECT count(*) FROM unit
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
    """Mark the shares of these areas and years as behind and ring for a worker; how many are behind.

    None means every area, or every year; only those that have amounts or shares are marked, and
    never a closed year. One query. Call it in the transaction that changes the input.
    """
    return _ask(
        alliance,
        cause,
        by,
        areas=None if area_ids is None else sorted(area_ids),
        years=None if years is None else sorted(years),
        since=since_year,
    )


def request_units(
    *, alliance: Alliance, units: Iterable[Unit], cause: str, by: User | None = None
) -> int:
    """As request_recompute, for exactly these areas' years, whether or not they hold anything."""
    wanted = sorted(set(units))
    areas = sorted({unit.area_id for unit in wanted})
    return _ask(alliance, cause, by, areas=areas, units=[unit.key for unit in wanted])


def _ask(
    alliance: Alliance,
    cause: str,
    by: User | None,
    *,
    areas: list[int] | None = None,
    years: list[int] | None = None,
    since: int | None = None,
    units: list[int] | None = None,
) -> int:
    """Write what _ASK says; None leaves a question open."""
    with connection.cursor() as cursor:
        cursor.execute(
            _ASK,
            {
                "alliance": alliance.pk,
                "areas": areas,
                "years": years,
                "since": since,
                "units": units,
                "cause": cause[:200],
                "no_cause": NO_CAUSE_OF_ITS_OWN,
                "change": number_of_change(alliance),
                "by": by.pk if by else None,
            },
        )
        (behind,) = cursor.fetchone()
    if behind:
        ring_after_commit(alliance.pk)
    return int(behind)


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
