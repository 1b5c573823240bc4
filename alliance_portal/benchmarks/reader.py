"""A reader of an alliance's pages: what each page takes, shows and weighs."""

import gzip
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.conf import settings
from django.test import Client
from django.utils import timezone

from alliance_portal.benchmarks.ground import seconds
from programmes.models import Alliance, Role, User
from savings.engine.periods import add_months

# What a page puts before the reader as one of many: a cell of a table, an entry of a list, a
# figure under its name, and each amount of money in running text.
_CELLS = re.compile(rb"<(?:td|th|li|dd)\b")
_IN_TABLES = re.compile(rb"<t[dh]\b.*?</t[dh]>", re.DOTALL)
_ASSETS = re.compile(rb"""<(?:link|script)\b[^>]*(?:href|src)="/static/([^"]+\.(?:css|js))\"""")
_CHARTS = re.compile(r"\bcharts\b")
_MONTHS_BACK = 4
# A page that no alliance's data is on: how fast the machine is while the others are looked at.
_CONTROL = "/accounts/password/change/"
_EMAIL = "reader@benchmark.example"

PAGES = {
    "home": "/",
    "dashboard": "/alliances/{code}/",
    "changes": "/alliances/{code}/changes/",
    "figures": "/alliances/{code}/figures/",
    "statuses": "/alliances/{code}/statuses/",
    "roadmap": "/alliances/{code}/roadmap/",
    "areas": "/alliances/{code}/areas/",
    "area": "/alliances/{code}/areas/{area}/",
    "dates": "/alliances/{code}/dates/?first=2014-01&last=2024-12",
    "was due": "/alliances/{code}/dates/?first={first}&last={last}&tab=moved",
    "money": "/alliances/{code}/money/",
    "settlement": "/alliances/{code}/money/settlement/2016-17/",
    "year": "/alliances/{code}/money/years/2016-17/",
}


class PageFailed(Exception):
    """A page did not answer as it should."""


@dataclass(frozen=True)
class Seen:
    """One page: the fastest answer in seconds, its cells, and bytes as they are sent.

    `control` is the fastest answer of a page without data, looked at in turn with it.
    The bytes are those of the page and of the styles and scripts that it names, each compressed,
    without the charts' own bundle, which is fetched only where there are charts.
    """

    seconds: float
    control: float
    cells: int
    weight: int

    @property
    def ms(self) -> str:
        """The time, for people."""
        return f"{self.seconds * 1000:.0f} ms"

    @property
    def pace(self) -> float:
        """The time by the machine's own pace just then: how many times the control's."""
        return self.seconds / self.control


@contextmanager
def reading(
    alliances: Iterable[Alliance], kind: str = Role.Kind.PROGRAMME_MANAGER
) -> Iterator[Client]:
    """A signed-in browser of somebody with this role in these alliances alone."""
    user = User.objects.create_user(email=_EMAIL)
    try:
        Role.objects.bulk_create(Role(alliance=each, user=user, kind=kind) for each in alliances)
        client = Client(SERVER_NAME="localhost")
        client.force_login(user)
        yield client
    finally:
        user.roles.all().delete()
        user.delete()


def look(alliance: Alliance, times: int) -> dict[str, Seen]:
    """Each page of the alliance as one reader meets it, opened `times` after a first time.

    Raises PageFailed for an answer other than 200.
    """
    last = alliance.today(timezone.localdate()).replace(day=1)
    where = {
        "code": alliance.code,
        "area": alliance.areas.order_by("code")[0].code,
        "first": f"{add_months(last, -_MONTHS_BACK):%Y-%m}",
        "last": f"{last:%Y-%m}",
    }
    with reading([alliance]) as client:
        addresses = {name: address.format(**where) for name, address in PAGES.items()}
        first = {name: _open(client, address) for name, address in addresses.items()}
        fastest = _fastest(client, addresses, times)
    return {
        name: Seen(fastest[name], fastest["control"], cells(page), weight(page))
        for name, page in first.items()
    }


def look_home(alliances: Iterable[Alliance], times: int) -> Seen:
    """The home page of somebody who is in these alliances. Raises PageFailed."""
    with reading(alliances) as client:
        page = _open(client, PAGES["home"])
        fastest = _fastest(client, {"home": PAGES["home"]}, times)
    return Seen(fastest["home"], fastest["control"], cells(page), weight(page))


def _fastest(client: Client, addresses: Mapping[str, str], times: int) -> dict[str, float]:
    """Each page's fastest answer in seconds, and the control's.

    One after another, so that a busy moment of the machine meets every page.
    """
    every = {**addresses, "control": _CONTROL}
    taken = [
        {name: seconds(partial(client.get, address)) for name, address in every.items()}
        for _ in range(times)
    ]
    return {name: min(one[name] for one in taken) for name in every}


def _open(client: Client, address: str) -> bytes:
    answer = client.get(address)
    if answer.status_code != 200:
        raise PageFailed(f"{address} answered {answer.status_code}.")
    return bytes(answer.content)


def cells(page: bytes) -> int:
    """Cells of tables, entries of lists, figures under their names, and amounts in sentences."""
    return len(_CELLS.findall(page)) + _IN_TABLES.sub(b"", page).count("£".encode())


def weight(page: bytes) -> int:
    """Bytes of the page, and of the styles and scripts that it names, as they are sent."""
    names = {name.decode() for name in _ASSETS.findall(page)}
    assets = [Path(settings.STATIC_ROOT) / name for name in names if not _CHARTS.search(name)]
    return sum(len(gzip.compress(each)) for each in (page, *(file.read_bytes() for file in assets)))
