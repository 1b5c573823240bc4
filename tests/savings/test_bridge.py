"""From one figure to another: the causes add up to the penny, and the end is what is stored."""

import contextlib
import random
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

import pytest
from django.db import connection
from django.utils import timezone

from programmes.models import Alliance, Change, Force
from savings import recompute
from savings.bridge import GROUPS, OTHER, Bridge, Chosen, Line, bridge, group_of
from savings.explain import NOT_ON_RECORD, explain
from savings.inputs import VERSIONS
from savings.models import Amount
from savings.selectors.apportioned import VIEWS, apportioned
from tests import factories
from tests.laws.hand import REFUSED, ByService
from tests.laws.scene import an_alliance_to_change
from tests.scenes import a_scene

pytestmark = [pytest.mark.dialect, pytest.mark.django_db(transaction=True)]

STEPS = 12


def stored(alliance: Alliance, chosen: Chosen) -> dict[str, int]:
    """The figure as the apportioned page has it, force by force, and what is not shared."""
    table = apportioned(
        alliance=alliance,
        version=chosen.version,
        view=chosen.view,
        year=chosen.year,
        today=timezone.localdate(),
    )
    line = table.all_years if chosen.year is None else table.total
    return by_force(table.forces, Line(tuple(each or 0 for each in line.by_force), line.unshared))


def by_force(forces: Iterable[Force], line: Line) -> dict[str, int]:
    """By the forces’ codes, for their order may change."""
    codes = [force.code for force in forces]
    return {"": line.unshared, **dict(zip(codes, line.by_force, strict=True))}


def adds_up(found: Bridge) -> None:
    """Start, causes and end tie for every force, by kind and by cause; and so do the years."""
    nothing = Line(tuple(0 for _ in found.forces), 0)
    steps = [step.line for step in found.steps] + ([found.rest.line] if found.rest else [])
    for parts in (steps, [kind.line for kind in found.groups], [y.moved for y in found.years]):
        total = nothing
        for part in parts:
            total = total.with_(part)
        assert total == found.moved
    assert found.start.with_(found.moved) == found.end
    for moment in ("start", "end"):
        total = nothing
        for year in found.years:
            total = total.with_(getattr(year, moment))
        assert total == getattr(found, moment)


@pytest.mark.parametrize("seed", range(3))
def test_over_any_changes_every_figure_ties_with_what_is_stored(seed: int) -> None:
    alliance, chance = an_alliance_to_change(f"bridge-{seed}"), random.Random(seed)
    boss = factories.administrator()
    figures = [
        Chosen(version, view, year)
        for version in VERSIONS
        for view in VIEWS
        for year in (None, 2016, 2017)
    ]
    before: dict[Chosen, dict[str, int]] = {}
    moments: list[tuple[datetime, dict[Chosen, dict[str, int]]]] = []
    for step in range(STEPS):
        hand = ByService(chance.randrange(10**6), alliance, boss)
        with contextlib.suppress(REFUSED):
            getattr(hand, chance.choice(ByService.WAYS))()
        if step == STEPS // 2:
            amount = Amount.objects.filter(alliance=alliance, derived=False)[0]
            Amount.objects.filter(pk=amount.pk).update(pence=amount.pence + 12_345)
        recompute.bring_up_to_date(alliance_id=alliance.pk, cause="A test", everything=True)
        before = {chosen: stored(alliance, chosen) for chosen in figures if has(alliance, chosen)}
        moments.append((now(), before))

    since, was = moments[0]
    for until, then in (moments[-1], moments[STEPS // 2]):
        for last in (until, None) if until == moments[-1][0] else (until,):
            told = explain(alliance, since, last)
            assert any(cause.kind == NOT_ON_RECORD for cause in told.causes)
            for chosen in figures:
                found = bridge(told, chosen)
                adds_up(found)
                if chosen in was and chosen in then:
                    assert by_force(found.forces, found.start) == was[chosen], chosen
                    assert by_force(found.forces, found.end) == then[chosen], chosen


def has(alliance: Alliance, chosen: Chosen) -> bool:
    """Whether the apportioned page has that year, and does not show the nearest in its place."""
    table = apportioned(
        alliance=alliance,
        version=chosen.version,
        view=chosen.view,
        year=chosen.year,
        today=timezone.localdate(),
    )
    return chosen.year is None or table.year == chosen.year


def now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found


def test_a_closed_year_stands_as_it_was_frozen() -> None:
    scene = a_scene()
    vans = scene.item("vans", "SAVING")
    for year in (2016, 2017):
        scene.amount(vans, 100_000_01, year, "FORECAST")
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)
    factories.financial_year(alliance=scene.alliance, year=2016, closed_at="2018-05-01T00:00Z")
    since = now()
    scene.size(scene.north, 9000, release=2)
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)

    found = bridge(explain(scene.alliance, since), Chosen("FORECAST", "saving", None))

    adds_up(found)
    assert by_force(found.forces, found.end) == stored(scene.alliance, found.chosen)
    first, second = found.years
    assert first.moved.is_nothing and first.end.total == 100_000_01
    assert not second.moved.is_nothing and second.moved.total == 0


def test_every_kind_of_change_has_one_name_and_an_unknown_one_too() -> None:
    named = Counter(kind for kinds in GROUPS.values() for kind in kinds)

    assert max(named.values()) == 1
    assert set(named) <= {*Change.Kind.values, NOT_ON_RECORD}
    assert group_of("SOMETHING_NEW") == OTHER
