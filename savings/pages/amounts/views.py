"""The pages that change several amounts of an area's year, each priced and one change on record."""

from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView

from business_areas.models import BusinessArea
from programmes.checked import Checked
from programmes.models import Change
from programmes.pages import InAlliance
from programmes.permissions import Action
from savings import amount_services
from savings.engine.periods import year_label, year_slug
from savings.models import FinancialYear
from savings.pages.amounts.forms import AmountsForm, BearerForm
from savings.selectors.amounts_of_year import ItemsAmounts, amounts_of_year, counting_twice
from savings.services import YearIsClosed
from savings.views import year_or_404


class OfAreasYear(Checked):
    """A change of an area's amounts of one year, for those who may make one."""

    kind = Change.Kind.AMOUNT
    template_name = "savings/amounts_of_year.html"
    form_class: type[AmountsForm] = AmountsForm
    names_each: ClassVar[bool] = False
    title = ""
    explained = ""
    nothing = ""
    done = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For those who may, and an area of the alliance."""
        self.standing.require(Action.CHANGE_AMOUNTS)
        self.year = year_or_404(kwargs["year"])
        areas = BusinessArea.objects.select_related("alliance")
        code = kwargs["area_code"]
        self.area = get_object_or_404(areas, alliance=self.standing.alliance, code=code)
        self.area_ids = {self.area.pk}
        return super().dispatch(request, *args, **kwargs)

    @property
    def one_by_one(self) -> bool:
        """Whether each amount was asked for, where the page can name each."""
        asked = self.request.POST or self.request.GET
        return self.names_each and "each" in asked

    @cached_property
    def groups(self) -> list[ItemsAmounts]:
        """The amounts that it is about."""
        return [each for each in amounts_of_year(self.area, self.year) if self.is_about(each)]

    def is_about(self, group: ItemsAmounts) -> bool:
        """Whether the page offers these amounts."""
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        """The amounts on offer."""
        own = {"groups": self.groups, "one_by_one": self.one_by_one}
        return {**super().get_form_kwargs(), **own}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The area and its year."""
        return super().get_context_data(area=self.area, nothing=self._why_nothing(), **kwargs)

    def _why_nothing(self) -> str:
        """Why nothing is asked; blank where something is."""
        closed = FinancialYear.objects.filter(
            alliance=self.standing.alliance, year=self.year, closed_at__isnull=False
        )
        if closed.exists():
            return str(YearIsClosed(self.year).message)
        return "" if self.groups else self.nothing

    @property
    def of(self) -> str:
        """The area and its year."""
        return f"{self.area.name}, {year_label(self.year)}"

    @property
    def back(self) -> tuple[str, str]:
        """The area's money of the year."""
        known = [self.standing.alliance.code, self.area.code, year_slug(self.year)]
        return reverse("money-area", args=known), self.of

    def saved(self, form: AmountsForm) -> HttpResponse:
        """The area's money, in the version that was changed."""
        messages.success(self.request, f"{self.area.name}: {self.done}", extra_tags="moves-shares")
        first = form.chosen[0]
        kind = "saving" if first.item.kind == "SAVING" else "cost"
        return redirect(f"{self.back[0]}?version={first.version.lower()}&kind={kind}")


class NameBearer(OfAreasYear):
    """Say which force bore an item's amounts, one or all of a year."""

    form_class = BearerForm
    names_each = True
    title = "Record who bore it"
    explained = (
        "Choose the amounts, and the force that paid the cost or banked the saving. The shares stay as "
        "they are; what each force has to settle follows."
    )
    nothing = "The year has no amounts that were entered; what the portal works out names nobody."
    done = "who bore it is recorded."

    def is_about(self, group: ItemsAmounts) -> bool:
        """Every amount that was entered."""
        return True

    def get_form_kwargs(self) -> dict[str, Any]:
        """The alliance, whose forces are on offer."""
        return {**super().get_form_kwargs(), "alliance": self.standing.alliance}

    def act(self, form: BearerForm) -> object:
        """Name the force."""
        return amount_services.name_bearer(
            area=self.area,
            amounts=form.chosen,
            force=form.cleaned_data["force"],
            by=self.standing.user,
        )


class SpreadYear(OfAreasYear):
    """Put twelve months in place of a whole year, so that each is shared by what holds then."""

    title = "Spread a year into months"
    explained = (
        "An amount of a whole year is shared as on 1 April. Spread into months, a twelfth each, every "
        "month is shared by the rule, the members and the sizes that hold then. It can be put together "
        "again on the area’s money page."
    )
    nothing = "No amount of this year is entered for the whole year."
    done = "the year is spread into months."

    def is_about(self, group: ItemsAmounts) -> bool:
        """Whole years."""
        return group.first.whole_year

    def act(self, form: AmountsForm) -> object:
        """Spread them."""
        return amount_services.spread_over_months(
            area=self.area, amounts=form.chosen, by=self.standing.user
        )


class GatherYear(OfAreasYear):
    """Put one amount of the whole year in place of its months."""

    title = "Put months together into a year"
    explained = "All months of an item become one amount of the whole year, shared as on 1 April."
    nothing = "No amount of this year is entered in months."
    done = "the months are put together into a year."

    def is_about(self, group: ItemsAmounts) -> bool:
        """Months."""
        return not group.first.whole_year

    def act(self, form: AmountsForm) -> object:
        """Put them together."""
        return amount_services.gather_into_years(
            area=self.area, amounts=form.chosen, by=self.standing.user
        )


class TakeAwayDoubled(OfAreasYear):
    """Take away what counts twice: an amount that names nobody beside one that names a force, a year."""

    title = "Take away what counts twice"
    explained = (
        "These amounts stand beside others for the same money: without a force beside one that names "
        "it, or for a year beside its months. Nothing of the kind can be entered any more."
    )
    nothing = "Nothing of this year counts twice."
    done = "what counted twice is taken away."

    @cached_property
    def groups(self) -> list[ItemsAmounts]:
        """Only those that count twice."""
        return counting_twice(self.standing.alliance.pk, self.area, self.year)

    def act(self, form: AmountsForm) -> object:
        """Take them away."""
        return amount_services.take_away(area=self.area, amounts=form.chosen, by=self.standing.user)


class Doubled(InAlliance, TemplateView):
    """Every amount of the alliance that counts twice, with where it is taken away."""

    template_name = "savings/doubled.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The amounts, item by item."""
        return super().get_context_data(
            groups=counting_twice(self.standing.alliance.pk),
            may_change=self.standing.may(Action.CHANGE_AMOUNTS),
            **kwargs,
        )
