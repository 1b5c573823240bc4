"""One part of an area on a short page of its own; two people at once lose nothing."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import FormView

from business_areas.forms import PART_FORMS, PartForm
from business_areas.forms.checked import CheckForm, CloseForm
from business_areas.models import BusinessArea
from business_areas.selectors import changes_of_area
from business_areas.services.seen import PartChanged
from programmes.changes import Making, PriceMoved, having_shown, making, rehearse
from programmes.models import Change
from programmes.pages import InAlliance
from programmes.permissions import Action, Standing

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


class EditPart(InAlliance, FormView[PartForm]):
    """Change one part; if someone else saved it first, show both and keep what was typed."""

    template_name = "business_areas/edit_part.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For those who may, and areas that are in the programme."""
        self.standing.require(Action.MANAGE_AREAS)
        self.area = area_or_404(self.standing, kwargs["area_code"])
        if kwargs["part"] not in PART_FORMS:
            raise Http404
        if self.area.stage == BusinessArea.Stage.WITHDRAWN and kwargs["part"] != "stage":
            messages.info(
                request, f"{self.area.name} is withdrawn; bring it back before you change it."
            )
            return redirect("area", code=kwargs["code"], area_code=self.area.code)
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self) -> type[PartForm]:
        """The part's form."""
        return PART_FORMS[self.kwargs["part"]]

    def get_form_kwargs(self) -> dict[str, Any]:
        """The area as it stands, on the alliance's day."""
        day = self.standing.today
        return {**super().get_form_kwargs(), "area": self.area, "day": day}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The area and the part's name."""
        return super().get_context_data(
            area=self.area, part=self.kwargs["part"], title=self.get_form_class().title, **kwargs
        )

    def form_valid(self, form: PartForm) -> HttpResponse:
        """Save; first show what it does and ask why, where money moves or something ends."""
        if "change" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        try:
            rehearsed = self._rehearse(form)
            if rehearsed is None:
                form.save(self.standing.user)
                return self._saved(form)
            return self._check(form, rehearsed)
        except PartChanged as problem:
            return self._both(form, problem)
        except ValidationError as problem:
            place_problem(form, problem)
            return self.form_invalid(form)

    def _rehearse(self, form: PartForm) -> Making | None:
        """What saving would do, where that is to be checked before it is done; None where it is not."""
        if self.kwargs["part"] not in ("members", "stage"):
            return None
        rehearsed = rehearse(
            lambda: form.save(self.standing.user),
            alliance=self.standing.alliance,
            kind=self._kind,
            by=self.standing.user,
            area_ids={self.area.pk},
        )
        ends = Stage.CLOSED in (self.area.stage, form.cleaned_data.get("stage"))
        if rehearsed.said and (rehearsed.moves_money or ends or self.kwargs["part"] == "members"):
            return rehearsed
        return None

    def _check(self, form: PartForm, rehearsed: Making) -> HttpResponse:
        """What it does, and why; saved where that is said, unless something else would be done by now."""
        is_save, closes = (
            "save" in self.request.POST,
            form.cleaned_data.get("stage") == Stage.CLOSED,
        )
        asked = (CloseForm if closes else CheckForm)(
            self.request.POST if is_save else None, day=self.standing.today
        )
        moved_on = False
        if is_save and asked.is_valid():
            try:
                return self._save(form, asked)
            except PriceMoved:
                moved_on = True
        context = self.get_context_data(
            form=form, asked=asked, rehearsed=rehearsed, moved_on=moved_on, carried=self._carried
        )
        return render(self.request, "business_areas/check_part.html", context)

    def _save(self, form: PartForm, asked: CheckForm) -> HttpResponse:
        """Make the change, with why. Raises PriceMoved, PartChanged, ValidationError."""
        with (
            having_shown(self.request.POST.get("priced", "")),
            making(
                alliance=self.standing.alliance,
                kind=self._kind,
                by=self.standing.user,
                day=self.standing.today,
                reason=asked.cleaned_data["reason"],
                details=asked.details,
                area_id=self.area.pk,
                area_ids={self.area.pk},
            ),
        ):
            form.save(self.standing.user)
        return self._saved(form)

    def _saved(self, form: PartForm) -> HttpResponse:
        messages.success(self.request, f"{self.area.name}: {form.title.lower()} is saved.")
        return redirect("area", code=self.standing.alliance.code, area_code=self.area.code)

    @property
    def _kind(self) -> str:
        return _KINDS.get(self.kwargs["part"], Change.Kind.AREA)

    @property
    def _carried(self) -> list[tuple[str, str]]:
        """What was typed into the part's form, for the check page to carry."""
        left_out = {"csrfmiddlewaretoken", "save", "change", "priced"}
        return [
            (name, value)
            for name, values in self.request.POST.lists()
            if name not in left_out and not name.startswith(f"{CheckForm.prefix}-")
            for value in values
        ]

    def _both(self, form: PartForm, problem: PartChanged) -> HttpResponse:
        """The page again, with theirs beside what was typed; what was typed is in the boxes."""
        assert isinstance(problem.current, BusinessArea)
        fresh = self.get_form_class()(area=problem.current, day=form.day)
        fresh.keep_typed(form)
        latest = next(iter(changes_of_area(problem.current, latest=1)), None)
        context = self.get_context_data(
            form=fresh, differences=form.differences(problem.theirs), latest=latest
        )
        return self.render_to_response(context, status=409)


def place_problem(form: Any, problem: ValidationError) -> None:
    """Each sentence at its field, or above the form where it has none here."""
    if not hasattr(problem, "error_dict"):
        form.add_error(None, problem)
        return
    for name, sentences in problem.error_dict.items():
        form.add_error(name if name in form.fields else None, sentences)
