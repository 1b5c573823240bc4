"""What every go-live page of an area begins with."""

from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from alliance_portal.dates.checked import milestone_conflict
from alliance_portal.go_live.readiness import readiness_of
from business_areas import services
from business_areas.lateness import Slippage, rebaselined_by
from business_areas.models import BusinessArea, Milestone
from business_areas.readiness import Readiness
from programmes import words
from programmes.checked import Conflict, Difference
from programmes.pages import InAlliance


class InGoLive(InAlliance):
    """A page of an area's going live: what it needs, and the milestone that it would reach."""

    readiness: Readiness
    go_live: Milestone | None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the area, or 404. Two queries."""
        super().setup(request, *args, **kwargs)
        found = readiness_of(self.standing.alliance, self.day, kwargs["area_code"])
        if found is None:
            raise Http404("The alliance has no business area with this address.")
        self.readiness = found
        self.go_live = self.area.milestones.filter(kind=Milestone.Kind.GO_LIVE).first()
        if self.go_live is not None:
            self.go_live.area, self.go_live.alliance = self.area, self.standing.alliance

    @property
    def area(self) -> BusinessArea:
        """The area as it stands."""
        return self.readiness.area

    @property
    def day(self) -> date:
        """The day that the page speaks of."""
        return self.standing.today

    @cached_property
    def _refusal(self) -> ValidationError | None:
        try:
            services.check_take_live(
                area=self.area,
                go_live=self.go_live,
                on=self.day,
                readiness=self.readiness,
                day=self.day,
            )
        except ValidationError as problem:
            return problem
        return None

    @property
    def obstacle(self) -> str:
        """Why the area cannot go live today, in a sentence; empty if it can."""
        return " ".join(self._refusal.messages) if self._refusal else ""

    @property
    def is_only_missing(self) -> bool:
        """Whether nothing but what the list shows stands in the way."""
        return isinstance(self._refusal, services.NotReady)

    def to(self, name: str) -> HttpResponse:
        """Off to another page of this area: `to("go-live")`."""
        return redirect(name, code=self.standing.alliance.code, area_code=self.area.code)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The area, its milestone and its readiness."""
        return super().get_context_data(
            area=self.area, go_live=self.go_live, readiness=self.readiness, **kwargs
        )

    def slippage(self, on: date | None) -> str:
        """How far a day lies from the approved one, and that from the one first promised."""
        if self.go_live is None or self.go_live.approved_on is None or on is None:
            return ""
        days = (on - self.go_live.approved_on).days
        return Slippage(days, rebaselined=rebaselined_by(self.go_live)).words

    def conflict(self, seen: int, seen_stage: str | None, yours: date | None) -> Conflict:
        """What someone else saved first, beside the date that was typed."""
        assert self.go_live is not None
        self.go_live.refresh_from_db(fields=["forecast_on", "approved_on", "actual_on", "revision"])
        self.area.refresh_from_db(fields=["stage"])
        typed = {"actual_on": words.day(yours, "no date")}
        found = milestone_conflict(self.go_live, seen, typed, self.standing.user)
        if seen_stage in (None, self.area.stage):
            return found
        was = dict(BusinessArea.Stage.choices).get(seen_stage or "", "not known")
        stage = Difference("Stage", was, self.area.get_stage_display(), "–")
        return replace(found, differences=(stage, *found.differences))
