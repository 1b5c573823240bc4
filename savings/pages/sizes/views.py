"""The pages of force sizes."""

from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView

from programmes import services, words
from programmes.checked import Checked
from programmes.models import Change, Force, ForceSize, SizeMeasure
from programmes.pages import InAlliance
from programmes.permissions import Action
from savings.engine.periods import financial_year_of, year_slug
from savings.engine.ramp import first_whole_month
from savings.pages.sizes.forms import NothingAsked, ReleaseForm, SureForm, WithdrawForm, box_of
from savings.selectors.releases import TypedRelease, typed_release
from savings.selectors.size_price import SizesPrice, price_sizes
from savings.selectors.sizes import counting_on, sizes_on_record


class ForceSizes(InAlliance, TemplateView):
    """Every force's size by measure and date, with its source."""

    template_name = "savings/force_sizes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The figures, newest first."""
        return super().get_context_data(
            record=sizes_on_record(self.standing.alliance),
            may_record=self.standing.may(Action.RECORD_SIZES),
            **kwargs,
        )


class OfSizes(Checked):
    """A change of force sizes, for those who may make one; it can move any area's money."""

    kind = Change.Kind.SIZE
    measure: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For those who may."""
        self.standing.require(Action.RECORD_SIZES)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def forces(self) -> tuple[Force, ...]:
        """The forces whose sizes the person may change, in the agreed order."""
        every = Force.objects.filter(alliance=self.standing.alliance).order_by("position")
        return tuple(force for force in every if self.standing.may(Action.RECORD_SIZES, of=force))

    @staticmethod
    def priced(price: SizesPrice) -> dict[str, Any]:
        """What the check page shows of a price; sizes are priced by the book, and nothing is written."""
        return {"effect": price.effect, "ratios": price.ratios}

    def is_there_already(self) -> HttpResponse:
        """The sizes, which have what was sent."""
        messages.info(self.request, "These figures are already on record, from the same source.")
        return redirect("money-sizes", code=self.standing.alliance.code)

    @property
    def of(self) -> str:
        """The measure."""
        return self.measure.name if self.measure else ""

    @property
    def back(self) -> tuple[str, str]:
        """The sizes on record."""
        return reverse("money-sizes", args=[self.standing.alliance.code]), "Force sizes"


class RecordRelease(OfSizes):
    """Type a measure's figures of a day, see what they move together, save them as one change."""

    template_name = "savings/record_release.html"
    check_template = "savings/check_release.html"
    form_class = ReleaseForm
    _release: TypedRelease | None = None

    @cached_property
    def measures(self) -> list[SizeMeasure]:
        """What sizes are counted in."""
        return list(SizeMeasure.objects.filter(alliance=self.standing.alliance).order_by("name"))

    @cached_property
    def measure(self) -> SizeMeasure | None:
        """The measure that the address or the form names; else the first. 404 for no measure of it."""
        asked = self.request.POST.get("measure") or self.request.GET.get("measure")
        if not asked:
            return self.measures[0] if self.measures else None
        found = next((each for each in self.measures if str(each.pk) == asked), None)
        if found is None:
            raise Http404
        return found

    @property
    def day(self) -> date | None:
        """The day that the address proposes."""
        try:
            return date.fromisoformat(self.request.GET.get("effective_on", ""))
        except ValueError:
            return None

    def get_form_kwargs(self) -> dict[str, Any]:
        """The forces, and the figures before."""
        before = counting_on(self.measure, self.day) if self.measure else {}
        return {**super().get_form_kwargs(), "forces": self.forces, "before": before}

    def get_initial(self) -> dict[str, Any]:
        """The day that the address proposes, where figures of the list are to be restated, and figures."""
        given = self.request.GET
        boxes = {name: given[name] for name in map(box_of, self.forces) if name in given}
        return {"effective_on": self.day, **boxes}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The measure, and which others there are."""
        return super().get_context_data(measure=self.measure, measures=self.measures, **kwargs)

    def make(self, form: ReleaseForm, why: Any) -> HttpResponse:
        """Save once, however often it is sent."""
        if self._is_on_record(form):
            # Sent twice, or typed by two people: it is on record, which is what was wanted.
            return self.is_there_already()
        return super().make(form, why)

    def check(self, form: ReleaseForm) -> dict[str, Any]:
        """The figures beside the old ones, and what they move. Raises SameSize, NothingToShareBy."""
        assert self.measure
        if self._is_on_record(form):
            raise services.SameSize(len(form.values))
        price = price_sizes(self.measure, added=self._sizes(form))
        release, source = self._typed(form), form.cleaned_data["source"]
        return {"release": release, "source": source, **self.priced(price)}

    def asked_class(self, form: ReleaseForm) -> type[Any]:
        """Whether it is right, where one would ask."""
        return SureForm if self._typed(form).doubtful else NothingAsked

    def act(self, form: ReleaseForm) -> object:
        """Put the figures on record."""
        assert self.measure
        return services.record_release(
            measure=self.measure,
            effective_on=form.cleaned_data["effective_on"],
            source=form.cleaned_data["source"],
            values=form.values,
            by=self.standing.user,
            seen=self._seen,
        )

    def saved(self, form: ReleaseForm) -> HttpResponse:
        """The shares of the first year that can read them."""
        assert self.measure
        on: date = form.cleaned_data["effective_on"]
        said = f"{self.measure.name} on {words.day(on)}: {_whose(list(form.values))} recorded."
        messages.success(self.request, said, extra_tags="moves-shares")
        year = year_slug(financial_year_of(first_whole_month(on)))
        address = reverse("money", args=[self.standing.alliance.code])
        return redirect(f"{address}?{urlencode({'year': year})}")

    def _sizes(self, form: ReleaseForm) -> list[ForceSize]:
        """What was typed, not saved."""
        assert self.measure
        given = form.cleaned_data
        return [
            ForceSize(
                force=force,
                measure=self.measure,
                effective_on=given["effective_on"],
                value=value,
                source=given["source"],
            )
            for force, value in form.values.items()
        ]

    def _is_on_record(self, form: ReleaseForm) -> bool:
        release, source = self._typed(form), form.cleaned_data["source"].strip()
        return all(
            line.value is None or line.is_on_record(release.effective_on, source)
            for line in release.lines
        )

    def _typed(self, form: ReleaseForm) -> TypedRelease:
        """What was typed, beside what was on record as the page was asked for."""
        assert self.measure
        if self._release is None:
            self._release = typed_release(
                measure=self.measure,
                forces=self.forces,
                effective_on=form.cleaned_data["effective_on"],
                values=form.values,
                today=self.standing.today,
            )
        return self._release

    @property
    def _seen(self) -> dict[int, int] | None:
        """The releases that the check page showed, by force; None if it was not sent from there."""
        sent = {force.pk: self.request.POST.get(f"seen-{force.pk}", "") for force in self.forces}
        if not all(text.isdecimal() and len(text) < 10 for text in sent.values()):
            return None
        return {pk: int(text) for pk, text in sent.items()}


class WithdrawSizes(OfSizes):
    """Withdraw figures of a day that were entered by mistake, after seeing what that moves."""

    template_name = "savings/withdraw_sizes.html"
    check_template = "savings/check_withdrawal.html"
    form_class = WithdrawForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For a measure and a day; without them 404."""
        asked = request.POST or request.GET
        try:
            self.day = date.fromisoformat(asked.get("effective_on", ""))
        except ValueError:
            raise Http404 from None
        number = asked.get("measure", "")
        known = SizeMeasure.objects.filter(alliance=self.standing.alliance)
        is_number = number.isdecimal() and len(number) < 19
        self.measure = get_object_or_404(known, pk=number if is_number else 0)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The figures of the day; those that count, unless the page was sent."""
        sizes = ForceSize.objects.filter(
            measure=self.measure, effective_on=self.day, force__in=self.forces
        )
        if self.request.method == "GET":
            sizes = sizes.in_force()
        in_order = sizes.select_related("force", "measure", "withdrawn_by").order_by(
            "force__position", "-release"
        )
        return {**super().get_form_kwargs(), "sizes": in_order}

    def check(self, form: WithdrawForm) -> dict[str, Any]:
        """What counts in place of each figure. Raises AlreadyWithdrawn, NothingToShareBy."""
        sizes = list(form.cleaned_data["sizes"])
        services.check_in_force(sizes)
        then = counting_on(self.measure, self.day, without=sizes)
        price = price_sizes(self.measure, withdrawn=sizes)
        return {"rows": [(size, then.get(size.force_id)) for size in sizes], **self.priced(price)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The measure and the day."""
        return super().get_context_data(measure=self.measure, day=self.day, **kwargs)

    def act(self, form: WithdrawForm) -> object:
        """Withdraw them."""
        return services.withdraw_sizes(
            measure=self.measure,
            sizes=list(form.cleaned_data["sizes"]),
            reason=self.request.POST.get("check-reason", ""),
            by=self.standing.user,
        )

    def saved(self, form: WithdrawForm) -> HttpResponse:
        """The sizes, which show it as withdrawn."""
        whose = _whose([size.force for size in form.cleaned_data["sizes"]])
        said = f"{self.measure.name} on {words.day(self.day)}: {whose} withdrawn."
        messages.success(self.request, said, extra_tags="moves-shares")
        return redirect("money-sizes", code=self.standing.alliance.code)


def _whose(forces: list[Force]) -> str:
    """“the figure of Dorset Police is”, “the figures of 2 forces are”."""
    if len(forces) == 1:
        return f"the figure of {forces[0].name} is"
    return f"the figures of {len({force.pk for force in forces})} forces are"
