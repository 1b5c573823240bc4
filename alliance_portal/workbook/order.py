"""What a load puts in the wrong order among an area's milestones: told, never refused."""

from collections.abc import Iterable

from alliance_portal.workbook.sheets import MilestoneRow, Workbook
from business_areas.order import Step, newly_out_of_order


def order_notes(stored: Workbook, given: Workbook) -> tuple[str, ...]:
    """A sentence for each pair that the load puts the wrong way round."""
    before = {row.key: row for row in stored.milestones}
    after = {**before, **{row.key: row for row in given.milestones}}
    wrong = newly_out_of_order(_steps(before.values()), _steps(after.values()))
    return tuple(f"milestones: {pair.sentence}" for pair in wrong)


def _steps(rows: Iterable[MilestoneRow]) -> list[Step]:
    return [
        Step(
            key=row.key,
            of=row.area,
            name=row.name,
            kind=row.kind,
            on=row.actual_on or row.forecast_on or row.approved_on or row.baseline_on,
            is_reached=row.actual_on is not None,
        )
        for row in rows
    ]
