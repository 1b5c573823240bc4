"""Pools that another version of the engine worked out are asked for again, and are no breach."""

import pgtrigger
import pytest
from django.core.management import call_command
from django.utils import timezone

from savings import outdated, recompute, verify
from savings.engine.method import METHOD
from savings.models import FinancialYear, Pool, RecomputeRequest, Run, Share
from tests.savings import stored_shares
from tests.scenes import Scene, a_scene

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]


@pytest.fixture
def scene() -> Scene:
    """Fleet has money in three years, of which the first is closed; all of it is worked out."""
    scene = a_scene()
    parts = scene.item("parts", "SAVING")
    for year in (2015, 2016, 2017):
        scene.amount(parts, 10_001, year)
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)
    FinancialYear.objects.create(alliance=scene.alliance, year=2015, closed_at=timezone.now())
    return scene


def by_another_engine() -> None:
    """As if the pools of open years were of the next version; those of closed ones are kept so."""
    Pool.objects.exclude(year=2015).update(engine=METHOD + 1, inputs_hash="of another engine")


def asked() -> set[int]:
    return set(RecomputeRequest.objects.values_list("year", flat=True))


def test_what_is_worked_out_says_by_which_engine(scene: Scene) -> None:
    assert set(Pool.objects.values_list("engine", flat=True)) == {METHOD}
    assert outdated.ask_again() == 0
    assert asked() == set()


def test_migrate_asks_again_for_the_open_years_of_another_engine(scene: Scene) -> None:
    by_another_engine()

    call_command("migrate", verbosity=0)

    assert asked() == {2016, 2017}


def test_what_another_engine_worked_out_waits_and_breaks_no_law(scene: Scene) -> None:
    by_another_engine()

    found = verify.verify([scene.alliance])

    assert (found.breaches, found.behind) == ([], 2)


def test_they_are_worked_out_again_even_where_nothing_else_differs(scene: Scene) -> None:
    Pool.objects.exclude(year=2015).update(engine=0)
    shares = set(Share.objects.values_list("pool", "amount", "force", "pence"))
    outdated.ask_again()

    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="")

    run = Run.objects.latest("pk")
    assert (run.cause, run.shares_changed, run.moved_pence) == (outdated.CAUSE, 0, 0)
    assert set(Pool.objects.values_list("engine", flat=True)) == {METHOD}
    assert set(Share.objects.values_list("pool", "amount", "force", "pence")) == shares
    assert stored_shares.differences(scene.alliance.pk) == []


def test_a_closed_years_pools_stay_those_of_the_engine_that_closed_it(scene: Scene) -> None:
    with pgtrigger.ignore("savings.FinancialYear:never_deleted"):
        FinancialYear.objects.all().delete()
    Pool.objects.update(engine=METHOD + 1)
    FinancialYear.objects.create(alliance=scene.alliance, year=2015, closed_at=timezone.now())

    outdated.ask_again()
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="")

    engines = dict(Pool.objects.values_list("year", "engine"))
    assert engines == {2015: METHOD + 1, 2016: METHOD, 2017: METHOD}
    assert verify.verify([scene.alliance]).behind == 0
