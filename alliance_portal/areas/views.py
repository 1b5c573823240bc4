"""An area's page, and the page that withdraws it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView

from alliance_portal.areas.forms import WithdrawForm
from alliance_portal.areas.money import money_in_brief
from alliance_portal.areas.statuses import statuses_of
from alliance_portal.areas.withdrawal import preview_withdrawal, withdraw
from business_areas.filters import known_query
from business_areas.models import BusinessArea
from business_areas.selectors import area_detail, changes_of_area
from business_areas.services.areas import BEFORE_LIVE
from business_areas.views.parts import area_or_404
from programmes.changes.record import changes_of
from programmes.checked import CheckedPage, Conflict, WhyForm, meanwhile, whole_number
from programmes.pages import InAlliance
from programmes.permissions import Action
from programmes.recorded import StaleEdit
from savings.engine.periods import financial_year_of

_CHANGES_SHOWN = 8


class AreaPage(InAlliance, TemplateView):
    """One area: who leads and shares it, its people, design, dates, money and latest changes."""

    template_name = "business_areas/businessarea_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The area as at the alliance's day, or 404."""
        area = area_or_404(self.standing, self.kwargs["area_code"])
        day = self.standing.today
        detail = area_detail(area, day)
        money, totals = money_in_brief(area, detail.every_force, financial_year_of(day))
        return super().get_context_data(
            area=area,
            detail=detail,
            money=money,
            statuses=statuses_of(area, detail, totals, day),
            changes=changes_of_area(area, latest=_CHANGES_SHOWN),
            may_manage=self.standing.may(Action.MANAGE_AREAS),
            may_enter=self.standing.may(Action.CHANGE_AMOUNTS),
            list_query=known_query(self.request.GET.get("list", "")),
            **kwargs,
        )


class WithdrawArea(CheckedPage[WithdrawForm]):
    """What becomes of an area's milestones, money and shares; then why; then it is withdrawn."""

    template_name = check_template = "business_areas/withdraw_area.html"
    form_class = WithdrawForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For those who may, and areas that have not gone live."""
        self.standing.require(Action.MANAGE_AREAS)
        self.area = area_or_404(self.standing, kwargs["area_code"])
        if self.area.stage not in BEFORE_LIVE:
            stage = self.area.get_stage_display().lower()
            is_done = self.area.stage == BusinessArea.Stage.WITHDRAWN
            rest = " already" if is_done else "; it cannot be withdrawn"
            messages.info(request, f"{self.area.name} is {stage}{rest}.")
            return self._to_area()
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What withdrawing would do."""
        preview = preview_withdrawal(self.area, self.standing.today)
        return super().get_context_data(
            area=self.area, preview=preview, effect=preview.effect, **kwargs
        )

    @property
    def back(self) -> tuple[str, str]:
        """The area's page."""
        return reverse("area", args=[self.standing.alliance.code, self.area.code]), self.area.name

    def check(self, form: WithdrawForm) -> dict[str, Any]:
        """Everything is on the page already."""
        return {}

    def make(self, form: WithdrawForm, why: WhyForm | None) -> HttpResponse:
        """Withdraw it."""
        withdraw(
            area=self.area,
            reason=form.cleaned_data["reason"],
            by=self.standing.user,
            day=self.standing.today,
            seen_revision=self._seen,
        )
        messages.success(self.request, f"{self.area.name} is withdrawn.", extra_tags="moves-shares")
        return self._to_area()

    def in_conflict(self, form: WithdrawForm, problem: StaleEdit | None) -> Conflict:
        """What became of the area meanwhile."""
        latest = changes_of(self.standing.alliance, area_id=self.area.pk).first()
        self.area.refresh_from_db()
        return Conflict.after(latest, meanwhile(self.area, self._seen, {}), self.standing.user)

    @property
    def _seen(self) -> int:
        return whole_number(self.request.POST.get("seen")) or 0

    def _to_area(self) -> HttpResponse:
        return redirect(self.back[0])
