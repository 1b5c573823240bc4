"""The pages of an alliance's sharing rules."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.validators import slug_re
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView

from business_areas.models import BusinessArea
from programmes import words
from programmes.checked import CheckedRow, CheckForm
from programmes.models import Change
from programmes.pages import InAlliance
from programmes.permissions import Action
from savings import services
from savings.models import SharingRule
from savings.pages.rules.forms import BeginsForm, ReasonForm, RuleForm, TakeAwayForm, as_typed
from savings.pages.what_if.adopting import rule_filled_in
from savings.selectors.rules import (
    before_last_change,
    cautions,
    changes_of_rules,
    coverage,
    in_words,
    rules_on_record,
)

_CHANGES_SHOWN = 10


class SharingRules(InAlliance, TemplateView):
    """The rules, area by area, each with its terms and the days on which it holds."""

    template_name = "savings/rules/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rules, and what was last changed about them."""
        alliance, may = self.standing.alliance, self.standing.may(Action.CHANGE_RULES)
        areas = BusinessArea.objects.filter(alliance=alliance).exclude(stage="WITHDRAWN")
        return super().get_context_data(
            rows=rules_on_record(alliance, self.standing.today),
            changes=changes_of_rules(alliance, _CHANGES_SHOWN),
            areas=areas.order_by("name") if may else (),
            may_change=may,
            **kwargs,
        )


class RulePage(CheckedRow):
    """A change of one rule; `title` says what it does."""

    kind = Change.Kind.RULE
    template_name = "savings/rules/rule.html"
    title = ""
    done = ""
    rule: SharingRule

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For those who may; the rule or the area must be the alliance's."""
        self.standing.require(Action.CHANGE_RULES)
        self.row = self.rule = self.find()
        self.area_ids = {self.rule.area_id} if self.rule.area_id else None
        return super().dispatch(request, *args, **kwargs)

    def find(self) -> SharingRule:
        """The rule that the address names. Raises Http404."""
        rules = SharingRule.objects.select_related("area", "alliance")
        return get_object_or_404(rules, alliance=self.standing.alliance, pk=self.kwargs["pk"])

    @property
    def back(self) -> tuple[str, str]:
        """The list."""
        return reverse("money-rules", args=[self.standing.alliance.code]), "Sharing rules"

    @property
    def of(self) -> str:
        """What the rule is for."""
        return self.rule.area.name if self.rule.area else "The whole alliance"

    def said_by(self, row: SharingRule) -> str:
        """The rule with its terms."""
        return in_words(row, row.terms.all())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What it is."""
        return super().get_context_data(rule=self.rule, title=self.title, **kwargs)

    def asked_class(self, form: Any) -> type[CheckForm]:
        """Why; who agreed it is typed with the rule."""
        return ReasonForm

    def saved(self, form: Any) -> HttpResponse:
        """The list."""
        messages.success(self.request, f"{self.of}: {self.done}.", extra_tags="moves-shares")
        return redirect("money-rules", code=self.standing.alliance.code)


class SetRule(RulePage):
    """A rule from a date on: the first of its scope, or one that takes another's place."""

    check_template = "savings/rules/check.html"
    form_class: type[BeginsForm] = RuleForm
    title = "Set a sharing rule"
    done = "the sharing rule is set"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; of the area that was chosen on the list, if one was."""
        code = request.GET.get("area", "")
        if code and self.kwargs.keys() == {"code"}:
            if not slug_re.match(code):
                raise Http404
            return redirect("money-rule-set-area", self.standing.alliance.code, code)
        return super().get(request, *args, **kwargs)

    def find(self) -> SharingRule:
        """A new one of the alliance or the area that the address names. Raises Http404."""
        alliance, code = self.standing.alliance, self.kwargs.get("area_code")
        area = get_object_or_404(BusinessArea, alliance=alliance, code=code) if code else None
        return SharingRule(alliance=alliance, area=area)

    def get_initial(self) -> dict[str, Any]:
        """What was supposed, for whoever comes from a what-if."""
        return rule_filled_in(self.standing.alliance, self.request.GET)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The alliance's measures and forces."""
        return {
            **super().get_form_kwargs(),
            "alliance": self.standing.alliance,
            "rule": self.rule,
        }

    def act(self, form: BeginsForm) -> SharingRule:
        """Write it."""
        rule, terms = form.as_rule()
        seen = self.seen if self.rule.pk else None
        return services.save_rule(
            rule=rule,
            terms=terms,
            by=self.standing.user,
            seen_revision=seen,
            day=self.standing.today,
        )

    def check(self, form: BeginsForm) -> dict[str, Any] | None:
        """What it would do, and how many areas it is for."""
        found = super().check(form)
        rule, _ = form.as_rule()
        ends = rule.method == SharingRule.Method.ALLIANCE
        return found and {**found, "covers": "" if ends else coverage(rule)}

    def cautions(self, form: BeginsForm) -> Sequence[str]:
        """Sizes that are missing, and whole years that stay under the earlier rule."""
        return list(cautions(*form.as_rule()))


class CorrectRule(SetRule):
    """A rule on record that says what was not agreed."""

    title = "Correct a sharing rule"
    done = "the sharing rule is corrected"

    def find(self) -> SharingRule:
        """The rule that the address names. Raises Http404."""
        return RulePage.find(self)

    def get_initial(self) -> dict[str, Any]:
        """What it says, or, to undo, what it said before."""
        before = before_last_change(self.rule) if "undo" in self.request.GET else None
        return as_typed(*(before or (self.rule, self.rule.terms.all())))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what it said before, to go back to."""
        before = before_last_change(self.rule)
        return super().get_context_data(before=in_words(*before) if before else "", **kwargs)


class EndRule(SetRule):
    """An area's own rule ends; from then on the alliance's holds there."""

    form_class = BeginsForm
    title = "End the area’s own rule"
    done = "the area’s own rule ends"

    def find(self) -> SharingRule:
        """The end of the area's rule. Raises Http404 for an area that has none."""
        rule = super().find()
        own = SharingRule.objects.exclude(method=SharingRule.Method.ALLIANCE)
        get_object_or_404(own.filter(area=rule.area)[:1])
        return rule


class TakeRuleAway(RulePage):
    """A rule that never came into force."""

    form_class = TakeAwayForm
    title = "Take a sharing rule away"
    done = "the sharing rule is taken away"

    def act(self, form: TakeAwayForm) -> None:
        """Delete it."""
        rule = SharingRule.objects.select_related("alliance").get(pk=self.rule.pk)
        services.delete_rule(rule=rule, by=self.standing.user, day=self.standing.today)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the day on which it would have begun."""
        return super().get_context_data(
            begins_on=words.day(self.rule.effective_on), takes_away=True, **kwargs
        )
