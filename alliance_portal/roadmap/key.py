"""What the signs of the drawing mean: the key of the page, and of the picture."""

from dataclasses import dataclass

from alliance_portal.roadmap.selectors import Roadmap


@dataclass(frozen=True)
class Sign:
    """A sign and its meaning; `letter` is what stands in it, if anything."""

    kind: str
    words: str
    letter: str = ""


def key_of(roadmap: Roadmap) -> tuple[Sign, ...]:
    """The signs that the drawing can have, those of bars first."""
    signs = [
        Sign("live", "Live"),
        Sign("done", "Work done"),
        Sign("to-come", "Work to come"),
        Sign("now", "Go-live, actual or forecast"),
        Sign("approved", "Approved"),
        Sign("baseline", "Original baseline"),
        Sign("slip", "Moved since approved"),
    ]
    letters = roadmap.letters
    if letters:
        first = letters[0][0]
        names = ", ".join(f"{letter} {name.lower()}" for letter, name in letters)
        signs.append(Sign("reached", "Milestone reached", first))
        signs.append(Sign("expected", f"Milestone to come: {names}", first))
    if roadmap.has_paused:
        signs.append(Sign("paused", "On hold or withdrawn"))
    if roadmap.is_cut:
        signs.append(Sign("cut", "More outside these months"))
    return tuple(signs)
