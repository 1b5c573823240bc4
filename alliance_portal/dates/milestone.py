"""What every page of one milestone begins with."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from business_areas.models import BusinessArea, Milestone
from programmes.pages import InAlliance


class InMilestone(InAlliance):
    """A page of a milestone of an area (`area_code` in the address) or of the programme."""

    milestone: Milestone

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the milestone, or 404. One query."""
        super().setup(request, *args, **kwargs)
        area = (
            {"area__code": kwargs["area_code"]} if "area_code" in kwargs else {"area__isnull": True}
        )
        self.milestone = get_object_or_404(
            Milestone.objects.select_related("area"),
            alliance=self.standing.alliance,
            code=kwargs["milestone_code"],
            **area,
        )
        self.milestone.alliance = self.standing.alliance

    @property
    def day(self) -> date:
        """The day that the page speaks of."""
        return self.standing.today

    @property
    def is_open(self) -> bool:
        """False once the area is withdrawn: nothing of it changes any more."""
        area = self.milestone.area
        return area is None or area.stage != BusinessArea.Stage.WITHDRAWN

    def link(self, name: str, **more: Any) -> str:
        """The address of a page of this milestone: `link("reason")`."""
        return milestone_url(self.milestone, name, code=self.standing.alliance.code, **more)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The milestone, what it is called with its area, and the addresses of its pages."""
        milestone = self.milestone
        links = {
            name.replace("-", "_"): self.link(name)
            for name in (
                *("change", "reason", "confirm", "slippage", "approve"),
                *("reached", "reached-correct", "remove"),
            )
        }
        return super().get_context_data(
            milestone=milestone,
            area=milestone.area,
            whole_name=whole_name(milestone),
            links=links,
            **kwargs,
        )


def whole_name(milestone: Milestone) -> str:
    """“Go live of Finance”; a milestone of the programme has its own name alone."""
    return f"{milestone.name}, {milestone.area.name}" if milestone.area else milestone.name


def milestone_url(milestone: Milestone, name: str, *, code: str, **more: Any) -> str:
    """The address of a milestone's page; its area must have been read."""
    if milestone.area:
        where = {"area_code": milestone.area.code, "milestone_code": milestone.code}
        return reverse(f"date-{name}", kwargs={"code": code, **where, **more})
    where = {"milestone_code": milestone.code}
    return reverse(f"programme-date-{name}", kwargs={"code": code, **where, **more})
