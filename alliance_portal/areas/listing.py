"""The list of business areas to work from, and the same list as a file."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.generic import TemplateView

from alliance_portal.as_at.assess import assess
from alliance_portal.as_at.budget import read_plans_of
from alliance_portal.as_at.facts import read_facts
from business_areas.downloads import COLUMNS, table_of
from business_areas.filters import AreaFilter
from business_areas.models import Milestone
from business_areas.selectors.listing import (
    AreaCounts,
    AreaRow,
    Said,
    SaidOf,
    area_counts,
    area_rows,
)
from business_areas.views.listing import HEADS, PAGE
from business_areas.views.many import MOST_AT_ONCE
from programmes.downloads import Download
from programmes.models import Alliance
from programmes.pages import InAlliance
from programmes.paging import part_of
from programmes.permissions import Action, Standing
from programmes.saved_views import views_of
from programmes.tables import table_file
from savings.selectors.totals import read_totals, year_of


@dataclass(frozen=True)
class AreaList:
    """What the address asks for: the filter, the rows in its order, and the counts of all areas.

    `milestones` are those of all the alliance's areas, by area.
    """

    filters: AreaFilter
    rows: tuple[AreaRow, ...]
    counts: AreaCounts
    milestones: dict[int, tuple[Milestone, ...]]


def area_list(standing: Standing, asked: QueryDict) -> AreaList:
    """The list as at the alliance's day. Nine queries, however many areas."""
    alliance = standing.alliance
    day = standing.today
    facts = read_facts([alliance])[alliance.pk]
    said = _said(alliance, facts)
    filters = AreaFilter(asked, user=standing.user, alliance=alliance, day=day, said=said)
    every = filters.queryset.select_related("lead_force", "owner").order_by(
        "category", "name", "pk"
    )
    filters.queryset = every
    counts = area_counts(every, said, standing.user, day)
    shown = set(filters.qs.values_list("pk", flat=True)) if filters.is_narrowed else None
    areas = [
        area
        for area in every
        if (area.pk in shown if shown is not None else area.stage != "WITHDRAWN")
    ]
    milestones = {each.area.pk: each.milestones for each in facts.areas}
    dated = [milestone for found in milestones.values() for milestone in found]
    rows = area_rows(areas, dated, said, day, filters.order)
    return AreaList(filters, rows, counts, milestones)


def _said(alliance: Alliance, facts: Any) -> dict[int, Said]:
    """Each area's statuses and last update, as the dashboard has them. One query."""
    totals = read_totals([alliance.pk]).get(alliance.pk, {})
    year = year_of(totals, facts.day)
    updated = {each.area.pk: each.updated_on for each in facts.areas}
    return {
        each.area.pk: Said(
            worst=str(each.worst),
            statuses=tuple(
                SaidOf(str(status.strand.label), status.tag, status.words, status.set_by)
                for status in each.statuses
            ),
            updated_on=updated[each.area.pk],
        )
        for each in assess(facts, read_plans_of(alliance.pk, totals, year), year).areas
    }


class BusinessAreas(InAlliance, TemplateView):
    """The areas that the address asks for, to work from."""

    template_name = "business_areas/businessarea_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rows of the page asked for, the counts, the views, and how each head sorts."""
        alliance = self.standing.alliance
        found = area_list(self.standing, self.request.GET)
        asked = found.filters.asked
        part = part_of(found.rows, self.request.GET.get("page", ""))
        may_manage = self.standing.may(Action.MANAGE_AREAS)
        return super().get_context_data(
            filters=found.filters,
            me=str(self.standing.user.pk),
            part=part,
            here="&".join(each for each in (found.filters.query, part.query) if each),
            counts=found.counts,
            heads=[_head(asked, label, order) for label, order in HEADS],
            views=views_of(alliance=alliance, user=self.standing.user, page=PAGE),
            may_manage=may_manage,
            may_tick=may_manage and len(part.rows) <= MOST_AT_ONCE,
            most_at_once=MOST_AT_ONCE,
            all_ticked=self.request.GET.get("tick") == "all",
            **kwargs,
        )


def _head(asked: dict[str, str], label: str, order: str) -> dict[str, str]:
    """A column's head: the address that sorts by it (or the other way round), and how it sorts now."""
    now = asked.get("sort", "")
    query = QueryDict(mutable=True)
    query.update({**asked, "sort": f"-{order}" if now == order else order})
    sorts = {order: "ascending", f"-{order}": "descending"}.get(now, "")
    return {"label": label, "query": query.urlencode(), "sorts": sorts}


class AreasFile(Download):
    """The list as a file: what the page with the same query shows."""

    ending = "csv"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The rows, from one moment of the database."""
        rows = table_of(area_list(self.standing, request.GET).rows)
        name = f"{self.standing.alliance.code}-areas"
        return table_file(name, self.ending, "areas", COLUMNS, rows)
