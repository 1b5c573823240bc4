"""Brings stored shares up to date with their inputs: safe to run twice, at once, or after a crash."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock

from django.db import IntegrityError, connection, transaction
from django.db.models import Min
from django.utils import timezone

from programmes.models import Force
from savings.apportioned import work_out
from savings.inputs import Unit, read_lines, read_sharing_inputs
from savings.models import RecomputeRequest, Run
from savings.stored import Outcome, store

# Cells (lines × forces) that one transaction works out: enough to write at full speed, and a
# bound on memory however many amounts there are.
CELLS_PER_BATCH = 150_000
UNITS_PER_BATCH = 500

# One to keep the database busy while the other keeps Python busy.
ALLIANCES_AT_ONCE = 2

ATTEMPTS = 3

# The first key of the session lock that says a run's worker is alive.
RUN_LOCK = 4711

Progress = Callable[[int], None]


def bring_up_to_date(
    *, alliance_id: int, cause: str, everything: bool = False, progress: Progress | None = None
) -> Run | None:
    """Answer the alliance's requests until none is left; the run on record, or None for no work.

    For each batch of areas and years, in one transaction: take its advisory locks, read the ids of
    its requests, then the inputs; write what differs; delete only the requests that were read. A
    request that arrives in between stays, and is found on the next turn. `everything` considers
    all areas and years, asked for or not; pools whose inputs are unchanged are not written.
    `progress` is called with the number of lines of each batch. A blank `cause` puts the requests'
    own causes on record.
    """
    waiting = all_units(alliance_id) if everything else requested_units(alliance_id)
    if not waiting:
        return None
    with _on_record(alliance_id, cause or causes_waiting(alliance_id)) as run:
        while waiting:
            for batch in batches(alliance_id, waiting):
                _work_until_it_fits(run, batch, only_requested=not everything)
                if progress:
                    progress(sum(lines for _, lines in batch))
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
        runs = [bring(alliance_id) for alliance_id in alliance_ids]
    else:
        pool = ThreadPoolExecutor(ALLIANCES_AT_ONCE)
        try:
            runs = list(pool.map(bring_and_leave, alliance_ids))
        finally:
            pool.shutdown(cancel_futures=True)
    return [run for run in runs if run is not None]


def _work_until_it_fits(
    run: Run, batch: Sequence[tuple[Unit, int]], *, only_requested: bool
) -> None:
    """Work a batch again if an input changed between reading and writing.

    The database may refuse what was worked out from the old one, for example the share of a force
    that has just left. The next attempt reads the new one.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            _work(run, batch, only_requested=only_requested)
            return
        except IntegrityError:
            run.refresh_from_db()
    _work(run, batch, only_requested=only_requested)


def _work(run: Run, batch: Sequence[tuple[Unit, int]], *, only_requested: bool) -> None:
    """One batch, in one transaction, as bring_up_to_date says."""
    units = sorted(unit for unit, _ in batch)
    with transaction.atomic():
        _plan_afresh()
        _lock(units)
        requests = _requests(run.alliance_id, units)
        if only_requested:
            units = [unit for unit in units if unit in requests]
        units = open_units(run.alliance_id, units)
        outcome = Outcome()
        if units:
            inputs = read_sharing_inputs(run.alliance_id)
            outcome = store(inputs, units, work_out(inputs, read_lines(units)), run)
        answered = [pk for ids in requests.values() for pk in ids]
        RecomputeRequest.objects.filter(pk__in=answered).delete()
        run.requests_answered += len(answered)
        run.lines_considered += outcome.lines
        run.shares_changed += outcome.shares_changed
        run.moved_pence += outcome.moved_pence
        run.withheld_pools += outcome.withheld_pools
        run.save()


def _plan_afresh() -> None:
    """Forget the plans of checks that this session made while the tables had another size."""
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")


def _lock(units: Sequence[Unit]) -> None:
    """Hold these areas' years until the transaction ends; always in the same order, so no deadlock."""
    keys = [unit.key for unit in units]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", [keys])


def _requests(alliance_id: int, units: Sequence[Unit]) -> dict[Unit, list[int]]:
    found: dict[Unit, list[int]] = {}
    wanted = set(units)
    rows = RecomputeRequest.objects.filter(
        alliance_id=alliance_id, area_id__in={unit.area_id for unit in units}
    ).values_list("area_id", "year", "pk")
    for area_id, year, pk in rows:
        unit = Unit(area_id, year)
        if unit in wanted:
            found.setdefault(unit, []).append(pk)
    return found


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


@contextmanager
def _on_record(alliance_id: int, cause: str) -> Iterator[Run]:
    """A run on record from its start to its end, however it ends.

    A session lock is held as long as its worker lives; `close_dead_runs` looks for it. A run that
    came to nothing, because another worker had answered it all, is taken off the record again.
    """
    run = Run.objects.create(alliance_id=alliance_id, cause=cause)
    number = run.pk
    _session_lock("pg_advisory_lock", number)
    try:
        yield run
    except BaseException as problem:
        Run.objects.filter(pk=run.pk).update(
            state=Run.State.FAILED,
            finished_at=timezone.now(),
            problem=f"{type(problem).__name__}: {problem}"[:500],
        )
        raise
    else:
        if run.requests_answered or run.lines_considered:
            run.state = Run.State.DONE
            run.finished_at = timezone.now()
            run.save()
        else:
            run.delete()
    finally:
        _session_lock("pg_advisory_unlock", number)


def _session_lock(function: str, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [RUN_LOCK, number % 2**31])


def close_dead_runs() -> int:
    """Mark runs whose worker died as failed; how many. Their requests are still there to be answered."""
    closed = 0
    for run in Run.objects.filter(state=Run.State.RUNNING):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [RUN_LOCK, run.pk % 2**31])
            if not cursor.fetchone()[0]:
                continue
            closed += Run.objects.filter(pk=run.pk, state=Run.State.RUNNING).update(
                state=Run.State.FAILED,
                finished_at=timezone.now(),
                problem="The worker stopped before it had finished; a later run took over.",
            )
    return closed
