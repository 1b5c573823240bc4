"""What the address of a roadmap asks for: which months, how the areas are grouped; what it cannot have."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict

from alliance_portal.dates.due import Months
from alliance_portal.dates.forms import MonthsForm
from programmes.words import month
from savings.engine.periods import add_months, financial_year_of, first_day, last_day

GROUPS = (
    ("", "Category"),
    ("force", "Lead force"),
    ("stage", "Stage"),
    ("none", "Nothing"),
)
TIMES = (
    ("", "All dates"),
    ("year", "This financial year"),
    ("next", "Next 12 months"),
)
_FIRST, _LAST = "1900-01", "2100-12"
_NEAR_MONTHS = 120


@dataclass(frozen=True)
class Asked:
    """The months to draw (`first` and `last` begin them; None is as far as the dates go).

    `time` is a name of `TIMES` where that chose them, `group` one of `GROUPS`; `wrong` is a
    sentence about what the address asked for in vain, empty if nothing.
    """

    first: date | None
    last: date | None
    time: str
    group: str
    wrong: str

    @property
    def end(self) -> date | None:
        """The first day after the last month."""
        return add_months(self.last, 1) if self.last else None

    @property
    def is_all(self) -> bool:
        """Whether every date is shown."""
        return self.first is None and self.last is None

    @property
    def parts(self) -> dict[str, str]:
        """As an address says it; nothing of what was left open."""
        months = {} if self.time else {"first": _slug(self.first), "last": _slug(self.last)}
        given = {"time": self.time, **months, "group": self.group}
        return {name: value for name, value in given.items() if value}

    def query_for(self, time: str, others: dict[str, str]) -> str:
        """The query for other months, the rest as it is."""
        kept = {"time": time, "group": self.group}
        return urlencode({**others, **{name: value for name, value in kept.items() if value}})


def read_asked(given: QueryDict, day: date, wrong_filters: Iterable[str]) -> Asked:
    """What is asked for as at `day`; `wrong_filters` name the filters whose value is not on offer."""
    group, time = given.get("group", ""), given.get("time", "")
    wrong = list(wrong_filters)
    if group not in dict(GROUPS):
        group, wrong = "", [*wrong, "Group by"]
    if time not in dict(TIMES):
        time, wrong = "", [*wrong, "Dates"]
    first, last, why = _months(given)
    if first or last or why:
        time = ""
    else:
        first, last = _range(time, day)
    return Asked(
        first, last, time, group, " ".join(part for part in (_sentence(wrong), why) if part)
    )


def _months(given: QueryDict) -> tuple[date | None, date | None, str]:
    """The first and the last month, each if asked for, and what is wrong with them."""
    first, last = given.get("first", ""), given.get("last", "")
    if not (first or last):
        return None, None, ""
    form = MonthsForm({"first": first or _FIRST, "last": last or _LAST})
    if not form.is_valid():
        problem = str(next(iter(form.errors.values()))[0]).rstrip(".")
        return None, None, f"{problem}; all dates are shown."
    read = Months(*(date.fromisoformat(f"{form.cleaned_data[it]}-01") for it in ("first", "last")))
    return (read.first if first else None), (read.last if last else None), ""


def _range(time: str, day: date) -> tuple[date | None, date | None]:
    if time == "year":
        year = financial_year_of(day)
        return first_day(year), last_day(year).replace(day=1)
    if time == "next":
        return day.replace(day=1), add_months(day.replace(day=1), 12)
    return None, None


def _sentence(wrong: list[str]) -> str:
    if not wrong:
        return ""
    names = " and ".join(f"“{name}”" for name in wrong)
    return f"What the address asks for under {names} is not on offer, so it is left out."


def month_choices(days: Iterable[date], asked: Asked, day: date) -> list[tuple[str, str]]:
    """Every month with a date within ten years of `day`, and those asked for."""
    this = day.replace(day=1)
    near = add_months(this, -_NEAR_MONTHS), add_months(this, _NEAR_MONTHS)
    known = [min(max(each.replace(day=1), near[0]), near[1]) for each in (*days, day)]
    first, last = min(known), max(known)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    every = {add_months(first, number) for number in range(count)}
    every |= {each for each in (asked.first, asked.last) if each}
    return [(_slug(each), month(each)) for each in sorted(every)]


def _slug(month: date | None) -> str:
    return f"{month:%Y-%m}" if month else ""
