"""The difference as a waterfall: kind by kind of cause, to what they come to together."""

from alliance_portal.charts.chart import TWO, Chart, Figure, Group, Row, Series
from programmes.words import pounds_beside
from savings.bridge import NOT_RECORDED, Bridge, Kind

NAME = "why-it-moved"
_FEW_ROWS = 5


def waterfall(bridge: Bridge, figure: str) -> Chart:
    """The chart of the whole alliance's figure; `figure` is what it is called in a sentence.

    It begins at nought and not at the figure, beside which no cause could be seen.
    """
    rows = (
        *(Row(group.name, (Figure(group.line.total),)) for group in bridge.groups),
        Row("Difference", (Figure(bridge.moved.total),), is_total=True),
    )
    return Chart(
        name=NAME,
        kind="waterfall",
        title=finding(bridge, figure),
        subtitle=f"{figure[:1].upper()}{figure[1:]}, all forces together: what each kind of cause "
        "adds or takes",
        row_head="Cause",
        series=(Series("Amount", TWO[0]),),
        groups=(Group("", rows),),
        is_tall=len(rows) > _FEW_ROWS,
        file_of=f"chart-{NAME}-table",
    )


def finding(bridge: Bridge, figure: str) -> str:
    """By how much the figure moved, and what has the largest part in it."""
    whole, of = bridge.moved.total, bridge.start.total
    name = f"{figure[:1].upper()}{figure[1:]}"
    parts = [group for group in bridge.groups if group.line.total]
    if not whole:
        if parts:
            return f"{name}: what moved them up and what moved them down cancel out"
        return f"{name}: money passes between the forces, and the whole stays as it was"
    moved = f"{name} are {pounds_beside(abs(whole), of)} {'lower' if whole < 0 else 'higher'}"
    most = max(parts, key=lambda group: abs(group.line.total))
    if len(parts) == 1:
        return f"{moved}, all of it from {_inside(most.name)}"
    return f"{moved}, most of it from {_inside(most.name)}" if _leads(most, bridge) else moved


def _leads(group: Kind, bridge: Bridge) -> bool:
    """Whether the kind moves the whole the same way, and by more than half of it."""
    pence, whole = group.line.total, bridge.moved.total
    return (pence > 0) == (whole > 0) and abs(pence) * 2 > abs(whole)


def _inside(name: str) -> str:
    return "changes not on record" if name == NOT_RECORDED else name[:1].lower() + name[1:]
