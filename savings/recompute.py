"""Brings stored shares up to date with their inputs: safe to run twice, at once, or after a crash."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from django.db import IntegrityError, connection, transaction
from django.db.models import Min

from programmes.models import Force
from savings import runs
from savings.apportioned import work_out
from savings.inputs import Unit, read_lines
from savings.models import RecomputeRequest, Run
from savings.sharing_inputs import read_sharing_inputs
from savings.stored import Outcome, between, store

# Cells (lines × forces) that one transaction works out: enough to write at full speed, and a
# bound on memory however many amounts there are.
CELLS_PER_BATCH = 150_000
UNITS_PER_BATCH = 500

# One to keep the database busy while the other keeps Python busy.
ALLIANCES_AT_ONCE = 2

ATTEMPTS = 3

Progress = Callable[[int], None]


def bring_up_to_date(
    *, alliance_id: int, cause: str, everything: bool = False, progress: Progress | None = None
) -> Run | None:
    """Answer the alliance's requests until none is left; the run on record, or None for no work.

    For each batch of areas and years, in one transaction: take its advisory locks, take its
    requests off the list, then read the inputs and write what differs. A request that arrives
    after that is another row and found on the next turn. One that an unfinished change holds is
    worked out and stays; whoever holds it rings when that is committed. `everything` considers
    all areas and years, asked for or not; pools whose inputs are unchanged are not written.
    `progress` is called with the number of lines of each batch. A blank `cause` puts the requests'
    own causes on record.
    """
    waiting = all_units(alliance_id) if everything else requested_units(alliance_id)
    if not waiting:
        return None
    moved: Counter[int] = Counter()
    with runs.on_record(alliance_id, cause or causes_waiting(alliance_id), everything) as run:
        while waiting:
            answered_before = run.requests_answered
            for batch in batches(alliance_id, waiting):
                _work_until_it_fits(run, batch, moved, only_requested=not everything)
                if progress:
                    progress(sum(lines for _, lines in batch))
            if not everything and run.requests_answered == answered_before:
                break
            everything = False
            waiting = requested_units(alliance_id)
    return run


def bring_all_up_to_date(
    *,
    alliance_ids: Sequence[int],
    cause: str,
    everything: bool = False,
    progress: Progress | None = None,
) -> list[Run]:
    """As bring_up_to_date, alliance by alliance, two at a time; the runs that had work to do.

    While the database writes the rows of one, this process works out the next. Inside a
    transaction, which other connections cannot see into, it is one after the other.
    """
    lock = Lock()

    def tell(lines: int) -> None:
        with lock:
            if progress:
                progress(lines)

    def bring(alliance_id: int) -> Run | None:
        return bring_up_to_date(
            alliance_id=alliance_id, cause=cause, everything=everything, progress=tell
        )

    def bring_and_leave(alliance_id: int) -> Run | None:
        try:
            return bring(alliance_id)
        finally:
            connection.close()

    if len(alliance_ids) < 2 or connection.in_atomic_block:
        done = [bring(alliance_id) for alliance_id in alliance_ids]
    else:
        pool = ThreadPoolExecutor(ALLIANCES_AT_ONCE)
        try:
            done = list(pool.map(bring_and_leave, alliance_ids))
        finally:
            pool.shutdown(cancel_futures=True)
    return [run for run in done if run is not None]


def _work_until_it_fits(
    run: Run, batch: Sequence[tuple[Unit, int]], moved: Counter[int], *, only_requested: bool
) -> None:
    """Work a batch again if an input changed between reading and writing.

    The database may refuse what was worked out from the old one, for example the share of a force
    that has just left. The next attempt reads the new one.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            _work(run, batch, moved, only_requested=only_requested)
            return
        except IntegrityError:
            run.refresh_from_db()
    _work(run, batch, moved, only_requested=only_requested)


def _work(
    run: Run, batch: Sequence[tuple[Unit, int]], moved: Counter[int], *, only_requested: bool
) -> None:
    """One batch, in one transaction, as bring_up_to_date says.

    `moved` is what each force is better off by after the run's earlier batches; this one's is added.
    """
    units = sorted(unit for unit, _ in batch)
    with transaction.atomic():
        _plan_afresh()
        _lock(units)
        taken, changes = _take_requests(run.alliance_id, units)
        if only_requested:
            asked = {*taken, *requested_units(run.alliance_id)}
            units = [unit for unit in units if unit in asked]
        units = open_units(run.alliance_id, units)
        outcome = Outcome()
        if units:
            inputs = read_sharing_inputs(run.alliance_id)
            outcome = store(inputs, units, work_out(inputs, read_lines(units)), run)
        run.requests_answered += len(taken)
        run.lines_considered += outcome.lines
        run.shares_changed += outcome.shares_changed
        run.change_numbers = sorted({*run.change_numbers, *changes})
        so_far = moved.copy()
        so_far.update(outcome.moved)
        run.moved_pence = between(so_far)
        run.withheld_pools += outcome.withheld_pools
        runs.save(run)
    moved.update(outcome.moved)


def _plan_afresh() -> None:
    """Forget the plans of checks that this session made while the tables had another size."""
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")


def _lock(units: Sequence[Unit]) -> None:
    """Hold these areas' years until the transaction ends; always in the same order, so no deadlock."""
    keys = [unit.key for unit in units]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", [keys])


_TAKE = """
    WITH taken AS MATERIALIZED (
        SELECT id FROM savings_recomputerequest
         WHERE alliance_id = %s AND area_id * 4096 + year = ANY(%s)
           FOR UPDATE SKIP LOCKED)
    DELETE FROM savings_recomputerequest r USING taken WHERE r.id = taken.id
    RETURNING r.area_id, r.year, r.change_number
"""


def _take_requests(alliance_id: int, units: Sequence[Unit]) -> tuple[list[Unit], set[int]]:
    """Take these units' requests off the list, before their inputs are read.

    The unit of each, and the numbers of the changes that asked.

    One that a change not yet committed counts on stays, and nobody waits: a change that comes from
    now on finds them held, and writes its own. Until the transaction ends others see them still.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [alliance_id, [unit.key for unit in units]])
        rows = cursor.fetchall()
    return [Unit(*row[:2]) for row in rows], {row[2] for row in rows if row[2] is not None}


def open_units(alliance_id: int, units: Sequence[Unit]) -> list[Unit]:
    """Those whose year is not closed: a closed year's shares never change (law 7)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT year FROM savings_financialyear"
            " WHERE alliance_id = %s AND closed_at IS NOT NULL",
            [alliance_id],
        )
        closed = {year for (year,) in cursor.fetchall()}
    return [unit for unit in units if unit.year not in closed]


def causes_waiting(alliance_id: int) -> str:
    """Why the alliance's requests were made, oldest first; the fourth and later are only counted."""
    asked = RecomputeRequest.objects.filter(alliance_id=alliance_id).values("cause")
    oldest_first = asked.annotate(first=Min("pk")).order_by("first")
    causes = list(oldest_first.values_list("cause", flat=True))
    more = f"; and {len(causes) - 3} more" if len(causes) > 3 else ""
    return ("; ".join(causes[:3]) + more)[:500]


def requested_units(alliance_id: int) -> list[Unit]:
    """The areas and years that are behind. One query."""
    rows = RecomputeRequest.objects.filter(alliance_id=alliance_id).order_by()
    return [Unit(*row) for row in rows.values_list("area_id", "year").distinct()]


def all_units(alliance_id: int) -> list[Unit]:
    """Every area and year with amounts, shares or requests. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.area_id, a.year FROM savings_amount a JOIN savings_item i ON i.id = a.item_id"
            " WHERE i.alliance_id = %(alliance)s"
            " UNION SELECT area_id, year FROM savings_pool WHERE alliance_id = %(alliance)s"
            " UNION SELECT area_id, year FROM savings_recomputerequest"
            " WHERE alliance_id = %(alliance)s",
            {"alliance": alliance_id},
        )
        return [Unit(*row) for row in cursor.fetchall()]


def batches(alliance_id: int, units: Sequence[Unit]) -> Iterator[list[tuple[Unit, int]]]:
    """The units with their numbers of lines, in batches of about CELLS_PER_BATCH."""
    forces = Force.objects.filter(alliance_id=alliance_id).count() or 1
    counts = _line_counts(units)
    batch: list[tuple[Unit, int]] = []
    cells = 0
    for unit in sorted(units):
        lines = counts.get(unit, 0)
        if batch and (cells + lines * forces > CELLS_PER_BATCH or len(batch) >= UNITS_PER_BATCH):
            yield batch
            batch, cells = [], 0
        batch.append((unit, lines))
        cells += lines * forces
    if batch:
        yield batch


def _line_counts(units: Sequence[Unit]) -> dict[Unit, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.area_id, a.year, count(*)"
            " FROM savings_item i JOIN savings_amount a ON a.item_id = i.id"
            " WHERE i.area_id = ANY(%s) GROUP BY 1, 2",
            [sorted({unit.area_id for unit in units})],
        )
        return {Unit(area_id, year): count for area_id, year, count in cursor.fetchall()}
