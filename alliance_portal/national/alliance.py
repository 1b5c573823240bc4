"""One invented alliance without its money: forces, sizes, areas and sharing rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from alliance_portal.national.sizes import (
    BUDGET,
    BUDGET_SOURCE,
    OFFICERS,
    OFFICERS_SOURCE,
    RealForce,
)
from business_areas.models import AreaMembership, BusinessArea
from programmes.models import Alliance, Force, ForceSize, Membership, SizeMeasure
from savings.engine.apportion import apportion
from savings.models import SharingRule, SharingTerm

AREAS = 20
FROM = date(2015, 4, 1)
MID_YEAR = date(2017, 10, 1)
HELD_ON = date(2020, 3, 31)
TARGET_ON = date(2023, 3, 31)
# Of the areas, in turn.
STAGES = ("LIVE", "LIVE", "DESIGN", "LIVE", "IMPLEMENTATION")
NOTE = "Invented amounts for benchmarks and load tests; the officer numbers are real."

# What each alliance shares by, in turn.
STYLES = ("SIZE", "SIZE", "EXACT", "SIZE", "BLEND", "SIZE", "FIXED", "SIZE", "PERIOD", "EQUAL")


@dataclass(frozen=True)
class Structure:
    """An alliance with its forces in the agreed order and its areas."""

    alliance: Alliance
    forces: tuple[Force, ...]
    areas: tuple[BusinessArea, ...]


def make_structure(
    number: int, real: Sequence[RealForce], random: np.random.Generator, *, areas: int = AREAS
) -> Structure:
    """Write the `number`th alliance (from 1) between these forces, with so many areas."""
    alliance = Alliance.objects.create(
        code=f"national-{number:02d}",
        name=f"National load test {number:02d}",
        agreed_on=FROM,
        target_on=TARGET_ON,
        held_on=HELD_ON,
        data_note=NOTE,
    )
    forces = Force.objects.bulk_create(
        Force(alliance=alliance, code=force.code, name=force.name, position=position)
        for position, force in enumerate(real)
    )
    style = STYLES[number % len(STYLES)]
    _join(alliance, forces, changes=style not in ("FIXED", "EQUAL") and number % 3 == 0)
    measures = _record_sizes(alliance, forces, real, with_budget=style == "BLEND")
    made = BusinessArea.objects.bulk_create(
        BusinessArea(
            alliance=alliance,
            code=f"area-{place:02d}",
            name=f"Area {place:02d}",
            category="BUSINESS_SUPPORT" if place % 2 else "OPERATIONAL_POLICING",
            stage=STAGES[(place - 1) % len(STAGES)],
            last_update_on=HELD_ON,
        )
        for place in range(1, areas + 1)
    )
    _narrow(alliance, forces, made, style, random)
    _agree(alliance, forces, real, measures, made, style)
    return Structure(alliance, tuple(forces), tuple(made))


def _join(alliance: Alliance, forces: Sequence[Force], *, changes: bool) -> None:
    """Every force is a member; with `changes` the last one leaves, or of three or more one joins late."""
    stays = [Membership(alliance=alliance, force=force) for force in forces]
    if changes and len(stays) > 2:
        stays[-1].left_on = date(2018, 10, 1)
        stays[-2].joined_on = date(2016, 7, 1)
    Membership.objects.bulk_create(stays)


def _record_sizes(
    alliance: Alliance, forces: Sequence[Force], real: Sequence[RealForce], *, with_budget: bool
) -> list[SizeMeasure]:
    measures = [SizeMeasure(alliance=alliance, name=OFFICERS)]
    if with_budget:
        measures.append(SizeMeasure(alliance=alliance, name=BUDGET))
    SizeMeasure.objects.bulk_create(measures)
    ForceSize.objects.bulk_create(
        ForceSize(
            alliance=alliance,
            force=force,
            measure=measure,
            effective_on=day,
            value=officers if measure.name == OFFICERS else officers * 58_600,
            source=OFFICERS_SOURCE if measure.name == OFFICERS else BUDGET_SOURCE,
        )
        for measure in measures
        for force, known in zip(forces, real, strict=True)
        for day, officers in known.officers
    )
    return measures


def _narrow(
    alliance: Alliance,
    forces: Sequence[Force],
    areas: Sequence[BusinessArea],
    style: str,
    random: np.random.Generator,
) -> None:
    """Every seventh area is shared by some of the forces only."""
    if len(forces) < 3 or style == "FIXED":
        return
    AreaMembership.objects.bulk_create(
        AreaMembership(alliance=alliance, area=area, force=forces[place])
        for area in areas[::7]
        for place in sorted(random.choice(len(forces), len(forces) - 1, replace=False).tolist())
    )


def _agree(
    alliance: Alliance,
    forces: Sequence[Force],
    real: Sequence[RealForce],
    measures: Sequence[SizeMeasure],
    areas: Sequence[BusinessArea],
    style: str,
) -> None:
    """The alliance's rule; of some another in mid-year; and one area with a rule of its own."""
    size = SharingRule(alliance=alliance, effective_on=FROM, method="SIZE", source="Agreement")
    rule = size
    if style in ("FIXED", "EQUAL"):
        rule.method = style
    rule.sizes_as_at = "PERIOD" if style == "PERIOD" else "YEAR"
    rule.decimals = None if style == "EXACT" else 4
    rules = [rule]
    if style == "SIZE":
        rules.append(
            SharingRule(alliance=alliance, effective_on=MID_YEAR, method="SIZE", decimals=2)
        )
    rules.append(SharingRule(alliance=alliance, area=areas[3], effective_on=FROM, method="EQUAL"))
    SharingRule.objects.bulk_create(rules)
    terms: list[SharingTerm] = []
    for made in rules:
        if made.method == "SIZE":
            terms += [
                SharingTerm(alliance=alliance, rule=made, measure=measure, weight=Decimal(weight))
                for measure, weight in zip(measures, (60, 40), strict=False)
            ]
        elif made.method == "FIXED":
            terms += _stated(made, forces, real)
    SharingTerm.objects.bulk_create(terms)


def _stated(
    rule: SharingRule, forces: Sequence[Force], real: Sequence[RealForce]
) -> list[SharingTerm]:
    """Percentages with one decimal that add up to 100, in proportion to the latest officers."""
    weights = [int(force.officers[-1][1] * 100) for force in real]
    tenths = apportion(1000, weights)
    return [
        SharingTerm(alliance=rule.alliance, rule=rule, force=force, percent=Decimal(part) / 10)
        for force, part in zip(forces, tenths, strict=True)
    ]
