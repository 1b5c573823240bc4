"""An alliance's settings: read by all who see it, changed by who may, each change checked first."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView

from alliance_portal.alliances.forms import FORMS, EndedForm, RowForm
from programmes import services, words
from programmes.checked import CheckedRow
from programmes.models import Alliance, Change, Force, Membership, SizeMeasure
from programmes.pages import InAlliance
from programmes.permissions import Action
from programmes.recorded import Recorded


class Settings(InAlliance, TemplateView):
    """The alliance's facts, its forces in their order, who is a member when, and the measures."""

    template_name = "alliances/settings.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Three queries."""
        alliance = self.standing.alliance
        return super().get_context_data(
            forces=Force.objects.filter(alliance=alliance).order_by("position"),
            stays=Membership.objects.filter(alliance=alliance).select_related("force"),
            measures=SizeMeasure.objects.filter(alliance=alliance),
            may_change=self.standing.may(Action.MANAGE_ALLIANCE),
            **kwargs,
        )


class ChangeRow(CheckedRow):
    """A row of the alliance's own tables; a subclass names its table and its service."""

    template_name = "changes/typed.html"
    model: ClassVar[Any]
    title: ClassVar[str]
    is_new: ClassVar[bool] = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For those who may; the row must be the alliance's."""
        self.standing.require(Action.MANAGE_ALLIANCE)
        self.row = self.find()
        return super().dispatch(request, *args, **kwargs)

    def find(self) -> Any:
        """The row that the address names, or a new one. Raises Http404."""
        if self.is_new:
            return self.model(alliance=self.standing.alliance)
        rows = self.model.objects.filter(alliance=self.standing.alliance)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @property
    def back(self) -> tuple[str, str]:
        """The settings."""
        return reverse("settings", args=[self.standing.alliance.code]), "Settings"

    def get_form_class(self) -> type[RowForm]:
        """The table's."""
        return FORMS[self.model]

    def get_form_kwargs(self) -> dict[str, Any]:
        """The row as it stands."""
        return {**super().get_form_kwargs(), "row": self.row}

    @property
    def of(self) -> str:
        """The row, or the alliance that gets one."""
        return str(self.row) if self.row.pk else self.standing.alliance.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is done."""
        return super().get_context_data(title=self.title, **kwargs)

    def said_by(self, row: Any) -> str:
        """Its name."""
        return str(row.name)

    def act(self, form: RowForm) -> object:
        """Write it."""
        row = self.find()
        form.fill(row)
        return self.write(row)

    def write(self, row: Any) -> Recorded:
        """Hand it to its service."""
        raise NotImplementedError

    def saved(self, form: RowForm) -> HttpResponse:
        """The settings."""
        messages.success(self.request, f"{self.title}: saved.", extra_tags="moves-shares")
        return redirect("settings", code=self.standing.alliance.code)


class ChangeAlliance(ChangeRow):
    """The alliance's facts."""

    model, kind, title = Alliance, Change.Kind.ALLIANCE, "Change the alliance’s facts"

    def find(self) -> Alliance:
        """The alliance, anew each time."""
        return Alliance.objects.get(pk=self.standing.alliance.pk)

    def write(self, row: Alliance) -> Alliance:
        """Forecasts follow the day by which it is to be complete."""
        return services.save_alliance(alliance=row, by=self.standing.user, seen_revision=self.seen)


class ChangeForce(ChangeRow):
    """A force's name, people and place in the order."""

    model, kind, title = Force, Change.Kind.FORCES, "Change a force"

    def write(self, row: Force) -> Force:
        """The others move along."""
        return services.save_force(force=row, by=self.standing.user, seen_revision=self.seen)


class ChangeMeasure(ChangeRow):
    """A measure's name."""

    model, kind, title = SizeMeasure, Change.Kind.SIZE, "Change a measure"

    def write(self, row: SizeMeasure) -> SizeMeasure:
        """Every working names it."""
        return services.save_measure(measure=row, by=self.standing.user, seen_revision=self.seen)


class AddMeasure(ChangeMeasure):
    """A further measure."""

    title, is_new = "Add a measure", True


class ChangeStay(ChangeRow):
    """When a force is a member."""

    model, kind, title = Membership, Change.Kind.MEMBERSHIP, "Change when a force is a member"

    def said_by(self, row: Membership) -> str:
        """“North Police, from 1 April 2016 until …”."""
        joined = words.day(row.joined_on) if row.joined_on else "the beginning"
        left = f", until {words.day(row.left_on)}" if row.left_on else ""
        return f"{row.force.name}, a member from {joined}{left}"

    def write(self, row: Membership) -> Membership:
        """Shares follow."""
        return services.save_membership(
            membership=row, by=self.standing.user, seen_revision=self.seen
        )


class AddStay(ChangeStay):
    """A force joins."""

    title, is_new = "Add a member", True


class TakeStayAway(ChangeStay):
    """A stay that was entered by mistake."""

    title = "Take a membership away"

    def get_form_class(self) -> type[RowForm]:
        """Nothing is typed."""
        return EndedForm

    def act(self, form: RowForm) -> None:
        """Delete it; shares follow."""
        services.delete_membership(membership=self.find(), by=self.standing.user)
