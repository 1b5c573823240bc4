"""Why amounts are not yet shared, in one plain sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal[
    "NO_RULE",
    "NO_MEMBERS",
    "NO_SIZE",
    "ALL_ZERO",
    "NO_MEASURE",
    "NOT_STATED",
    "NOT_A_MEMBER",
    "NOT_100",
]

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip

_SENTENCES: dict[Kind, str] = {
    "NO_RULE": "No sharing rule is in force on {day}.",
    "NO_MEMBERS": "No force is a member on {day}.",
    "NO_SIZE": "No {measure} on record for {force} on {day}.",
    "ALL_ZERO": "{measure} is zero for every force on {day}, so there is nothing to share by.",
    "NO_MEASURE": "The sharing rule in force on {day} names no measure to share by.",
    "NOT_STATED": (
        "{force} is a member on {day}, but the sharing rule in force states no percentage for it."
    ),
    "NOT_A_MEMBER": (
        "The sharing rule in force on {day} states a percentage for {force}, "
        "which is not a member on that date."
    ),
    "NOT_100": (
        "The percentages of the sharing rule in force on {day} do not add up to exactly 100."
    ),
}


@dataclass(eq=True, unsafe_hash=True)
class Withheld(Exception):
    """No ratio can be worked out for `day`: amounts are shown as not yet shared, never as zero.

    `force_code` and `measure` are blank where the reason names none.
    """

    kind: Kind
    day: date
    force_code: str = ""
    measure: str = ""

    def sentence(self, names: Mapping[str, str] | None = None) -> str:
        """The reason in one sentence; `names` has the forces' names by their codes."""
        force = (names or {}).get(self.force_code, self.force_code)
        day = f"{self.day.day} {_MONTHS[self.day.month - 1]} {self.day.year}"
        return _SENTENCES[self.kind].format(day=day, measure=self.measure, force=force)

    def __str__(self) -> str:
        return self.sentence()
