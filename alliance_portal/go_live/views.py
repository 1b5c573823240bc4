"""Going live: is the area ready, and that it is live."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.generic import TemplateView

from alliance_portal.dates.history import on_record
from alliance_portal.go_live.area import InGoLive
from alliance_portal.go_live.check import Asked
from alliance_portal.go_live.forms import GoLiveForm, NotApplicableForm
from alliance_portal.go_live.task_list import next_to_go_live, tasks_of
from business_areas import services
from business_areas.models import BusinessArea, NotApplicable
from business_areas.services.areas import BEFORE_LIVE
from programmes.checked import place_problem, whole_number
from programmes.permissions import Action


class ReadyToGoLive(InGoLive, TemplateView):
    """What is in place and what is missing, each with the way to put it right; then the day."""

    template_name = "go_live/ready.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """An area that is live has a page that says so."""
        if self.area.stage == BusinessArea.Stage.LIVE:
            return self.to("go-live-done")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The list; `form` is the one that was sent with mistakes, of the day or of a reason."""
        may = self.standing.may(Action.MANAGE_AREAS)
        is_open = self.area.stage in BEFORE_LIVE
        form = kwargs.get("form")
        asked = Asked.of(self.request.GET)
        day_form = form if isinstance(form, GoLiveForm) else self._day_form()
        if not day_form.is_bound and asked:
            day_form.initial["on"] = asked.on
        return super().get_context_data(
            tasks=tasks_of(
                self.readiness,
                self.go_live,
                day=self.day,
                may_manage=may and is_open,
                may_ask=self.standing.may(Action.ASK_FOR_DATES),
                sent=form if isinstance(form, NotApplicableForm) else None,
            ),
            day_form=day_form,
            may_manage=may and is_open,
            is_open=is_open,
            obstacle=self.obstacle,
            is_only_missing=self.is_only_missing,
            seen=self.go_live.revision if self.go_live else 0,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """On to the check page, with what was seen and typed in the address."""
        self.standing.require(Action.MANAGE_AREAS)
        if self.obstacle:
            messages.warning(request, self.obstacle)
            return self.to("go-live")
        form = self._day_form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        seen = whole_number(request.POST.get("seen")) or 0
        asked = Asked(form.cleaned_data["on"], seen, request.POST.get("stage", ""))
        address = reverse("go-live-check", args=[self.standing.alliance.code, self.area.code])
        return HttpResponseRedirect(f"{address}?{urlencode(asked.hidden)}")

    def _day_form(self, data: Any = None) -> GoLiveForm:
        return GoLiveForm(data, readiness=self.readiness, go_live=self.go_live, day=self.day)


class MarkNotApplicable(ReadyToGoLive):
    """Mark an item of the list as not applicable, or take that back."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The list is the page to look at."""
        return self.to("go-live")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One effect, however often it is sent."""
        self.standing.require(Action.MANAGE_AREAS)
        given = request.POST
        need = next((each for each in self.readiness.needs if each.item == given.get("item")), None)
        if need is None:
            return self.to("go-live")
        if "undo" in given:
            return self._undo(need.item, need.name)
        form = NotApplicableForm(given, need=need)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            services.mark_not_applicable(
                area=self.area,
                item=need.item,
                reason=form.cleaned_data["reason"].replace("\r\n", "\n"),
                by=self.standing.user,
                day=self.day,
            )
        except (services.AlreadyLive, services.AreaWithdrawn) as problem:
            messages.error(request, " ".join(problem.messages))
            return self.to("go-live")
        except ValidationError as problem:
            place_problem(form, problem)
            return self.render_to_response(self.get_context_data(form=form))
        messages.success(request, f"“{need.name}” is marked as not applicable.")
        return self.to("go-live")

    def _undo(self, item: str, name: str) -> HttpResponse:
        try:
            services.undo_not_applicable(
                area=self.area,
                item=NotApplicable.Item(item),
                seen=whole_number(self.request.POST.get("undo")) or 0,
                by=self.standing.user,
                day=self.day,
            )
        except ValidationError as problem:
            messages.error(self.request, " ".join(problem.messages))
        else:
            messages.success(self.request, f"“{name}” applies again.")
        return self.to("go-live")


class AreaIsLive(InGoLive, TemplateView):
    """The area is live: since when, what happens next, and what is on record of it."""

    template_name = "go_live/live.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """An area that is not live has a list of what it needs."""
        if self.area.stage != BusinessArea.Stage.LIVE:
            return self.to("go-live")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With who put it on record, and the area that goes live next."""
        found = self.go_live
        return super().get_context_data(
            record=on_record(found) if found else None,
            slippage=self.slippage(found.actual_on if found else None),
            next_area=next_to_go_live(self.standing.alliance),
            may_manage=self.standing.may(Action.MANAGE_AREAS),
            **kwargs,
        )
