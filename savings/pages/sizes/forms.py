"""What is typed on the pages of force sizes."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from programmes import words
from programmes.checked import WhyForm
from programmes.form_fields import DateField, SizeField, TextField
from programmes.models import Force, ForceSize


class ReleaseForm(forms.Form):
    """A measure's figures of one day as they were published: one box a force, the figure before beside it.

    `before` has the figure that counts until then, by the force's id. A box that is left blank leaves
    its force as it is.
    """

    mark_optional = False

    effective_on = DateField(
        label="Date of the count",
        called="the date of the count",
        help_text="The day that the figures were counted on, for example 31 3 2018.",
    )
    source = TextField(
        label="Source",
        longest=500,
        help_text="The publication and its release, for example Home Office, Police workforce, July 2018.",
        error_messages={"required": "Enter the source, so that others can check the figures"},
    )

    def __init__(
        self, *args: Any, forces: Iterable[Force], before: Mapping[int, ForceSize], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.forces = tuple(forces)
        for force in self.forces:
            known = before.get(force.pk)
            self.fields[box_of(force)] = SizeField(
                label=force.name,
                called=f"size of {force.name}",
                required=False,
                help_text=_before(known),
            )
        self.order_fields(["effective_on", *map(box_of, self.forces), "source"])

    def clean(self) -> dict[str, Any]:
        """A release has a figure at least."""
        given: dict[str, Any] = super().clean() or {}
        boxes = [box_of(force) for force in self.forces]
        if boxes and not any(box in self.errors or given.get(box) is not None for box in boxes):
            self.add_error(
                boxes[0], ValidationError("Enter the size of at least one force", code="required")
            )
        return given

    @property
    def values(self) -> dict[Force, Decimal]:
        """The figures of a valid form."""
        given = self.cleaned_data
        return {
            force: given[box_of(force)] for force in self.forces if given[box_of(force)] is not None
        }


class NothingAsked(WhyForm):
    """What the check page of a release asks: nothing, for its source says why it changes."""

    reason = None  # type: ignore[assignment]

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class SureForm(NothingAsked):
    """Whether the figures are right, where one would ask."""

    sure = forms.BooleanField(
        label="These figures are right",
        error_messages={"required": "Tick the box if these figures are right, or change them"},
    )


class WithdrawForm(forms.Form):
    """Which figures of a day were entered by mistake."""

    sizes = forms.ModelMultipleChoiceField(
        ForceSize.objects.none(),
        label="Figures to withdraw",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose the figures that were entered by mistake"},
    )

    def __init__(self, *args: Any, sizes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["sizes"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = sizes
        field.label_from_instance = _named  # type: ignore[assignment,method-assign]


def box_of(force: Force) -> str:
    """The name of the force's box."""
    return f"size-{force.code}"


def _named(size: ForceSize) -> str:
    """“Dorset Police: 12,650 (Home Office, July 2018)”."""
    return f"{size.force.name}: {words.size(size.value)} ({size.source})"


def _before(known: ForceSize | None) -> str:
    """“Before: 1,265.96 on 31 March 2017”."""
    if known is None:
        return "None on record before"
    return f"Before: {words.size(known.value)} on {words.day(known.effective_on)}"
