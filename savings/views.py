"""The money pages: apportioned savings, workings, force sizes and runs."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import FormView, ListView, TemplateView

from business_areas.models import BusinessArea
from programmes import services, words
from programmes.changes import PriceMoved, having_shown
from programmes.models import ForceSize
from programmes.pages import InAlliance
from programmes.permissions import Action
from savings.engine.periods import NotAPeriod, financial_year_of, parse_year, year_slug
from savings.engine.ramp import first_whole_month
from savings.forms import ApportionedFilter, RecordSizeForm
from savings.models import Run
from savings.selectors.amount_workings import amount_working
from savings.selectors.apportioned import VIEWS, apportioned
from savings.selectors.area_workings import area_working
from savings.selectors.behind import freshness
from savings.selectors.runs import with_changes
from savings.selectors.size_preview import preview_size
from savings.selectors.sizes import sizes_on_record


@dataclass(frozen=True)
class Chosen:
    """The version, kind and year that an address asks for; anything unknown is the usual choice."""

    version: str = "forecast"
    kind: str = "saving"
    year: int | None = None

    @classmethod
    def of(cls, request: HttpRequest) -> "Chosen":
        """What the address says."""
        filters = ApportionedFilter(request.GET)
        filters.is_valid()
        try:
            year = parse_year(request.GET.get("year", ""))
        except NotAPeriod:
            year = None
        return cls(
            version=filters.cleaned_data.get("version") or cls.version,
            kind=filters.cleaned_data.get("kind") or cls.kind,
            year=year,
        )

    @property
    def version_label(self) -> str:
        """The version as the page writes it."""
        return self.version

    @property
    def kind_label(self) -> str:
        """The kind as the page's title writes it."""
        return {
            "saving": "savings",
            "cost": "costs, net of grants",
            "net": "savings less costs",
        }[self.kind]

    @property
    def query(self) -> str:
        """The choice as part of an address, without the year."""
        return urlencode({"version": self.version, "kind": self.kind})


class ApportionedSavings(InAlliance, TemplateView):
    """Area × force × financial year, by version and kind; each figure opens its working."""

    template_name = "savings/apportioned.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The table, and the filters as they stand."""
        chosen = Chosen.of(self.request)
        alliance = self.standing.alliance
        table = apportioned(
            alliance=alliance,
            version=chosen.version.upper(),
            view=chosen.kind,
            year=chosen.year,
            today=self.standing.today,
        )
        filters = ApportionedFilter(
            initial={"version": chosen.version, "kind": chosen.kind, "year": year_slug(table.year)}
        )
        return super().get_context_data(
            table=table,
            chosen=chosen,
            filters=filters,
            **kwargs,
        )


class AreaWorkingPage(InAlliance, TemplateView):
    """One area's year: each pool with its ratio, its sizes, and the lines that make it up."""

    template_name = "savings/area_working.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The pools of the chosen version and kind."""
        alliance = self.standing.alliance
        chosen = Chosen.of(self.request)
        area = get_object_or_404(BusinessArea, alliance=alliance, code=self.kwargs["area_code"])
        working = area_working(
            alliance=alliance,
            area=area,
            year=year_or_404(self.kwargs["year"]),
            version=chosen.version.upper(),
            kinds=list(VIEWS[chosen.kind]),
        )
        return super().get_context_data(area=area, chosen=chosen, working=working, **kwargs)


class AmountWorkingPage(InAlliance, TemplateView):
    """One amount's shares, step by step."""

    template_name = "savings/amount_working.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The working, or 404."""
        working = amount_working(alliance=self.standing.alliance, amount_id=self.kwargs["pk"])
        if working is None:
            raise Http404
        return super().get_context_data(working=working, **kwargs)


class ForceSizes(InAlliance, TemplateView):
    """Every force's size by measure and date, with its source."""

    template_name = "savings/force_sizes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The figures, newest first."""
        alliance = self.standing.alliance
        return super().get_context_data(
            record=sizes_on_record(alliance),
            may_record=self.standing.may(Action.RECORD_SIZES),
            **kwargs,
        )


class RecordSize(InAlliance, FormView[RecordSizeForm]):
    """Type a size, see what it would move, save it. Nothing is kept between the pages but the form."""

    template_name = "savings/record_size.html"
    form_class = RecordSizeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """The measures, and the forces whose sizes the person may record; some at least."""
        self.standing.require(Action.RECORD_SIZES)
        return {**super().get_form_kwargs(), "standing": self.standing}

    def get_initial(self) -> dict[str, Any]:
        """What the address proposes, when a figure on the list is to be restated."""
        asked = self.request.GET
        return {
            "force": asked.get("force"),
            "measure": asked.get("measure"),
            "effective_on": _day(asked.get("effective_on", "")),
        }

    def form_valid(self, form: RecordSizeForm) -> HttpResponse:
        """Show the preview, or save what was previewed."""
        size = form.as_size()
        if "change" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        if "save" in self.request.POST:
            return self._save(form, size)
        try:
            earlier = services.check_size(size)
        except ValidationError as problem:
            form.add_error(None, problem)
            return self.form_invalid(form)
        return self._preview(form, size, earlier)

    def _preview(
        self,
        form: RecordSizeForm,
        size: ForceSize,
        earlier: ForceSize | None,
        *,
        moved_on: bool = False,
    ) -> HttpResponse:
        preview = preview_size(size, earlier)
        context = self.get_context_data(form=form, size=size, preview=preview, moved_on=moved_on)
        return render(self.request, "savings/size_preview.html", context)

    def _save(self, form: RecordSizeForm, size: ForceSize) -> HttpResponse:
        """Save once, however often it is sent; show the other figure if someone restated it first.

        If other figures moved meanwhile, what it does is shown again.
        """
        alliance = self.standing.alliance
        shown = self.request.POST.get("priced", "")
        try:
            with having_shown(shown):
                services.record_size(
                    force=size.force,
                    measure=size.measure,
                    effective_on=size.effective_on,
                    value=size.value,
                    source=size.source,
                    by=self.standing.user,
                    seen_release=_whole_number(self.request.POST.get("seen_release")),
                )
        except PriceMoved:
            return self._preview(form, size, services.check_size(size), moved_on=bool(shown))
        except services.SameSize as problem:
            # Sent twice, or typed by two people: it is on record, which is what was wanted.
            messages.info(self.request, problem.message)
            return redirect("money", code=alliance.code)
        except services.RestatedMeanwhile as problem:
            form.add_error("value", problem)
            return self.form_invalid(form)
        except ValidationError as problem:
            form.add_error(None, problem)
            return self.form_invalid(form)
        messages.success(
            self.request,
            f"{size.measure.name} of {size.force.name} on {words.day(size.effective_on)} is recorded.",
            extra_tags="moves-shares",
        )
        year = year_slug(financial_year_of(first_whole_month(size.effective_on)))
        return redirect(f"{reverse('money', args=[alliance.code])}?year={year}")


class Runs(InAlliance, ListView[Run]):
    """Every run on record, newest first, with the changes that asked for it."""

    template_name = "savings/runs.html"
    context_object_name = "runs"
    paginate_by = 50

    def get_queryset(self) -> Any:
        """The alliance's runs."""
        return Run.objects.filter(alliance=self.standing.alliance).order_by("-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page's runs with what asked for each."""
        context = super().get_context_data(**kwargs)
        return {**context, "lines": with_changes(context["runs"])}


class Progress(InAlliance, TemplateView):
    """The strip that says what is behind, for a page that follows it without a reload."""

    template_name = "components/_follow.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The strip as it stands; when all is done, the page is told to fetch its figures."""
        if not request.headers.get("HX-Request"):
            return redirect("money-runs", code=self.standing.alliance.code)
        response = render(request, self.template_name)
        if not freshness(self.standing.alliance).is_behind:
            response["HX-Trigger"] = "shares-updated"
        return response


def year_or_404(slug: str) -> int:
    """The financial year of an address such as 2016-17. Raises Http404."""
    try:
        return parse_year(slug)
    except NotAPeriod as problem:
        raise Http404(str(problem)) from problem


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _whole_number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None
