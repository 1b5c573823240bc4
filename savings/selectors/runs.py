"""Runs with the changes that asked for them: what each was, why, and by whom."""

from collections.abc import Iterable
from dataclasses import dataclass

from business_areas.models import BusinessArea
from programmes.changes.record import in_short
from programmes.models import Change
from savings.models import Run

CHANGES_NAMED = 3


@dataclass(frozen=True)
class Asked:
    """A change that asked for a run: its number on record, what it was, why and who made it."""

    number: int
    what: str
    reason: str
    who: str


@dataclass(frozen=True)
class RunLine:
    """A run, the first few changes that asked for it, and how many more did."""

    run: Run
    asked: tuple[Asked, ...]
    more: int


def with_changes(runs: Iterable[Run]) -> list[RunLine]:
    """The runs in their order. Two queries at most; a change that came to nothing is on no record."""
    runs = list(runs)
    wanted = {number for run in runs for number in run.change_numbers}
    found = list(Change.objects.filter(pk__in=wanted).select_related("made_by") if wanted else [])
    about = {change.area_id for change in found if change.area_id}
    rows = BusinessArea.objects.filter(pk__in=about).values_list("pk", "name") if about else []
    names = dict(rows)
    told = {
        change.pk: Asked(
            change.pk,
            in_short(change, names.get(change.area_id or 0, "")),
            change.reason or change.details,
            str(change.made_by or ""),
        )
        for change in found
    }
    lines = []
    for run in runs:
        asked = [told[number] for number in run.change_numbers if number in told]
        first = tuple(asked[:CHANGES_NAMED])
        lines.append(RunLine(run, first, len(asked) - len(first)))
    return lines
