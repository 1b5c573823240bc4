"""What a store writes of a worked-out pool, what it refuses, and what it says of itself."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from savings import recompute
from savings.apportioned import DoesNotAddUp, work_out
from savings.inputs import Unit, read_lines
from savings.models import Amount, Pool, PoolShare, Run
from savings.sharing_inputs import read_sharing_inputs
from savings.stored import store
from tests import factories
from tests.scenes import Scene, a_scene

pytestmark = pytest.mark.django_db

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def scene() -> Scene:
    """A year's costs and savings, worked out."""
    scene = a_scene()
    for code, kind in (("vans", "COST"), ("pool-cars", "SAVING")):
        item = scene.item(code, kind)
        for month in range(4, 10):
            scene.amount(item, 10_01 * month, date(2016, month, 1))
    everything(scene)
    return scene


def everything(scene: Scene) -> Run:
    run = recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)
    assert run is not None
    return run


def test_a_pool_whose_shares_do_not_come_to_its_total_is_not_stored(scene: Scene) -> None:
    units = [Unit(scene.fleet.pk, 2016)]
    inputs = read_sharing_inputs(scene.alliance.pk)
    worked = work_out(inputs, read_lines(units))
    broken = worked.pools[0]._replace(total_pence=worked.pools[0].total_pence + 1, inputs_hash="x")
    before = list(PoolShare.objects.order_by("pk").values_list("pool", "force", "pence"))

    with pytest.raises(DoesNotAddUp, match="A pool’s shares"), transaction.atomic():
        store(inputs, units, replace(worked, pools=(broken, *worked.pools[1:])), factories.run())

    assert list(PoolShare.objects.order_by("pk").values_list("pool", "force", "pence")) == before


def test_a_pool_says_when_it_was_worked_out_last(scene: Scene) -> None:
    Pool.objects.update(worked_out_at=LONG_AGO)
    Amount.objects.filter(item__code="vans", starts_on=date(2016, 4, 1)).update(pence=1)

    everything(scene)

    assert Pool.objects.get(kind="COST").worked_out_at > LONG_AGO
    assert Pool.objects.get(kind="SAVING").worked_out_at == LONG_AGO


def test_a_changed_ratio_changes_each_share_once(scene: Scene) -> None:
    scene.size(scene.north, 6000, release=2)

    run = everything(scene)

    assert 30 < run.shares_changed <= 36 == sum(3 for _ in Amount.objects.all())


def test_shares_that_go_and_shares_of_new_money_are_counted_and_move_nothing(
    scene: Scene,
) -> None:
    Amount.objects.filter(item__code="vans").delete()
    gone = everything(scene)
    scene.amount(scene.item("tyres"), 77_777, date(2016, 4, 1))
    new = everything(scene)

    assert (gone.shares_changed, gone.moved_pence) == (18, 0)
    assert (new.shares_changed, new.moved_pence) == (3, 0)


def test_new_money_of_either_sign_moves_nothing_between_forces(scene: Scene) -> None:
    """Two ratios in a year that had no money of its kind: what one adds the other takes."""
    scene.rule(date(2016, 10, 1))
    refunds = scene.item("refunds")
    scene.amount(refunds, 100_000, date(2016, 4, 1), "FORECAST")
    scene.amount(refunds, -100_000, date(2016, 11, 1), "FORECAST")

    Amount.objects.filter(item__code="vans", starts_on=date(2016, 4, 1)).update(pence=40_05)

    run = everything(scene)

    assert run.shares_changed > 6
    assert run.moved_pence < 3
