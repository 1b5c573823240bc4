"""Dates that move, priced by force and year before they are saved."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from business_areas.models import Milestone
from programmes.models import Force
from programmes.words import listed
from savings.book import Book, BookItem, Effect, YearMove, compare, read
from savings.book.effect import stands
from savings.engine.periods import add_months


@dataclass(frozen=True)
class YearSavings:
    """One financial year's savings of each force, in pence."""

    year: int
    pence: tuple[int, ...]

    @property
    def total(self) -> int:
        """All forces together."""
        return sum(self.pence)


@dataclass(frozen=True)
class Price:
    """What the milestone on `on` would do to the forecast, against its date today; pence by year.

    `savings` are the areas' whole forecast savings of open years as they would then be.
    """

    on: date
    effect: Effect
    savings: tuple[YearSavings, ...] = ()

    @property
    def years(self) -> tuple[YearMove, ...]:
        """The years that move, ascending."""
        return self.effect.years()

    @property
    def unshared(self) -> int:
        """What it would do to savings less costs that cannot be shared yet."""
        return self.effect.unshared_net()

    @property
    def by_force(self) -> tuple[int, ...]:
        """Each force's net over all years; above zero it gains."""
        return self.effect.by_force()

    @property
    def total(self) -> int:
        """All forces' net over all years."""
        return sum(self.by_force)

    @property
    def savings_by_force(self) -> tuple[int, ...]:
        """Each force's savings over all years."""
        return tuple(sum(each) for each in zip(*(year.pence for year in self.savings), strict=True))

    @property
    def savings_total(self) -> int:
        """All forces' savings over all years."""
        return sum(self.savings_by_force)


@dataclass(frozen=True)
class DatePrice:
    """A milestone's new date priced, with one month earlier and one month later beside it.

    `items` follow the date; `typed` hang on the milestone too, but their forecast was typed and stays.
    """

    milestone: Milestone
    forces: tuple[Force, ...]
    items: tuple[BookItem, ...]
    typed: tuple[BookItem, ...]
    earlier: Price
    chosen: Price
    later: Price

    @property
    def depends(self) -> bool:
        """True if any item of the forecast starts from the milestone."""
        return bool(self.items)

    @property
    def stays(self) -> str:
        """That typed items stay, by name; empty where none hangs on the milestone."""
        if not self.typed:
            return ""
        hang, stay = ("hangs", "stays") if len(self.typed) == 1 else ("hang", "stay")
        return (
            f"{listed([item.name for item in self.typed])} {hang} on this milestone and {stay} as "
            "typed: only a forecast with a full-year value and a ramp follows the date."
        )

    @property
    def beside(self) -> list[tuple[str, Price]]:
        """The three dates side by side, each against the date today."""
        return [
            ("One month earlier", self.earlier),
            ("The new date", self.chosen),
            ("One month later", self.later),
        ]

    @property
    def by_force(self) -> list[tuple[str, tuple[int, ...]]]:
        """Each force's net over all years with each of the three dates; then all forces together."""
        dates = (self.earlier, self.chosen, self.later)
        rows = [
            (force.name, tuple(one.by_force[place] for one in dates))
            for place, force in enumerate(self.forces)
        ]
        return [*rows, ("Together", tuple(one.total for one in dates))]


def price_date(
    milestone: Milestone, to: date, following: Mapping[int, date] | None = None
) -> DatePrice:
    """What the milestone on `to`, a month before and a month after would do; closed years do not move.

    `following` has the days today of milestones that move by the same days, by their numbers. Two
    queries for an area's milestone, whatever the dates. Nothing is saved.
    """
    now = book_of(milestone)
    before, along = milestone.expected_on, following or {}

    def on_day(on: date) -> Price:
        days = {pk: day + (on - before) for pk, day in along.items()} if before else {}
        return price_in(now, {milestone.pk: on, **days}, on)

    earlier, chosen, later = (on_day(on) for on in (add_months(to, -1), to, add_months(to, 1)))
    moving = (milestone.pk, *along)
    return DatePrice(
        milestone=milestone,
        forces=now.sharing.forces,
        items=tuple(item for pk in moving for item in starting_from(now, pk)),
        typed=tuple(item for pk in moving for item in staying(now, pk)),
        earlier=earlier,
        chosen=chosen,
        later=later,
    )


def price_dates(milestones: Sequence[Milestone], to: date) -> Price:
    """What milestones of one alliance on `to` would do together, against their dates today.

    Two queries, however many milestones. Nothing is saved. Raises IndexError without a milestone.
    """
    areas = {milestone.area_id for milestone in milestones}
    wanted = None if None in areas else {area_id for area_id in areas if area_id}
    now = read(milestones[0].alliance_id, area_ids=wanted)
    return price_in(now, {milestone.pk: to for milestone in milestones}, to)


def effect_of_not_reached(milestone: Milestone) -> Effect:
    """What the milestone does to the forecast once it has no actual date, nor perhaps any other.

    Two queries. Nothing is saved.
    """
    now = book_of(milestone)
    return compare(now, now.with_milestone(milestone.pk, actual_on=None))


def book_of(milestone: Milestone) -> Book:
    """What a date of the milestone can move: its area's money, or for the programme's own, any."""
    return read(milestone.alliance_id, area_ids=[milestone.area_id] if milestone.area_id else None)


def price_in(now: Book, dates: Mapping[int, date], on: date) -> Price:
    """What these milestones of the book, each on its day, would do; `on` is the day to show. No query."""
    then = now
    for milestone_id, day in dates.items():
        then = then.expecting(milestone_id, day)
    started = {item.area_id for pk in dates for item in starting_from(now, pk)}
    return Price(on, compare(now, then), _savings_by_year(then, started))


def starting_from(book: Book, milestone_id: int) -> tuple[BookItem, ...]:
    """The items whose forecast follows the milestone; a withdrawn area has none."""
    return tuple(
        item
        for item in book.items.values()
        if item.milestone_id == milestone_id
        and item.derives_forecast
        and book.areas[item.area_id].has_forecast
    )


def staying(book: Book, milestone_id: int) -> tuple[BookItem, ...]:
    """The items that hang on the milestone and do not follow it: nothing derives their forecast."""
    return tuple(
        item
        for item in book.items.values()
        if item.milestone_id == milestone_id and not item.derives_forecast
    )


def _savings_by_year(book: Book, area_ids: set[int]) -> tuple[YearSavings, ...]:
    """The years in which these areas have a forecast saving that is shared, ascending."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for cell, pence in stands(book).items():
        if cell.kind == "SAVING" and cell.area_id in area_ids:
            found[cell.year][cell.force] += pence
    return tuple(
        YearSavings(year, tuple(found[year].get(code, 0) for code in book.sharing.order))
        for year in sorted(found)
    )
