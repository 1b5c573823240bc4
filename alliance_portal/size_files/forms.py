"""The forms of a file of sizes: which file, and what of it is taken."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Self

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile

from programmes.models import Force, SizeMeasure
from programmes.services import Figure

KINDS = (".xlsx", ".ods", ".csv")
_SALT = "figures of a file"


class FileForm(forms.Form):
    """The publication, what it counts, and of the open data whom and how."""

    mark_optional = False

    file = forms.FileField(
        label="File",
        help_text="As it was published: the Home Office’s police workforce (open data table, or a "
        "table by force) or the Office for National Statistics’ population by police force area, as "
        ".xlsx, .ods or .csv.",
        error_messages={
            "required": "Choose the file",
            "empty": "The file is empty: choose another",
        },
    )
    measure = forms.ModelChoiceField(
        SizeMeasure.objects.none(),
        label="Measure that it counts",
        empty_label=None,
        error_messages={
            "required": "Choose the measure that it counts",
            "invalid_choice": "Choose a measure of this alliance",
        },
    )
    people = forms.ChoiceField(
        label="People",
        help_text="Of the open data table, which has them all.",
        choices=(
            ("OFFICERS", "Police officers"),
            ("STAFF", "Police staff"),
            ("PCSOS", "Police community support officers"),
            ("SPECIALS", "Special constables"),
        ),
        error_messages={"invalid_choice": "Choose whom it counts"},
    )
    count = forms.ChoiceField(
        label="Counted as",
        help_text="Of the open data table, which has both.",
        choices=(("FTE", "Full-time equivalents"), ("HEADCOUNT", "Headcount")),
        error_messages={"invalid_choice": "Choose how they are counted"},
    )

    def __init__(self, *args: Any, measures: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["measure"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = measures

    def clean_file(self) -> "UploadedFile[bytes]":
        """A spreadsheet by its name; what is in it, its reader says."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if not (file.name or "").lower().endswith(KINDS):
            raise forms.ValidationError("Choose a file whose name ends in .xlsx, .ods or .csv")
        return file


class TakeForm(forms.Form):
    """What is taken of a file's figures; the figures are carried, signed."""

    mark_optional = False

    take = forms.MultipleChoiceField(
        label="Figures to take",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose a figure at least, or leave the sizes as they are",
            "invalid_choice": "The figures have changed since: look at the page again",
        },
    )

    def offer(self, keys: Iterable[str]) -> None:
        """These can be taken."""
        field = self.fields["take"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, key) for key in keys]


@dataclass(frozen=True)
class Carried:
    """A file's figures as a page carries them; `seen` is the release of each that it showed."""

    file: str
    figures: tuple[Figure, ...]
    seen: Mapping[tuple[int, date], int]

    @property
    def token(self) -> str:
        """Signed, for a form."""
        rows = [
            [
                each.force.pk,
                each.effective_on.isoformat(),
                f"{each.value:f}",
                each.source,
                self.seen.get((each.force.pk, each.effective_on), 0),
            ]
            for each in self.figures
        ]
        return signing.dumps([self.file, rows], salt=_SALT, compress=True)

    @classmethod
    def from_token(cls, token: str, forces: Sequence[Force]) -> Self | None:
        """What a page carried of these forces; None if it was tampered with."""
        by_id = {force.pk: force for force in forces}
        try:
            file, rows = signing.loads(token, salt=_SALT)
        except signing.BadSignature:
            return None
        figures, seen = [], {}
        for pk, day, value, source, release in rows:
            if pk in by_id:
                on = date.fromisoformat(day)
                figures.append(Figure(by_id[pk], on, Decimal(value), source))
                seen[pk, on] = release
        return cls(file, tuple(figures), seen)
