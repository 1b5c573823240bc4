"""The sample alliance, for as long as it is looked at."""

from collections.abc import Iterator
from contextlib import contextmanager

from alliance_portal import demonstration, national
from alliance_portal.benchmarks.speed import CAUSE
from alliance_portal.workbook.loading import load
from programmes.models import Alliance
from savings import recompute

SAMPLE = demonstration.SAMPLE_CODES[0]


@contextmanager
def the_sample() -> Iterator[Alliance]:
    """The sample with its shares; gone afterwards."""
    load(demonstration.SAMPLES / SAMPLE)
    try:
        alliance = Alliance.objects.get(code=SAMPLE)
        recompute.bring_up_to_date(alliance_id=alliance.pk, cause=CAUSE)
        yield alliance
    finally:
        national.remove_alliances(Alliance.objects.filter(code=SAMPLE))
