"""An area that has everything it needs to go live, with money that starts from that day."""

import html
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import HttpResponse
from django.test import Client

from business_areas.models import DesignStrand, Milestone
from programmes.models import Role, User
from tests import factories
from tests.alliance_portal.dates.moves import an_alliance, derive_and_share
from tests.saving import saved
from tests.scenes import Scene

TODAY = date(2017, 2, 1)
WENT_LIVE = date(2017, 1, 16)
AREA = "/alliances/hills/areas/fleet/"
GO_LIVE = f"{AREA}go-live/"
CHECK, LIVE = f"{GO_LIVE}check/", f"{GO_LIVE}live/"
MARK, CORRECT = f"{GO_LIVE}not-applicable/", f"{GO_LIVE}correct/"
WHY = "The teams moved in on the ninth."


@dataclass(frozen=True)
class Ready:
    """The scene, its go-live milestone; alice and bert manage, bob looks, mallory is from elsewhere."""

    scene: Scene
    milestone: Milestone
    alice: User
    bert: User
    bob: User
    mallory: User

    def client(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def stage(self) -> str:
        self.scene.fleet.refresh_from_db()
        return self.scene.fleet.stage

    def now(self) -> Milestone:
        return Milestone.objects.get(pk=self.milestone.pk)


def a_ready_area() -> Ready:
    """Fleet in implementation: an approved date, three strands, people of each force, approved money.

    Today is 1 February 2017; it is expected on 1 April 2017; the alliance began on 1 March 2015.
    """
    known = an_alliance()
    scene = known.scene
    scene.fleet.stage = "IMPLEMENTATION"
    scene.fleet.save()
    for strand in DesignStrand.Strand.values:
        factories.design_strand(area=scene.fleet, strand=strand, status="IN_PLACE")
    for force, fte in zip(scene.forces, ("10.5", "6", "0"), strict=True):
        factories.staffing(
            area=scene.fleet, force=force, as_at=date(2017, 1, 1), shared_fte=Decimal(fte)
        )
    for item in scene.fleet.items.all():
        scene.amount(item, 100_000, 2017)
    derive_and_share(scene)
    bob, mallory = factories.user(name="Bob Baker"), factories.user(name="Mallory")
    factories.role(alliance=scene.alliance, user=bob)
    factories.role(user=mallory, kind=Role.Kind.PROGRAMME_MANAGER)
    return Ready(scene, known.milestone, known.alice, known.bob, bob, mallory)


def words(answer: HttpResponse) -> str:
    """The page's text on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def summary(answer: HttpResponse) -> list[str]:
    """The sentences of the error summary, whose links all lead somewhere on the page."""
    page = answer.content.decode()
    part = page.split("govuk-error-summary__list")[1].split("</ul>")[0]
    for target in re.findall(r'href="#([^"]+)"', part):
        assert f'id="{target}"' in page
    return [html.unescape(text) for text in re.findall(r"<li>(?:<a[^>]*>)?([^<]+)", part)]


def typed(on: date | tuple[str, str, str], **more: str) -> dict[str, str]:
    day, month, year = on if isinstance(on, tuple) else (on.day, on.month, on.year)
    return {"on_day": str(day), "on_month": str(month), "on_year": str(year), **more}


def asked(ready: Ready, on: date = WENT_LIVE, **more: str) -> dict[str, str]:
    """What the check page carries."""
    seen = str(ready.now().revision)
    return {"on": on.isoformat(), "seen": seen, "stage": ready.stage(), **more}


def priced(answer: HttpResponse) -> str:
    found = re.search(r'name="priced" value="(\w+)"', answer.content.decode())
    assert found
    return found[1]


def take_live(ready: Ready, on: date = WENT_LIVE) -> None:
    assert saved(ready.client(ready.alice), CHECK, asked(ready, on))["Location"] == LIVE


def correction(ready: Ready, on: date | None, **more: str) -> dict[str, str]:
    what = {"what": "date", **typed(on)} if on else {"what": "not"}
    return {"seen": str(ready.now().revision), "reason": WHY, **what, **more}


def lose(ready: Ready, strand: str = "TECHNOLOGY", status: str = "IN_DESIGN") -> None:
    DesignStrand.objects.filter(area=ready.scene.fleet, strand=strand).update(status=status)
