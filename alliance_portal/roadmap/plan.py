"""The dates of an area that the roadmap draws, with the words and addresses of each. Plain Python."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Step:
    """A milestone other than the go-live, on the day that is expected of it."""

    on: date
    letter: str
    is_reached: bool
    said: str
    url: str


@dataclass(frozen=True)
class GoLive:
    """A go-live's dates; `is_dated` if it has an actual date or a forecast, and not only plans.

    `note` is what stands beside it, for example how late it is.
    """

    baseline_on: date | None
    approved_on: date | None
    expected_on: date
    is_dated: bool
    is_reached: bool
    note: str
    said: str
    url: str

    @property
    def days(self) -> tuple[date, ...]:
        """Every date of it that is known."""
        known = (self.baseline_on, self.approved_on, self.expected_on)
        return tuple(each for each in known if each)


@dataclass(frozen=True)
class Plan:
    """The dates of one area. `is_live` if its team is at work, `is_paused` if it goes nowhere now."""

    go_live: GoLive | None
    steps: tuple[Step, ...]
    is_live: bool = False
    is_paused: bool = False

    @property
    def days(self) -> tuple[date, ...]:
        """Every date that is drawn."""
        own = self.go_live.days if self.go_live else ()
        return (*own, *(step.on for step in self.steps))

    @property
    def works(self) -> tuple[date, date] | None:
        """From the first dated milestone to the go-live (or the last one); None for a single day."""
        ends = self.go_live.expected_on if self.go_live else max(self._on, default=None)
        begins = min(self._on, default=None)
        return (begins, ends) if begins and ends and begins < ends else None

    @property
    def live_since(self) -> date | None:
        """The day since which its team is known to be at work."""
        live = self.go_live if self.is_live else None
        return live.expected_on if live and live.is_reached else None

    @property
    def _on(self) -> list[date]:
        return [step.on for step in self.steps]
