"""A wrong go-live corrected: the right date, or that it did not happen; both stay on record."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.generic import FormView

from alliance_portal.dates.milestone import whole_number
from alliance_portal.go_live.area import InGoLive
from alliance_portal.go_live.counting import counting_from
from alliance_portal.go_live.forms import DID_NOT, OTHER_DATE, CorrectForm
from business_areas import services
from business_areas.models import BusinessArea
from business_areas.views.checked import place_problem
from programmes.changes import PriceMoved, having_shown
from programmes.permissions import Action
from programmes.recorded import StaleEdit


class CorrectGoLive(InGoLive, FormView[CorrectForm]):
    """What is wrong and why; then what that changes; then it is saved.

    Nothing is kept between the pages but the form.
    """

    template_name = "go_live/correct.html"
    form_class = CorrectForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For those who may, and an area that is live; sent twice, the second finds it done."""
        self.standing.require(Action.MANAGE_AREAS)
        if self.go_live is None:
            messages.error(request, " ".join(services.NoGoLive(self.area).messages))
            return self.to("go-live")
        if request.method != "POST" and self.area.stage != BusinessArea.Stage.LIVE:
            messages.info(request, " ".join(services.NotLive(self.area).messages))
            return self.to("go-live")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The milestone, and today."""
        return {**super().get_form_kwargs(), "go_live": self.go_live, "day": self.day}

    def get_initial(self) -> dict[str, Any]:
        """What an address says: the date that somebody typed after another was first."""
        try:
            on = date.fromisoformat(self.request.GET.get("on", ""))
        except ValueError:
            return {}
        return {"what": OTHER_DATE, "on": on}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the revision that the reader sees, or saw at the first page."""
        revision = self.go_live.revision if self.go_live else 0
        kwargs.setdefault("seen", self._seen or revision)
        return super().get_context_data(
            slippage=self.slippage(self.go_live.actual_on if self.go_live else None), **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check, save, or back to what was typed; a form that went stale shows both values."""
        form = self.get_form()
        if "change" in request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        if "save" in request.POST:
            return self._save(form)
        if self.go_live and self._seen != self.go_live.revision:
            return self._both(form)
        if not form.is_valid():
            return self.form_invalid(form)
        try:
            services.check_correction(
                area=self.area, go_live=self.go_live, to=form.to, day=self.day
            )
        except ValidationError as problem:
            form.add_error(None, problem)
            return self.form_invalid(form)
        return self._check(form)

    @property
    def _seen(self) -> int:
        """The revision that the reader saw; nought if the form does not say."""
        return whole_number(self.request.POST.get("seen")) or 0

    def _check(self, form: CorrectForm, *, moved_on: bool = False) -> HttpResponse:
        """What the correction changes; nothing is saved yet."""
        milestone, then = self.go_live, self._then(form)
        assert milestone is not None
        stage = self.area.stage
        if form.cleaned_data["what"] == DID_NOT:
            stage = services.stage_before_live(self.area)
        context = self.get_context_data(
            form=form,
            right_on=form.to,
            then=then,
            new_stage=BusinessArea.Stage(stage).label,
            new_slippage=self.slippage(then),
            counting=counting_from(milestone, then) if then else None,
            moved_on=moved_on,
        )
        return render(self.request, "go_live/correct_check.html", context)

    def _then(self, form: CorrectForm) -> date | None:
        """The date that money would follow: the right one, or what was expected before."""
        found = self.go_live
        if form.to or found is None:
            return form.to
        return found.due_on

    def _save(self, form: CorrectForm) -> HttpResponse:
        """Save what was checked; if other figures moved meanwhile, show them first."""
        given = self.request.POST
        # What was saved already is no longer a correction: ask the service, which knows its own.
        sent_again = self.go_live is not None and self._seen != self.go_live.revision
        is_valid = form.is_valid()
        if not is_valid and not sent_again:
            return self.form_invalid(form)
        try:
            with having_shown(given.get("priced", "")):
                services.correct_go_live(
                    area=self.area,
                    to=self._typed(form),
                    reason=given.get("reason", "").replace("\r\n", "\n"),
                    by=self.standing.user,
                    day=self.day,
                    seen_revision=self._seen,
                )
        except StaleEdit:
            return self._both(form)
        except PriceMoved:
            return self._check(form, moved_on=True)
        except ValidationError as problem:
            place_problem(form, problem)
            return self.form_invalid(form)
        return self._done(form)

    def _typed(self, form: CorrectForm) -> date | None:
        """The date that was typed, whether or not it is still a correction."""
        if self.request.POST.get("what") != OTHER_DATE:
            return None
        field = form.fields["on"]
        typed = field.widget.value_from_datadict(form.data, form.files, form.add_prefix("on"))
        on: date | None = field.clean(typed)
        return on

    def _done(self, form: CorrectForm) -> HttpResponse:
        name = self.area.name
        if self._typed(form) is not None:
            messages.success(
                self.request,
                f"The go-live of {name} is corrected; the date that was wrong stays on record.",
                extra_tags="moves-shares",
            )
            return self.to("go-live-done")
        self.area.refresh_from_db(fields=["stage"])
        messages.success(
            self.request,
            f"{name} is no longer live: it is back at {self.area.get_stage_display().lower()}. "
            "What was wrong stays on record.",
            extra_tags="moves-shares",
        )
        return self.to("go-live")

    def _both(self, form: CorrectForm) -> HttpResponse:
        """Someone else saved first: both values, with what was typed in the boxes."""
        assert self.go_live is not None
        self.go_live.refresh_from_db(fields=["forecast_on", "approved_on", "actual_on", "revision"])
        self.area.refresh_from_db(fields=["stage"])
        form.is_valid()
        differences, latest = self.what_moved(self._seen, None, form.cleaned_data.get("on"))
        context = self.get_context_data(
            form=form, differences=differences, latest=latest, seen=self.go_live.revision
        )
        return self.render_to_response(context, status=409)
