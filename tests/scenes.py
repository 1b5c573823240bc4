"""A small alliance, written straight into the tables, for tests of what the database and worker do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from business_areas.models import BusinessArea
from programmes.models import Alliance, Force, ForceSize, Membership, SizeMeasure
from savings.engine.periods import financial_year_of
from savings.models import Amount, Item, SharingRule, SharingTerm

APRIL_2015 = date(2015, 4, 1)
OFFICERS = {"north": 3001, "south": 1503, "east": 777}


@dataclass(frozen=True)
class Scene:
    """An alliance of three forces, one area, and one rule by officers from 1 April 2015."""

    alliance: Alliance
    north: Force
    south: Force
    east: Force
    officers: SizeMeasure
    fleet: BusinessArea

    @property
    def forces(self) -> tuple[Force, Force, Force]:
        return self.north, self.south, self.east

    def area(self, code: str) -> BusinessArea:
        return BusinessArea.objects.create(
            alliance=self.alliance, code=code, name=code.title(), category="BUSINESS_SUPPORT"
        )

    def size(self, force: Force, value: int, on: date = APRIL_2015, release: int = 1) -> ForceSize:
        return ForceSize.objects.create(
            alliance=self.alliance,
            force=force,
            measure=self.officers,
            effective_on=on,
            value=Decimal(value),
            source="Workforce statistics",
            release=release,
        )

    @transaction.atomic
    def rule(
        self, on: date, method: str = "EQUAL", *, area: BusinessArea | None = None, **fields: object
    ) -> SharingRule:
        rule = SharingRule.objects.create(
            alliance=self.alliance, area=area, effective_on=on, method=method, **fields
        )
        if method == "SIZE":
            self.by_officers(rule)
        return rule

    def by_officers(self, rule: SharingRule) -> SharingTerm:
        return SharingTerm.objects.create(
            alliance=self.alliance, rule=rule, measure=self.officers, weight=1
        )

    def item(self, code: str, kind: str = "COST", area: BusinessArea | None = None) -> Item:
        return Item.objects.create(
            alliance=self.alliance,
            area=area or self.fleet,
            code=code,
            name=code.title(),
            kind=kind,
            recurrence="RECURRING",
        )

    def amount(
        self,
        item: Item,
        pence: int,
        period: int | date = 2016,
        version: str = "APPROVED",
        borne_by: Force | None = None,
    ) -> Amount:
        """An amount for a financial year (an int) or for a month (its first day)."""
        amount = self.new_amount(item, pence, period, version)
        amount.borne_by = borne_by
        amount.save()
        return amount

    def new_amount(
        self, item: Item, pence: int, period: int | date = 2016, version: str = "APPROVED"
    ) -> Amount:
        """The same, not saved."""
        whole_year = isinstance(period, int)
        starts_on = date(period, 4, 1) if isinstance(period, int) else period
        return Amount(
            alliance=self.alliance,
            item=item,
            version=version,
            starts_on=starts_on,
            whole_year=whole_year,
            year=financial_year_of(starts_on),
            pence=pence,
        )


def a_scene(
    code: str = "hills",
    *,
    order: Iterable[str] = tuple(OFFICERS),
    sized: Iterable[str] = tuple(OFFICERS),
) -> Scene:
    """The scene, its forces written in this order (their places stay), with sizes for `sized`."""
    alliance = Alliance.objects.create(code=code, name=code.title())
    places = list(OFFICERS)
    forces = {}
    for name in order:
        forces[name] = Force.objects.create(
            alliance=alliance,
            code=name,
            name=f"{name.title()} Police",
            position=places.index(name) + 1,
        )
        Membership.objects.create(alliance=alliance, force=forces[name])
    scene = Scene(
        alliance=alliance,
        **forces,
        officers=SizeMeasure.objects.create(alliance=alliance, name="Police officers (FTE)"),
        fleet=BusinessArea.objects.create(
            alliance=alliance, code="fleet", name="Fleet", category="BUSINESS_SUPPORT"
        ),
    )
    for name in sized:
        scene.size(forces[name], OFFICERS[name])
    scene.rule(APRIL_2015, "SIZE")
    return scene
