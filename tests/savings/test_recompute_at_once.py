"""Recompute beside readers, beside itself, and after the death of a worker; all truly committed."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

import psycopg2
import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from psycopg2 import extensions

from business_areas.models import Milestone
from business_areas.services import save_milestone
from programmes.models import Membership
from programmes.services import record_size, save_membership
from programmes.snapshot import one_snapshot
from savings import recompute, runs, services
from savings.engine.apportion import apportion
from savings.models import Amount, Item, Pool, PoolShare, RecomputeRequest, Run, Share, SharingRule
from tests.processes.alliances import an_alliance
from tests.savings import stored_shares
from tests.scenes import Scene, a_scene
from tests.waiting import PATIENCE, until

pytestmark = [pytest.mark.dialect, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def scene() -> Scene:
    """Two areas of forty lines each, worked out."""
    scene = a_scene()
    for area in (scene.fleet, scene.area("dogs")):
        item = scene.item(f"{area.code}-costs", area=area)
        for month in range(40):
            year, of_year = divmod(month + 3, 12)
            scene.amount(item, 10_01 + month, date(2016 + year, of_year + 1, 1))
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)
    return scene


def new_size(scene: Scene, value: int) -> None:
    record_size(
        force=scene.south,
        measure=scene.officers,
        effective_on=date(2016, 4, 1),
        value=Decimal(value),
        source="Workforce statistics",
        by=None,
    )


@contextmanager
def beside(work: Callable[[], object]) -> Iterator[list[BaseException]]:
    """Do `work` in another thread, with a connection of its own, while the block runs."""
    problems: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    yield problems
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert problems == []


@contextmanager
def another_session() -> Iterator[extensions.connection]:
    """A session of PostgreSQL's that is not Django's."""
    session = psycopg2.connect(**connection.get_connection_params())
    session.autocommit = True
    try:
        yield session
    finally:
        session.close()


def test_no_reader_sees_half_of_one_computation_and_half_of_another(scene: Scene) -> None:
    stop = threading.Event()

    def changes() -> None:
        for value in range(1600, 1616):
            new_size(scene, value)
            recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test")
        stop.set()

    seen = set()
    with beside(changes) as problems:
        while not stop.is_set() and not problems:
            with one_snapshot():
                seen.add(what_a_reader_sees(scene))
    assert len(seen) > 3


def what_a_reader_sees(scene: Scene) -> tuple[str, ...]:
    """The ratios of a page's pools, after checking that the page agrees with itself."""
    digests = []
    for pool in Pool.objects.select_related("ratio").order_by("area_id", "year"):
        assert pool.ratio is not None
        weights = [int(part.weight) for part in pool.ratio.parts.all()]
        own = PoolShare.objects.filter(pool=pool).order_by("force__position")
        legal = [share.pence for share in own]
        assert legal == apportion(pool.total_pence, weights)
        lines = Share.objects.filter(pool=pool).values_list("force__position", "pence")
        assert [sum(pence for at, pence in lines if at == place) for place in (1, 2, 3)] == legal
        digests.append(pool.ratio.digest)
    behind = set(RecomputeRequest.objects.values_list("area_id", "year"))
    if not behind:
        assert stored_shares.differences(scene.alliance.pk) == []
    return tuple(digests)


def test_two_workers_at_once_do_the_work_once_and_agree(scene: Scene) -> None:
    for value in (1600, 1700, 1800):
        new_size(scene, value)

        def work() -> None:
            recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test")

        with beside(work), beside(work):
            work()
        assert not RecomputeRequest.objects.exists()
        assert stored_shares.differences(scene.alliance.pk) == []
    assert not Run.objects.exclude(state="DONE").exists()
    assert not Run.objects.filter(lines_considered=0).exists()


def waits_for_its_turn() -> bool:
    """Whether a session of the test's database waits for an area's year that another holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return bool(cursor.fetchone()[0])


def test_a_worker_waits_for_the_one_that_is_at_the_same_areas_year(scene: Scene) -> None:
    new_size(scene, 1600)
    waiting = threading.Event()

    def work() -> None:
        waiting.set()
        recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test")

    with another_session() as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [scene.fleet.pk * 4096 + 2016])
        with beside(work):
            waiting.wait(PATIENCE)
            until(waits_for_its_turn, "The worker did not wait for the other.")
            new_size(scene, 1700)
            assert RecomputeRequest.objects.exists()
            cursor.execute("SELECT pg_advisory_unlock(%s)", [scene.fleet.pk * 4096 + 2016])
    assert not RecomputeRequest.objects.exists()
    assert stored_shares.differences(scene.alliance.pk) == []


def test_a_change_that_is_rolled_back_asks_for_nothing(scene: Scene) -> None:
    with pytest.raises(Exception, match="100"):
        services.save_rule(
            rule=SharingRule(
                alliance=scene.alliance, effective_on=date(2017, 4, 1), method="FIXED"
            ),
            terms=[],
            by=None,
        )
    assert not RecomputeRequest.objects.exists()


def test_the_run_of_a_silent_worker_is_closed_and_that_of_a_living_one_is_not(
    scene: Scene,
) -> None:
    living = Run.objects.create(alliance=scene.alliance, cause="Living")
    dead = Run.objects.create(alliance=scene.alliance, cause="Dead")
    Run.objects.filter(pk=dead.pk).update(
        seen_at=Now() - timedelta(seconds=runs.SECONDS_OF_SILENCE + 1)
    )
    assert runs.close_dead_runs() == 1
    living.refresh_from_db()
    dead.refresh_from_db()
    assert (living.state, dead.state) == ("RUNNING", "FAILED")
    assert dead.problem == "The worker stopped before it had finished; a later run took over."
    assert dead.finished_at is not None


def test_a_run_gives_signs_of_life_in_the_middle_of_one_long_batch(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "SECONDS_BETWEEN_SIGNS", 0.05)
    signs = []
    real = recompute.work_out

    def works_for_long(*arguments: object) -> object:
        running = Run.objects.filter(state="RUNNING").values_list("seen_at", flat=True)
        for _ in range(3):
            before = running.get()
            give_up_at = time.monotonic() + PATIENCE
            while running.get() == before and time.monotonic() < give_up_at:
                time.sleep(0.01)
            signs.append(running.get() > before)
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(recompute, "work_out", works_for_long)
    new_size(scene, 1600)
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test")
    assert set(signs) == {True}
    last = Run.objects.latest("pk")
    time.sleep(0.2)
    assert Run.objects.get(pk=last.pk).seen_at == last.seen_at  # nothing goes on after the end


def test_a_run_taken_for_dead_goes_on_and_writes_what_it_came_to(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = recompute.work_out

    def is_held_up(*arguments: object) -> object:
        with another_session() as other, other.cursor() as cursor:
            cursor.execute("UPDATE savings_run SET seen_at = now() - interval '1 hour'")
        with beside(runs.close_dead_runs):
            pass
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(recompute, "work_out", is_held_up)
    new_size(scene, 1600)
    run = recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test")
    assert run is not None
    run.refresh_from_db()
    assert (run.state, run.problem) == ("DONE", "")


def test_a_force_that_leaves_in_the_middle_of_a_run_has_no_share_and_the_run_does_not_fail(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = recompute.work_out
    left: list[Membership] = []

    def leaves_meanwhile(*arguments: object) -> object:
        if not left:
            left.append(Membership.objects.get(force=scene.east))
            left[0].left_on = date(2016, 4, 1)
            with beside(lambda: save_membership(membership=left[0], by=None)):
                pass
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(recompute, "work_out", leaves_meanwhile)
    new_size(scene, 1600)
    run = recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test")
    assert run is not None
    assert run.state == "DONE"
    assert not Share.objects.filter(force=scene.east).exists()
    assert stored_shares.differences(scene.alliance.pk) == []


def test_a_moved_date_and_a_changed_ramp_at_once_derive_one_forecast_from_both() -> None:
    scene = an_alliance("hills")
    item = Item.objects.select_related("milestone").get(code="fleet-derived")
    milestone = Milestone.objects.get(pk=item.milestone_id)
    milestone.forecast_on = date(2016, 9, 1)
    item.full_year_pence = 5_000_00
    moved = threading.Event()

    def change_ramp() -> None:
        moved.wait(PATIENCE)
        services.save_item(item=item, by=None)

    with beside(change_ramp), transaction.atomic():
        save_milestone(milestone=milestone, reason="Funding", by=None)
        moved.set()
        time.sleep(0.5)  # not yet committed; the other has all it needs to go wrong
    assert services.derive_forecasts(alliance=scene.alliance) == 0
    assert RecomputeRequest.objects.exists()


def test_a_deleted_amount_leaves_no_share_behind(scene: Scene) -> None:
    for amount in Amount.objects.filter(item__code="dogs-costs"):
        services.delete_amount(amount=amount, by=None)
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test")
    assert stored_shares.orphans() == 0
    assert stored_shares.differences(scene.alliance.pk) == []
