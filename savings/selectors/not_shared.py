"""Why money is not yet shared, once for each reason and span of time."""

import re
from collections.abc import Iterable
from datetime import date, datetime

from programmes import words

_DAY = re.compile(r"\bon (\d{1,2} [A-Z][a-z]+ \d{4})\b")
_NAMED = 3


def told_once(withheld: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Each reason in one sentence with its span and its areas, the earliest first.

    `withheld` are areas' names with the sentence that each pool was withheld with, which names the
    first day of the pool: “No sharing rule is in force on 1 April 2015.” Of several days it becomes
    “… from April 2015 to March 2016 (Dogs, Fleet services).”
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
    return tuple(_sentence(about, days, list(areas)) for about, (days, areas) in in_time)


def _sentence(about: str, days: set[date], areas: list[str]) -> str:
    said = about.replace("on {}", _span(days)) if days else about
    named = ", ".join(areas[:_NAMED])
    if len(areas) > _NAMED:
        named += f" and {words.counted(len(areas) - _NAMED, 'more area')}"
    return f"{said.removesuffix('.')} ({named})."


def _span(days: set[date]) -> str:
    first, last = min(days), max(days)
    if first == last:
        return f"on {words.day(first)}"
    return f"from {words.month(first)} to {words.month(last)}"
