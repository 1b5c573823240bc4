"""Whatever people change, in whatever order, the stored shares are those of the inputs."""

from collections import Counter
from typing import Any

import pytest

from programmes.models import Alliance
from savings import recompute, services
from savings.book import Cell
from savings.models import Run, Share
from tests.processes.alliances import an_alliance
from tests.processes.writer import Writer
from tests.savings import stored_shares

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]

CHANGES = 60


def readings(alliance: Alliance) -> tuple[dict[Any, int], Any]:
    """Every share of an amount by the amount's and the force's ids, and what the pools come to."""
    found = Share.objects.filter(pool__alliance=alliance)
    shares = {
        (amount, force): pence
        for amount, force, pence in found.values_list("amount_id", "force_id", "pence")
    }
    return shares, stored_shares.by_place(alliance.pk)


def between_forces(before: Counter[Cell], after: Counter[Cell]) -> int:
    """Pence of the forecast, once, that passed from one force to another: savings less costs."""
    better: Counter[str] = Counter()
    known = {cell[:4] for cell in before if cell.version == "FORECAST"}
    for cell in before.keys() | after.keys():
        if cell[:4] in known:
            sign = 1 if cell.kind == "SAVING" else -1
            better[cell.force] += sign * (after[cell] - before[cell])
    moves = better.values()
    return (sum(map(abs, moves)) - abs(sum(moves))) // 2


@pytest.mark.parametrize("seed", range(5))
def test_after_any_changes_the_stored_shares_are_those_of_the_inputs(seed: int) -> None:
    for code in ("hills", "dales"):
        an_alliance(code)
    writer = Writer(seed)
    for _ in range(CHANGES // 4):
        for _ in range(4):
            writer.one(writer.draw.choice(writer.ways))
        for alliance in Alliance.objects.all():
            shares, (places, _) = readings(alliance)
            run = recompute.bring_up_to_date(alliance_id=alliance.pk, cause="A test")
            if run:
                now, (places_now, _) = readings(alliance)
                changed = {key for key in shares.keys() | now if shares.get(key) != now.get(key)}
                assert run.shares_changed == len(changed) <= len(shares.keys() | now)
                assert run.moved_pence == between_forces(places, places_now)
            assert services.derive_forecasts(alliance=alliance) == 0
            assert stored_shares.differences(alliance.pk) == [], f"{seed} {writer.did}"
    assert stored_shares.orphans() == 0
    assert not Run.objects.exclude(state="DONE").exists()
    assert writer.did.total() > CHANGES // 2
