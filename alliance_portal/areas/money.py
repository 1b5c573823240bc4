"""An area's money in brief: what each force bears and saves in one financial year."""

from dataclasses import dataclass

from django.db.models import Sum

from business_areas.models import BusinessArea
from programmes.models import Force
from savings.models import Amount, PoolShare


@dataclass(frozen=True)
class ForceMoney:
    """One force's part of the year's forecast, in pence; None where it has none."""

    force: Force
    costs: int | None
    savings: int | None


@dataclass(frozen=True)
class AreaMoney:
    """The year's forecast by force, and together."""

    year: int
    forces: tuple[ForceMoney, ...]

    @property
    def costs(self) -> int:
        """All forces' costs, net of grants."""
        return sum(each.costs or 0 for each in self.forces)

    @property
    def savings(self) -> int:
        """All forces' savings."""
        return sum(each.savings or 0 for each in self.forces)


def money_in_brief(area: BusinessArea, forces: tuple[Force, ...], year: int) -> AreaMoney:
    """The shares on record of the year's forecast, of each of `forces` in their order. One query."""
    found = {
        (force_id, kind): pence
        for force_id, kind, pence in PoolShare.objects.filter(
            pool__area=area, pool__year=year, pool__version=Amount.Version.FORECAST
        )
        .values_list("force_id", "pool__kind")
        .annotate(Sum("pence"))
    }
    lines = (
        ForceMoney(force, found.get((force.pk, "COST")), found.get((force.pk, "SAVING")))
        for force in forces
    )
    shown = tuple(each for each in lines if each.costs is not None or each.savings is not None)
    return AreaMoney(year, shown)
