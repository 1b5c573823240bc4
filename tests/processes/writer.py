"""`python -m tests.processes.writer SEED SECONDS`: change inputs at random through the services.

Of its rings, 5% are lost and 15% come twice. Prints what it did and what it was refused.
"""

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance_portal.settings")
django.setup()

from django.core.exceptions import ObjectDoesNotExist, ValidationError  # noqa: E402
from django.db import DatabaseError  # noqa: E402

from business_areas.models import AreaMembership, Milestone  # noqa: E402
from business_areas.services import (  # noqa: E402
    delete_area_membership,
    save_area_membership,
    save_milestone,
)
from programmes.models import Alliance, Force, SizeMeasure, User  # noqa: E402
from programmes.services import record_size  # noqa: E402
from savings import requests, services  # noqa: E402
from savings.models import Amount, Item, SharingRule, SharingTerm  # noqa: E402

LOST, TWICE = 0.05, 0.15
DAYS = [date(2015, 4, 1), date(2016, 4, 1), date(2016, 10, 1), date(2017, 4, 1)]


class Writer:
    """Draws everything from one random source, so that a seed repeats what it tries.

    It changes one alliance, or whichever there are; each has three forces and one measure.
    """

    def __init__(self, seed: int, alliance: Alliance | None = None, by: User | None = None) -> None:
        self.draw = random.Random(seed)
        self.alliance, self.by = alliance, by
        self.did: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.ways = [self.size, self.amount, self.amount, self.new_amount, self.lost_amount]
        self.ways += [self.rule, self.no_rule, self.member, self.milestone, self.ramp]

    def ring_badly(self) -> None:
        """From now on lose some rings and double others."""
        ring = requests.ring

        def badly(alliance_id: int) -> None:
            luck = self.draw.random()
            for _ in range(0 if luck < LOST else 2 if luck < LOST + TWICE else 1):
                ring(alliance_id)

        requests.ring = badly

    def write(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.one(self.draw.choice(self.ways))
            time.sleep(self.draw.random() * 0.1)

    def one(self, way: Callable[[], object]) -> None:
        try:
            way()
            self.did[way.__name__] += 1
        except (ValidationError, DatabaseError, ObjectDoesNotExist) as problem:
            self.refused[f"{way.__name__}: {type(problem).__name__} {problem}"[:150]] += 1

    def any_of(self, model: Any, **of: Any) -> Any:
        """One of the rows. Raises ObjectDoesNotExist if there is none."""
        if self.alliance:
            of["alliance"] = self.alliance
        found = list(model.objects.filter(**of))
        if not found:
            raise model.DoesNotExist
        return self.draw.choice(found)

    def size(self) -> None:
        force = self.any_of(Force)
        record_size(
            force=force,
            measure=SizeMeasure.objects.get(alliance=force.alliance_id),
            effective_on=self.draw.choice(DAYS),
            value=Decimal(self.draw.randint(1, 5000)),
            source=f"Release {self.draw.random()}",
            by=self.by,
        )

    def amount(self) -> None:
        amount = self.any_of(Amount, derived=False)
        amount.pence = self.draw.randint(-100_000, 1_000_000)
        services.save_amount(amount=amount, by=self.by)

    def new_amount(self) -> None:
        item = self.any_of(Item, ramp=[])
        month = date(self.draw.choice([2016, 2017]), self.draw.randint(1, 12), 1)
        amount = Amount(item=item, version="ACTUAL", starts_on=month, pence=12_345)
        services.save_amount(amount=amount, by=self.by)

    def lost_amount(self) -> None:
        amount = self.any_of(Amount, derived=False)
        services.delete_amount(amount=amount, by=self.by)

    def rule(self) -> None:
        force = self.any_of(Force)
        areas = [None, *force.alliance.areas.all()]
        place = {"area": self.draw.choice(areas), "effective_on": self.draw.choice(DAYS)}
        rule = SharingRule.objects.filter(alliance=force.alliance, **place).first()
        rule = rule or SharingRule(alliance=force.alliance, **place)
        rule.method = self.draw.choice(["SIZE", "EQUAL", "FIXED"])
        rule.decimals = self.draw.choice([None, 2, 4])
        services.save_rule(rule=rule, terms=self._terms(rule), by=self.by)

    def _terms(self, rule: SharingRule) -> list[SharingTerm]:
        if rule.method == "SIZE":
            return [SharingTerm(measure=rule.alliance.measures.get(), weight=Decimal(1))]
        if rule.method == "EQUAL":
            return []
        percentages = [Decimal(50), Decimal(30), Decimal(20)]
        return [
            SharingTerm(force=force, percent=percent)
            for force, percent in zip(rule.alliance.forces.all(), percentages, strict=True)
        ]

    def no_rule(self) -> None:
        own = self.any_of(SharingRule, area__isnull=False)
        end = SharingRule(
            alliance=own.alliance,
            area=own.area,
            effective_on=self.draw.choice(DAYS),
            method="ALLIANCE",
        )
        services.save_rule(rule=end, terms=[], by=self.by)

    def member(self) -> None:
        if self.draw.random() < 0.5:
            delete_area_membership(membership=self.any_of(AreaMembership), by=self.by)
            return
        force = self.any_of(Force)
        area = self.draw.choice(list(force.alliance.areas.all()))
        stay = AreaMembership(
            alliance=force.alliance, area=area, force=force, joined_on=self.draw.choice(DAYS)
        )
        save_area_membership(membership=stay, by=self.by)

    def milestone(self) -> None:
        milestone = self.any_of(Milestone)
        milestone.forecast_on = date(2016, self.draw.randint(4, 12), 1)
        save_milestone(milestone=milestone, reason="Funding", by=self.by)

    def ramp(self) -> None:
        item = self.any_of(Item, ramp__len__gt=0)
        item.full_year_pence = self.draw.randint(1, 10_000_000)
        services.save_item(item=item, by=self.by)


if __name__ == "__main__":
    writer = Writer(int(sys.argv[1]))
    writer.ring_badly()
    writer.write(float(sys.argv[2]))
    sys.stdout.write(f"did {writer.did.total()} {dict(writer.did)}\n")
    sys.stdout.write(f"was refused {dict(writer.refused)}\n")
