"""What the frame of every page shows: the alliance's sections, the day it speaks of, how fresh it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from programmes.models import Alliance
from programmes.permissions import Standing
from savings.selectors.behind import Freshness, freshness

# The name of a section, its address, and the beginnings of the names of addresses inside it.
_SECTIONS = (
    ("Dashboard", "overview", ("overview", "statuses")),
    ("Business areas", "areas", ("area", "areas", "go-live")),
    ("Dates", "dates", ("date", "dates", "programme-date")),
    ("Roadmap", "roadmap", ("roadmap",)),
    ("Money", "money", ("money",)),
    ("Settings", "settings", ("settings",)),
)


# How often a page asks how the work is going; seldom while it waits to be tried again.
_SECONDS, _SECONDS_AFTER_FAILURE = 1, 10


@dataclass(frozen=True)
class Behind:
    """The strip above every page while shares are behind.

    `url` answers with the strip as it stands then, every `seconds`; `runs_url` is for everybody,
    and `again_url` (the page itself; empty where asking again would lose what was typed) for
    readers without script.
    """

    sentence: str
    since: datetime | None
    done: int
    total: int
    url: str
    seconds: int
    runs_url: str
    again_url: str


@dataclass(frozen=True)
class Page:
    """The frame's answers. Inside an alliance one query, outside one none."""

    standing: Standing | None
    here: str
    address: str = ""

    @property
    def alliance(self) -> Alliance | None:
        """The alliance that the page belongs to."""
        return self.standing.alliance if self.standing else None

    @property
    def sections(self) -> list[tuple[str, str, bool]]:
        """Each section: label, address, whether the page is in it."""
        if self.alliance is None:
            return []
        return [
            (
                label,
                reverse(name, args=[self.alliance.code]),
                any(self.here == start or self.here.startswith(f"{start}-") for start in inside),
            )
            for label, name, inside in _SECTIONS
        ]

    @property
    def as_at(self) -> date | None:
        """The day that the page speaks of."""
        return self.standing.today if self.standing else None

    @property
    def is_held(self) -> bool:
        """True for an alliance held at a past date."""
        return bool(self.alliance and self.alliance.held_on)

    @property
    def data_note(self) -> str:
        """What every page with figures must say of them."""
        return self.alliance.data_note if self.alliance else ""

    @cached_property
    def freshness(self) -> Freshness | None:
        """How far the shares follow their inputs."""
        return freshness(self.alliance) if self.alliance else None

    @property
    def closed_years(self) -> Sequence[int]:
        """The financial years whose figures stay as they are."""
        return self.freshness.closed if self.freshness else ()

    @property
    def behind(self) -> Behind | None:
        """The strip, while there is something to say."""
        fresh = self.freshness
        if fresh is None or self.alliance is None or not fresh.is_behind:
            return None
        code = self.alliance.code
        return Behind(
            sentence=fresh.sentence,
            since=fresh.since,
            done=fresh.done,
            total=fresh.done + fresh.behind,
            url=reverse("money-progress", args=[code]),
            seconds=_SECONDS_AFTER_FAILURE if fresh.has_failed else _SECONDS,
            runs_url=reverse("money-runs", args=[code]),
            again_url=self.address,
        )

    @property
    def what_follows(self) -> str:
        """What the notice of a saved change adds, where no strip above it says what is behind."""
        return "" if self.behind else "Shares are up to date."

    @property
    def shares_at(self) -> datetime | None:
        """When shares were last brought up to date."""
        return self.freshness.worked_out_at if self.freshness else None


def _address(request: HttpRequest) -> str:
    """The page's own address; empty for an answer to a form, and for a part of a page."""
    is_page = request.method == "GET" and not request.headers.get("HX-Request")
    return request.get_full_path() if is_page else ""


def portal(request: HttpRequest) -> dict[str, Any]:
    """Adds `portal`, a Page, to the context of every template; tags find it at the request."""
    match = getattr(request, "resolver_match", None)
    page = Page(
        standing=getattr(request, "standing", None),
        here=(match.url_name or "") if match else "",
        address=_address(request),
    )
    request.portal_page = page  # type: ignore[attr-defined]
    return {"portal": page}
