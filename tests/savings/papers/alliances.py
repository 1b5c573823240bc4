"""Alliances of any kind, worked out: forces, members, rules of every method, amounts of both signs."""

import random
from datetime import date
from decimal import Decimal

from django.db import transaction

from business_areas.models import BusinessArea
from programmes.models import Alliance, Force, SizeMeasure
from savings import recompute, services
from savings.models import Amount, SharingTerm
from tests import factories

YEAR = 2016
DAYS = [date(2015, 4, 1), date(2016, 4, 1), date(2016, 7, 1), date(2016, 10, 1)]
_MONTHS = [*(date(2016, month, 1) for month in range(4, 13)), date(2017, 1, 1), date(2017, 3, 1)]


def any_alliance(seed: int, code: str = "any") -> Alliance:
    """The alliance of this seed, its shares worked out; the same each time."""
    any_ = random.Random(seed)
    with transaction.atomic():
        alliance = _made(any_, code)
        services.request_recompute(alliance=alliance, cause="Made for the test")
    recompute.bring_up_to_date(alliance_id=alliance.pk, cause="Made for the test")
    return alliance


def _made(any_: random.Random, code: str) -> Alliance:
    alliance = factories.alliance(code=code, name=f"Alliance of ‘{code}’")
    forces = [
        factories.force(alliance=alliance, code=f"f{n}", name=f"=F{n} & Sons")
        for n in range(any_.randint(2, 5))
    ]
    for at, force in enumerate(forces):
        late = any_.choice(DAYS) if at > 1 else None
        factories.membership(force=force, joined_on=late)
    measures = [factories.measure(alliance=alliance, name=name) for name in ("Officers", "People")]
    for measure in measures:
        _sizes(any_, forces, measure)
    areas = [factories.area(alliance=alliance, code=f"area-{n}") for n in range(any_.randint(1, 3))]
    for area in (None, *areas):
        _rules(any_, alliance, area, forces, measures)
    for area in areas:
        if any_.random() < 0.3:
            for force in forces[: any_.randint(1, len(forces))]:
                factories.area_membership(area=area, force=force)
        _money(any_, area, forces)
    return alliance


def _sizes(any_: random.Random, forces: list[Force], measure: SizeMeasure) -> None:
    for force in forces:
        if any_.random() < 0.03:
            continue  # some amounts are not yet shared
        for day in DAYS[: any_.randint(1, 4)]:
            for release in range(1, any_.choice([2, 2, 3])):
                value = Decimal(any_.choice([any_.randint(1, 9), any_.randint(1, 900_000)]))
                factories.force_size(
                    force=force,
                    measure=measure,
                    effective_on=day,
                    release=release,
                    value=value / any_.choice([1, 4, 100]),
                )


def _rules(
    any_: random.Random,
    alliance: Alliance,
    area: BusinessArea | None,
    forces: list[Force],
    measures: list[SizeMeasure],
) -> None:
    """The alliance's rule, and another in mid-year; an area's own, in some."""
    own = any_.sample(DAYS[1:], any_.randint(0, 2)) if area else []
    for day in own if area else [DAYS[0], *any_.sample(DAYS[2:], any_.randint(0, 1))]:
        methods = ["SIZE", "SIZE", "SIZE", "FIXED", "EQUAL", *(["ALLIANCE"] if area else [])]
        rule = factories.sharing_rule(
            alliance=alliance,
            area=area,
            effective_on=day,
            method=any_.choice(methods),
            sizes_as_at=any_.choice(["YEAR", "PERIOD"]),
            decimals=any_.choice([None, 0, 1, 2, 3, 4, 4]),
            source="A minute",
        )
        if rule.method == "SIZE":
            for measure in measures[: any_.randint(1, 2)]:
                weight = Decimal(any_.randint(1, 60))
                SharingTerm.objects.create(
                    alliance=alliance, rule=rule, measure=measure, weight=weight
                )
        if rule.method == "FIXED":
            rest = Decimal(100)
            for force in forces[:-1]:
                part = min(rest, Decimal(any_.randint(0, 6_000)) / 100)
                rest -= part
                SharingTerm.objects.create(alliance=alliance, rule=rule, force=force, percent=part)
            SharingTerm.objects.create(alliance=alliance, rule=rule, force=forces[-1], percent=rest)


def _money(any_: random.Random, area: BusinessArea, forces: list[Force]) -> None:
    for n in range(any_.randint(1, 4)):
        kind = any_.choice(["COST", "COST", "SAVING", "GRANT"])
        item = factories.item(area=area, code=f"{area.code}-{n}", kind=kind)
        for version in ("APPROVED", "FORECAST", "ACTUAL"):
            every = _MONTHS if any_.random() < 0.8 else []
            for day in every or [DAYS[1]]:
                borne_by = any_.choice(forces) if version == "ACTUAL" else None
                most = any_.choice([9, 99_999, 99_999_999])
                Amount.objects.create(
                    alliance=item.alliance,
                    item=item,
                    version=version,
                    starts_on=day,
                    whole_year=not every,
                    year=YEAR,
                    pence=any_.randint(-most // 5, most),
                    borne_by=borne_by,
                )
