"""The readiness list as its page shows it: each item with the page on which it is put right."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from alliance_portal.go_live.forms import NotApplicableForm
from business_areas.models import BusinessArea, DesignStrand, Milestone, NotApplicable
from business_areas.models.milestones import DUE_ON
from business_areas.readiness import Need, Readiness
from business_areas.services.areas import BEFORE_LIVE
from programmes.models import Alliance
from savings.engine.periods import financial_year_of, year_slug

Item = NotApplicable.Item


@dataclass(frozen=True)
class Task:
    """An item; `url` is where it is put right or read, `form` marks it as not applicable."""

    need: Need
    url: str
    form: NotApplicableForm | None
    may_undo: bool = False

    @property
    def status(self) -> str:
        """The colour of its tag."""
        if self.need.is_met:
            return "GREEN"
        return "NOT_RATED" if self.need.mark else "AMBER"

    @property
    def state(self) -> str:
        """The word of its tag."""
        if self.need.is_met:
            return "Done"
        return "Not applicable" if self.need.mark else "Missing"


def tasks_of(
    readiness: Readiness,
    go_live: Milestone | None,
    *,
    day: date,
    may_manage: bool,
    may_ask: bool,
    sent: NotApplicableForm | None = None,
) -> list[Task]:
    """Every item in its order; `sent` is a form that came back with mistakes. No query.

    A reader who may not change the area is led to the pages on which it can be read.
    """
    found = []
    for need in readiness.needs:
        form = None
        if may_manage and sent is not None and sent.need.item == need.item:
            form = sent
        elif may_manage and need.is_missing:
            form = NotApplicableForm(need=need)
        if may_manage:
            url = _where_put_right(readiness.area, go_live, need.item, day, may_ask)
        else:
            url = _where_read(readiness.area, go_live, need.item, day)
        found.append(Task(need, url, form, may_undo=may_manage))
    return found


def _where_put_right(
    area: BusinessArea, go_live: Milestone | None, item: str, day: date, may_ask: bool
) -> str:
    """The page on which an item is put right."""
    here = [area.alliance.code, area.code]
    if item == Item.APPROVED_DATE and go_live is None:
        return reverse("area-add-milestone", args=here)
    if item == Item.APPROVED_DATE and go_live is not None and may_ask:
        return reverse("date-approve", args=[*here, go_live.code])
    if item in DesignStrand.Strand.values:
        return f"{reverse('area-edit', args=[*here, 'design'])}#id_status_{item}_0"
    if item == Item.PEOPLE:
        return reverse("area-edit", args=[*here, "people"])
    return _where_read(area, go_live, item, day)


def _where_read(area: BusinessArea, go_live: Milestone | None, item: str, day: date) -> str:
    """The page on which everybody can read of it."""
    here = [area.alliance.code, area.code]
    if item == Item.APPROVED_DATE and go_live is not None:
        return reverse("date-change", args=[*here, go_live.code])
    if item in (Item.CONSULTATION, Item.DECISION):
        return f"{reverse('area', args=here)}#milestones"
    if item == Item.MONEY:
        on = go_live.expected_on if go_live else None
        year = year_slug(financial_year_of(on or day))
        return f"{reverse('money-area', args=[*here, year])}?version=approved&kind=net"
    return reverse("area", args=here)


def next_to_go_live(alliance: Alliance) -> Milestone | None:
    """The go-live that is expected first among areas that are not live, with its area. One query."""
    waiting = Milestone.objects.filter(
        alliance=alliance,
        kind=Milestone.Kind.GO_LIVE,
        actual_on__isnull=True,
        area__stage__in=BEFORE_LIVE,
        area__on_hold_since__isnull=True,
    )
    dated = waiting.annotate(on=DUE_ON).filter(on__isnull=False)
    return dated.select_related("area").order_by("on", "area__name").first()
