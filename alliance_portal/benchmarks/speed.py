"""Recompute against a raw insert of one row a share; one changed amount; one changed size."""

from collections.abc import Sequence
from decimal import Decimal
from statistics import median

from django.db.models import F, Max

from alliance_portal import national
from alliance_portal.benchmarks.figures import Figure
from alliance_portal.benchmarks.ground import (
    Scale,
    clear_shares,
    ensure_national,
    make_raw_table,
    raw_insert,
    seconds,
    settle,
)
from programmes.models import Alliance, ForceSize
from savings import recompute
from savings.inputs import Unit
from savings.models import Amount, AmountShares, RecomputeRequest, Run, Share, SharingRule
from savings.requests import request_recompute, request_units

CAUSE = "Benchmark"
# What one changed size may take over its own rows, for what there is to do however few they are.
ALLOWANCE_SECONDS = 0.1


def recompute_national(scale: Scale) -> list[Figure]:
    """All alliances from no shares at all, against raw `INSERT … SELECT` of a row for each share.

    The fastest round of each side counts: what is slower is other work on the machine.
    """
    ensure_national(alliances=scale.alliances, amounts=scale.amounts)
    own, raw = [], []
    for _ in range(scale.rounds):
        clear_shares()
        settle()
        own.append(seconds(_recompute_everything))
        make_raw_table()
        settle()
        raw.append(raw_insert())
    detail = (
        f"{scale.amounts:,} amounts, {Share.objects.count():,} shares in {min(own):.1f} s "
        f"({_listed(own)}); raw insert of a row each {min(raw):.1f} s ({_listed(raw)})"
    )
    return [Figure("recompute-national", min(own) / min(raw), 1.0, detail)]


def recompute_one_pool(scale: Scale) -> list[Figure]:
    """Seconds of work after one amount has changed, the tables being as large as they get."""
    ensure_shared(scale)
    settle()
    times = []
    for alliance in _some_alliances(3 + 2 * scale.rounds):
        amount = Amount.objects.filter(alliance=alliance).order_by("pk").first()
        if amount is None:
            continue
        for _ in range(2):  # the first also warms the caches, as a busy portal's are
            Amount.objects.filter(pk=amount.pk).update(pence=F("pence") + 101)
            unit = Unit(amount.item.area_id, amount.year)
            request_units(alliance=alliance, units=[unit], cause=CAUSE)
            taken = seconds(lambda found=alliance: _bring(found))  # type: ignore[misc]
        times.append(taken)
    detail = (
        f"one amount changed, median of {len(times)} alliances, "
        f"{min(times):.3f} to {max(times):.3f} s"
    )
    return [Figure("recompute-one-pool", median(times), 0.03, detail)]


def recompute_one_size(scale: Scale) -> list[Figure]:
    """Work after one force's size has changed, less 0.1 s, against raw insert of as many rows.

    Those are the rows that go and those that come, a row a share.
    """
    ensure_shared(scale)
    ratios, seen = [], []
    for alliance in _by_size(scale.rounds):
        make_raw_table()
        raw_insert()
        _restate_a_size(alliance)
        request_recompute(alliance=alliance, cause=CAUSE)
        settle()
        own = seconds(lambda found=alliance: _bring(found))  # type: ignore[misc]
        run = Run.objects.filter(alliance=alliance).latest("pk")
        settle()
        raw = raw_insert(
            2 * run.shares_changed
        )  # each goes from its old pool, and comes in a new one
        ratios.append(max(0.0, own - ALLOWANCE_SECONDS) / raw)
        seen.append(f"{run.shares_changed:,} shares in {own:.2f} s (raw {raw:.2f} s)")
    middle = _middle(ratios)
    detail = f"{seen[ratios.index(middle)]}; rounds {_listed(ratios)}"
    return [Figure("recompute-one-size", middle, 0.7, detail)]


def _recompute_everything() -> None:
    alliances = list(national.national_alliances().order_by("code").values_list("pk", flat=True))
    recompute.bring_all_up_to_date(alliance_ids=alliances, cause=CAUSE, everything=True)


def ensure_shared(scale: Scale) -> None:
    """Have exactly that much national data with its shares. Raises NotAThrowAwayDatabase."""
    ensure_national(alliances=scale.alliances, amounts=scale.amounts)
    if not AmountShares.objects.exists() or RecomputeRequest.objects.exists():
        _recompute_everything()


def _bring(alliance: Alliance) -> Run | None:
    return recompute.bring_up_to_date(alliance_id=alliance.pk, cause=CAUSE)


def _some_alliances(count: int) -> list[Alliance]:
    """Alliances spread over all of them, the one of all forces among them."""
    alliances = list(national.national_alliances().order_by("code"))
    return alliances[:: max(1, len(alliances) // count)][:count]


def _by_size(count: int) -> list[Alliance]:
    """The first alliances that share by size, after the one of all forces."""
    sharing = SharingRule.objects.filter(area=None, method="SIZE").values("alliance")
    by_size = list(national.national_alliances().filter(pk__in=sharing).order_by("code"))
    return by_size[1 : 1 + count] or by_size


def _restate_a_size(alliance: Alliance) -> None:
    """A new release of the first force's first size in use: every year that reads it moves."""
    known = ForceSize.objects.filter(alliance=alliance, effective_on="2015-03-31").first()
    assert known is not None
    releases = ForceSize.objects.filter(
        force=known.force, measure=known.measure, effective_on=known.effective_on
    )
    latest = releases.aggregate(Max("release"))["release__max"]
    ForceSize.objects.create(
        alliance=alliance,
        force=known.force,
        measure=known.measure,
        effective_on=known.effective_on,
        release=latest + 1,
        value=known.value * Decimal("1.03"),
        source=CAUSE,
    )


def _middle(ratios: Sequence[float]) -> float:
    return sorted(ratios)[(len(ratios) - 1) // 2]


def _listed(numbers: Sequence[float]) -> str:
    return ", ".join(f"{number:.2f}" for number in numbers)
