"""Whatever a person can do to an alliance, through the services and through the pages."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from business_areas.models import ApprovalRequest, BusinessArea, Milestone
from business_areas.reasons import ANOTHER
from programmes.models import Alliance, Force, ForceSize, Membership, SizeMeasure, User
from programmes.services import save_alliance, save_force, save_membership
from savings import services
from savings.models import Amount, Item
from tests import factories
from tests.processes.visitor import hidden
from tests.processes.writer import Writer

REFUSED = (ValidationError, DatabaseError, ObjectDoesNotExist)
WHY = {
    "check-reason": "The board has asked for it",
    **{f"check-{name}": "They go back" for name in ("people", "savings", "shares")},
}
TOLD = "As the board was told."


class NotAsked(ValidationError):
    """The page did not come as far as asking whether to save."""

    def __init__(self, answer: Any) -> None:
        super().__init__(f"{answer.status_code}")


class ByService(Writer):
    """What the services take; a seed repeats what it tries."""

    alliance: Alliance

    WAYS = (
        *("size", "amount", "new_amount", "lost_amount", "rule", "no_rule", "member"),
        *("milestone", "ramp", "year_amount", "kind", "lost_item", "stay", "order", "target"),
    )

    def year_amount(self) -> None:
        """A whole year's, perhaps later than any other, and borne by somebody."""
        starts_on = date(self.draw.choice([2016, 2017, 2018]), 4, 1)
        amount = Amount(
            item=self.any_of(Item, ramp=[]),
            version=self.draw.choice(Amount.Version.values),
            starts_on=starts_on,
            whole_year=True,
            pence=self.draw.randint(-(10**6), 10**7),
            borne_by=self.draw.choice([None, self.any_of(Force)]),
        )
        services.save_amount(amount=amount, by=self.by)

    def kind(self) -> None:
        item = self.any_of(Item)
        item.kind = self.draw.choice(Item.Kind.values)
        item.cashable = "CASHABLE" if item.kind == "SAVING" else ""
        item.offset_months = self.draw.randint(0, 3)
        services.save_item(item=item, by=self.by)

    def lost_item(self) -> None:
        if self.draw.random() < 0.9:  # or there are soon none
            raise Item.DoesNotExist
        services.delete_item(item=self.any_of(Item), by=self.by)

    def stay(self) -> None:
        stay = self.any_of(Membership)
        stay.joined_on = self.draw.choice([None, date(2016, 6, 1)])
        stay.left_on = self.draw.choice([None, date(2017, 2, 1)])
        save_membership(membership=stay, by=self.by)

    def order(self) -> None:
        force = self.any_of(Force)
        force.position = self.draw.randint(1, 3)
        force.name = f"{force.code.title()} {self.draw.choice(['Police', 'Constabulary'])}"
        save_force(force=force, by=self.by)

    def target(self) -> None:
        alliance = Alliance.objects.get(pk=self.alliance.pk)
        alliance.target_on = date(self.draw.choice([2017, 2018, 2019]), 3, 31)
        save_alliance(alliance=alliance, by=self.by)


class OnPages(Writer):
    """What the pages take: what is checked is shown first, then saved as it was shown.

    `shown` is the digest of the price that the page showed; blank where it shows none.
    """

    alliance: Alliance

    def __init__(self, seed: int, alliance: Alliance, by: User, client: Client) -> None:
        super().__init__(seed, alliance, by)
        self.client, self.shown = client, ""
        self.meanwhile: Callable[[], None] = lambda: None

    WAYS = (
        *("size", "members", "date", "month", "asked", "agreed", "reached", "not_reached"),
        *("withdrawal", "stage", "new_milestone", "lost_milestone"),
        *("size_withdrawn", "bearer", "spread", "gather", "months"),
        "sizes_by_date",
    )
    PRICED = (
        *("size", "size_withdrawn", "members", "date", "month", "reached", "not_reached"),
        *("withdrawal", "stage", "months", "sizes_by_date"),
    )

    def save(
        self, address: str, asked: Any, price: Callable[[Any], Any] | None, **more: Any
    ) -> None:
        """Send the page that asks whether to save, with what it carries."""
        if asked.status_code != 200 or b"Nothing has been" not in asked.content:
            raise NotAsked(asked)
        self.shown = price(asked.context).digest if price else ""
        self.meanwhile()
        self.sent(self.client.post(address, {**self.carried(asked), "save": "1", **more}))

    def carried(self, answer: Any) -> dict[str, Any]:
        return hidden(answer.content.decode())

    def sent(self, answer: Any) -> None:
        if answer.status_code != 302:
            raise NotAsked(answer)

    def address(self, name: str, *more: str) -> str:
        return reverse(name, args=[self.alliance.code, *more])

    def a_day(self, name: str, on: date) -> dict[str, str]:
        return {
            f"{name}_day": str(on.day),
            f"{name}_month": str(on.month),
            f"{name}_year": str(on.year),
        }

    def size(self) -> None:
        address = self.address("money-sizes-record")
        typed = {
            "measure": SizeMeasure.objects.get(alliance=self.alliance).pk,
            **self.a_day("effective_on", self.draw.choice([date(2016, 3, 31), date(2017, 4, 1)])),
            "source": f"Release {self.draw.random()}",
        }
        forces = list(self.alliance.forces.all())
        for force in self.draw.sample(forces, self.draw.randint(1, len(forces))):
            typed[f"size-{force.code}"] = str(self.draw.randint(1, 5000))
        asked = self.client.post(address, typed)
        sure = {"check-sure": "on"}
        self.save(address, asked, lambda page: page["effect"], **sure)

    def sizes_by_date(self) -> None:
        """Some cells of the grid of sizes."""
        measure = SizeMeasure.objects.get(alliance=self.alliance).pk
        address = self.address("money-sizes-grid", str(measure))
        page = self.client.get(address, {"also": ["2016-03-31", "2017-04-01"]})
        # Of the added dates: of the other one somebody else's figure is shown as such, not priced.
        boxes = re.findall(r'name="(s\d+-201[67]\d{4})"', page.content.decode())
        chosen = self.draw.sample(boxes, self.draw.randint(1, 4))
        typed = {name: str(self.draw.randint(1, 5000)) for name in chosen}
        given = {"source": f"Release {self.draw.random()}", "also": ["2016-03-31", "2017-04-01"]}
        asked = self.client.post(address, {"seen": self.carried(page)["seen"], **given, **typed})
        also = {**WHY, "check-sure": "on", "also": given["also"]}
        self.save(address, asked, lambda page: page["effect"], **also)

    def size_withdrawn(self) -> None:
        size = self.any_of(ForceSize, withdrawn_at=None)
        address = self.address("money-sizes-withdraw")
        of = {"measure": size.measure_id, "effective_on": size.effective_on.isoformat()}
        asked = self.client.post(address, {**of, "sizes": size.pk})
        self.save(address, asked, lambda page: page["effect"], **WHY)

    def bearer(self) -> None:
        self.amounts("bearers", force=self.draw.choice(["", "north", "south"]))

    def spread(self) -> None:
        self.amounts("spread")

    def gather(self) -> None:
        self.amounts("gather")

    def amounts(self, page: str, **more: str) -> None:
        """Some of an area's year, as the page offers them."""
        area, year = self.any_of(BusinessArea), self.draw.choice(["2016-17", "2017-18"])
        address = self.address(f"money-{page}", area.code, year)
        offered = re.findall(r'name="amounts" type="checkbox" value="([^"]+)"', self.text(address))
        if not offered:
            raise NotAsked(self.client.get(address))
        chosen = self.draw.sample(offered, min(len(offered), self.draw.randint(1, 3)))
        asked = self.client.post(address, {"amounts": chosen, **more})
        if asked.status_code != 302:  # within a rehearsal there is nothing to check
            self.save(address, asked, lambda page: page["effect"], amounts=chosen, **WHY)

    def months(self) -> None:
        """Some cells of an area's grid."""
        area, year = self.any_of(BusinessArea), self.draw.choice(["2016-17", "2017-18"])
        version = self.draw.choice(["approved", "forecast", "actual"])
        address = self.address("money-grid", area.code, year, version)
        page = self.client.get(address)
        boxes = re.findall(r'name="(c\d+-\d+-\d{6})"', page.content.decode())
        if not boxes:
            raise NotAsked(page)
        chosen = self.draw.sample(boxes, self.draw.randint(1, 6))
        typed = {name: self.draw.choice(["", str(self.draw.randint(-99, 9999))]) for name in chosen}
        asked = self.client.post(address, {"seen": self.carried(page)["seen"], **typed})
        if asked.status_code != 302:  # within a rehearsal there is nothing to check
            also = {"check-cause": "Other", "check-sure": "on"}
            self.save(address, asked, lambda page: page["effect"], **WHY, **also)

    def text(self, address: str) -> str:
        return self.client.get(address).content.decode()

    def members(self) -> None:
        area = self.any_of(BusinessArea)
        address = self.address("area-edit", area.code, "members")
        chosen = self.draw.sample(list(self.alliance.forces.all()), self.draw.randint(1, 3))
        typed = {"shared_by": self.draw.choice(["all", "some", "some"])}
        for force in chosen:
            typed[f"in_{force.pk}"] = "on"
            if self.draw.random() < 0.3:
                typed |= self.a_day(f"joined_{force.pk}", date(2016, 7, 1))
        self.part(address, typed)

    def part(self, address: str, typed: dict[str, str]) -> None:
        page = self.client.get(address)
        if page.status_code != 200:
            raise NotAsked(page)
        asked = self.client.post(address, {**self.carried(page), **typed})
        if asked.status_code != 302:
            self.save(address, asked, lambda page: page["rehearsed"].effect, **WHY)

    def stage(self) -> None:
        area = self.any_of(BusinessArea)
        stage = self.draw.choice(BusinessArea.Stage.values)
        self.part(self.address("area-edit", area.code, "stage"), {"stage": stage})

    def withdrawal(self) -> None:
        area = self.any_of(BusinessArea)
        address = self.address("area-withdraw", area.code)
        asked = self.client.get(address)
        self.save(address, asked, lambda page: page["preview"].effect, reason=TOLD)

    def milestone_of(self, *, goes_live: bool | None = None) -> Milestone:
        of: dict[str, Any] = {}
        if goes_live is not None:
            of["kind__in"] = ["GO_LIVE"] if goes_live else ["OTHER", "REVIEW", "DECISION"]
        found: Milestone = self.any_of(Milestone, **of)
        return found

    def of(self, milestone: Milestone, name: str) -> str:
        if milestone.area is None:
            return self.address(f"programme-date-{name}", milestone.code)
        return self.address(f"date-{name}", milestone.area.code, milestone.code)

    def a_month(self) -> date:
        return date(
            self.draw.choice([2016, 2017]), self.draw.randint(1, 12), self.draw.choice([1, 15])
        )

    def date(self) -> None:
        milestone = self.milestone_of()
        address = self.of(milestone, "reason")
        to = {"to": self.a_month().isoformat(), "provisional": "no", "seen": milestone.revision}
        page = self.client.get(address, to)
        if page.status_code != 200:
            raise NotAsked(page)
        reasons = [value for value, _ in page.context["form"].fields["reason"].choices]
        told = {"reason": self.draw.choice(reasons), "details": TOLD}
        self.save(address, self.client.post(address, {**to, **told}), _priced)

    def month(self) -> None:
        """The go-lives of all areas to one month."""
        address = self.address("areas-change")
        codes = [area.code for area in self.alliance.areas.order_by("code")]
        month = f"{self.draw.randint(1, 12)} {self.draw.choice([2016, 2017])}"
        given = {"what": "month", "area": codes, "value": month}
        asked = self.client.post(address, {**given, "step": "check"})
        seen = re.findall(r'name="seen" value="([^"]*)"', asked.content.decode())
        told = {f"check-details_{way}": TOLD for way in ("later", "earlier", "first")}
        told |= {f"check-reason_{way}": ANOTHER for way in ("later", "earlier", "first")}
        shows = asked.context and asked.context.get("effect")
        self.save(address, asked, _priced if shows else None, **given, **told, seen=seen)

    def asked(self) -> None:
        """An approved date; nothing moves yet."""
        typed = {**self.a_day("to", self.a_month()), "details": TOLD}
        self.checked(self.milestone_of(), "approve", typed, None)

    def agreed(self) -> None:
        """Somebody else agrees to what was asked for."""
        request = self.any_of(ApprovalRequest, state=ApprovalRequest.State.WAITING)
        address = f"{self.of(request.milestone, 'approve')}{request.pk}/"
        second = Client()
        second.force_login(factories.administrator())
        carried = self.carried(second.get(address))
        self.sent(second.post(address, {**carried, "agree": "1"}))

    def reached(self) -> None:
        milestone = self.milestone_of(goes_live=False)
        typed = {**self.a_day("to", self.a_month()), "details": TOLD}
        self.checked(milestone, "reached", typed, _priced)

    def not_reached(self) -> None:
        milestone = self.milestone_of(goes_live=False)
        typed = {"what": self.draw.choice(["not", "day"]), "details": TOLD}
        if typed["what"] == "day":
            typed |= self.a_day("to", self.a_month())
        self.checked(milestone, "reached-correct", typed, _priced)

    def checked(self, milestone: Milestone, name: str, typed: Any, price: Any) -> None:
        address = self.of(milestone, name)
        given = {**typed, "seen": milestone.revision}
        asked = self.client.post(address, given)
        if price and not (asked.context and asked.context.get("effect")):
            price = None
        self.save(address, asked, price, **given)

    def new_milestone(self) -> None:
        area = self.any_of(BusinessArea)
        kind = self.draw.choice(["OTHER", "DECISION"])
        typed = {"name": f"{kind} {self.draw.randint(1, 9)}", "kind": kind, "provisional": "yes"}
        typed |= self.a_day("forecast_on", self.a_month())
        self.sent(self.client.post(self.address("area-add-milestone", area.code), typed))

    def lost_milestone(self) -> None:
        milestone = self.milestone_of(goes_live=False)
        address = self.of(milestone, "remove")
        page = self.client.get(address)
        if page.status_code != 200:
            raise NotAsked(page)
        self.sent(self.client.post(address, {**self.carried(page), "reason": TOLD}))


def _priced(page: Any) -> Any:
    return page["effect"]
