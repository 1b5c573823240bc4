"""A wrong go-live corrected: the right date, or that it did not happen; both stay on record."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from alliance_portal.go_live.area import InGoLive
from alliance_portal.go_live.forms import DID_NOT, OTHER_DATE, CorrectForm
from business_areas import services
from business_areas.models import BusinessArea
from programmes.checked import CheckedPage, Conflict, WhyForm, whole_number
from programmes.permissions import Action
from programmes.recorded import StaleEdit
from savings.selectors.date_price import effect_of_not_reached, price_date


class CorrectGoLive(InGoLive, CheckedPage[CorrectForm]):
    """What is wrong and why; then what that changes; then it is saved."""

    template_name = "go_live/correct.html"
    check_template = "go_live/correct_check.html"
    form_class = CorrectForm
    heading = "Check the corrected go-live"
    save_words = "Save the correction"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For those who may, and an area that is live; sent twice, the second finds it done."""
        self.standing.require(Action.MANAGE_AREAS)
        if self.go_live is None:
            messages.error(request, " ".join(services.NoGoLive(self.area).messages))
            return self.to("go-live")
        if request.method != "POST" and self.area.stage != BusinessArea.Stage.LIVE:
            messages.info(request, " ".join(services.NotLive(self.area).messages))
            return self.to("go-live")
        self.found = self.go_live
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
        seen = self.found.revision if "conflict" in kwargs else self.seen or self.found.revision
        return super().get_context_data(
            seen=seen, slippage=self.slippage(self.found.actual_on), **kwargs
        )

    @property
    def of(self) -> str:
        """The area."""
        return self.area.name

    @property
    def back(self) -> tuple[str, str]:
        """The page that says that it is live."""
        code = self.standing.alliance.code
        return reverse("go-live-done", args=[code, self.area.code]), self.area.name

    @property
    def seen(self) -> int:
        """The revision that the reader saw; nought if the form does not say."""
        return whole_number(self.request.POST.get("seen")) or 0

    def is_stale(self, form: CorrectForm) -> bool:
        """The milestone is not as the page showed it."""
        return self.seen != self.found.revision

    def may_make(self, form: CorrectForm) -> bool:
        """What was saved already is no longer a correction: the service knows its own."""
        return form.is_valid() or self.is_stale(form)

    def check(self, form: CorrectForm) -> dict[str, Any]:
        """What the correction changes."""
        services.check_correction(area=self.area, go_live=self.go_live, to=form.to, day=self.day)
        then = form.to or self.found.due_on
        stage = self.area.stage
        if form.cleaned_data["what"] == DID_NOT:
            stage = services.stage_before_live(self.area)
        price = price_date(self.found, then) if then else None
        return {
            "right_on": form.to,
            "then": then,
            "new_stage": BusinessArea.Stage(stage).label,
            "new_slippage": self.slippage(then),
            "price": price,
            "effect": price.chosen.effect if price else effect_of_not_reached(self.found),
        }

    def make(self, form: CorrectForm, why: WhyForm | None) -> HttpResponse:
        """Save what was checked."""
        to = self._typed(form)
        services.correct_go_live(
            area=self.area,
            to=to,
            reason=self.request.POST.get("reason", "").replace("\r\n", "\n"),
            by=self.standing.user,
            day=self.day,
            seen_revision=self.seen,
        )
        self.area.refresh_from_db(fields=["stage"])
        name, stage = self.area.name, self.area.get_stage_display().lower()
        said = (
            f"The go-live of {name} is corrected; the date that was wrong stays on record."
            if to
            else f"{name} is no longer live: it is back at {stage}. What was wrong stays on record."
        )
        messages.success(self.request, said, extra_tags="moves-shares")
        return self.to("go-live-done" if to else "go-live")

    def _typed(self, form: CorrectForm) -> date | None:
        """The date that was typed, whether or not it is still a correction."""
        if self.request.POST.get("what") != OTHER_DATE:
            return None
        field = form.fields["on"]
        typed = field.widget.value_from_datadict(form.data, form.files, form.add_prefix("on"))
        on: date | None = field.clean(typed)
        return on

    def in_conflict(self, form: CorrectForm, problem: StaleEdit | None) -> Conflict:
        """What became of the go-live meanwhile."""
        return self.conflict(self.seen, None, form.cleaned_data.get("on"))
