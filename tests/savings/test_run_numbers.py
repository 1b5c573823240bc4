"""A run's number never changes and never comes twice, whoever begins runs and whatever goes."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.utils import timezone

from programmes.models import Alliance
from savings import pruning, recompute, runs
from savings.models import Pool, Run
from tests import factories
from tests.scenes import Scene, a_scene
from tests.waiting import PATIENCE


@pytest.fixture
def scene(db: None) -> Scene:
    scene = a_scene()
    scene.amount(scene.item("vans"), 100_00)
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)
    return scene


def age(run: Run, days: int) -> None:
    Run.objects.filter(pk=run.pk).update(started_at=timezone.now() - timedelta(days=days))


def ended(alliance: Alliance, days_ago: int, **fields: object) -> Run:
    run = factories.run(alliance=alliance, **{"state": Run.State.DONE, **fields})
    age(run, days_ago)
    return run


def test_a_run_that_nothing_names_goes_after_400_days(scene: Scene) -> None:
    named = Pool.objects.get().run
    assert named is not None
    age(named, 4000)
    old = ended(scene.alliance, 400)
    failed = ended(scene.alliance, 401, state=Run.State.FAILED)
    young = ended(scene.alliance, 399)
    living = ended(scene.alliance, 401, state=Run.State.RUNNING)

    assert pruning.prune_runs() == 2

    assert set(Run.objects.all()) == {named, young, living}
    assert Pool.objects.get().run == named
    assert not Run.objects.filter(pk__in=[old.pk, failed.pk]).exists()
    assert pruning.prune_runs() == 0


def test_many_old_runs_go_a_portion_at_a_time(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "RUNS_AT_A_TIME", 2)
    for _ in range(3):
        ended(scene.alliance, 500)

    assert [pruning.prune_runs() for _ in range(3)] == [2, 1, 0]


def test_a_run_that_anything_names_stays(scene: Scene) -> None:
    """Whatever table comes to name runs later, `prune_runs` asks it: the models are asked, not a list."""
    links = [link.model for link in pruning.names_of_runs()]
    assert Pool in links
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text FROM pg_constraint"
            " WHERE contype = 'f' AND confrelid = 'savings_run'::regclass"
        )
        assert {table for (table,) in cursor.fetchall()} == {
            model._meta.db_table for model in links
        }


@pytest.mark.parametrize("seed", range(5))
def test_whatever_comes_and_goes_a_number_stays_and_comes_once(scene: Scene, seed: int) -> None:
    chance = random.Random(seed)
    alliances = [scene.alliance, a_scene("dales").alliance]
    numbers: dict[int, tuple[int, int]] = {}

    def look() -> None:
        for run in Run.objects.all():
            assert numbers.setdefault(run.pk, (run.alliance_id, run.number)) == (
                run.alliance_id,
                run.number,
            )
        assert len(set(numbers.values())) == len(numbers)
        assert all(number > 0 for _, number in numbers.values())

    def comes_to_nothing(alliance: Alliance) -> None:
        with runs.on_record(alliance.pk, "A test", everything=False):
            look()

    def works(alliance: Alliance) -> None:
        recompute.bring_up_to_date(alliance_id=alliance.pk, cause="A test", everything=True)

    def all_grow_old(_: Alliance) -> None:
        Run.objects.update(started_at=timezone.now() - timedelta(days=401))

    def is_pruned(_: Alliance) -> None:
        pruning.prune_runs()

    def newest_is_deleted(alliance: Alliance) -> None:
        Run.objects.filter(alliance=alliance, state=Run.State.FAILED).delete()

    def fails(alliance: Alliance) -> None:
        ended(alliance, 1, state=Run.State.FAILED)

    def is_rolled_back(alliance: Alliance) -> None:
        with transaction.atomic():
            factories.run(alliance=alliance)
            transaction.set_rollback(True)

    steps = [
        comes_to_nothing, works, all_grow_old, is_pruned, newest_is_deleted, fails, is_rolled_back,
    ]  # fmt: skip
    for _ in range(40):
        chance.choice(steps)(chance.choice(alliances))
        look()


@pytest.mark.django_db(transaction=True)
def test_workers_that_begin_at_once_take_different_numbers() -> None:
    alliance = a_scene().alliance
    together = Barrier(4)

    def begin(_: int) -> list[int]:
        try:
            together.wait(PATIENCE)
            return [factories.run(alliance=alliance).number for _ in range(10)]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        taken = [number for numbers in pool.map(begin, range(4)) for number in numbers]
    assert sorted(taken) == list(range(1, 41))
    assert sorted(Run.objects.values_list("number", flat=True)) == sorted(taken)
