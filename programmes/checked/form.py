"""A form that carries what its page showed, signed.

So a change that someone else saved first is found field by field, and nothing typed is lost.
"""

from datetime import date
from typing import Any

from django import forms
from django.core import signing

from programmes import words
from programmes.checked.conflict import Difference
from programmes.form_fields import DateField, MoneyField
from programmes.seen import Seen, raw

_NOTHING = "nothing"


class SeenForm(forms.Form):
    """A form of something on record; `now` is what is there of it, by the form's field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.now = self.stored()
        super().__init__(*args, **kwargs)

    def stored(self) -> Seen:
        """What is on record."""
        raise NotImplementedError

    @property
    def seen_name(self) -> str:
        """The name of the hidden field that carries it."""
        return self.add_prefix("seen")

    @property
    def token(self) -> str:
        """What the page shows of it, signed, for the form to carry."""
        return self.sign(self.now)

    @classmethod
    def sign(cls, shown: Seen) -> str:
        """What a page shows, signed."""
        return signing.dumps(dict(shown), salt=cls.__name__, compress=True)

    @property
    def carried(self) -> str:
        """The token that the form carries on: what the page that was first opened showed."""
        return str(self.data.get(self.seen_name, "")) if self.is_bound else self.token

    @property
    def seen(self) -> Seen:
        """What the page that was sent had shown; nothing if that was tampered with."""
        try:
            found: dict[str, Any] = signing.loads(
                self.data.get(self.seen_name, ""), salt=type(self).__name__
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
        return self.shown(name, raw(value))

    def differences(self, theirs: Seen, *, yours: str = "") -> list[Difference]:
        """Where someone else's save changed what this page had shown: theirs beside what was typed.

        `yours` is what to say where nothing was typed.
        """
        return [
            Difference(
                self.label_of(name),
                was=self.shown(name, self.seen.get(name)),
                theirs=self.shown(name, theirs.get(name)),
                typed=yours or self.typed(name),
            )
            for name in self.fields
            if self.seen.get(name) != theirs.get(name)
        ]

    def keep_typed(self, sent: "SeenForm") -> None:
        """Put into the boxes what was typed into `sent`, save where it only repeated the page."""
        for name, value in sent.cleaned_data.items():
            typed = raw(value)
            if name not in self.initial or typed != sent.seen.get(name):
                self.initial[name] = self.for_page(name, typed)

    def for_page(self, name: str, value: Any) -> Any:
        """A raw value as the field's box takes it."""
        if isinstance(self.fields.get(name), DateField) and isinstance(value, str):
            return date.fromisoformat(value)
        return value
