"""What is looked at before a year is closed: what stops it, what stays open, and where each is mended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from programmes import words
from programmes.models import Alliance
from savings.closing.facts import YearFacts
from savings.engine.periods import last_day, year_label, year_slug
from savings.models import Settlement
from savings.selectors.accounts import read_account
from savings.selectors.settlement import YearSettlement, settlement_of
from savings.settling.versions import moved_lines, version_of


class Stands(Enum):
    """How a point of the list stands; the value is its word on the page."""

    DONE = "Done"
    STOPS = "Stops it"
    OPEN = "Left open"


@dataclass(frozen=True)
class Point:
    """One point of the list: what it is about, how it stands, a sentence, and where it is mended.

    `page` is an address's name with its arguments; blank where there is nothing to go to.
    """

    name: str
    stands: Stands
    sentence: str
    page: str = ""
    args: tuple[str, ...] = ()
    query: str = ""
    link: str = ""

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return self.stands is Stands.DONE

    @property
    def stops(self) -> bool:
        """Whether the year cannot be closed before it is mended."""
        return self.stands is Stands.STOPS


@dataclass(frozen=True)
class Checklist:
    """The points of a year, in the order in which they are mended; `settlement` is what it closes with."""

    year: int
    points: tuple[Point, ...]
    settlement: YearSettlement

    @property
    def stopping(self) -> list[Point]:
        """What has to be mended first."""
        return [point for point in self.points if point.stops]

    @property
    def left_open(self) -> list[Point]:
        """What is not as one would wish, and does not stop it."""
        return [point for point in self.points if point.stands is Stands.OPEN]


def checklist(alliance: Alliance, facts: YearFacts, day: date) -> Checklist:
    """The year's points as they stand now; `day` is the day that the alliance speaks of. Eight queries."""
    found = settlement_of(read_account(alliance, facts.year, "ACTUAL"))
    return Checklist(facts.year, tuple(_Looking(alliance, facts, found, day).points()), found)


@dataclass(frozen=True)
class _Looking:
    """The year that is looked at."""

    alliance: Alliance
    facts: YearFacts
    found: YearSettlement
    day: date

    def points(self) -> Iterator[Point]:
        yield self._over()
        yield self._behind()
        yield self._shared()
        yield self._named()
        yield self._months()
        yield from self._settlement()

    @property
    def _place(self) -> tuple[str, str]:
        return self.alliance.code, year_slug(self.found.year)

    def _over(self) -> Point:
        name, end = "The year is over", last_day(self.found.year)
        if end > self.day:
            said = f"{year_label(self.found.year)} ends on {words.day(end)}, which has not come."
            return Point(name, Stands.STOPS, said)
        return Point(name, Stands.DONE, f"It ended on {words.day(end)}.")

    def _behind(self) -> Point:
        name = "Shares are up to date"
        if self.facts.areas_behind:
            said = (
                f"Shares of {words.counted(self.facts.areas_behind, 'area')} are being worked out again "
                "after a change: wait until they are."
            )
            return Point(name, Stands.STOPS, said, "money-runs", (self.alliance.code,), link="Runs")
        return Point(name, Stands.DONE, "Nothing waits to be worked out.")

    def _shared(self) -> Point:
        name, place = "All of it is shared", ("money", (self.alliance.code,))
        year, link = year_slug(self.found.year), "Why it is not shared"
        actual = [line for line in self.found.of.account.lines if line.unshared]
        if actual:
            money = sum(abs(line.unshared) for line in actual)
            areas = words.counted(len({line.area for line in actual}), "area")
            said = f"{words.pounds(money)} of actual amounts in {areas} is not shared."
            return Point(
                name, Stands.STOPS, said, *place, f"version=actual&kind=cost&year={year}", link
            )
        if self.facts.areas_unshared:
            said = (
                f"{words.pounds(self.facts.unshared)} of plan and forecast in "
                f"{words.counted(self.facts.areas_unshared, 'area')} is not shared, and stays so."
            )
            return Point(
                name, Stands.OPEN, said, *place, f"version=forecast&kind=cost&year={year}", link
            )
        return Point(name, Stands.DONE, "Every amount is shared.")

    def _named(self) -> Point:
        name = "Who bore and banked it is known"
        nameless = [line for line in self.found.of.account.lines if line.unnamed]
        if nameless:
            money = sum(abs(line.unnamed) for line in nameless)
            areas = words.counted(len({line.area for line in nameless}), "area")
            said = f"No force is named for {words.pounds(money)} in {areas}."
            place = ("money-settlement-year", self._place)
            return Point(name, Stands.STOPS, said, *place, link="Name the forces")
        return Point(name, Stands.DONE, "Every actual amount names a force.")

    def _months(self) -> Point:
        name, months = "The months’ actuals are in", self.facts.months_missing
        if not months:
            return Point(
                name, Stands.DONE, "Each month with a plan or a forecast has an actual amount."
            )
        areas = words.counted(self.facts.areas_missing, "area")
        said = (
            f"{words.counted(months, 'month')} with a plan or a forecast, in {areas}, "
            f"{'has' if months == 1 else 'have'} no actual amount, and {'counts' if months == 1 else 'count'}"
            " as nothing."
        )
        query = f"year={year_slug(self.found.year)}"
        place = "money-month-ends", (self.alliance.code,)
        return Point(name, Stands.OPEN, said, *place, query, "Month ends of the year")

    def _settlement(self) -> Iterator[Point]:
        name, dispute = "The settlement is agreed and paid", "Nothing is in dispute"
        newest = Settlement.objects.filter(alliance=self.alliance, year=self.found.year).first()
        if newest is None:
            said = f"No settlement of {year_label(self.found.year)} is proposed."
            where = ("money-settlement-year", self._place)
            yield Point(name, Stands.OPEN, said, *where, link="Propose it")
            return
        version = version_of(newest, newest=newest.number)
        place = "money-settlement-version", (*self._place, str(newest.number))
        link = f"Version {newest.number}"
        if version.disputed:
            lines = words.counted(len(version.disputed), "line")
            said = f"{lines} {'is' if len(version.disputed) == 1 else 'are'} in dispute."
            yield Point(dispute, Stands.STOPS, said, *place, link=link)
        else:
            yield Point(dispute, Stands.DONE, "No line is in dispute.")
        left = sum(each.pence for each in version.to_pay)
        said = f"{version.state}."
        if moved_lines(version.settlement, self.found):
            said = f"Version {newest.number} is overtaken: the figures are others now."
        elif left and not version.waiting:
            said += f" {words.pounds(left)} is to be paid."
        elif not version.waiting:
            yield Point(name, Stands.DONE, said, *place, link=link)
            return
        yield Point(name, Stands.OPEN, said, *place, link=link)
