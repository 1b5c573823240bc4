"""The record of changes, read: what became of a thing, newest first, with why, who and the pounds."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from programmes.models import Alliance, Change, Force
from programmes.words import pounds

# For so many forces a change says what each gains or loses; for more, what they do together.
FEW_FORCES = 4
_FROM_WORKBOOK = "Loaded from a workbook"
# What is said of a change of which only a part is shown.
OF_MORE = "It changed other rows too, so what it did to each force is not told here."


@dataclass(frozen=True)
class Row:
    """One row that differed: what it is, what became of it, its fields from old to new."""

    of: str
    what: str
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Entry:
    """A change as a history shows it; `who` is empty where nobody was signed in.

    `note` says of one that is on no record of changes where it is known from; `pounds` are
    sentences of what it did to each force, version by version; `number` is that of the change.
    """

    at: datetime
    title: str
    who: str
    door: str
    reason: str
    details: str
    rows: tuple[Row, ...]
    more: int = 0
    pounds: tuple[str, ...] = ()
    note: str = ""
    number: int | None = None


def changes_of(
    alliance: Alliance, *, area_id: int | None = None, milestone: tuple[int, str] | None = None
) -> QuerySet[Change]:
    """The changes that touched an area or a milestone (its number and name), newest first.

    A change of many areas, or a workbook, names them in what it says.
    """
    wanted = Q()
    if area_id is not None:
        wanted = Q(area_id=area_id) | Q(said__contains=[{"area": area_id}])
    if milestone is not None:
        pk, name = milestone
        said = {"of": f"Milestone “{name}”", **({"area": area_id} if area_id else {})}
        wanted = Q(milestone_id=pk) | Q(said__contains=[said])
    found = Change.objects.filter(wanted, alliance=alliance).select_related("made_by")
    return found.order_by("-pk")


def reason_of(reason: str, door: str) -> str:
    """Why a change was made: as a person said, or that it came from a workbook, which gives no reason."""
    return reason or (_FROM_WORKBOOK if door == Change.Door.WORKBOOK else "")


def in_short(change: Change, area: str = "") -> str:
    """What changed in a few words: “amount of Vans changed”, “workbook: 12 rows changed”.

    With the name of the area that it is about before it, where the words do not have it.
    """
    short = _in_short(change)
    return f"{area}: {short}" if area and area not in short else short


def _in_short(change: Change) -> str:
    rows = len(change.said) + change.more
    kind = change.get_kind_display()
    if rows != 1:
        return f"{kind[:1].lower()}{kind[1:]}: {rows:,} rows changed"
    (row,) = change.said
    return f"{row['of'][:1].lower()}{row['of'][1:]} {row['what']}"


def entries(
    alliance: Alliance,
    changes: Iterable[Change],
    *,
    area_id: int | None = None,
    milestone: str = "",
    item_id: int | None = None,
) -> list[Entry]:
    """The changes as a history shows them; of one about more, only what is the area's, milestone's, item's.

    Two queries, one where no change moved money.
    """
    changes = list(changes)
    names: dict[str, str] = {}
    if any(change.effect for change in changes):
        forces = Force.objects.filter(alliance=alliance).order_by("position")
        names = dict(forces.values_list("code", "name"))
    return [_entry(change, names, area_id, milestone, item_id) for change in changes]


def _entry(
    change: Change,
    names: Mapping[str, str],
    area_id: int | None,
    milestone: str,
    item_id: int | None,
) -> Entry:
    said = change.said
    if milestone:
        of = f"Milestone “{milestone}”"
        said = [row for row in said if row["of"] == of and row["area"] == area_id]
    elif item_id is not None:
        said = [row for row in said if row.get("item") == item_id]
    elif area_id is not None and change.area_id != area_id:
        said = [row for row in said if row["area"] == area_id]
    is_of_more = item_id is not None and len(said) < len(change.said) + change.more
    return Entry(
        at=change.made_at,
        title=change.get_kind_display(),
        who=str(change.made_by or ""),
        door=_through(change),
        reason=change.reason,
        details=change.details,
        rows=tuple(
            Row(row["of"], row["what"], tuple((a, b, c) for a, b, c in row["fields"]))
            for row in said
        ),
        more=change.more if said is change.said else 0,
        pounds=() if is_of_more else told_pounds(change.effect, names, area_id),
        note=OF_MORE if is_of_more else "",
        number=change.pk,
    )


def _through(change: Change) -> str:
    """The door, where it was none of the portal’s own pages."""
    said = change.get_door_display()
    return "" if change.door == Change.Door.PAGE else f"{said[:1].lower()}{said[1:]}"


def told_pounds(
    effect: Sequence[Sequence[object]], names: Mapping[str, str], area_id: int | None = None
) -> tuple[str, ...]:
    """What the effect on record did over all years: “Forecast: Dorset Police gains £12.00”.

    `names` are the forces by code, in the agreed order; `area_id` leaves out other areas.
    """
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for area, _, kind, version, force, pence in effect:
        if area_id in (None, area):
            assert isinstance(pence, int)
            sums[str(version)][str(force)] += pence if kind == "SAVING" else -pence
    return tuple(
        f"{version.capitalize()}: {_who_gains(moved, names)}"
        for version, moved in sorted(sums.items())
        if any(moved.values())
    )


def _who_gains(moved: Mapping[str, int], names: Mapping[str, str]) -> str:
    if len(names) > FEW_FORCES:
        together = sum(moved.values())
        return f"all forces together {'lose' if together < 0 else 'gain'} {pounds(abs(together))}"
    said = [f"{name} {_gains(moved[code])}" for code, name in names.items() if moved.get(code)]
    return ", ".join(said)


def _gains(pence: int) -> str:
    return f"{'loses' if pence < 0 else 'gains'} {pounds(abs(pence))}"
