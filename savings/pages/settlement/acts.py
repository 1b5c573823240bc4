"""The pages on which a settlement is proposed, answered and paid; each shows what is done."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from programmes.checked import CheckedPage, WhyForm
from programmes.models import Force
from programmes.permissions import Action
from savings.engine.periods import year_label, year_slug
from savings.models import Settlement
from savings.pages.settlement import forms
from savings.pages.settlement.views import last_day_asked_for
from savings.selectors.obstacles import obstacles
from savings.selectors.settlement import way_of, year_settlement
from savings.settling import services
from savings.settling.document import digest_of, document_of
from savings.settling.versions import Version, version_of
from savings.views import year_or_404


class Act(CheckedPage[Any]):
    """One thing that is done about a settlement, on a page that shows what it is of.

    An act says what it shows (`facts`, a template), what it writes (`write`) and says then (`done`).
    """

    template_name = check_template = "savings/settlement/act.html"
    action = Action.SETTLE
    facts = ""
    done = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For those who may."""
        self.standing.require(self.action)
        return super().dispatch(request, *args, **kwargs)

    def write(self, given: Mapping[str, Any]) -> None:
        """Write what was typed. Raises ValidationError, PriceMoved."""
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the day that the alliance's pages speak of."""
        return {**super().get_form_kwargs(), "day": self.standing.today}

    def check(self, form: Any) -> dict[str, Any]:
        """The page itself shows what is done."""
        return {}

    def make(self, form: Any, why: WhyForm | None) -> HttpResponse:
        """Write it; where it was on record already, say so and write nothing."""
        try:
            self.write(form.cleaned_data)
        except services.OnRecordAlready as problem:
            messages.info(self.request, problem.message)
        else:
            messages.success(self.request, self.done)
        return redirect(self.then)

    @property
    def then(self) -> str:
        """Where one is afterwards."""
        return self.back[0]


class Propose(Act):
    """Freeze the settlement as it comes out now, as the year's next version."""

    form_class = forms.ProposeForm
    heading = "Propose this settlement"
    save_words = "Propose it"
    facts = "savings/settlement/_proposed.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The year, and the month to whose end."""
        super().setup(request, *args, **kwargs)
        self.year = year_or_404(kwargs["year"])
        asked = request.POST.get("to", "") or request.GET.get("to", "")
        self.to = asked if last_day_asked_for(self.year, asked) else ""
        self.until: date | None = last_day_asked_for(self.year, asked)

    @property
    def of(self) -> str:
        """The year."""
        return f"Settlement {year_label(self.year)}"

    @property
    def back(self) -> tuple[str, str]:
        """The year's page."""
        place = reverse(
            "money-settlement-year", args=[self.standing.alliance.code, year_slug(self.year)]
        )
        return f"{place}?to={self.to}" if self.to else place, self.of

    def write(self, given: Mapping[str, Any]) -> None:
        """Propose it."""
        made = services.propose(
            alliance=self.standing.alliance,
            year=self.year,
            until=self.until,
            due_on=given["due_on"],
            note=given["note"],
            by=self.standing.user,
            day=self.standing.today,
            seen=self.request.POST.get("seen", ""),
        )
        self.done = (
            f"Version {made.number} is proposed. Each force’s finance officer can answer it now."
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The settlement as it comes out, and the digest of what is shown."""
        alliance, day = self.standing.alliance, self.standing.today
        found = year_settlement(alliance, self.year, until=self.until)
        stops = obstacles(alliance, found, day)
        if found.is_empty:
            raise Http404("The year has nothing to settle.")
        seen = "" if stops else digest_of(document_of(alliance, found, day))
        hidden = [("to", self.to), ("seen", seen)]
        return super().get_context_data(
            settlement=found, obstacles=stops, hidden=hidden, stopped=bool(stops), **kwargs
        )

    @property
    def then(self) -> str:
        """The newest version."""
        alliance = self.standing.alliance
        newest = Settlement.objects.filter(alliance=alliance, year=self.year).first()
        return place_of(newest) if newest else self.back[0]


class ChooseWay(Act):
    """Whether settlements are paid directly, or through a force that hosts them."""

    form_class = forms.WayForm
    action = Action.CHANGE_RULES
    heading = "How settlements are paid"
    save_words = "Save"
    facts = "savings/settlement/_ways.html"
    done = "How settlements are paid is saved. Versions that were proposed stay as they are."

    @property
    def back(self) -> tuple[str, str]:
        """The years."""
        return reverse("money-settlement", args=[self.standing.alliance.code]), "Settlement"

    def _forces(self) -> list[Force]:
        return list(Force.objects.filter(alliance=self.standing.alliance).order_by("position"))

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the alliance's forces."""
        return {**super().get_form_kwargs(), "forces": self._forces()}

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        way = way_of(self.standing.alliance)
        host = way.through if way else None
        return {
            "through": host.code if host else forms.DIRECTLY,
            "tolerance": way.tolerance_pence if way and way.tolerance_pence else None,
        }

    def write(self, given: Mapping[str, Any]) -> None:
        """Choose it."""
        found = (force for force in self._forces() if force.code == given["through"])
        services.choose_way(
            alliance=self.standing.alliance,
            through=next(found, None),
            tolerance_pence=given["tolerance"] or 0,
            by=self.standing.user,
        )


class OfVersion(Act):
    """Something done about a version of a year's settlement."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The version that the address names."""
        super().setup(request, *args, **kwargs)
        self.version = version_or_404(self.standing.alliance, kwargs["year"], kwargs["number"])

    @property
    def of(self) -> str:
        """The version."""
        return name_of(self.version.row)

    @property
    def back(self) -> tuple[str, str]:
        """The version's page."""
        return place_of(self.version.row), self.of

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The version."""
        return super().get_context_data(version=self.version, **kwargs)

    def own_forces(self) -> list[Force]:
        """The force of the version that the person speaks for; none where they speak for none of it."""
        every = [each.force for each in self.version.answers]
        return [force for force in every if self.standing.may(Action.ANSWER, of=force)]

    def force_of(self, code: str) -> Force:
        """One's own force with that code. Raises Http404, PermissionDenied for another's."""
        found = get_object_or_404(Force, alliance=self.standing.alliance, code=code)
        if all(each.force.pk != found.pk for each in self.version.answers):
            raise Http404("The force has no part in this settlement.")
        self.standing.require(Action.ANSWER, of=found)
        return found


def version_or_404(alliance: Any, slug: str, number: int) -> Version:
    """The version of a year. Raises Http404. Four queries."""
    settlements = Settlement.objects.select_related("alliance", "proposed_by")
    row = get_object_or_404(settlements, alliance=alliance, year=year_or_404(slug), number=number)
    return version_of(row)


def name_of(row: Settlement) -> str:
    """“Settlement 2016/17, version 1”."""
    return f"Settlement {year_label(row.year)}, version {row.number}"


def place_of(row: Settlement) -> str:
    return reverse(
        "money-settlement-version", args=[row.alliance.code, year_slug(row.year), row.number]
    )
