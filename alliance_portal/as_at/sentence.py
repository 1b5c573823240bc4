"""What sums a programme up in a sentence."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sentence:
    """What sums the programme up: areas live, the year's savings and how they stand against plan."""

    live: int
    areas: int
    year: int
    forecast: int | None
    approved: int | None
    unapproved: int
    slippage: int

    @property
    def is_part_approved(self) -> bool:
        """True if too much of the forecast has no plan for the two to be compared: over a tenth."""
        return self.unapproved * 10 > (self.forecast or 0)

    @property
    def gap(self) -> int | None:
        """Forecast less approved savings, in pence; None unless both are known and comparable."""
        if self.forecast is None or self.approved is None or self.is_part_approved:
            return None
        return self.forecast - self.approved

    @property
    def of_gap(self) -> str:
        """How the go-live dates relate to the gap: PART of a shortfall, MORE than it, or not at all."""
        if self.gap is None or self.slippage >= 0:
            return ""
        return "PART" if self.gap < 0 and self.slippage >= self.gap else "MORE"
