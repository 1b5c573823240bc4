"""Shares brought up to date: from nothing, after every kind of change, and only where it matters."""

import random
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from business_areas.models import AreaMembership
from business_areas.services import save_area_membership
from programmes import services as programmes_services
from programmes.models import Membership
from savings import recompute, services
from savings.engine.apportion import apportion
from savings.models import (
    Amount,
    FinancialYear,
    Pool,
    PoolShare,
    RecomputeRequest,
    Run,
    Share,
    SharingRatio,
    SharingRule,
)
from tests.savings import stored_shares
from tests.scenes import OFFICERS, Scene, a_scene

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]

WEIGHTS = list(OFFICERS.values())
OCTOBER = date(2016, 10, 1)


@pytest.fixture
def scene() -> Scene:
    """Fleet's costs and savings of three years, monthly in 2016/17; nothing worked out yet."""
    scene = a_scene()
    vans, pool_cars = scene.item("vans"), scene.item("pool-cars", "SAVING")
    for year, version in ((2015, "APPROVED"), (2016, "APPROVED"), (2017, "FORECAST")):
        scene.amount(vans, 1_000_01 + year, year, version)
        scene.amount(pool_cars, 333_33 + year, year, version)
    fuel = scene.item("fuel")
    for month in range(4, 13):
        scene.amount(fuel, 1_01 * month, date(2016, month, 1), "ACTUAL", scene.north)
    return scene


@pytest.fixture
def worked_out(scene: Scene) -> Scene:
    """The same, worked out."""
    everything(scene)
    return scene


def everything(scene: Scene) -> Run:
    run = recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)
    assert run is not None
    return run


def answer(scene: Scene) -> Run | None:
    return recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test")


def record_size(scene: Scene, value: int, on: date, force: str = "south") -> None:
    programmes_services.record_size(
        force=getattr(scene, force),
        measure=scene.officers,
        effective_on=on,
        value=Decimal(value),
        source="Workforce statistics",
        by=None,
    )


def save_rule(scene: Scene, on: date, method: str = "EQUAL", **fields: Any) -> SharingRule:
    rule = SharingRule(alliance=scene.alliance, effective_on=on, method=method, **fields)
    return services.save_rule(rule=rule, terms=[], by=None)


def asked(scene: Scene) -> set[tuple[str, int]]:
    rows = RecomputeRequest.objects.filter(alliance=scene.alliance)
    return set(rows.values_list("area__code", "year"))


def years_of(rows: dict[Any, Any]) -> dict[int, dict[Any, Any]]:
    by_year: dict[int, dict[Any, Any]] = defaultdict(dict)
    for key, value in rows.items():
        day = key[3]
        by_year[day.year if day.month >= 4 else day.year - 1][key] = value
    return by_year


def test_from_nothing_every_amount_is_shared_to_the_penny(scene: Scene) -> None:
    run = everything(scene)
    assert Share.objects.count() == 3 * Amount.objects.count()
    for amount in Amount.objects.all():
        assert (
            sum(Share.objects.filter(amount=amount).values_list("pence", flat=True)) == amount.pence
        )
    assert Pool.objects.count() == 7
    assert stored_shares.differences(scene.alliance.pk) == []
    assert (run.state, run.lines_considered, run.withheld_pools) == ("DONE", 15, 0)
    assert run.shares_changed == 45
    assert run.finished_at is not None


def test_each_pools_total_is_apportioned_once_and_its_lines_agree_with_it(
    worked_out: Scene,
) -> None:
    pool = Pool.objects.get(version="ACTUAL")
    shares = dict(PoolShare.objects.filter(pool=pool).values_list("force__code", "pence"))
    assert shares == dict(zip(OFFICERS, apportion(pool.total_pence, WEIGHTS), strict=True))
    assert shares == stored_shares.by_force(worked_out.alliance.pk, "fuel")


def test_a_ratio_names_its_rule_and_the_sizes_with_their_sources(worked_out: Scene) -> None:
    ratio = SharingRatio.objects.order_by("sizes_on").first()
    assert ratio is not None
    assert ratio.rule == SharingRule.objects.get()
    assert ratio.basis == "Police officers (FTE)"
    assert ratio.evidence[0] == {
        "force": "north",
        "measure": "Police officers (FTE)",
        "effective_on": "2015-04-01",
        "release": 1,
        "value": "3001",
        "source": "Workforce statistics",
    }
    assert sum(part.percentage for part in ratio.parts.all()) == 100


def test_what_is_unchanged_is_not_written_again(worked_out: Scene) -> None:
    shares = stored_shares.row_places(worked_out.alliance.pk)
    pools = stored_shares.pool_places(worked_out.alliance.pk)
    run = everything(worked_out)
    assert (run.lines_considered, run.shares_changed, run.moved_pence) == (15, 0, 0)
    assert stored_shares.row_places(worked_out.alliance.pk) == shares
    assert stored_shares.pool_places(worked_out.alliance.pk) == pools


def test_one_changed_amount_touches_only_its_pool(worked_out: Scene) -> None:
    before = stored_shares.row_places(worked_out.alliance.pk)
    pence_before = stored_shares.shares(worked_out.alliance.pk)
    amount = Amount.objects.get(item__code="vans", year=2016)
    amount.pence += 3
    services.save_amount(amount=amount, by=None)
    assert asked(worked_out) == {("fleet", 2016)}
    run = answer(worked_out)
    after = stored_shares.row_places(worked_out.alliance.pk)
    pence_after = stored_shares.shares(worked_out.alliance.pk).items()
    changed = [key for key, pence in pence_after if pence_before[key] != pence]
    touched = {key for key, row in after.items() if before[key] != row}
    assert {(key[1], key[2], key[3].year) for key in touched} == {("vans", "APPROVED", 2016)}
    assert run is not None
    assert (run.requests_answered, run.shares_changed) == (1, len(changed))
    assert stored_shares.differences(worked_out.alliance.pk) == []


def test_a_change_leaves_the_lines_of_its_pool_that_stay_the_same(worked_out: Scene) -> None:
    before = stored_shares.row_places(worked_out.alliance.pk)
    amount = Amount.objects.get(version="ACTUAL", starts_on=date(2016, 7, 1))
    amount.pence += 10_00
    services.save_amount(amount=amount, by=None)
    answer(worked_out)
    after = stored_shares.row_places(worked_out.alliance.pk)
    lines = {key[:6] for key, row in after.items() if before[key] != row}
    assert 1 <= len(lines) <= 3


def test_a_new_amount_and_one_taken_away_move_their_years_only(worked_out: Scene) -> None:
    before = years_of(stored_shares.row_places(worked_out.alliance.pk))
    item = worked_out.item("tyres")
    services.save_amount(amount=worked_out.new_amount(item, 7_00, 2017), by=None)
    services.delete_amount(amount=Amount.objects.get(item__code="vans", year=2015), by=None)
    assert asked(worked_out) == {("fleet", 2015), ("fleet", 2017)}
    answer(worked_out)
    after = years_of(stored_shares.row_places(worked_out.alliance.pk))
    assert after[2016] == before[2016]
    assert len(after[2017]) == len(before[2017]) + 3
    assert len(after[2015]) == len(before[2015]) - 3
    assert not Pool.objects.filter(year=2015, kind="COST").exists()
    assert stored_shares.differences(worked_out.alliance.pk) == []


def test_an_amount_moved_to_another_month_of_its_year_moves_its_pools_start(
    worked_out: Scene,
) -> None:
    item = worked_out.item("tyres", area=worked_out.area("garage"))
    services.save_amount(amount=worked_out.new_amount(item, 7_00, OCTOBER), by=None)
    answer(worked_out)
    amount = Amount.objects.get(item=item)
    amount.starts_on = date(2016, 12, 1)
    services.save_amount(amount=amount, by=None)
    answer(worked_out)
    assert Pool.objects.get(area=item.area).starts_on == date(2016, 12, 1)


def test_a_new_size_moves_money_only_in_the_years_from_its_date(worked_out: Scene) -> None:
    before = years_of(stored_shares.row_places(worked_out.alliance.pk))
    record_size(worked_out, 2000, date(2017, 4, 1))
    assert asked(worked_out) == {("fleet", 2017)}
    run = answer(worked_out)
    after = years_of(stored_shares.row_places(worked_out.alliance.pk))
    assert (after[2015], after[2016]) == (before[2015], before[2016])
    assert run is not None
    assert run.moved_pence > 0
    total = Amount.objects.get(item__code="vans", year=2017).pence
    assert list(
        PoolShare.objects.filter(pool__year=2017, pool__kind="COST")
        .order_by("force__position")
        .values_list("pence", flat=True)
    ) == apportion(total, shares_of_a_million(3001, 2000, 777))


def shares_of_a_million(*sizes: int) -> list[int]:
    return apportion(1_000_000, sizes)


def test_a_restated_size_replaces_the_earlier_release_in_every_later_year(
    worked_out: Scene,
) -> None:
    record_size(worked_out, 1600, date(2015, 4, 1))
    assert asked(worked_out) == {("fleet", year) for year in (2015, 2016, 2017)}
    answer(worked_out)
    assert stored_shares.differences(worked_out.alliance.pk) == []
    used = SharingRatio.objects.filter(pools__isnull=False).values_list("evidence", flat=True)
    releases = {size["force"]: size["release"] for sizes in used for size in sizes}
    assert releases == {"north": 1, "south": 2, "east": 1}


def test_a_rule_that_changes_in_mid_year_splits_the_years_pools(worked_out: Scene) -> None:
    save_rule(worked_out, OCTOBER)
    answer(worked_out)
    split = Pool.objects.filter(version="ACTUAL").order_by("starts_on")
    assert [(pool.starts_on, pool.ratio and pool.ratio.basis) for pool in split] == [
        (date(2016, 4, 1), "Police officers (FTE)"),
        (OCTOBER, "Equal shares"),
    ]
    yearly = Pool.objects.get(version="APPROVED", kind="COST", year=2016)
    assert yearly.ratio is not None
    assert yearly.ratio.basis == "Police officers (FTE)"
    assert stored_shares.differences(worked_out.alliance.pk) == []


def test_an_areas_own_rule_goes_before_the_alliances(worked_out: Scene) -> None:
    dogs = worked_out.area("dogs")
    worked_out.amount(worked_out.item("kennels", area=dogs), 100_00)
    everything(worked_out)
    before = stored_shares.row_places(worked_out.alliance.pk)
    save_rule(worked_out, date(2016, 4, 1), area=dogs)
    assert asked(worked_out) == {("dogs", 2016)}
    answer(worked_out)
    assert stored_shares.by_force(worked_out.alliance.pk, "kennels") == {
        "north": 33_34,
        "south": 33_33,
        "east": 33_33,
    }
    after = stored_shares.row_places(worked_out.alliance.pk)
    assert {key for key in after if after[key] != before[key]} == {
        key for key in after if key[0] == "dogs"
    }


@pytest.mark.parametrize(
    "joined_on, left_on", [(None, date(2016, 7, 1)), (date(2016, 7, 1), date(2016, 11, 1))]
)
def test_a_force_has_no_share_outside_its_stay(
    worked_out: Scene, joined_on: date | None, left_on: date
) -> None:
    stay = Membership.objects.get(force=worked_out.east)
    stay.joined_on, stay.left_on = joined_on, left_on
    programmes_services.save_membership(membership=stay, by=None)
    answer(worked_out)
    days = {key[3] for key in stored_shares.shares(worked_out.alliance.pk) if key[6] == "east"}
    assert days
    assert all((joined_on is None or joined_on <= day) and day < left_on for day in days)
    assert stored_shares.differences(worked_out.alliance.pk) == []


def test_a_force_shares_only_the_areas_that_it_is_in(worked_out: Scene) -> None:
    for force in (worked_out.north, worked_out.east):
        stay = AreaMembership(alliance=worked_out.alliance, area=worked_out.fleet, force=force)
        save_area_membership(membership=stay, by=None)
    answer(worked_out)
    assert set(stored_shares.by_force(worked_out.alliance.pk, "vans")) == {"north", "east"}


def test_without_a_size_on_record_nothing_is_shared_and_the_pool_says_why() -> None:
    scene = a_scene(sized=["north", "east"])
    scene.amount(scene.item("vans"), 100_00)
    run = everything(scene)
    pool = Pool.objects.get()
    assert pool.withheld == "No Police officers (FTE) on record for South Police on 1 April 2016."
    assert (pool.ratio, pool.total_pence, run.withheld_pools) == (None, 100_00, 1)
    assert not PoolShare.objects.exists()
    assert not Share.objects.exists()

    record_size(scene, OFFICERS["south"], date(2016, 4, 1))
    answer(scene)
    assert Pool.objects.get().withheld == ""
    assert sum(stored_shares.by_force(scene.alliance.pk, "vans").values()) == 100_00
    assert stored_shares.differences(scene.alliance.pk) == []


def test_shares_are_taken_back_when_their_evidence_goes(worked_out: Scene) -> None:
    rule = SharingRule.objects.get()
    services.delete_rule(rule=rule, by=None, day=date(2014, 1, 1))
    answer(worked_out)
    assert not Share.objects.exists()
    assert set(Pool.objects.values_list("withheld", flat=True)) >= {
        "No sharing rule is in force on 1 April 2015."
    }
    assert stored_shares.differences(worked_out.alliance.pk) == []


def test_a_grant_is_taken_off_before_costs_are_shared() -> None:
    scene = a_scene()
    scene.amount(scene.item("vans"), 1_000_00)
    scene.amount(scene.item("radios"), 499_99)
    scene.amount(scene.item("home-office", "GRANT"), 250_50)
    everything(scene)
    pool = Pool.objects.get()
    net = 1_000_00 + 499_99 - 250_50
    assert (pool.kind, pool.total_pence) == ("COST", net)
    legal = dict(PoolShare.objects.values_list("force__code", "pence"))
    weights = shares_of_a_million(*WEIGHTS)
    assert legal == dict(zip(OFFICERS, apportion(net, weights), strict=True))
    of = {
        item: stored_shares.by_force(scene.alliance.pk, item)
        for item in ("vans", "radios", "home-office")
    }
    assert sum(of["home-office"].values()) == 250_50
    assert all(pence > 0 for pence in of["home-office"].values())
    for force in OFFICERS:
        assert of["vans"][force] + of["radios"][force] - of["home-office"][force] == legal[force]


def test_a_negative_amount_is_shared_with_its_sign() -> None:
    scene = a_scene()
    scene.amount(scene.item("refund"), -100_01)
    everything(scene)
    found = stored_shares.by_force(scene.alliance.pk, "refund")
    assert sum(found.values()) == -100_01
    assert all(pence < 0 for pence in found.values())


def test_every_sign_turned_round_turns_every_shares_sign_round(worked_out: Scene) -> None:
    before = stored_shares.shares(worked_out.alliance.pk)
    for amount in Amount.objects.all():
        amount.pence = -amount.pence
        amount.save()
    everything(worked_out)
    assert stored_shares.shares(worked_out.alliance.pk) == {
        key: -pence for key, pence in before.items()
    }


@pytest.mark.parametrize("seed", range(4))
def test_the_same_inputs_give_the_same_shares_in_any_order_of_loading(seed: int) -> None:
    first, again = written_in_some_order("first", 0), written_in_some_order("again", seed + 1)
    everything(first)
    everything(again)
    assert stored_shares.shares(first.alliance.pk) == stored_shares.shares(again.alliance.pk)
    assert list(
        SharingRatio.objects.filter(alliance=first.alliance).order_by("digest").values("digest")
    ) == list(
        SharingRatio.objects.filter(alliance=again.alliance).order_by("digest").values("digest")
    )


def written_in_some_order(code: str, seed: int) -> Scene:
    """The same 40 lines, two rules and sizes whatever the seed; only serial numbers differ."""
    shuffle = random.Random(seed)
    scene = a_scene(code, order=shuffle.sample(list(OFFICERS), 3))
    lines = [
        (f"line-{number % 4}", 10_01 + 7 * number, date(2016, 4 + number % 9, 1), number // 20)
        for number in range(40)
    ]
    shuffle.shuffle(lines)
    items = {name: scene.item(name) for name in dict.fromkeys(line[0] for line in lines)}
    for name, pence, month, version in lines:
        bearer = [None, scene.north][pence % 2]
        if not Amount.objects.filter(
            item=items[name],
            starts_on=month,
            version=Amount.Version.values[version],
            borne_by=bearer,
        ).exists():
            scene.amount(items[name], pence, month, Amount.Version.values[version], bearer)
    scene.rule(OCTOBER)
    return scene


def close(scene: Scene, year: int) -> None:
    FinancialYear.objects.create(alliance=scene.alliance, year=year, closed_at=timezone.now())


def test_a_closed_years_shares_never_change(worked_out: Scene) -> None:
    before = years_of(stored_shares.row_places(worked_out.alliance.pk))
    record_size(worked_out, 1600, date(2015, 4, 1))  # asked for before the year was closed
    close(worked_out, 2016)
    answer(worked_out)
    after = years_of(stored_shares.row_places(worked_out.alliance.pk))
    assert after[2016] == before[2016]
    assert after[2017] != before[2017]
    assert asked(worked_out) == set()


def test_nothing_is_asked_of_a_closed_year(worked_out: Scene) -> None:
    close(worked_out, 2016)
    record_size(worked_out, 1600, date(2015, 4, 1))
    assert asked(worked_out) == {("fleet", 2015), ("fleet", 2017)}


Hook = Callable[..., Any]


@pytest.fixture
def during(monkeypatch: pytest.MonkeyPatch) -> Callable[[Hook], None]:
    """Do something once in the middle of a run: after it has read its inputs, before it writes."""

    def once(do: Hook) -> None:
        left = [do]
        real = recompute.work_out

        def worked(*arguments: Any) -> Any:
            if left:
                left.pop()()
            return real(*arguments)

        monkeypatch.setattr(recompute, "work_out", worked)

    return once


def test_a_request_that_arrives_during_a_run_is_answered_next(
    worked_out: Scene, during: Callable[[Hook], None]
) -> None:
    amount = Amount.objects.get(item__code="vans", year=2016)

    def change(pence: int) -> None:
        amount.pence = pence
        services.save_amount(amount=amount, by=None)

    change(500_00)
    during(lambda: change(700_00))
    run = answer(worked_out)
    assert run is not None
    assert run.requests_answered == 2
    assert sum(Share.objects.filter(amount=amount).values_list("pence", flat=True)) == 700_00
    assert asked(worked_out) == set()


def test_one_alliances_requests_do_not_touch_another(worked_out: Scene) -> None:
    other = a_scene("dales")
    other.amount(other.item("vans"), 5_00)
    everything(other)
    before = stored_shares.row_places(other.alliance.pk)
    record_size(worked_out, 1600, date(2015, 4, 1))
    assert asked(other) == set()
    answer(worked_out)
    assert stored_shares.row_places(other.alliance.pk) == before


def test_nothing_to_do_leaves_no_run_on_record(worked_out: Scene) -> None:
    runs = Run.objects.count()
    assert answer(worked_out) is None
    assert Run.objects.count() == runs


def test_two_runs_are_on_record_with_what_each_came_to(worked_out: Scene) -> None:
    record_size(worked_out, 1600, date(2017, 4, 1))
    answer(worked_out)
    newest, first = Run.objects.filter(alliance=worked_out.alliance)
    assert (first.requests_answered, first.shares_changed, first.moved_pence) == (0, 45, 0)
    assert (newest.requests_answered, newest.lines_considered) == (1, 2)
    own = PoolShare.objects.filter(pool__year=2017).order_by("pool__kind", "force__position")
    after = list(own.values_list("pence", flat=True))
    totals = Pool.objects.filter(year=2017).order_by("kind").values_list("total_pence", flat=True)
    before = [part for total in totals for part in apportion(total, shares_of_a_million(*WEIGHTS))]
    differences = [new - old for new, old in zip(after, before, strict=True)]
    better = [saved - borne for borne, saved in zip(differences[:3], differences[3:], strict=True)]
    assert newest.moved_pence == sum(map(abs, better)) // 2 > 0


def test_a_changed_total_moves_nothing_between_forces(worked_out: Scene) -> None:
    amount = Amount.objects.get(item__code="vans", year=2016)
    amount.pence *= 2
    services.save_amount(amount=amount, by=None)
    run = answer(worked_out)
    assert run is not None
    assert run.moved_pence == 0


def test_progress_tells_the_lines_of_each_batch(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recompute, "UNITS_PER_BATCH", 1)
    told: list[int] = []
    recompute.bring_up_to_date(
        alliance_id=scene.alliance.pk, cause="A test", everything=True, progress=told.append
    )
    assert told == [2, 11, 2]


def test_a_run_that_fails_says_why_and_leaves_its_requests(
    worked_out: Scene, during: Callable[[Hook], None]
) -> None:
    record_size(worked_out, 1600, date(2017, 4, 1))
    before = stored_shares.row_places(worked_out.alliance.pk)

    def break_down() -> None:
        raise RuntimeError("The disk is full")

    during(break_down)
    with pytest.raises(RuntimeError):
        answer(worked_out)
    run = Run.objects.filter(alliance=worked_out.alliance).first()
    assert run is not None
    assert (run.state, run.problem) == ("FAILED", "RuntimeError: The disk is full")
    assert asked(worked_out) == {("fleet", 2017)}
    assert stored_shares.row_places(worked_out.alliance.pk) == before
    answer(worked_out)
    assert stored_shares.differences(worked_out.alliance.pk) == []


def test_a_batch_holds_no_more_cells_than_it_may(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = recompute.all_units(scene.alliance.pk)

    def batches_of(cells: int) -> list[list[int]]:
        monkeypatch.setattr(recompute, "CELLS_PER_BATCH", cells)
        found = recompute.batches(scene.alliance.pk, units)
        return [[lines for _, lines in batch] for batch in found]

    assert batches_of(45) == [[2, 11, 2]]
    assert batches_of(44) == [[2, 11], [2]]
    assert batches_of(38) == [[2], [11], [2]]
    assert batches_of(1) == [[2], [11], [2]]
