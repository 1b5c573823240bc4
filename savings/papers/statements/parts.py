"""What a statement is made of. Text is text: nothing in it is ever read as markup."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Heading:
    """The head of a section; level 1 stands below the title."""

    text: str
    level: Literal[1, 2] = 1


@dataclass(frozen=True)
class Paragraph:
    """Some sentences."""

    text: str


@dataclass(frozen=True)
class Points:
    """A list, each of its points a sentence or two."""

    points: Sequence[str]


@dataclass(frozen=True)
class Table:
    """Rows below a head; each row's first cell is its head. `figures` stand at the right after it."""

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    figures: bool = True


Block = Heading | Paragraph | Points | Table


@dataclass(frozen=True)
class Statement:
    """A paper: its title, facts about it such as the day, and its sections in order."""

    title: str
    facts: Sequence[tuple[str, str]]
    blocks: Sequence[Block]
