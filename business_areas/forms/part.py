"""One part of an area's page, edited on a short page of its own.

A part's form carries what its page showed, signed, so that a change that someone else saved first
is found field by field, and nothing typed is lost.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core import signing
from django.utils.functional import cached_property

from business_areas.models import BusinessArea
from business_areas.services import areas
from business_areas.services.areas import Seen
from programmes import words
from programmes.form_fields import DateField, MoneyField
from programmes.models import Force, User

_NOTHING = "nothing"


@dataclass(frozen=True)
class Difference:
    """A field that someone else changed first: what the page showed, theirs, and what was typed."""

    label: str
    was: str
    theirs: str
    typed: str


class PartForm(forms.Form):
    """A part of an area: `title` names the page, and `save` writes what was typed."""

    title: ClassVar[str]
    names: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, area: BusinessArea, day: date, **kwargs: Any) -> None:
        self.area, self.day = area, day
        self.now = self.stored()
        super().__init__(*args, **kwargs)
        self.build()
        self.initial = {name: self._for_page(name, value) for name, value in self.now.items()}
        self.initial.update(self.suggested())

    def stored(self) -> Seen:
        """What is on record of this part."""
        return areas.facts_of(self.area, self.names)

    def suggested(self) -> dict[str, Any]:
        """What the page proposes of fields that are not on record."""
        return {}

    def build(self) -> None:
        """Fill in the choices of the fields."""

    def save(self, by: User) -> BusinessArea:
        """Write it. Raises PartChanged, ValidationError."""
        return areas.change_area(
            area=self.area, values=self.cleaned_data, by=by, day=self.day, seen=self.seen
        )

    @cached_property
    def forces(self) -> list[Force]:
        """The alliance's forces in the agreed order. One query."""
        return list(Force.objects.filter(alliance_id=self.area.alliance_id).order_by("position"))

    @property
    def token(self) -> str:
        """What the page shows of this part, signed, for the form to carry."""
        return signing.dumps(dict(self.now), salt=type(self).__name__, compress=True)

    @property
    def carried(self) -> str:
        """The token that the form carries on: what the page that was first opened showed."""
        return str(self.data.get("seen", "")) if self.is_bound else self.token

    @property
    def seen(self) -> Seen:
        """What the page that was sent had shown; nothing if that was tampered with."""
        try:
            found: dict[str, Any] = signing.loads(
                self.data.get("seen", ""), salt=type(self).__name__
            )
        except signing.BadSignature:
            return {}
        return found

    def shown(self, name: str, value: Any) -> str:
        """A raw value of a field as people read it."""
        if value is None or value in ("", False):
            return _NOTHING if not isinstance(value, bool) else "no"
        if value is True:
            return "yes"
        field = self.fields.get(name)
        if isinstance(field, forms.ModelChoiceField):
            found = field.queryset.filter(pk=value).first() if field.queryset is not None else None
            return str(found) if found else "someone no longer on offer"
        if isinstance(field, forms.ChoiceField):
            said: dict[Any, Any] = dict(field.widget.choices)
            return str(said.get(value, value))
        if isinstance(field, MoneyField):
            return f"£{field.prepare_value(value)}"
        if isinstance(field, DateField):
            return words.day(date.fromisoformat(str(value)))
        return str(value)

    def label_of(self, name: str) -> str:
        """What the page calls a field."""
        return str(self.fields[name].label) if name in self.fields else name

    def typed(self, name: str) -> str:
        """What was typed into a field, as people read it."""
        value = self.cleaned_data.get(name)
        return self.shown(name, areas.raw(value))

    def differences(self, theirs: Seen) -> list["Difference"]:
        """Where someone else's save changed what this page had shown: theirs beside what was typed."""
        return [
            Difference(
                self.label_of(name),
                was=self.shown(name, self.seen.get(name)),
                theirs=self.shown(name, theirs.get(name)),
                typed=self.typed(name),
            )
            for name in self.fields
            if self.seen.get(name) != theirs.get(name)
        ]

    def keep_typed(self, sent: "PartForm") -> None:
        """Put into the boxes what was typed into `sent`, save where it only repeated the page."""
        for name, value in sent.cleaned_data.items():
            typed = areas.raw(value)
            if name not in self.now or typed != sent.seen.get(name):
                self.initial[name] = self._for_page(name, typed)

    def _for_page(self, name: str, value: Any) -> Any:
        if isinstance(self.fields.get(name), DateField) and isinstance(value, str):
            return date.fromisoformat(value)
        return value
