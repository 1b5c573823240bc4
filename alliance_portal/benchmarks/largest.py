"""Invented alliances of a size: the largest there can be, and one to compare it with."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from django.db import transaction

from alliance_portal import national
from alliance_portal.benchmarks.speed import CAUSE
from programmes.models import Alliance
from savings import recompute
from savings.models import Item
from savings.services import derive_forecasts

# Forces and areas.
LARGEST, SMALLER = (43, 40), (7, 10)
_AMOUNTS_AN_AREA = 75


@contextmanager
def of_size(forces: int, areas: int) -> Iterator[Alliance]:
    """An invented alliance of that size, with money that starts from its go-lives."""
    number = 100 + forces
    random = np.random.default_rng(number)
    with transaction.atomic():
        structure, go_lives = national.make_alliance(
            number,
            national.real_forces()[:forces],
            areas=areas,
            amounts=areas * _AMOUNTS_AN_AREA,
            random=random,
        )
        Item.objects.bulk_create(
            Item(
                alliance=structure.alliance,
                area=go_live.area,
                code=f"from-go-live-{place}",
                name=f"From go-live {place}",
                kind="SAVING",
                recurrence="RECURRING",
                cashable="CASHABLE",
                milestone=go_live,
                full_year_pence=12_345_67 + place,
                ramp=[50, 75, 100],
            )
            for place, go_live in enumerate(go_lives)
        )
        derive_forecasts(alliance=structure.alliance)
    alliance = structure.alliance
    recompute.bring_up_to_date(alliance_id=alliance.pk, cause=CAUSE, everything=True)
    try:
        yield alliance
    finally:
        national.remove_alliances(Alliance.objects.filter(pk=alliance.pk))
