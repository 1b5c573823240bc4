"""Why money is not yet shared, once for each reason and span of time."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from programmes import words
from savings.engine.periods import financial_year_of

_DAY = re.compile(r"\bon (\d{1,2} [A-Z][a-z]+ \d{4})\b")
_NAMED = 3


@dataclass(frozen=True)
class NotShared:
    """A reason in one sentence; `mend` is the name of the address where it can be mended."""

    sentence: str
    mend: str

    @property
    def page(self) -> str:
        """What that page is called."""
        return _PAGES[self.mend]


_PAGES = {"money-rules": "Sharing rules", "money-sizes": "Force sizes", "areas": "Business areas"}


def told_once(
    withheld: Iterable[tuple[str, str]], *, last_year: int | None = None
) -> tuple[NotShared, ...]:
    """Each reason in one sentence with its span and its areas, the earliest first.

    `withheld` are areas' names with the sentence that each pool was withheld with, which names the
    first day of the pool: “No sharing rule is in force on 1 April 2015.” Of several days it becomes
    “… from April 2015 to March 2016 (Dogs, Fleet services)”, or “from April 2015 on” where it holds up
    to `last_year`, the last that has money.
    """
    spans: dict[str, tuple[set[date], dict[str, None]]] = {}
    for area, sentence in sorted(withheld):
        found = _DAY.search(sentence)
        about = _DAY.sub("on {}", sentence)
        days, areas = spans.setdefault(about, (set(), {}))
        if found:
            days.add(datetime.strptime(found[1], "%d %B %Y").date())  # noqa: DTZ007
        areas[area] = None
    in_time = sorted(spans.items(), key=lambda each: (min(each[1][0], default=date.max), each[0]))
    return tuple(
        NotShared(_sentence(about, days, list(areas), last_year), _mend(about))
        for about, (days, areas) in in_time
    )


def _mend(about: str) -> str:
    """Where a reason is mended, from what it says is missing."""
    if "sharing rule" in about:
        return "money-rules"
    return "areas" if about.startswith("No force is a member") else "money-sizes"


def _sentence(about: str, days: set[date], areas: list[str], last_year: int | None) -> str:
    said = about.replace("on {}", _span(days, last_year)) if days else about
    named = ", ".join(areas[:_NAMED])
    if len(areas) > _NAMED:
        named += f" and {words.counted(len(areas) - _NAMED, 'more area')}"
    return f"{said.removesuffix('.')} ({named})."


def _span(days: set[date], last_year: int | None) -> str:
    first, last = min(days), max(days)
    if first == last:
        return f"on {words.day(first)}"
    if last_year is not None and financial_year_of(last) >= last_year:
        return f"from {words.month(first)} on"
    return f"from {words.month(first)} to {words.month(last)}"
