"""What is typed of an alliance, a force, a stay and a measure."""

from typing import Any, ClassVar

from django import forms

from programmes.form_fields import DateField, MoneyField, NumberField, TextField
from programmes.models import Alliance, Force, Membership, SizeMeasure
from programmes.recorded import Recorded


class RowForm(forms.Form):
    """A row by the names of its fields; `fill` gives it what was typed."""

    names: ClassVar[tuple[str, ...]]

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = row.pk is not None
        self.initial = {name: getattr(row, name) for name in self.names} if stored else {}
        self.fit(row)

    def fit(self, row: Any) -> None:
        """Limit the choices to the row's alliance."""

    def fill(self, row: Recorded) -> None:
        """Give the row what was typed; it is not saved."""
        for name in self.names:
            setattr(row, name, self.cleaned_data[name])


class AllianceForm(RowForm):
    """What the alliance is."""

    names = (
        *("name", "summary", "base", "explored_on", "agreed_on", "target_on"),
        *("total_budget_pence", "in_scope_budget_pence", "held_on", "data_note"),
    )

    name = TextField(
        label="Name",
        called="the name",
        longest=200,
        error_messages={"required": "Enter the alliance’s name"},
    )
    summary = TextField(label="Summary", required=False, lines=3)
    base = TextField(label="Where it is based", longest=200, required=False)
    explored_on = DateField(label="First explored on", required=False)
    agreed_on = DateField(label="Agreed on", required=False)
    target_on = DateField(
        label="To be complete by",
        called="day by which it is to be complete",
        required=False,
        help_text="Forecasts that follow from dates run to the end of this financial year.",
    )
    total_budget_pence = MoneyField(label="All forces’ budgets in a year", required=False, least=0)
    in_scope_budget_pence = MoneyField(label="Of these, in scope", required=False, least=0)
    held_on = DateField(
        label="Held at",
        called="day that it is held at",
        required=False,
        help_text="Leave empty for a live alliance. A day holds every page at it, as for an archive.",
    )
    data_note = TextField(
        label="Note on the figures",
        required=False,
        lines=2,
        help_text="Shown on every page with figures, for example that amounts are illustrative.",
    )


class ForceForm(RowForm):
    """A force, and its place in the agreed order."""

    names = ("name", "position", "chief_constable", "commissioner", "website")

    name = TextField(
        label="Name",
        called="the name",
        longest=200,
        error_messages={"required": "Enter the force’s name"},
    )
    position = NumberField(
        label="Place in the agreed order",
        places=0,
        least=1,
        most=1000,
        help_text="The others move along. The order settles who gets the odd penny.",
    )
    chief_constable = TextField(label="Chief constable", longest=200, required=False)
    commissioner = TextField(label="Commissioner", longest=200, required=False)
    website = TextField(
        label="Website",
        longest=500,
        required=False,
        help_text="For example https://www.dorset.police.uk",
    )

    def fill(self, row: Recorded) -> None:
        """The place as a whole number."""
        super().fill(row)
        assert isinstance(row, Force)
        row.position = int(self.cleaned_data["position"])


class MeasureForm(RowForm):
    """What sizes are counted in."""

    names = ("name",)

    name = TextField(
        label="Name of the measure",
        called="the name",
        longest=100,
        help_text="For example Police officers (FTE). Every working names it.",
        error_messages={"required": "Enter the measure’s name"},
    )


class StayForm(RowForm):
    """A force's stay in the alliance."""

    names = ("force", "joined_on", "left_on")

    force = forms.ModelChoiceField(
        Force.objects.none(),
        label="Force",
        empty_label="Choose a force",
        error_messages={"required": "Choose a force", "invalid_choice": "Choose a force"},
    )
    joined_on = DateField(
        label="A member from",
        called="first day",
        required=False,
        help_text="Leave empty if it has been from the beginning.",
    )
    left_on = DateField(
        label="Leaves on",
        called="leaving date",
        required=False,
        help_text="The first day on which it is no longer a member. Leave empty while it stays.",
    )

    def fit(self, row: Membership) -> None:
        """The alliance's forces; of a stay on record, its own."""
        field = self.fields["force"]
        assert isinstance(field, forms.ModelChoiceField)
        forces = Force.objects.filter(alliance_id=row.alliance_id).order_by("position")
        field.queryset = forces.filter(pk=row.force_id) if row.pk else forces


class EndedForm(RowForm):
    """Nothing is typed: which stay, the address says."""

    names = ()


FORMS: dict[type[Recorded], type[RowForm]] = {
    Alliance: AllianceForm,
    Force: ForceForm,
    SizeMeasure: MeasureForm,
    Membership: StayForm,
}
