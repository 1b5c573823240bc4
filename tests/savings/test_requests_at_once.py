"""Requests beside workers and beside each other: no change is lost, and nobody waits for anybody."""

import random
import threading
import time
from collections.abc import Callable
from datetime import date

import psycopg2
import pytest
from django.db import Error, connection, transaction

from programmes.changes import making
from programmes.models import Change
from savings import recompute, requests
from savings.inputs import Unit
from savings.models import Amount, RecomputeRequest, Run
from savings.requests import request_recompute, request_units
from savings.services import delete_amount, save_amount
from tests.savings import stored_shares
from tests.savings.test_recompute_at_once import beside
from tests.scenes import Scene, a_scene
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.dialect, pytest.mark.django_db(transaction=True)]

SEED = random.SystemRandom().randrange(10**6)
WRITERS, WORKERS, CHANGES = 3, 2, 40


@pytest.fixture(autouse=True)
def _no_rings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "ring", lambda _alliance_id: None)


@pytest.fixture
def scene() -> Scene:
    """Two areas with money in three years, worked out."""
    scene = a_scene()
    for area in (scene.fleet, scene.area("dogs")):
        item = scene.item(f"{area.code}-costs", area=area)
        for month in range(30):
            year, of_year = divmod(month + 3, 12)
            scene.amount(item, 10_01 + month, date(2016 + year, of_year + 1, 1))
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)
    return scene


def change(amount: Amount, pence: int, cause: str = "An amount changed") -> None:
    """As a service does: the change, and the request in the same transaction."""
    Amount.objects.filter(pk=amount.pk).update(pence=pence)
    unit = Unit(amount.item.area_id, amount.year)
    request_units(alliance=amount.alliance, units=[unit], cause=cause)


def answer(scene: Scene) -> Run | None:
    return recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test")


def an_amount(area: str = "fleet") -> Amount:
    return Amount.objects.filter(item__code=f"{area}-costs").select_related("item").earliest("pk")


def in_the_middle(monkeypatch: pytest.MonkeyPatch, do: Callable[[], object]) -> None:
    """Do something once, on a connection of its own, after a run has read its inputs."""
    left = [do]
    real = recompute.work_out

    def worked(*arguments: object) -> object:
        if left:
            with beside(left.pop()):
                pass  # it ends while the run is still in the middle, or the test fails
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(recompute, "work_out", worked)


def test_what_waits_already_serves_the_next_change_too(scene: Scene) -> None:
    for pence in range(1, 20):
        change(an_amount(), pence)
    assert RecomputeRequest.objects.count() == 1
    for _ in range(20):
        request_recompute(alliance=scene.alliance, cause="Every unit")
    assert RecomputeRequest.objects.count() == 6 + 1


def test_a_change_leaves_its_cause_although_every_unit_waits_already(scene: Scene) -> None:
    request_recompute(alliance=scene.alliance, cause="The first")
    for cause in ("The second", "The third", "The second"):
        request_recompute(alliance=scene.alliance, cause=cause)
    assert RecomputeRequest.objects.count() == 6 + 2
    assert recompute.causes_waiting(scene.alliance.pk) == "The first; The second; The third"


def test_a_change_in_the_middle_of_a_run_has_a_request_of_its_own_and_does_not_wait(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    amount = an_amount()
    change(amount, 500_00)
    in_the_middle(monkeypatch, lambda: change(amount, 700_00))
    run = answer(scene)
    assert run is not None
    assert run.requests_answered == 2
    assert not RecomputeRequest.objects.exists()
    assert stored_shares.differences(scene.alliance.pk) == []


def test_an_amount_not_yet_shared_that_goes_before_that_is_written_leaves_nothing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    amount = Amount(
        item=scene.item("late-costs"), version="ACTUAL", starts_on=date(2010, 5, 1), pence=900_00
    )
    save_amount(amount=amount, by=None)
    in_the_middle(monkeypatch, lambda: delete_amount(amount=amount, by=None))
    answer(scene)
    assert not RecomputeRequest.objects.exists()
    assert stored_shares.differences(scene.alliance.pk) == []


def test_a_change_that_no_service_asked_for_does_not_count_on_another_ones_request(
    scene: Scene,
) -> None:
    amount = an_amount()
    change(amount, 500_00)
    with making(alliance=scene.alliance, kind=Change.Kind.AMOUNT, by=None):
        Amount.objects.filter(pk=amount.pk).update(pence=700_00)
    with transaction.atomic():
        with making(alliance=scene.alliance, kind=Change.Kind.AMOUNT, by=None):
            Amount.objects.filter(pk=amount.pk).update(pence=900_00)
        with beside(lambda: answer(scene)):
            pass  # it works out what is committed and may not take what this change counts on
    answer(scene)
    assert not RecomputeRequest.objects.exists()
    assert recompute.causes_waiting(scene.alliance.pk) == ""
    assert stored_shares.differences(scene.alliance.pk) == []


def test_a_run_leaves_the_request_that_an_unfinished_change_counts_on_and_does_not_wait(
    scene: Scene,
) -> None:
    amount = an_amount()
    change(amount, 500_00)
    with transaction.atomic():
        change(amount, 700_00)
        assert RecomputeRequest.objects.count() == 1
        with beside(lambda: answer(scene)):
            pass
    assert RecomputeRequest.objects.count() == 1
    answer(scene)
    assert not RecomputeRequest.objects.exists()
    assert stored_shares.differences(scene.alliance.pk) == []


def test_a_unit_that_an_unfinished_change_holds_is_worked_out_for_the_finished_ones(
    scene: Scene,
) -> None:
    change(an_amount(), 500_00)
    with transaction.atomic():
        request_recompute(alliance=scene.alliance, cause="Not yet finished")
        with beside(lambda: answer(scene)):
            pass
    assert RecomputeRequest.objects.exists()
    assert stored_shares.differences(scene.alliance.pk) == []


def test_a_change_taken_back_leaves_the_request_that_it_counted_on(scene: Scene) -> None:
    change(an_amount(), 500_00)
    with transaction.atomic():
        change(an_amount(), 700_00)
        transaction.set_rollback(True)
    answer(scene)
    assert not RecomputeRequest.objects.exists()
    assert stored_shares.differences(scene.alliance.pk) == []


def test_two_changes_that_ask_in_opposite_order_do_not_wait_for_each_other(scene: Scene) -> None:
    fleet, dogs = an_amount("fleet"), an_amount("dogs")
    change(fleet, 1)
    change(dogs, 1)
    asked = threading.Barrier(2, timeout=PATIENCE)

    def ask(first: Amount, second: Amount) -> None:
        with transaction.atomic():
            for amount in (first, second):
                unit = Unit(amount.item.area_id, amount.year)
                request_units(alliance=scene.alliance, units=[unit], cause="An amount changed")
                asked.wait()

    with beside(lambda: ask(fleet, dogs)):
        ask(dogs, fleet)
    assert RecomputeRequest.objects.count() == 2


@pytest.fixture
def slow_work(monkeypatch: pytest.MonkeyPatch) -> random.Random:
    """Runs that take a while between reading and writing."""
    draw = random.Random(SEED)
    real = recompute.work_out

    def worked(*arguments: object) -> object:
        time.sleep(draw.random() * 0.03)
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(recompute, "work_out", worked)
    return draw


def test_no_change_is_lost_among_writers_workers_and_kills(
    scene: Scene, slow_work: random.Random
) -> None:
    print(f"seed {SEED}")  # noqa: T201
    amounts = list(Amount.objects.select_related("item", "alliance"))
    done = threading.Event()
    at_work: dict[int, int] = {}
    kills = 0

    def write(number: int) -> None:
        draw = random.Random(SEED + number)
        for _ in range(CHANGES):
            with transaction.atomic():
                change(draw.choice(amounts), draw.randint(1, 10**6), f"Writer {number}")
                time.sleep(draw.random() * 0.02)

    def work(number: int) -> None:
        while not done.is_set():
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_backend_pid()")
                    at_work[number] = cursor.fetchone()[0]
                answer(scene)
            except (Error, psycopg2.Error):
                connection.close()

    workers = [threading.Thread(target=_alone(work), args=(n,)) for n in range(WORKERS)]
    writers = [threading.Thread(target=_alone(write), args=(n,)) for n in range(WRITERS)]
    for thread in (*workers, *writers):
        thread.start()
    while any(writer.is_alive() for writer in writers):
        time.sleep(0.1)
        if victim := at_work.get(slow_work.randrange(WORKERS)):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", [victim])
            kills += 1
    done.set()
    for thread in (*workers, *writers):
        thread.join(PATIENCE)
        assert not thread.is_alive()
    answer(scene)
    print(f"{WRITERS * CHANGES} changes, {kills} kills")  # noqa: T201
    assert kills
    assert not RecomputeRequest.objects.exists()
    assert stored_shares.differences(scene.alliance.pk) == []


def _alone(work: Callable[[int], None]) -> Callable[[int], None]:
    """On a connection that ends with the work."""

    def worked(number: int) -> None:
        try:
            work(number)
        finally:
            connection.close()

    return worked
