"""Where everything goes in the picture of a roadmap that stands alone. Sizes are pixels."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from alliance_portal.roadmap.key import Sign, key_of
from alliance_portal.roadmap.lettering import broken, fitted, width_of
from alliance_portal.roadmap.selectors import Roadmap, Row
from programmes.models import Alliance
from programmes.words import day as written

WIDTH, MARGIN, ROW, HEAD = 1400, 30, 30, 58
NAME, STAGE = 290, 120
_TITLE, _TEXT, _SMALL = 24, 15, 13
_SIGN, _BETWEEN = 34, 26


@dataclass(frozen=True)
class Line:
    """A line of words, its foot at `y`."""

    y: int
    text: str
    size: int
    is_bold: bool = False


@dataclass(frozen=True)
class Placed:
    """A sign of the key."""

    x: float
    y: int
    sign: Sign


@dataclass(frozen=True)
class Band:
    """A row, or the heading of a group, its top at `y`."""

    y: int
    name: str
    stage: str
    row: Row | None


@dataclass(frozen=True)
class Picture:
    """The whole picture; `axis_y` is the top of the axis, `time_x` where the time begins."""

    title: str
    said: str
    lines: tuple[Line, ...]
    key: tuple[Placed, ...]
    axis_y: int
    bands: tuple[Band, ...]
    foot: tuple[Line, ...]
    height: int
    width: int = WIDTH
    margin: int = MARGIN
    right: int = WIDTH - MARGIN
    stage_x: int = MARGIN + NAME
    time_x: int = MARGIN + NAME + STAGE
    time_width: int = WIDTH - 2 * MARGIN - NAME - STAGE


def picture_of(roadmap: Roadmap, alliance: Alliance) -> Picture:
    """The drawing with its title, key, date and what has no place on it."""
    title = f"Roadmap, {alliance.name}"
    said = ", ".join(part for part in (roadmap.span, f"as at {written(roadmap.day)}.") if part)
    lines = [*_lines(50, [f"{title}: {roadmap.finding}"], _TITLE, is_bold=True)]
    lines += _lines(lines[-1].y + 26, [_sentence(roadmap, said), alliance.data_note], _TEXT)
    key = tuple(_key(key_of(roadmap), lines[-1].y + 34)) if roadmap.axis else ()
    axis_y = (key[-1].y + 22) if key else lines[-1].y
    bands = tuple(_bands(roadmap, axis_y + HEAD)) if roadmap.axis else ()
    below = bands[-1].y + ROW if bands else axis_y
    foot = tuple(_lines(below + 30, _left_out(roadmap), _TEXT))
    height = (foot[-1].y if foot else below) + MARGIN
    return Picture(
        title=title,
        said=f"{roadmap.finding}: {said}",
        lines=tuple(lines),
        key=key,
        axis_y=axis_y,
        bands=bands,
        foot=foot,
        height=height,
    )


def _sentence(roadmap: Roadmap, said: str) -> str:
    rows, everything = len(roadmap.table_rows), roadmap.found.counts.total
    shown = f" {rows} of {everything} areas." if roadmap.is_narrowed else ""
    return f"Milestones and go-lives by business area, {said}{shown}"


def _lines(y: int, texts: Iterable[str], size: int, *, is_bold: bool = False) -> Iterator[Line]:
    for text in texts:
        for line in broken(text, WIDTH - 2 * MARGIN, size * (1.06 if is_bold else 1)):
            yield Line(y, line, size, is_bold)
            y += round(size * 1.4)


def _key(signs: Iterable[Sign], y: int) -> Iterator[Placed]:
    x = float(MARGIN)
    for sign in signs:
        width = _SIGN + width_of(sign.words, _SMALL)
        if x > MARGIN and x + width > WIDTH - MARGIN:
            x, y = float(MARGIN), y + 26
        yield Placed(round(x, 1), y, sign)
        x += width + _BETWEEN


def _bands(roadmap: Roadmap, y: int) -> Iterator[Band]:
    for group in roadmap.groups:
        if group.name:
            yield Band(y, fitted(group.name, NAME + STAGE - 10, _TEXT), "", None)
            y += ROW
        for row in group.rows:
            name = fitted(row.area.name, NAME - 14, _TEXT)
            yield Band(y, name, fitted(row.stage, STAGE - 10, _SMALL), row)
            y += ROW


def _left_out(roadmap: Roadmap) -> Iterator[str]:
    """What has no place on the drawing, named."""
    for what, rows in (
        ("No dates yet", roadmap.undated),
        ("Nothing in these months", roadmap.elsewhere),
    ):
        if rows:
            yield f"{what}: {', '.join(row.area.name for row in rows)}."
    if not roadmap.table_rows and not roadmap.elsewhere:
        yield "No business area to show."
