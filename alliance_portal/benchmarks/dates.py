"""What a new date does to each force, priced at the largest alliance: one go-live, and all of them."""

from collections.abc import Callable
from datetime import date

from alliance_portal.benchmarks.figures import Figure
from alliance_portal.benchmarks.ground import Scale, seconds, settle
from alliance_portal.benchmarks.largest import LARGEST, of_size
from alliance_portal.benchmarks.reader import reading
from alliance_portal.benchmarks.speed import ensure_shared
from alliance_portal.dates.milestone import milestone_url
from business_areas.models import Milestone
from business_areas.reasons import ANOTHER
from programmes.models import Alliance
from savings.selectors.date_price import price_dates

SECONDS = 1.0
_LOOKS_A_ROUND = 3
_TO = date(2017, 9, 1)


def date_price(scale: Scale) -> list[Figure]:
    """The page that prices a go-live, against one second; beside it, all go-lives moved together.

    The fastest of several answers counts: what is slower is other work on the machine.
    """
    ensure_shared(scale)
    with of_size(*LARGEST) as largest:
        settle()
        of_one = _fastest(_one_page(largest), scale.rounds)
        of_all = _fastest(lambda: price_dates(_go_lives(largest), _TO), scale.rounds)
    forces, areas = LARGEST
    detail = (
        f"{areas} areas × {forces} forces: the page of one go-live {of_one * 1000:.0f} ms,"
        f" all {areas} go-lives together {of_all * 1000:.0f} ms"
    )
    return [Figure("date-price", of_one / SECONDS, 1.0, detail)]


def _fastest(work: Callable[[], object], rounds: int) -> float:
    return min(seconds(work) for _ in range(_LOOKS_A_ROUND * rounds))


def _go_lives(alliance: Alliance) -> list[Milestone]:
    found = Milestone.objects.filter(alliance=alliance, kind=Milestone.Kind.GO_LIVE)
    return list(found.select_related("alliance", "area"))


def _one_page(alliance: Alliance) -> Callable[[], object]:
    """Ask what a go-live's new date does; raises ValueError if the page does not say."""
    go_live = next(each for each in _go_lives(alliance) if each.actual_on is None)
    address = milestone_url(go_live, "reason", code=alliance.code)
    asked = {
        "to": _TO.isoformat(),
        "provisional": "yes",
        "seen": str(go_live.revision),
        "reason": ANOTHER,
        "details": "A benchmark.",
    }

    def ask() -> None:
        with reading([alliance]) as client:
            page = client.post(address, asked)
        if page.status_code != 200 or b"What the new date does to each force" not in page.content:
            raise ValueError(f"{address} answered {page.status_code} without a price.")

    return ask
