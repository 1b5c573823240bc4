"""The list of areas as a table: the rows and columns of the page, in its order."""

from collections.abc import Iterable, Iterator

from business_areas.selectors.listing import AreaRow
from programmes.csv_lines import Cell

COLUMNS = (
    "Area",
    "Category",
    "Stage",
    "On hold since",
    "Timescales",
    "Budget",
    "Resources",
    "Lead force",
    "Owner",
    "Next milestone",
    "Next date",
    "Days overdue",
    "Go-live",
    "Go-live is",
    "Days later than approved",
    "Days later than original baseline",
    "Last update",
)


def table_of(rows: Iterable[AreaRow]) -> Iterator[tuple[Cell, ...]]:
    """A line of `COLUMNS` for each row; empty where nothing is known."""
    for row in rows:
        area, go_live, coming, slippage = row.area, row.go_live, row.coming, row.slippage
        yield (
            area.name,
            area.get_category_display(),
            area.get_stage_display(),
            area.on_hold_since,
            *_statuses(row),
            area.lead_force.name if area.lead_force else None,
            str(area.owner) if area.owner else None,
            coming.name if coming else None,
            coming.expected_on if coming else None,
            row.days_overdue or None,
            go_live.expected_on if go_live else None,
            go_live_is(row),
            slippage.days if slippage else None,
            row.drift.days if row.drift else None,
            row.said.updated_on,
        )


def _statuses(row: AreaRow) -> tuple[str | None, ...]:
    """The words of the three statuses; nothing where they are not known."""
    return tuple(f"{each.words}{each.set_by}" for each in row.said.statuses) or (None, None, None)


def go_live_is(row: AreaRow) -> str | None:
    """What kind of date the go-live shows: "actual", "provisional", "forecast"; None without one."""
    if row.go_live is None or row.go_live.expected_on is None:
        return None
    if row.go_live.actual_on:
        return "actual"
    return "provisional" if row.go_live.is_provisional else "forecast"
