"""One part of an area on a short page of its own; two people at once lose nothing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from business_areas.forms import PART_FORMS, PartForm
from business_areas.forms.checked import CloseForm
from business_areas.models import BusinessArea
from programmes.changes import Making
from programmes.changes.record import changes_of
from programmes.checked import Checked, CheckForm, Conflict
from programmes.models import Change
from programmes.permissions import Action, Standing
from programmes.recorded import StaleEdit
from programmes.seen import PartChanged

Stage = BusinessArea.Stage
_KINDS = {
    "stage": Change.Kind.STAGE,
    "design": Change.Kind.DESIGN,
    "people": Change.Kind.PEOPLE,
    "members": Change.Kind.SHARED_BY,
}


def area_or_404(standing: Standing, code: str) -> BusinessArea:
    """The alliance's area with that code. Raises Http404. One query."""
    areas = BusinessArea.objects.select_related("lead_force", "owner")
    area = get_object_or_404(areas, alliance=standing.alliance, code=code)
    area.alliance = standing.alliance
    return area


class EditPart(Checked):
    """Change one part; if someone else saved it first, show both and keep what was typed."""

    template_name = "business_areas/edit_part.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For those who may, and areas that are in the programme."""
        self.standing.require(Action.MANAGE_AREAS)
        self.area = area_or_404(self.standing, kwargs["area_code"])
        self.area_ids = {self.area.pk}
        if kwargs["part"] not in PART_FORMS:
            raise Http404
        if self.area.stage == BusinessArea.Stage.WITHDRAWN and kwargs["part"] != "stage":
            messages.info(
                request, f"{self.area.name} is withdrawn; bring it back before you change it."
            )
            return redirect("area", code=kwargs["code"], area_code=self.area.code)
        return super().dispatch(request, *args, **kwargs)

    @property
    def kind(self) -> str:
        """The part's kind of change."""
        return _KINDS.get(self.kwargs["part"], Change.Kind.AREA)

    @property
    def back(self) -> tuple[str, str]:
        """The area's page."""
        address = reverse("area", args=[self.standing.alliance.code, self.area.code])
        return address, self.area.name

    @property
    def of(self) -> str:
        """The area."""
        return self.area.name

    def get_form_class(self) -> type[PartForm]:
        """The part's form."""
        return PART_FORMS[self.kwargs["part"]]

    def get_form_kwargs(self) -> dict[str, Any]:
        """The area as it stands, on the alliance's day."""
        return {
            **super().get_form_kwargs(),
            "area": self.area,
            "day": self.standing.today,
            "may_change": lambda force: self.standing.may(Action.MANAGE_AREAS, of=force),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The area and the part's name."""
        return super().get_context_data(
            area=self.area,
            part=self.kwargs["part"],
            title=self.get_form_class().title,
            **kwargs,
        )

    @property
    def is_priced(self) -> bool:
        """Who shares it, and how far it has come."""
        return self.kwargs["part"] in ("members", "stage")

    def must_be_checked(self, form: PartForm, rehearsed: Making) -> bool:
        """Where money moves or something ends."""
        ends = Stage.CLOSED in (self.area.stage, form.cleaned_data.get("stage"))
        return rehearsed.moves_money or ends or self.kwargs["part"] == "members"

    def asked_class(self, form: PartForm) -> type[CheckForm]:
        """Whoever closes an area says what becomes of what it has."""
        return CloseForm if form.cleaned_data.get("stage") == Stage.CLOSED else CheckForm

    def act(self, form: PartForm) -> BusinessArea:
        """Write the part."""
        return form.save(self.standing.user)

    def saved(self, form: PartForm) -> HttpResponse:
        """The area's page."""
        messages.success(self.request, f"{self.area.name}: {form.title.lower()} is saved.")
        return redirect("area", code=self.standing.alliance.code, area_code=self.area.code)

    def in_conflict(self, form: PartForm, problem: StaleEdit | None) -> Conflict:
        """The part's fields that somebody else changed."""
        assert isinstance(problem, PartChanged)
        latest = changes_of(self.standing.alliance, area_id=self.area.pk).first()
        return Conflict.after(latest, form.differences(problem.theirs), self.standing.user)

    def fresh(self, form: PartForm) -> PartForm:
        """What was typed, over the part as it is now."""
        self.area = area_or_404(self.standing, self.area.code)
        fresh = self.get_form_class()(area=self.area, day=form.day, may_change=form.may_change)
        fresh.keep_typed(form)
        return fresh
