"""The cells of a grid that were sent and say something else than they were shown: a field for each."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from programmes.checked import SeenForm
from programmes.form_fields import TextField
from programmes.seen import Seen
from savings.grid.pasted import MOST_CHARACTERS
from savings.grid.sheet import AnyCell, Number


def rows_field(help_text: str) -> TextField:
    """The box for rows of a spreadsheet."""
    return TextField(
        label="Paste rows here",
        called="what is pasted",
        longest=MOST_CHARACTERS,
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 6, "class": "app-grid__paste", "spellcheck": "false"}),
        help_text=help_text,
    )


class CellsForm(SeenForm):
    """A grid's form. A cell that was not sent stays as it is; `grid` is what it is made with."""

    mark_optional = False

    def __init__(self, *args: Any, grid: Any, **kwargs: Any) -> None:
        self.grid = grid
        super().__init__(*args, **kwargs)
        for name in self.open_names():
            if self._says_otherwise(name):
                self.fields[name] = self.cell_field(name)

    def open_names(self) -> Iterator[str]:
        """The names of the cells that can change."""
        raise NotImplementedError

    def cell_field(self, name: str) -> forms.Field:
        """What reads the cell."""
        raise NotImplementedError

    def number_of(self, name: str, seen: Any) -> Any:
        """The number that a cell showed, from what the page carries of it."""
        raise NotImplementedError

    def written(self, number: Number | None) -> str:
        """What the cell of a number says."""
        raise NotImplementedError

    @cached_property
    def shown_before(self) -> Seen:
        """What the page that was sent carries of its cells."""
        return self.seen

    def was(self, name: str) -> Any:
        """The number that the page had shown; the one of now where that was tampered with."""
        return self.number_of(name, {**self.now, **self.shown_before}[name])

    def _says_otherwise(self, name: str) -> bool:
        """Whether the cell was sent with another text than the page showed in it."""
        if not self.is_bound or name not in self.data:
            return False
        return bool(self.data[name].strip() != self.written(self.was(name)))

    def clean(self) -> dict[str, Any]:
        """What was typed into a cell that can no longer change is said."""
        given: dict[str, Any] = super().clean() or {}
        for name in self.shown_before.keys() - set(self.open_names()):
            text = self.data.get(name)
            if text is not None and text.strip() != self.written(self.was(name)):
                raise ValidationError(
                    "A cell that you typed into can no longer be changed; what you typed there is "
                    f"“{text.strip()[:40]}”. Look at the page, and check the rest again."
                )
        return given

    def filled(self, texts: Mapping[str, str]) -> Self:
        """The form with these texts in its cells, by name, and nothing left in the box for rows."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["rows"] = ""
        for name, text in texts.items():
            data[name] = text
        return type(self)(data, grid=self.grid)

    def text_in(self, cell: AnyCell, number: Number | None) -> str:
        """What the box of the cell says: as it was typed, else the number on record."""
        return str(self.data[cell.name]) if cell.name in self.fields else self.written(number)

    def number_in(self, cell: AnyCell, number: Number | None) -> Any:
        """What the cell then says, for totals; what cannot be read counts as nothing."""
        if cell.name not in self.fields:
            return number
        try:
            return self.fields[cell.name].to_python(self.data[cell.name])
        except ValidationError:
            return None
