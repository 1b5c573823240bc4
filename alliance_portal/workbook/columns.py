"""What a column and a row of a workbook are."""

from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from alliance_portal.workbook.values import Kind


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, the attribute that holds it, and what a cell of it may be."""

    header: str
    attribute: str
    kind: Kind[Any]
    required: bool
    references: str


def column(
    kind: Kind[Any], *, header: str = "", required: bool = False, references: str = ""
) -> Any:
    """A dataclass field that is a column. `references` names the sheet whose codes it may hold."""
    made = {"header": header, "kind": kind, "required": required, "references": references}
    return field(default=kind.blank, metadata=made)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of any sheet.

    `unreadable` names the attributes whose cells were refused, `absent` those that the sheet has no
    column for until `completing` has filled them.
    """

    SHEET: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]]

    row: int | None = field(default=None, compare=False)
    pk: int | None = field(default=None, compare=False)
    unreadable: frozenset[str] = field(default=frozenset(), compare=False)
    absent: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells this row from every other of its sheet."""
        return tuple(getattr(self, name) for name in self.KEY)


def columns_of(row_type: type[Row]) -> tuple[Column, ...]:
    """The columns of a sheet, in their order."""
    return tuple(
        Column(
            header=made.metadata["header"] or made.name,
            attribute=made.name,
            kind=made.metadata["kind"],
            required=made.metadata["required"],
            references=made.metadata["references"],
        )
        for made in fields(row_type)
        if "kind" in made.metadata
    )
