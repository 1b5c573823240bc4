"""An area's page, and the page that withdraws it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.generic import FormView, TemplateView

from alliance_portal.areas.forms import WithdrawForm
from alliance_portal.areas.money import money_in_brief
from alliance_portal.areas.statuses import statuses_of
from alliance_portal.areas.withdrawal import preview_withdrawal, withdraw
from business_areas.filters import known_query
from business_areas.models import BusinessArea
from business_areas.selectors import area_detail, changes_of_area
from business_areas.services.areas import BEFORE_LIVE
from business_areas.views.checked import place_problem
from business_areas.views.parts import area_or_404
from programmes.changes import PriceMoved, having_shown
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
            list_query=known_query(self.request.GET.get("list", "")),
            **kwargs,
        )


class WithdrawArea(InAlliance, FormView[WithdrawForm]):
    """What becomes of an area's milestones, money and shares; then why; then it is withdrawn."""

    template_name = "business_areas/withdraw_area.html"
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
        return super().get_context_data(
            area=self.area, preview=preview_withdrawal(self.area, self._day()), **kwargs
        )

    def form_valid(self, form: WithdrawForm) -> HttpResponse:
        """Withdraw it, unless the area, or what withdrawing does, is no longer what the page showed."""
        seen = self.request.POST.get("seen", "")
        try:
            with having_shown(self.request.POST.get("priced", "")):
                withdraw(
                    area=self.area,
                    reason=form.cleaned_data["reason"],
                    by=self.standing.user,
                    day=self._day(),
                    seen_revision=int(seen) if seen.isdecimal() else 0,
                )
        except PriceMoved:
            return self.render_to_response(self.get_context_data(form=form, moved_on=True))
        except StaleEdit:
            form.add_error(
                None,
                f"Someone else changed {self.area.name} after you opened this page; "
                "below is what would become of it now. Check it, then withdraw it.",
            )
            return self.form_invalid(form)
        except ValidationError as problem:
            place_problem(form, problem)
            return self.form_invalid(form)
        messages.success(self.request, f"{self.area.name} is withdrawn.", extra_tags="moves-shares")
        return self._to_area()

    def _day(self) -> date:
        return self.standing.today

    def _to_area(self) -> HttpResponse:
        return redirect("area", code=self.standing.alliance.code, area_code=self.area.code)
