"""Why a figure moved, at the sample's size: over a year of 500 changes, as the page answers."""

import random
from datetime import timedelta
from decimal import Decimal

from django.test import Client
from django.utils import timezone

from alliance_portal.benchmarks.figures import Figure
from alliance_portal.benchmarks.ground import Scale, seconds, settle
from alliance_portal.benchmarks.largest import LARGEST, of_size
from alliance_portal.benchmarks.reader import reading
from alliance_portal.benchmarks.sample import the_sample
from business_areas.models import Milestone
from business_areas.reasons import ANOTHER
from business_areas.services import reschedule
from programmes.models import Alliance, Change, ForceSize
from programmes.services import record_size
from savings.models import Amount
from savings.services import save_amount

SECONDS = 2.0
_CHANGES, _AMOUNTS_A_CHANGE = 500, 20


def why(scale: Scale) -> list[Figure]:
    """The page of a year of changes, against two seconds; the fastest of several answers counts.

    Of every ten changes one restates a size, four move a go-live, five change an amount. There are
    500, or as many as a small scale allows. Beside it, ten changes of the largest alliance.
    """
    count = min(_CHANGES, scale.amounts // _AMOUNTS_A_CHANGE)
    with the_sample() as sample:
        taken, made = (
            _measured(sample, count, scale),
            Change.objects.filter(alliance=sample).count(),
        )
    with of_size(*LARGEST) as largest:
        of_largest = _measured(largest, 10, scale)
    detail = (
        f"{made} changes on record: the page in {taken * 1000:.0f} ms; of the largest alliance, 10"
        f" changes: {of_largest * 1000:.0f} ms"
    )
    return [Figure("why", taken / SECONDS, 1.0, detail)]


def _measured(alliance: Alliance, count: int, scale: Scale) -> float:
    _change(alliance, count)
    settle()
    address = f"/alliances/{alliance.code}/money/why/?since=2000-01-01"
    with reading([alliance]) as client:
        return min(seconds(lambda: _open(client, address)) for _ in range(2 * scale.rounds))


def _open(client: Client, address: str) -> None:
    page = client.get(address)
    if page.status_code != 200 or b"cause by cause" not in page.content:
        raise ValueError(f"{address} answered {page.status_code} without causes.")


def _change(alliance: Alliance, count: int) -> None:
    chance = random.Random(1)  # noqa: S311
    go_lives = list(
        Milestone.objects.filter(alliance=alliance, kind=Milestone.Kind.GO_LIVE, actual_on=None)
    )
    amounts = list(Amount.objects.filter(alliance=alliance, derived=False).select_related("item"))
    size = ForceSize.objects.filter(alliance=alliance).latest("effective_on", "release")
    for number in range(count):
        if number % 10 == 0:
            size = record_size(
                force=size.force,
                measure=size.measure,
                effective_on=size.effective_on,
                value=size.value + Decimal(chance.choice([-3, 4])),
                source=f"Release {number}",
                by=None,
            )
        elif number % 10 < 5:
            milestone = Milestone.objects.get(pk=chance.choice(go_lives).pk)
            assert milestone.due_on
            reschedule(
                milestone=milestone,
                to=milestone.due_on + timedelta(days=chance.choice([30, 61])),
                reason=ANOTHER,
                details="A benchmark.",
                by=None,
                day=alliance.today(timezone.localdate()),
            )
        else:
            amount = Amount.objects.get(pk=chance.choice(amounts).pk)
            amount.pence += chance.randint(1, 100_000)
            save_amount(amount=amount, by=None)
