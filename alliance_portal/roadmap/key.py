"""What the signs of the drawing mean: the key of the page, and of the picture."""

from collections.abc import Iterator
from dataclasses import dataclass

from alliance_portal.roadmap.layout import Strip
from alliance_portal.roadmap.selectors import Roadmap

_SIGNS = (
    ("live", "Live"),
    ("done", "Work done"),
    ("to-come", "Work to come"),
    ("now", "Go-live, actual or forecast"),
    ("approved", "Approved"),
    ("baseline", "Original baseline"),
    ("slip", "Moved since approved"),
    ("drift", "Moved since baseline"),
    ("paused", "On hold or withdrawn"),
    ("cut", "More outside these months"),
    ("reached", "Milestone reached"),
    ("expected", "Milestone to come"),
)


@dataclass(frozen=True)
class Sign:
    """A sign and its meaning; `letter` is what stands in it, if anything."""

    kind: str
    words: str
    letter: str = ""


def key_of(roadmap: Roadmap) -> tuple[Sign, ...]:
    """The signs that are drawn, bars first; the last one explains the letters."""
    drawn = {kind for row in roadmap.rows if row.strip for kind in _kinds(row.strip)}
    letters = roadmap.letters
    first = letters[0][0] if letters else ""
    signs = [
        Sign(kind, words, first if kind in ("reached", "expected") else "")
        for kind, words in _SIGNS
        if kind in drawn
    ]
    if signs and signs[-1].letter:
        names = ", ".join(f"{letter} {name.lower()}" for letter, name in letters)
        signs[-1] = Sign(signs[-1].kind, f"{signs[-1].words}: {names}", first)
    return tuple(signs)


def _kinds(strip: Strip) -> Iterator[str]:
    """What is drawn of one area."""
    for bar in strip.bars:
        yield "paused" if strip.is_paused and bar.kind == "done" else bar.kind
    for diamond in strip.diamonds:
        yield diamond.kind
    for mark in strip.marks:
        if mark.go_live:
            if mark.go_live.is_dated:
                yield "now"
        else:
            yield "reached" if mark.is_reached else "expected"
    if strip.slip:
        yield "slip"
    if strip.drift:
        yield "drift"
    if strip.has_earlier or strip.has_later:
        yield "cut"
