"""What a grid tells whoever fills its cells: its rows and columns, and how its numbers are written."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import ClassVar, Generic, Protocol, TypeVar

Number = int | Decimal
# What the head of a column may say besides a column's day; those that only tell of a row are not read.
CODE, NAME, BEARER, NOT_READ = "code", "name", "bearer", "not read"


class AnyCell(Protocol):
    """A cell; `stays` says why it cannot change, and is blank if it can."""

    @property
    def name(self) -> str: ...
    @property
    def stays(self) -> str: ...


class AnyRow(Protocol):
    """A row of cells, one a column."""

    @property
    def cells(self) -> Sequence[AnyCell]: ...


Row = TypeVar("Row", bound=AnyRow)


class Sheet(ABC, Generic[Row]):
    """Rows by name, columns by day. `row_word`, `column_word`: what sentences call one of them."""

    row_word: ClassVar[str]
    column_word: ClassVar[str]
    number_words: ClassVar[tuple[str, str]]  # “is not an amount and is”, “are not amounts and are”
    heads: ClassVar[Mapping[str, str]]
    too_long: ClassVar[str]
    blank_empties: ClassVar[bool]

    rows: Sequence[Row]
    columns: Sequence[date]

    @abstractmethod
    def column_in(self, head: str) -> date | None:
        """The column's day that the head of a pasted column says, whether or not there is one here."""

    @abstractmethod
    def no_column(self, day: date) -> str:
        """The sentence for a day that has no column here."""

    @abstractmethod
    def rows_called(self, name: str) -> list[Row]:
        """The rows of that code, or of that name if there is none."""

    def bearer_names(self, row: Row) -> set[str]:
        """What the row's bearer may be called, where rows have one."""
        return set()

    @abstractmethod
    def read(self, text: str) -> Number | None:
        """The number that a cell says, None for a blank. Raises ValidationError."""

    @abstractmethod
    def text_of(self, number: Number | None) -> str:
        """What the cell of a number says."""

    @abstractmethod
    def counted(self, numbers: Sequence[Number]) -> str:
        """How many there are and what they come to: “12 amounts, £48,210.00”."""
