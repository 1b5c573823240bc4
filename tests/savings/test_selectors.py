"""Questions of the money pages whose answers are more than a query."""

from datetime import date
from decimal import Decimal

import pghistory
import pytest

from programmes.models import ForceSize
from savings import recompute, services
from savings.models import Amount, Run
from savings.selectors.behind import freshness
from savings.selectors.history import changes_of
from savings.selectors.releases import typed_release
from savings.selectors.size_price import PercentageMove, price_sizes
from savings.selectors.sizes import places_of, sizes_on_record
from tests import factories
from tests.scenes import APRIL_2015, Scene, a_scene

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]

APRIL_2016 = date(2016, 4, 1)


@pytest.fixture
def scene() -> Scene:
    """A cost and a saving of each of three years, worked out."""
    scene = a_scene()
    vans, tyres = scene.item("vans"), scene.item("tyres", "SAVING")
    for year in (2015, 2016, 2017):
        scene.amount(vans, 1_000_01, year, "FORECAST")
        scene.amount(tyres, 5_000_05, year, "FORECAST")
    work_out(scene)
    return scene


def work_out(scene: Scene) -> Run | None:
    services.request_recompute(alliance=scene.alliance, cause="Made for the test")
    return recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="Made for the test")


def new_size(scene: Scene, value: str) -> ForceSize:
    """South's size of April 2016, not saved."""
    return ForceSize(
        alliance=scene.alliance,
        force=scene.south,
        measure=scene.officers,
        effective_on=APRIL_2016,
        value=Decimal(value),
        source="Workforce statistics",
    )


def test_a_release_names_the_forces_of_which_an_earlier_figure_goes_on_counting(
    scene: Scene,
) -> None:
    scene.size(scene.east, 800, APRIL_2016)

    release = typed_release(
        measure=scene.officers,
        forces=scene.forces,
        effective_on=APRIL_2016,
        values={scene.south: Decimal(1600)},
        today=date(2017, 1, 1),
    )

    assert [line.force for line in release.left_out] == [scene.north]
    assert release.seen == {scene.north.pk: 0, scene.south.pk: 0, scene.east.pk: 1}
    assert [line.force for line in release.doubtful] == [scene.south]  # 6.5% more than before


def test_a_size_that_no_rule_uses_moves_nothing(scene: Scene) -> None:
    size = new_size(scene, "1600")
    size.measure = factories.measure(alliance=scene.alliance)

    price = price_sizes(size.measure, added=[size])

    assert not price.effect.moves_anything
    assert not price.ratios


@pytest.mark.parametrize(
    ("years", "written"),
    [
        ((2018,), "2018/19"),
        ((2018, 2019, 2020), "2018/19 to 2020/21"),
        ((2016, 2018, 2019), "2016/17, 2018/19 to 2019/20"),
    ],
)
def test_a_run_of_years_is_written_by_its_ends(years: tuple[int, ...], written: str) -> None:
    assert PercentageMove(years, "", (), ()).when == written


def test_sizes_align_at_the_decimals_of_the_longest(scene: Scene) -> None:
    scene.size(scene.north, 3000, APRIL_2016)
    ForceSize.objects.filter(force=scene.south).update(value=Decimal("1503.2500"))

    (measure,) = sizes_on_record(scene.alliance).measures

    assert measure.places == 2
    assert places_of([]) == places_of([Decimal("3000.0000")]) == 0


def test_an_earlier_release_stays_on_record_beside_the_latest(scene: Scene) -> None:
    scene.size(scene.south, 1600, APRIL_2015, release=2)

    (measure,) = sizes_on_record(scene.alliance).measures

    _, south, _ = measure.dates[0].cells
    assert south.latest is not None
    assert south.latest.value == 1600
    assert [size.value for size in south.earlier] == [1503]


def test_an_amounts_history_names_person_and_workbook(scene: Scene) -> None:
    person = factories.user(name="Alice")
    with pghistory.context(source="workbook", file="hills"):
        amount = scene.amount(scene.item("radios"), 10_00)
    with pghistory.context(user=person.pk):
        Amount.objects.filter(pk=amount.pk).update(pence=12_50)
    Amount.objects.filter(pk=amount.pk).update(borne_by=scene.north)

    entered, changed = changes_of(amount)

    assert (entered.before, entered.pence, entered.file, entered.who) == (None, 10_00, "hills", "")
    assert (changed.before, changed.pence, changed.file, changed.who) == (10_00, 12_50, "", "Alice")


def test_freshness_tells_what_waits_and_how_far_a_run_is(scene: Scene) -> None:
    assert not freshness(scene.alliance).is_behind
    services.request_recompute(alliance=scene.alliance, cause="A change")
    run = factories.run(alliance=scene.alliance, requests_answered=2)

    fresh = freshness(scene.alliance)
    assert (fresh.behind, fresh.done) == (3, 2)
    assert "after a change, 3 still to do" in fresh.sentence

    Run.objects.filter(pk=run.pk).update(state="FAILED")
    assert freshness(scene.alliance).sentence == (
        "The last run failed and will be tried again, 3 still to do; "
        "figures marked “behind” will move."
    )
