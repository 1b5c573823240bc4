"""What became of an amount: who entered it and every change of its pounds, as the triggers kept it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from programmes.models import User
from savings.models import Amount


@dataclass(frozen=True)
class Change:
    """One moment at which an amount's pence became what they are; `before` is None at the first.

    `who` is empty where no person was signed in; `file` names the workbook that it came from.
    """

    at: datetime
    before: int | None
    pence: int
    who: str
    file: str


def changes_of(amount: Amount) -> tuple[Change, ...]:
    """The amount's entry and every change of its pence, oldest first. At most two queries."""
    events = list(
        Amount.pgh_event_model.objects.filter(pgh_obj=amount.pk)  # type: ignore[attr-defined]
        .order_by("pgh_id")
        .values_list("pgh_created_at", "pence", "pgh_context__metadata")
    )
    told: list[tuple[datetime, int | None, int, dict[str, Any]]] = []
    before: int | None = None
    for at, pence, said in events:
        if pence != before:
            told.append((at, before, pence, said or {}))
        before = pence
    names = _names({said.get("user") for *_, said in told})
    return tuple(
        Change(at, old, new, names.get(said.get("user"), ""), said.get("file", ""))
        for at, old, new, said in told
    )


def _names(user_ids: set[Any]) -> dict[Any, str]:
    known = {pk for pk in user_ids if isinstance(pk, int)}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=known)} if known else {}
