"""What a file offers beside what is on record: figures that are new, restated, or there already."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import groupby

from alliance_portal.size_files.cells import Published
from programmes import words
from programmes.models import Force, ForceSize, SizeMeasure
from programmes.published_forces import force_meant
from programmes.services import Figure
from programmes.written.texts import tidy_line
from savings.book import Effect
from savings.book.effect import FEW_FORCES
from savings.pages.sizes.figures import unsaved
from savings.selectors.size_price import price_each

PLACES = Decimal("0.0001")
# Each figure is priced and taken by itself where there are so many at most; else those of a date.
MOST_LOTS = 40
LONGEST_NAME = 200

OnRecord = Mapping[int, Mapping[date, ForceSize]]


@dataclass(frozen=True)
class Offer:
    """A figure of the file that is not on record so; `now` is what is of its date, if anything."""

    figure: Figure
    now: ForceSize | None

    @property
    def change(self) -> Decimal | None:
        """What it adds to the figure on record, in per cent; None where there is no telling."""
        if self.now is None or not self.now.value:
            return None
        return (self.figure.value - self.now.value) * 100 / self.now.value


@dataclass(frozen=True)
class Lot:
    """What is taken or left out as one: a figure, or all of a date. `is_taken`: unless one says no."""

    key: str
    offers: tuple[Offer, ...]
    effect: Effect
    is_taken: bool

    @property
    def on(self) -> date:
        """Its day."""
        return self.offers[0].figure.effective_on

    @property
    def name(self) -> str:
        """“Dorset Police, 31 March 2018”, or the date of several."""
        day = words.day(self.on)
        return f"{self.offers[0].figure.force.name}, {day}" if len(self.offers) == 1 else day

    @property
    def restated(self) -> tuple[Offer, ...]:
        """Those with another figure on record."""
        return tuple(offer for offer in self.offers if offer.now)

    @property
    def listed(self) -> tuple[Offer, ...]:
        """Those that the page lists: all of a few, of many those that are restated."""
        return self.offers if len(self.offers) <= FEW_FORCES else self.restated

    @property
    def moves(self) -> str:
        """What it alone would move: the sentence of the forecast, or that it moves nothing."""
        if not self.effect.moves_anything:
            return "Nothing"
        return self.effect.sentence or f"Moves {_listed(self.effect.versions())}."


def _listed(versions: Sequence[str]) -> str:
    return " and ".join(version.lower() for version in versions)


def figures_of(published: Iterable[Published], forces: Sequence[Force], file: str) -> list[Figure]:
    """The file's figures of these forces, earliest first, each with its file and cell as its source.

    Noise of a spreadsheet's arithmetic is rounded off.
    """
    name = tidy_line(file)[:LONGEST_NAME] or "file"
    found = []
    for each in published:
        force = force_meant(forces, code=each.code, name=each.name)
        if force:
            value = each.value.quantize(PLACES, ROUND_HALF_EVEN)
            found.append(Figure(force, each.on, value, f"{name}, {each.at}"))
    return sorted(found, key=lambda each: (each.effective_on, each.force.position))


def differing(figures: Iterable[Figure], on_record: OnRecord) -> list[Offer]:
    """Those that say something else than is on record, to its decimals, or of which nothing is."""
    offers = (
        Offer(each, on_record.get(each.force.pk, {}).get(each.effective_on)) for each in figures
    )
    return [offer for offer in offers if offer.now is None or not _same(offer.figure, offer.now)]


def _same(figure: Figure, now: ForceSize) -> bool:
    """Whether the file's figure is the one on record, which may have been rounded."""
    on_record = now.value.normalize()
    exponent = on_record.as_tuple().exponent
    decimals = Decimal(1).scaleb(exponent if isinstance(exponent, int) and exponent < 0 else 0)
    near = abs(figure.value - now.value) <= decimals / 2
    return (near and decimals < 1) or figure.value == now.value


def grouped(offers: Sequence[Offer]) -> dict[str, tuple[Offer, ...]]:
    """The offers as they are taken or left out, by their keys."""
    if len(offers) <= MOST_LOTS:
        return {key_of(each.figure): (each,) for each in offers}
    by_day = groupby(offers, key=lambda offer: offer.figure.effective_on)
    return {day_key_of(day): tuple(of_day) for day, of_day in by_day}


def key_of(figure: Figure) -> str:
    """What a figure is taken by."""
    return f"{day_key_of(figure.effective_on)}-{figure.force.pk}"


def day_key_of(day: date) -> str:
    """What all figures of a date are taken by."""
    return f"{day:%Y%m%d}"


def lots_of(
    measure: SizeMeasure, groups: Mapping[str, tuple[Offer, ...]], on_record: OnRecord
) -> list[Lot]:
    """The groups of offers with what each alone would move. Two queries.

    Dates before the first on record are left out unless they are asked for.
    """
    days = [day for of_force in on_record.values() for day in of_force]
    first = min(days, default=date.min)
    sizes = [unsaved(measure, [each.figure for each in group]) for group in groups.values()]
    return [
        Lot(key, group, effect, group[0].figure.effective_on >= first)
        for (key, group), effect in zip(groups.items(), price_each(measure, sizes), strict=True)
    ]
