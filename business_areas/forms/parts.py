"""The parts of an area's page, each edited on a short page of its own."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q

from business_areas.forms.part import PartForm
from business_areas.models import BusinessArea, DesignStrand
from business_areas.services import areas, parts
from programmes.form_fields import DateField, MoneyField, NumberField, TextField
from programmes.models import Force, User
from programmes.permissions import Action, people_who_may
from programmes.seen import Seen


class SummaryForm(PartForm):
    """What the area is."""

    title = "What the area is"
    names = ("name", "summary", "category", "in_scope_budget_pence", "publish")

    name = TextField(
        label="Name",
        called="the name",
        longest=200,
        error_messages={"required": "Enter the name of the area"},
    )
    summary = TextField(
        label="Summary",
        required=False,
        lines=4,
        help_text="What the team does, in a sentence or two.",
    )
    category = forms.ChoiceField(
        label="Category", choices=BusinessArea.Category.choices, widget=forms.RadioSelect
    )
    in_scope_budget_pence = MoneyField(
        label="Budget in scope",
        required=False,
        least=0,
        help_text="All forces together, in a year.",
    )
    publish = forms.BooleanField(label="Show the area on the public page", required=False)


class LeadForm(PartForm):
    """Who leads the area, and who keeps it up to date."""

    title = "Who leads it"
    names = ("lead_force", "head", "owner")

    lead_force = forms.ModelChoiceField(
        Force.objects.none(), label="Lead force", required=False, empty_label="Not yet named"
    )
    head = TextField(label="Head", longest=200, required=False, help_text="The name or the post.")
    owner = forms.ModelChoiceField(
        User.objects.none(),
        label="Owner in the programme",
        required=False,
        empty_label="Nobody yet",
        help_text="Who keeps its dates and facts up to date here.",
    )

    def build(self) -> None:
        """The alliance's forces and people."""
        lead, owner = self.fields["lead_force"], self.fields["owner"]
        assert isinstance(lead, forms.ModelChoiceField)
        assert isinstance(owner, forms.ModelChoiceField)
        lead.queryset = Force.objects.filter(alliance_id=self.area.alliance_id).order_by("position")
        may = people_who_may(self.area.alliance, Action.MANAGE_AREAS).values("pk")
        owner.queryset = User.objects.filter(Q(pk__in=may) | Q(pk=self.area.owner_id)).order_by(
            "name", "pk"
        )


class StageForm(PartForm):
    """How far the area has come."""

    title = "Stage"
    names = ("stage",)

    stage = forms.ChoiceField(label="Stage", widget=forms.RadioSelect)

    def build(self) -> None:
        """The stages that can be chosen from where the area is."""
        field = self.fields["stage"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (value, label)
            for value, label in BusinessArea.Stage.choices
            if value == self.area.stage or not areas.stage_refusal(self.area, value)
        ]


class DesignForm(PartForm):
    """How far the three strands have come."""

    title = "Design"

    def stored(self) -> Seen:
        """The strands on record."""
        return parts.design_of(self.area)

    def build(self) -> None:
        """A status and a note for each strand."""
        for value, label in DesignStrand.Strand.choices:
            self.fields[f"status_{value}"] = forms.ChoiceField(
                label=label,
                choices=DesignStrand.Status.choices,
                widget=forms.RadioSelect(
                    attrs={"class": "govuk-radios--inline govuk-radios--small"}
                ),
            )
            self.fields[f"note_{value}"] = TextField(
                label=f"Note on {label.lower()}", required=False, lines=2
            )

    def save(self, by: User) -> BusinessArea:
        """Write the strands."""
        given = self.cleaned_data
        strands = {
            name: (given[f"status_{name}"], given[f"note_{name}"])
            for name in DesignStrand.Strand.values
        }
        return parts.set_design(
            area=self.area, strands=strands, by=by, day=self.day, seen=self.seen
        )


class PeopleForm(PartForm):
    """The people of each force, before and in the shared team."""

    title = "People"

    as_at = DateField(
        label="As at",
        called="day of the count",
        help_text="Figures of earlier days stay on record. Figures of the same day are corrected.",
    )

    def stored(self) -> Seen:
        """The latest numbers on record."""
        return parts.people_of(self.area)

    def suggested(self) -> dict[str, Any]:
        """Today."""
        return {"as_at": self.day}

    def build(self) -> None:
        """Two numbers for each force."""
        for force in self.own_forces:
            for which, words in (("before", "before"), ("shared", "in the shared team")):
                self.fields[f"{which}_{force.pk}"] = NumberField(
                    label=f"{force.name}, {words} (FTE)",
                    called=f"{force.name}’s people {words}",
                    required=False,
                    places=2,
                    least=0,
                    most=99_999_999,
                )

    def save(self, by: User) -> BusinessArea:
        """Put them on record."""
        given = self.cleaned_data
        return parts.record_people(
            area=self.area,
            as_at=given["as_at"],
            people={
                force: (given[f"before_{force.pk}"], given[f"shared_{force.pk}"])
                for force in self.own_forces
            },
            by=by,
            day=self.day,
            seen=self.seen,
        )


class MembersForm(PartForm):
    """Which forces share the area, and when."""

    title = "Which forces share it"

    shared_by = forms.ChoiceField(
        label="Shared by",
        choices=[("all", "All member forces"), ("some", "Only the forces ticked below")],
        widget=forms.RadioSelect,
    )

    def stored(self) -> Seen:
        """The stays on record."""
        return parts.members_of(self.area)

    def build(self) -> None:
        """A tick and two dates for each force."""
        for force in self.forces:
            self.fields[f"in_{force.pk}"] = forms.BooleanField(
                label=f"{force.name} shares it", required=False
            )
            self.fields[f"joined_{force.pk}"] = DateField(
                label=f"{force.name}: shares it from",
                called=f"{force.name}’s first day",
                required=False,
                help_text="Leave empty if it has from the beginning.",
            )
            self.fields[f"left_{force.pk}"] = DateField(
                label=f"{force.name}: leaves it on",
                called=f"{force.name}’s leaving date",
                required=False,
                help_text="Leave empty while it stays.",
            )

    def clean(self) -> dict[str, Any]:
        """At least one force, each with a stay that lasts a day."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("shared_by") != "some":
            return given
        chosen = [force for force in self.forces if given.get(f"in_{force.pk}")]
        if not chosen:
            self.add_error("shared_by", "Tick the forces that share the area, or choose all")
        for force in chosen:
            joined, left = given.get(f"joined_{force.pk}"), given.get(f"left_{force.pk}")
            if joined and left and left <= joined:
                self.add_error(
                    f"left_{force.pk}", f"{force.name}’s leaving date must be after its first day"
                )
        return given

    def save(self, by: User) -> BusinessArea:
        """Write the stays; shares follow."""
        given: Mapping[str, Any] = self.cleaned_data
        stays = [
            parts.Stay(force, given[f"joined_{force.pk}"], given[f"left_{force.pk}"])
            for force in self.forces
            if given[f"in_{force.pk}"]
        ]
        return parts.set_members(
            area=self.area,
            stays=stays if given["shared_by"] == "some" else None,
            by=by,
            day=self.day,
            seen=self.seen,
        )


PART_FORMS: dict[str, type[PartForm]] = {
    "summary": SummaryForm,
    "lead": LeadForm,
    "stage": StageForm,
    "design": DesignForm,
    "people": PeopleForm,
    "members": MembersForm,
}
