"""What a benchmark measured, against what is to be reached."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measurement; the smaller the better. `detail` says what it was made of, for people."""

    name: str
    value: float
    reach: float
    detail: str

    @property
    def is_reached(self) -> bool:
        """Whether the value is no larger than what is to be reached."""
        return self.value <= self.reach

    @property
    def line(self) -> str:
        """For scripts: `FIGURE recompute-national 1.73 reach 2.0 ok` (or `short`)."""
        verdict = "ok" if self.is_reached else "short"
        return f"FIGURE {self.name} {_plain(self.value)} reach {self.reach} {verdict}"


def table(figures: Sequence[Figure]) -> str:
    """The figures for people, one a row, under a line of heads."""
    rows = [("Figure", "Measured", "To reach", "", "What it was")]
    for figure in figures:
        verdict = "ok" if figure.is_reached else "short"
        measured = _plain(figure.value)
        rows.append((figure.name, measured, str(figure.reach), verdict, figure.detail))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = []
    for name, measured, reach, verdict, detail in rows:
        cells = (
            name.ljust(widths[0]),
            measured.rjust(widths[1]),
            reach.rjust(widths[2]),
            verdict.ljust(widths[3]),
            detail,
        )
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _plain(value: float) -> str:
    return f"{value:.3f}" if value < 1 else f"{value:.2f}"
