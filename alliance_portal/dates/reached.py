"""The day on which a milestone was reached, put on record and corrected; a go-live has its own pages."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from alliance_portal.dates.checked import CheckedChange
from alliance_portal.dates.forms import CorrectReachedForm, ReachedForm
from alliance_portal.dates.order import order_with
from business_areas import services
from business_areas.models import MovedDate
from programmes import words
from programmes.permissions import Action
from savings.selectors.date_price import effect_of_not_reached, price_date


class _ActualDate(CheckedChange):
    """What both pages have in common: what the date does to each force is shown before it is saved."""

    check_template = "dates/reached_check.html"
    heading = "Check the actual date"
    action = Action.CHANGE_DATES
    which = MovedDate.Date.ACTUAL

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; a go-live has its own pages, and a withdrawn area's dates no longer change."""
        area = self.milestone.area
        if area is not None and services.is_an_areas_go_live(self.milestone):
            return redirect("go-live", code=self.standing.alliance.code, area_code=area.code)
        if not self.is_open:
            return redirect(self.link("change"))
        return super().get(request, *args, **kwargs)

    def shown(self, to: date | None) -> dict[str, Any]:
        """The date, and its price where money starts from the milestone."""
        follows = to or self.milestone.due_on
        price = price_date(self.milestone, follows) if follows else None
        effect = price.chosen.effect if price else effect_of_not_reached(self.milestone)
        return {
            "to": to,
            "follows": follows,
            "price": price,
            "order": order_with(self.milestone, follows, reached=to is not None),
            "depends": price.depends if price else effect.moves_anything,
            "effect": effect,
            "save_words": f"Save {words.day(to)}" if to else "Save that it has not been reached",
        }


class Reached(_ActualDate):
    """The milestone was reached."""

    template_name = "dates/reached.html"
    form_class = ReachedForm
    link_name = "reached"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Today, after which nothing can have been reached."""
        return {**super().get_form_kwargs(), "day": self.day}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """With a date on record already, on to its correction."""
        if self.milestone.actual_on and not services.is_an_areas_go_live(self.milestone):
            return redirect(self.link("reached-correct"))
        return super().get(request, *args, **kwargs)

    def check(self, form: forms.Form) -> dict[str, Any]:
        """What the date does."""
        to = form.cleaned_data["to"]
        services.check_reached(milestone=self.milestone, on=to, day=self.day)
        return self.shown(to)

    def save(self, form: forms.Form) -> None:
        """Put it on record."""
        services.reach_milestone(
            milestone=self.milestone,
            on=form.cleaned_data["to"],
            details=form.cleaned_data["details"],
            by=self.standing.user,
            day=self.day,
            seen_revision=self.seen,
        )


class CorrectReached(_ActualDate):
    """The actual date on record is wrong."""

    template_name = "dates/reached_correct.html"
    form_class = CorrectReachedForm
    link_name = "reached-correct"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Without a date on record, on to recording one."""
        if self.milestone.actual_on is None and not services.is_an_areas_go_live(self.milestone):
            return redirect(self.link("reached"))
        return super().get(request, *args, **kwargs)

    def check(self, form: forms.Form) -> dict[str, Any]:
        """What the right date does."""
        to = form.cleaned_data["to"]
        services.check_correction_of(milestone=self.milestone, to=to, day=self.day)
        return self.shown(to)

    def save(self, form: forms.Form) -> None:
        """Put it on record beside the wrong one."""
        services.correct_reached(
            milestone=self.milestone,
            to=form.cleaned_data["to"],
            details=form.cleaned_data["details"],
            by=self.standing.user,
            day=self.day,
            seen_revision=self.seen,
        )
