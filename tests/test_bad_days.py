"""Every page where there is little, nothing, or far too much to show: it looks intended.

An alliance without areas, without money, with one force left, after two years of silence, with forty
areas overdue, with only a withdrawn area, and with names that are as long and as odd as can be.
"""

import html
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from programmes.models import Alliance, Role
from savings import recompute
from tests import factories

pytestmark = pytest.mark.django_db

DAY = date(2017, 12, 31)
ODD = "<b>" + "W" * 190 + "</b>"

OF_AREA = "areas/fleet/"
OF_GO_LIVE = f"{OF_AREA}milestones/go-live/"
PAGES = [
    *("", "about/", "changes/", "figures/", "statuses/", "statuses/programme/budget/"),
    *("roadmap/", "areas/", "areas/?show=overdue", "areas/list/add/", "areas/list/save-view/"),
    *("dates/", "dates/?tab=moved", "dates/?first=2015-01&last=2019-12"),
    *("money/", "money/rules/", "money/sizes/", "money/runs/"),
    *(OF_AREA, f"{OF_AREA}history/", f"{OF_AREA}hold/", f"{OF_AREA}withdraw/"),
    *(f"{OF_AREA}edit/{part}/" for part in ("summary", "lead", "stage", "design", "people")),
    *(f"{OF_AREA}edit/members/", "statuses/areas/fleet/budget/", "money/areas/fleet/2017-18/"),
    *(OF_GO_LIVE, f"{OF_GO_LIVE}slippage/", f"{OF_GO_LIVE}approved/"),
    f"{OF_GO_LIVE}reason/?to=2019-01-01&seen=1",
]


def alliance(**left: Any) -> Alliance:
    """Two forces, of which the second may have left."""
    found = factories.alliance(code="hills", name="Hills", held_on=DAY)
    for number in (1, 2):
        factories.membership(force=factories.force(alliance=found), **(left if number == 2 else {}))
    return found


def fleet(of: Alliance, go_live: dict[str, Any], **fields: Any) -> None:
    given = {"code": "fleet", "name": "Fleet", "last_update_on": DAY, **fields}
    area = factories.area(alliance=of, **given)
    factories.milestone(area=area, code="go-live", name=f"Go live {area.pk}", **go_live)


def no_areas() -> None:
    alliance()


def no_money() -> None:
    go_live = {"approved_on": date(2018, 4, 1), "forecast_on": date(2018, 7, 1)}
    fleet(alliance(), go_live, stage="DESIGN")


def one_force() -> None:
    of = alliance(left_on=date(2017, 1, 1))
    fleet(of, {"actual_on": date(2017, 4, 1)}, stage="LIVE")
    factories.sharing_rule(alliance=of)
    item = factories.item(area=of.areas.get())
    factories.amount(item=item, version="FORECAST", starts_on=date(2017, 6, 1))
    recompute.bring_up_to_date(alliance_id=of.pk, cause="A bad day", everything=True)


def silence() -> None:
    fleet(alliance(), {"baseline_on": date(2018, 4, 1)}, last_update_on=date(2015, 12, 31))


def forty_overdue() -> None:
    of = alliance()
    for number in range(40):
        name = {"code": f"area-{number}", "name": f"Area {number}"} if number else {}
        fleet(of, {"forecast_on": date(2017, 11, 1)}, stage="DESIGN", **name)


def withdrawn() -> None:
    fleet(alliance(), {}, stage="WITHDRAWN")


def odd_names() -> None:
    of = alliance()
    of.name = ODD
    of.save()
    of.forces.update(name=ODD[:150])
    fleet(of, {}, stage="DESIGN", name=ODD, head=ODD, summary=ODD)
    of.milestones.update(name=ODD)


@pytest.fixture
def look(client: Client) -> Callable[[str], str]:
    """The words of a page of the alliance, as its programme manager reads them; its frame is sound."""

    def looked(path: str) -> str:
        if not hasattr(client, "reader"):
            of, kind = Alliance.objects.get(), Role.Kind.PROGRAMME_MANAGER
            client.reader = factories.role(alliance=of, kind=kind, user=factories.user(name=ODD))  # type: ignore[attr-defined]
            client.force_login(client.reader.user)  # type: ignore[attr-defined]
        address = path if path.startswith("/") else f"/alliances/hills/{path}"
        answer = client.get(address, follow=True)
        assert answer.status_code in (200, 404), address
        page = answer.content.decode()
        assert "<b>W" not in page, address
        assert not re.search(r"<tbody>\s*</tbody>|<ul[^>]*>\s*</ul>|<dl[^>]*>\s*</dl>", page), (
            address
        )
        assert page.count("<h1") == 1, address
        text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page.split("<main")[1])))
        assert not re.search(r"\bNone\b(?! (?:of|yet|is|was))|\bnan\b|\[\]|\{\}", text), address
        return text.replace(" .", ".").replace(" ,", ",")

    return looked


SAYS: dict[Callable[[], None], dict[str, str]] = {
    no_areas: {
        "/": "No go-live is planned",
        "": "No business areas are recorded yet",
        "changes/": "Nothing changed",
        "figures/": "No business area is live yet",
        "statuses/": "No area has a go-live to come",
        "areas/": "Add the first area, or load an alliance workbook",
        "dates/": "Nothing is due in these months",
        "dates/?tab=moved": "Nothing has moved out of these months",
        "money/": "No amounts are recorded here yet",
    },
    no_money: {
        "/": "none yet",
        "": "No savings are recorded yet",
        "figures/": "No savings are recorded for 2017 to 2018",
        "statuses/": "Nothing is approved for 2017/18",
        OF_GO_LIVE: "so no pounds move with it",
        f"{OF_GO_LIVE}slippage/": "No pounds depend on this date",
        f"{OF_AREA}withdraw/": "No force’s share of any amount changes",
        "money/": "No amounts are recorded here yet",
        "money/areas/fleet/2017-18/": "Nothing is recorded here",
    },
    one_force: {
        "": "One force is left, so everything is its own.",
        "about/": "Its forces",
        "money/": "£100.00",
        f"{OF_AREA}withdraw/": "Fleet is live; it cannot be withdrawn.",
    },
    silence: {
        "/": "No update for 30 days (1)",
        "": "No update for 731 days",
        "statuses/": "No update for 731 days",
        "areas/": "No update for 731 days",
        OF_AREA: "No update for 731 days",
    },
    forty_overdue: {
        "/": "and 32 more",
        "": "None of 40 business areas is live.",
        "statuses/": "40 of 40 areas to go live are more than 30 days later than approved or overdue.",
        "areas/?show=overdue": "60 days overdue",
        "dates/?first=2015-01&last=2019-12": "Due (40)",
    },
    withdrawn: {
        "": "There is nothing to sum up yet.",
        "areas/": "Withdrawn 1",
        OF_AREA: "This area is no longer part of the programme",
        f"{OF_AREA}edit/lead/": "bring it back before you change it",
        OF_GO_LIVE: "Its dates stay on record as they were",
    },
    odd_names: {"": ODD, "areas/": ODD, OF_AREA: ODD, OF_GO_LIVE: ODD},
}


@pytest.mark.parametrize("make", SAYS, ids=lambda make: make.__name__.replace("_", " "))
def test_every_page_looks_intended_on_a_bad_day(
    look: Callable[[str], str], make: Callable[[], None]
) -> None:
    make()

    for path in ["/", *PAGES]:
        text = look(path)
        assert SAYS[make].get(path, "") in text, path
