"""Every page that changes something in steps, with something of an alliance to change there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pgtrigger
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve, reverse

from alliance_portal.size_files.forms import Carried
from alliance_portal.workbook.stored import stored_workbook
from alliance_portal.workbook.writing import as_xlsx
from business_areas.models import BusinessArea, DesignStrand, Milestone
from business_areas.reasons import ANOTHER
from programmes.checked import CheckedPage
from programmes.models import Alliance
from programmes.services import Figure
from savings.engine.periods import year_slug
from savings.models import Amount, SharingRule
from savings.selectors.amounts_of_year import amounts_of_year
from tests import factories
from tests.forms_on_pages import filled_in

TOLD = "As the board was told."
WAYS = ("later", "earlier", "first")
# Whatever a check page asks beside the price.
ANSWERS = {
    "check-reason": TOLD,
    "check-sure": "on",
    "check-cause": "Other",
    **{f"check-reason_{way}": ANOTHER for way in WAYS},
    **{f"check-details_{way}": TOLD for way in WAYS},
}
JULY_2016 = date(2016, 7, 1)


@dataclass(frozen=True)
class Door:
    """A page: where, what is asked of it, and what is typed there over what stands there."""

    address: str
    typed: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, Any] = field(default_factory=dict)
    moves_money: bool = True
    content: bytes = b""

    @property
    def page(self) -> Any:
        """The view behind the address."""
        return resolve(self.address).func.view_class  # type: ignore[attr-defined]

    def filled_in(self, client: Client) -> dict[str, Any]:
        """What the page's form sends, with what is typed."""
        return {**filled_in(client.get(self.address, self.asked).content.decode()), **self.typed}

    def file(self) -> dict[str, Any]:
        """The file that is sent with it, anew each time; none where none was chosen."""
        return {"file": SimpleUploadedFile("book.xlsx", self.content)} if self.content else {}


def page_of(door: Callable[[Alliance], Door], alliance: Alliance) -> Any:
    """The page behind a door; what the door needs is taken back."""
    with transaction.atomic():
        page = door(alliance).page
        transaction.set_rollback(True)
    return page


def every_page() -> Iterator[type[CheckedPage[Any]]]:
    """The pages that an address leads to, and that change something in steps."""
    for view in every_view():
        if isinstance(view, type) and issubclass(view, CheckedPage):
            yield view


def every_view() -> Iterator[Any]:
    """Whatever an address leads to: a view's class where it has one."""
    for found in _patterns(get_resolver().url_patterns):
        yield getattr(found.callback, "view_class", found.callback)


def _patterns(found: Any) -> Iterator[URLPattern]:
    for each in found:
        if isinstance(each, URLPattern):
            yield each
        else:
            yield from _patterns(each.url_patterns)


def on(day: date, name: str) -> dict[str, str]:
    """A day as the boxes of its field take it."""
    parts = {"day": day.day, "month": day.month, "year": day.year}
    return {f"{name}_{part}": str(number) for part, number in parts.items()}


def at(name: str, *more: Any) -> str:
    return reverse(name, args=["hills", *more])


def go_live(alliance: Alliance) -> Milestone:
    """Fleet's, from whose date savings follow."""
    return Milestone.objects.get(alliance=alliance, area__code="fleet", kind="GO_LIVE")


def members(alliance: Alliance) -> Door:
    typed = {"shared_by": "some"}
    for force in alliance.forces.exclude(code="east"):
        typed[f"in_{force.pk}"] = "on"
    return Door(at("area-edit", "fleet", "members"), typed)


def brought_back(alliance: Alliance) -> Door:
    alliance.areas.filter(code="fleet").update(stage="WITHDRAWN")
    return Door(at("area-edit", "fleet", "stage"), {"stage": "DESIGN"})


def withdrawn(alliance: Alliance) -> Door:
    return Door(at("area-withdraw", "fleet"), {"reason": TOLD})


def many_dates(alliance: Alliance) -> Door:
    codes = [area.code for area in alliance.areas.order_by("code")]
    what = {"what": "month", "area": codes}
    return Door(at("areas-change"), {**what, "step": "check", "value": "11 2016"}, what)


def new_date(alliance: Alliance) -> Door:
    milestone = go_live(alliance)
    to = {"to": "2016-11-01", "provisional": "yes", "seen": milestone.revision}
    why = {"reason": ANOTHER, "details": TOLD}
    return Door(at("date-reason", "fleet", milestone.code), {**to, **why}, to)


def approved_date(alliance: Alliance) -> Door:
    typed = {**on(date(2016, 11, 1), "to"), "details": TOLD}
    return Door(at("date-approve", "fleet", "go-live"), typed, moves_money=False)


def reached(alliance: Alliance) -> Door:
    typed = {**on(JULY_2016, "to"), "details": TOLD}
    return Door(at("date-reached", "fleet", "review"), typed)


def not_reached(alliance: Alliance) -> Door:
    alliance.milestones.filter(code="review").update(actual_on=JULY_2016)
    typed = {"what": "day", **on(date(2016, 5, 1), "to"), "details": TOLD}
    return Door(at("date-reached-correct", "fleet", "review"), typed)


def lost_milestone(alliance: Alliance) -> Door:
    factories.milestone(alliance=alliance, area=alliance.areas.get(code="fleet"), code="by-the-way",
                        kind="OTHER")  # fmt: skip
    return Door(at("date-remove", "fleet", "by-the-way"), {"reason": TOLD}, moves_money=False)


def went_live(alliance: Alliance) -> Door:
    fleet = alliance.areas.get(code="fleet")
    alliance.areas.filter(pk=fleet.pk).update(stage="IMPLEMENTATION")
    alliance.milestones.filter(area=fleet, kind="GO_LIVE").update(approved_on=JULY_2016)
    for strand in DesignStrand.Strand.values:
        factories.design_strand(area=fleet, strand=strand, status="IN_PLACE")
    for force in alliance.forces.all():
        factories.staffing(area=fleet, force=force, as_at=date(2016, 6, 1), shared_fte=3)
    for item in fleet.items.filter(ramp__len__gt=0):
        factories.amount(item=item, version="APPROVED", starts_on=date(2016, 4, 1), whole_year=True)
    seen = go_live(alliance).revision
    asked = {"on": "2016-08-01", "seen": seen, "stage": "IMPLEMENTATION"}
    return Door(at("go-live-check", "fleet"), asked, asked)


def not_live(alliance: Alliance) -> Door:
    alliance.areas.filter(code="fleet").update(stage="LIVE")
    alliance.milestones.filter(area__code="fleet", kind="GO_LIVE").update(actual_on=JULY_2016)
    typed = {"what": "date", **on(date(2016, 5, 1), "on"), "reason": TOLD}
    return Door(at("go-live-correct", "fleet"), typed)


def amounts(alliance: Alliance, **of: Any) -> list[Amount]:
    return list(Amount.objects.filter(alliance=alliance, derived=False, **of).order_by("pk"))


def each(found: list[Amount]) -> dict[str, Any]:
    """These amounts, item by item, as the pages of an area's year name them."""
    wanted = {amount.pk for amount in found}
    groups = amounts_of_year(found[0].item.area, found[0].year)
    mine = [group for group in groups if wanted & {amount.pk for amount in group.amounts}]
    return {"amounts": [group.key for group in mine]}


def bearer(alliance: Alliance) -> Door:
    typed = {**each(amounts(alliance, item__code="fleet-cost", year=2016)), "force": "south"}
    return Door(at("money-bearers", "fleet", "2016-17"), typed, moves_money=False)


def months(alliance: Alliance) -> Door:
    """A month's amount in the grid of its area's year."""
    amount = next(each for each in amounts(alliance, item__ramp=[]) if not each.whole_year)
    year, version = year_slug(amount.year), amount.version.lower()
    name = f"c{amount.item_id}-{amount.borne_by_id or 0}-{amount.starts_on:%Y%m}"
    return Door(at("money-grid", amount.item.area.code, year, version), {name: "54,321.00"})


def spread(alliance: Alliance) -> Door:
    """A year under a rule that changes in the middle of it."""
    rule_from(alliance, date(2017, 10, 1))
    typed = each(amounts(alliance, item__code="fleet-cost", whole_year=True))
    return Door(at("money-spread", "fleet", "2017-18"), typed)


def gathered(alliance: Alliance) -> Door:
    rule_from(alliance, date(2016, 10, 1))
    typed = each(amounts(alliance, item__code="fleet-cost", whole_year=False))
    return Door(at("money-gather", "fleet", "2016-17"), typed)


def doubled(alliance: Alliance) -> Door:
    """A nameless amount beside a named one, as earlier data have it."""
    first = amounts(alliance, item__code="fleet-cost", whole_year=False)[0]
    with pgtrigger.ignore("savings.Amount:counts_once"):
        Amount.objects.create(
            **{
                name: getattr(first, name)
                for name in ("alliance", "item", "version", "starts_on", "whole_year", "year")
            },
            pence=5_00,
            borne_by=alliance.forces.get(code="north"),
        )
    return Door(at("money-area-doubled", "fleet", "2016-17"), each([first]))


def new_item(alliance: Alliance) -> Door:
    typed = {
        "name": "New posts",
        "kind": "SAVING",
        "recurrence": "RECURRING",
        "cashable": "CASHABLE",
        "milestone": go_live(alliance).pk,
        "full_year_pence": "120000",
        "ramp": "50;100",
    }
    return Door(at("money-item-add-area", "fleet"), typed)


def changed_item(alliance: Alliance) -> Door:
    return Door(at("money-item-edit", "fleet-derived"), {"full_year_pence": "54321.00"})


def lost_item(alliance: Alliance) -> Door:
    return Door(at("money-item-take-away", "fleet-saving"))


def release(alliance: Alliance) -> Door:
    typed = {**on(date(2015, 4, 1), "effective_on"), "source": "A later release"}
    return Door(at("money-sizes-record"), {**typed, "size-north": "9000"})


def sizes_grid(alliance: Alliance) -> Door:
    """Another figure of a date that has one."""
    size = alliance.sizes.get(force__code="north")
    name = f"s{size.force_id}-{size.effective_on:%Y%m%d}"
    return Door(
        at("money-sizes-grid", size.measure_id), {name: "9000", "source": "A later release"}
    )


def sizes_from_a_file(alliance: Alliance) -> Door:
    """Another figure of a date that has one, as a page carries it."""
    size = alliance.sizes.get(force__code="north")
    figure = Figure(size.force, size.effective_on, Decimal(9000), "march.xlsx, Data!I2")
    seen = {(size.force_id, size.effective_on): size.release}
    asked = {
        "figures": Carried("march.xlsx", (figure,), seen).token,
        "measure": str(size.measure_id),
    }
    key = f"{size.effective_on:%Y%m%d}-{size.force_id}"
    return Door(at("money-sizes-take"), {**asked, "take": key}, asked)


def sizes_withdrawn(alliance: Alliance) -> Door:
    size = alliance.sizes.get(force__code="north")
    again = factories.force_size(
        force=size.force,
        measure=size.measure,
        effective_on=size.effective_on,
        release=2,
        value=9000,
    )
    of = {"measure": size.measure_id, "effective_on": size.effective_on.isoformat()}
    return Door(at("money-sizes-withdraw"), {**of, "sizes": again.pk}, of)


@transaction.atomic
def rule_from(alliance: Alliance, day: date, area: BusinessArea | None = None) -> Any:
    """Equal shares from that day."""
    return factories.sharing_rule(alliance=alliance, area=area, effective_on=day, method="EQUAL")


EQUAL = {"method": "EQUAL", "source": "Minute 14"}


def rule(alliance: Alliance) -> Door:
    weights = {f"weight_{measure.pk}": "" for measure in alliance.measures.all()}
    typed = {**on(JULY_2016, "effective_on"), **EQUAL, **weights}
    return Door(at("money-rule-set"), typed)


def rule_ended(alliance: Alliance) -> Door:
    rule_from(alliance, date(2016, 4, 1), alliance.areas.get(code="fleet"))
    typed = {**on(JULY_2016, "effective_on"), "source": "Minute 14"}
    return Door(at("money-rule-end", "fleet"), typed)


def rule_corrected(alliance: Alliance) -> Door:
    weights = {f"weight_{measure.pk}": "" for measure in alliance.measures.all()}
    number = SharingRule.objects.get(alliance=alliance).pk
    return Door(at("money-rule-correct", number), {**EQUAL, **weights})


def rule_taken_away(alliance: Alliance) -> Door:
    """One that is to come."""
    number = rule_from(alliance, date(2017, 4, 1)).pk
    return Door(at("money-rule-take-away", number))


def facts(alliance: Alliance) -> Door:
    return Door(at("settings-facts"), on(date(2021, 3, 31), "target_on"))


def force(alliance: Alliance) -> Door:
    """A place in the order, by which odd pence go where shares are equal."""
    rule_from(alliance, date(2016, 4, 1))
    number = alliance.forces.get(code="north").pk
    return Door(at("settings-force", number), {"position": "3"})


def new_measure(alliance: Alliance) -> Door:
    return Door(at("settings-measure-add"), {"name": "Population"}, moves_money=False)


def measure(alliance: Alliance) -> Door:
    number = alliance.measures.get().pk
    return Door(at("settings-measure", number), {"name": "Officers"}, moves_money=False)


def new_stay(alliance: Alliance) -> Door:
    stay = alliance.memberships.get(force__code="east")
    alliance.memberships.filter(pk=stay.pk).update(left_on=date(2016, 6, 1))
    typed = {"force": stay.force_id, **on(date(2016, 10, 1), "joined_on")}
    return Door(at("settings-stay-add"), typed)


def stay(alliance: Alliance) -> Door:
    number = alliance.memberships.get(force__code="east").pk
    return Door(at("settings-stay", number), on(date(2016, 10, 1), "left_on"))


def lost_stay(alliance: Alliance) -> Door:
    number = alliance.memberships.get(force__code="east").pk
    return Door(at("settings-stay-gone", number))


def workbook(alliance: Alliance) -> Door:
    """The alliance's own, with another size in it."""
    book = stored_workbook(alliance)
    first, *rest = book.force_sizes
    sizes = (replace(first, value=Decimal(9000)), *rest)
    content = as_xlsx(replace(book, force_sizes=sizes))
    return Door(at("workbook"), content=content)


def narrative(alliance: Alliance) -> Door:
    typed = {"cause": TOLD, "is_recurrent": "no"}
    return Door(
        at("money-explain", "2016-07", "fleet", "cost", "recurring"), typed, moves_money=False
    )


EVERY: dict[str, Callable[[Alliance], Door]] = {
    door.__name__: door
    for door in (
        *(members, brought_back, withdrawn, many_dates, new_date, approved_date, reached),
        *(not_reached, lost_milestone, went_live, not_live, bearer, spread, gathered, doubled),
        *(new_item, changed_item, lost_item, release, sizes_grid, sizes_withdrawn, rule),
        sizes_from_a_file,
        *(
            rule_ended,
            rule_corrected,
            rule_taken_away,
            facts,
            force,
            new_measure,
            measure,
            new_stay,
            stay,
        ),
        *(lost_stay, workbook, months, narrative),
    )
}
