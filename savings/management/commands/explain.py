"""`manage.py explain`: why an alliance's figures moved between two moments."""

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from programmes import words
from programmes.csv_lines import csv_lines
from savings.book import Cell, Place
from savings.bridge import group_of
from savings.engine.periods import year_label
from savings.explain import Cause, Explained, explain
from savings.management.alliances import alliances_named
from savings.models import RecomputeRequest
from savings.moments import NotAMoment, Span, span_of

_COLUMNS = (
    *("At", "Kind", "What", "By", "Reason", "Version", "Financial year"),
    *("Costs or savings", "Force", "Pounds"),
)
_NOT_SHARED = ""  # in the place of a force's code


class Command(BaseCommand):
    """Prints the causes, which add up to the difference to the penny."""

    help = (
        "Says why an alliance’s figures moved between two moments: each change on record with what "
        "it moved, force by force and year by year. What changed without a change on record is one "
        "cause more, “Not on record”, so that the causes add up to the difference to the penny."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """CODE, --since, --until and --format."""
        parser.add_argument("code", metavar="CODE", help="the alliance")
        moment = "a date (its end) such as 2017-03-31, or a moment such as 2017-03-31T09:00"
        parser.add_argument(
            "--since",
            metavar="MOMENT",
            default="",
            help=f"{moment}; “last” is just before the last change that moved money"
            " (default: a month ago)",
        )
        parser.add_argument(
            "--until", metavar="MOMENT", default="", help=f"{moment} (default: now)"
        )
        parser.add_argument("--format", choices=["table", "csv", "json"], default="table")

    def handle(self, *, code: str, since: str, until: str, **options: Any) -> None:
        """Print them; say on standard error if shares are behind."""
        (alliance,) = alliances_named([code])
        try:
            span = span_of(alliance, since, until, alliance.today(timezone.localdate()))
        except NotAMoment as problem:
            raise CommandError(str(problem)) from problem
        explained = explain(alliance, span.since, span.until)
        names = {force.code: force.name for force in explained.book.sharing.forces}
        if options["format"] == "json":
            self.stdout.write(json.dumps(as_json(explained), indent=2, ensure_ascii=False))
        elif options["format"] == "csv":
            for line in csv_lines([_COLUMNS, *_rows(explained, names)]):
                self.stdout.write(line.replace("\r\n", "\n"), ending="")
        else:
            for line in as_table(explained, span, names):
                self.stdout.write(line)
        if RecomputeRequest.objects.filter(alliance=alliance).exists():
            self.stderr.write("Shares are still to be worked out; these are what they come to.")


def as_json(explained: Explained) -> dict[str, Any]:
    """What the portal's interface says of this command."""
    return {
        "since": explained.since.isoformat(),
        "until": explained.until.isoformat(),
        "causes": [
            {
                "kind": cause.kind,
                "what": cause.what,
                "at": cause.change.made_at.isoformat() if cause.change else None,
                "by": _by(cause) or None,
                "reason": _reason(cause),
                "effects": _effects(cause.effect),
                "waiting": _waiting(cause.waiting),
            }
            for cause in explained.causes
        ],
        "difference": _effects(explained.difference),
        "waiting": _waiting(explained.waiting),
    }


def as_table(explained: Explained, span: Span, names: Mapping[str, str]) -> Iterator[str]:
    """The causes for people, each with what it moved below it, and the whole difference."""
    yield f"From {span.since_words} to {span.until_words}."
    if span.note:
        yield span.note
    for cause in explained.causes:
        made = f"{words.moment(cause.change.made_at)}, " if cause.change else ""
        by = f", by {_by(cause)}" if _by(cause) else ""
        yield ""
        yield f"{made}{group_of(cause.kind).lower()}: {cause.what}{by}"
        if _reason(cause):
            yield f"    “{_reason(cause)}”"
        yield from _moves(cause.effect, cause.waiting, names)
    yield ""
    yield "The whole difference"
    yield from _moves(explained.difference, explained.waiting, names)


def _moves(
    cells: Mapping[Cell, int], places: Mapping[Place, int], names: Mapping[str, str]
) -> Iterator[str]:
    sums = _sums(cells, places)
    for (version, year, kind, force), pence in sums:
        of = f"{version.lower()} {kind.lower()}s"
        who = names.get(force, force) or "not yet shared"
        yield f"    {year_label(year)}  {of:18} {who:32} {words.signed_pounds(pence):>18}"
    if not sums:
        yield "    nothing"


def _rows(explained: Explained, names: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    for cause in explained.causes:
        at = (
            timezone.localtime(cause.change.made_at).isoformat("T", "seconds")
            if cause.change
            else ""
        )
        about = (at, cause.kind, cause.what, _by(cause), _reason(cause))
        for key, pence in _sums(cause.effect, cause.waiting):
            yield *about, *_places(key, names), words.pence_plain(pence)
    for key, pence in _sums(explained.difference, explained.waiting):
        row = ("", "DIFFERENCE", "The whole difference", "", "")
        yield *row, *_places(key, names), words.pence_plain(pence)


_Key = tuple[str, int, str, str]


def _places(key: _Key, names: Mapping[str, str]) -> tuple[str, ...]:
    version, year, kind, force = key
    return version.lower(), year_label(year), kind.lower(), names.get(force, force) or "not shared"


def _sums(cells: Mapping[Cell, int], places: Mapping[Place, int]) -> list[tuple[_Key, int]]:
    """All areas together, in the order of version, year, kind and force."""
    sums: Counter[_Key] = Counter()
    for cell, pence in cells.items():
        sums[cell.version, cell.year, cell.kind, cell.force] += pence
    for (_, year, kind, version), pence in places.items():
        sums[version, year, kind, _NOT_SHARED] += pence
    return sorted((key, pence) for key, pence in sums.items() if pence)


def _effects(cells: Mapping[Cell, int]) -> list[dict[str, Any]]:
    return [
        {"force": force, "year": year_label(year), "kind": kind, "version": version, "pence": pence}
        for (version, year, kind, force), pence in _sums(cells, {})
    ]


def _waiting(places: Mapping[Place, int]) -> list[dict[str, Any]]:
    return [
        {"year": year_label(year), "kind": kind, "version": version, "pence": pence}
        for (version, year, kind, _), pence in _sums({}, places)
    ]


def _by(cause: Cause) -> str:
    return str(cause.change.made_by or "") if cause.change else ""


def _reason(cause: Cause) -> str:
    if cause.change is None:
        return ""
    said = (cause.change.reason, cause.change.details)
    return ": ".join(part for part in said if part)
