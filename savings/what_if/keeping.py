"""What-ifs on record: a name and a list of supposed changes, kept as plain values."""

import json
import types
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from programmes.models import Alliance, User
from savings.models import Scenario
from savings.what_if.merging import ForcesMerge
from savings.what_if.supposed import (
    DateMoves,
    ForceJoins,
    ForceLeaves,
    MoneyMoves,
    RuleHolds,
    SizeMoves,
    Supposed,
)

KINDS: Mapping[str, type[Supposed]] = {
    each.kind: each
    for each in (
        SizeMoves, RuleHolds, DateMoves, MoneyMoves, ForceLeaves, ForceJoins, ForcesMerge,
    )
}  # fmt: skip
MOST_CHANGES, MOST_WHAT_IFS = 50, 200


@dataclass(frozen=True)
class Kept:
    """A supposed change of a what-if, and the number by which it is taken out again."""

    number: int
    change: Supposed


def changes_of(scenario: Scenario) -> tuple[Kept, ...]:
    """The what-if's changes in the order in which they were added, which is that of their effect."""
    return tuple(Kept(row["number"], _read(row)) for row in scenario.changes)


@transaction.atomic
def start(*, alliance: Alliance, by: User, name: str) -> Scenario:
    """A what-if without a change yet. Raises ValidationError."""
    if Scenario.objects.filter(alliance=alliance).count() >= MOST_WHAT_IFS:
        raise ValidationError(
            f"The alliance has {MOST_WHAT_IFS} what-ifs; take one away before you start another."
        )
    return Scenario.objects.create(alliance=alliance, made_by=by, name=name)


@transaction.atomic
def suppose(scenario: Scenario, change: Supposed) -> None:
    """Add a change at the end; one that is there already is not added again. Raises ValidationError."""
    scenario = Scenario.objects.select_for_update(no_key=True).get(pk=scenario.pk)
    if any(kept.change == change for kept in changes_of(scenario)):
        return
    if len(scenario.changes) >= MOST_CHANGES:
        raise ValidationError(f"A what-if has at most {MOST_CHANGES} changes.")
    number = max((row["number"] for row in scenario.changes), default=0) + 1
    scenario.changes = [
        *scenario.changes,
        {"number": number, "kind": change.kind, **_plain(change)},
    ]
    scenario.save(update_fields=["changes"])


@transaction.atomic
def take_out(scenario: Scenario, number: int) -> None:
    """Without the change of that number; without any of it there is nothing to do."""
    scenario = Scenario.objects.select_for_update(no_key=True).get(pk=scenario.pk)
    scenario.changes = [row for row in scenario.changes if row["number"] != number]
    scenario.save(update_fields=["changes"])


def _plain(change: Supposed) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(asdict(change), cls=DjangoJSONEncoder))
    return plain


def _read(row: Mapping[str, Any]) -> Supposed:
    kind = KINDS[row["kind"]]
    hints = {name: hint for name, hint in get_type_hints(kind).items() if name in row}
    return kind(**{name: _as(hint, row[name]) for name, hint in hints.items() if name != "kind"})


def _as(hint: Any, value: Any) -> Any:
    """A plain value as the field's type has it."""
    if get_origin(hint) in (Union, types.UnionType):
        (hint,) = (each for each in get_args(hint) if each is not type(None))
        return None if value is None else _as(hint, value)
    if get_origin(hint) is Literal:
        return value
    if hint is date:
        return date.fromisoformat(value)
    if hint is Decimal:
        return Decimal(value)
    if get_origin(hint) is not None:
        return {name: Decimal(number) for name, number in value.items()}
    return value
