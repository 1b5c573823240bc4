"""An alliance at the end of December 2016: what is in, and what is not."""

from datetime import date

from programmes.models import Alliance, User
from savings import recompute, services
from savings.models import MonthLock
from savings.month_end import services as month_ends
from tests.scenes import Scene, a_scene

DECEMBER, NOVEMBER = date(2016, 12, 1), date(2016, 11, 1)
DAY = date(2017, 1, 10)


def december() -> Scene:
    """Three items with a forecast of December: one is in, one is in for November, one is in for neither."""
    scene = a_scene()
    scene.alliance.held_on = DAY
    scene.alliance.save()
    for code, kind in (("vans", "COST"), ("posts", "SAVING"), ("fund", "GRANT")):
        item = scene.item(code, kind)
        for month in (NOVEMBER, DECEMBER):
            scene.amount(item, 1_000_00, month, "FORECAST", scene.north)
            scene.amount(item, 900_00, month, "APPROVED")
    vans, posts = scene.alliance.items.get(code="vans"), scene.alliance.items.get(code="posts")
    scene.amount(vans, 1_100_00, DECEMBER, "ACTUAL", scene.north)
    scene.amount(posts, 50_00, NOVEMBER, "ACTUAL", scene.south)
    work_out(scene.alliance)
    return scene


def work_out(alliance: Alliance) -> None:
    services.request_recompute(alliance=alliance, cause="Made for the test")
    recompute.bring_up_to_date(alliance_id=alliance.pk, cause="Made for the test")


def lock_december(alliance: Alliance, by: User) -> MonthLock:
    """December, locked with what is not in left open."""
    found = month_ends.month_end(alliance, DECEMBER, DAY)
    return month_ends.lock(
        alliance=alliance,
        month=DECEMBER,
        note="The rest is late",
        by=by,
        day=DAY,
        seen=found.totals.digest,
    )
