"""The roadmap as a table for a file: the rows of the page, in its order."""

from collections.abc import Iterable, Iterator

from alliance_portal.roadmap.selectors import Row
from programmes.csv_lines import Cell

COLUMNS = (
    *("Area", "Category", "Stage", "On hold since", "Lead force"),
    *("Original baseline", "Approved", "Forecast or actual go-live", "Go-live is"),
    *("Days later than approved", "Days later than original baseline", "Other milestones"),
)


def table_of(rows: Iterable[Row]) -> Iterator[tuple[Cell, ...]]:
    """A line of `COLUMNS` for each row; empty where nothing is known."""
    for row in rows:
        area = row.area
        yield (
            area.name,
            area.get_category_display(),
            area.get_stage_display(),
            area.on_hold_since,
            area.lead_force.name if area.lead_force else None,
            row.baseline_on,
            row.approved_on,
            row.go_live_on,
            {"reached": "actual"}.get(row.go_live_state, row.go_live_state) or None,
            row.slipped,
            row.drifted,
            "; ".join(
                f"{each.name}: {each.expected_on:%Y-%m-%d}, {state}"
                for each, state in row.step_states
            )
            or None,
        )
