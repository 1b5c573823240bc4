"""What keeps a year from being settled, each in a sentence with the page where it is mended."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from programmes import words
from programmes.models import Alliance
from savings.engine.periods import last_day, year_label, year_slug
from savings.models import Pool
from savings.selectors.behind import units_behind
from savings.selectors.not_shared import told_once
from savings.selectors.settlement import AreaRows, YearSettlement

_NAMED = 20


@dataclass(frozen=True)
class Obstacle:
    """A sentence, and where it is mended: an address's name with its arguments, and the link's words."""

    sentence: str
    page: str
    args: tuple[str, ...]
    link: str
    query: str = ""


def obstacles(alliance: Alliance, found: YearSettlement, day: date) -> tuple[Obstacle, ...]:
    """All that has to be mended before the year can be proposed; empty if it can. Two queries."""
    return (
        *_not_over(alliance, found, day),
        *_behind(alliance, found),
        *_unshared(alliance, found),
        *_nameless(alliance, found.areas, found.year),
    )


def _not_over(alliance: Alliance, found: YearSettlement, day: date) -> Iterator[Obstacle]:
    end = found.until or last_day(found.year)
    if end > day:
        what = f"{year_label(found.year)} ends" if not found.until else "What is asked for ends"
        yield Obstacle(
            f"{what} on {words.day(end)}, which has not come: settle what is in by an earlier month.",
            "money-settlement-year",
            (alliance.code, year_slug(found.year)),
            "Choose a month",
        )


def _behind(alliance: Alliance, found: YearSettlement) -> Iterator[Obstacle]:
    waiting = {unit.area_id for unit in units_behind(alliance) if unit.year == found.year}
    if waiting:
        names = [rows.area.name for rows in found.areas if rows.area and rows.area.pk in waiting]
        said = _listed(names) or words.counted(len(waiting), "area")
        yield Obstacle(
            f"Shares of {said} are being worked out again after a change: wait until they are.",
            "money-runs",
            (alliance.code,),
            "Runs",
        )


def _unshared(alliance: Alliance, found: YearSettlement) -> Iterator[Obstacle]:
    if not any(line.unshared for line in found.of.account.lines):
        return
    withheld = (
        Pool.objects.filter(alliance=alliance, year=found.year, version=found.of.version)
        .exclude(withheld="")
        .values_list("area__name", "withheld")
    )
    for reason in told_once(withheld):
        yield Obstacle(
            f"Not shared yet: {reason.sentence}", reason.mend, (alliance.code,), reason.page
        )


def _nameless(alliance: Alliance, areas: Sequence[AreaRows], year: int) -> Iterator[Obstacle]:
    found = [
        (rows.area, kind, pence, does)
        for rows in areas
        if rows.area
        for kind, pence, does in (
            ("cost", rows.nobody.borne, "bore"),
            ("saving", rows.nobody.banked, "banked"),
        )
        if pence
    ]
    for area, kind, pence, does in found[:_NAMED]:
        yield Obstacle(
            f"Who {does} {words.pounds(pence)} of {words.possessive(area.name)} {kind}s is not recorded: "
            "name the force.",
            "money-area",
            (alliance.code, area.code, year_slug(year)),
            f"The {kind}s of {area.name}",
            f"version=actual&kind={kind}",
        )
    rest = len(found) - _NAMED
    if rest > 0:
        pence = sum(abs(each[2]) for each in found[_NAMED:])
        yield Obstacle(
            f"So it is of {words.pounds(pence)} in {words.counted(rest, 'more place')}: "
            "name the forces, for example in the borne_by column of the workbook’s amounts.",
            "money-settlement-year",
            (alliance.code, year_slug(year)),
            "All areas",
        )


def _listed(names: Sequence[str]) -> str:
    """“Dogs, Fleet and 3 more areas”."""
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {words.counted(len(names) - 2, 'more area')}"
    return " and ".join(names) if len(names) < 3 else f"{names[0]}, {names[1]} and {names[2]}"
