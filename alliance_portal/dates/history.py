"""What became of a milestone's dates: every change and confirmation, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from business_areas.lateness import slippage_of
from business_areas.models import ApprovalRequest, BusinessArea, Dependency, Milestone, MovedDate
from business_areas.selectors.moved import moved_dates
from programmes.changes.record import Entry, entries
from programmes.models import User
from programmes.words import days_apart
from savings.models import Item


@dataclass(frozen=True)
class Card:
    """One change of a date, or a confirmation (`from_on` is `to_on`); `who` may be empty.

    `pounds` and `number` are those of the change on record that moved it.
    """

    at: datetime
    title: str
    from_on: date | None
    to_on: date | None
    reason: str
    details: str
    who: str
    pounds: tuple[str, ...] = ()
    number: int | None = None

    @property
    def moved(self) -> str:
        """How far, in days: “30 days later”; empty where nothing moved."""
        if self.from_on is None or self.to_on is None or self.from_on == self.to_on:
            return ""
        return days_apart(self.from_on, self.to_on)


@dataclass(frozen=True)
class OnRecord:
    """A milestone with its history, the money that starts from it and the milestones that wait for it.

    `typed` are the items that hang on it and stay, because their forecast was typed.
    """

    milestone: Milestone
    cards: tuple[Card, ...]
    items: tuple[Item, ...]
    typed: tuple[Item, ...]
    waiting: tuple[Milestone, ...]

    @property
    def slippage(self) -> str:
        """How far it lies from the approved date, and that from the original one; or empty."""
        found = slippage_of(self.milestone)
        return found.words if found else ""

    @property
    def from_approved(self) -> str:
        """How far the expected date lies from the approved one."""
        return _distance(self.milestone.approved_on, self.milestone.expected_on)

    @property
    def from_baseline(self) -> str:
        """How far the expected date lies from the original baseline."""
        return _distance(self.milestone.baseline_on, self.milestone.expected_on)

    @property
    def slips(self) -> bool:
        """True if money starts from it and it is not expected on the approved date."""
        milestone = self.milestone
        return bool(
            self.items and milestone.approved_on and milestone.approved_on != milestone.expected_on
        )


def on_record(milestone: Milestone) -> OnRecord:
    """The milestone's page but for its dates. Seven queries at most."""
    waiting = Dependency.objects.filter(provider=milestone).select_related("milestone__area")
    of_milestone = Item.objects.filter(milestone=milestone)
    items = of_milestone.exclude(area__stage=BusinessArea.Stage.WITHDRAWN).order_by("code")
    return OnRecord(
        milestone=milestone,
        cards=history_of(milestone),
        items=tuple(item for item in items if item.derives_forecast),
        typed=tuple(item for item in items if not item.derives_forecast),
        waiting=tuple(found.milestone for found in waiting),
    )


def history_of(milestone: Milestone) -> tuple[Card, ...]:
    """Every change and confirmation of its dates, newest first. Five queries at most."""
    moved = list(moved_dates().filter(milestone=milestone))
    changes = {one.change_id: one.change for one in moved}
    found = entries(milestone.alliance, changes.values(), area_id=milestone.area_id)
    told = dict(zip(changes, found, strict=True))
    cards = [_card(one, told[one.change_id]) for one in moved]
    every = [*cards, *_confirmations(milestone), *_requests(milestone)]
    return tuple(sorted(every, key=lambda card: card.at, reverse=True))


def _requests(milestone: Milestone) -> Iterator[Card]:
    """Every approved date that was asked for, and its refusal or withdrawal; agreed to, it is a change."""
    state = ApprovalRequest.State
    asked = milestone.approval_requests.select_related("asked_by", "answered_by")
    for one in asked:
        who, title = str(one.asked_by), "Approved date asked for"
        yield Card(one.asked_at, title, one.from_on, one.to_on, "", one.reason, who)
        if one.answered_at and one.state in (state.REFUSED, state.WITHDRAWN):
            title = f"Approved date that was asked for {one.get_state_display().lower()}"
            who = str(one.answered_by)
            yield Card(one.answered_at, title, one.to_on, one.to_on, "", one.answer, who)


def _card(moved: MovedDate, told: Entry) -> Card:
    """A date that moved, with what its change on record says."""
    return Card(
        at=told.at,
        title=f"{moved.get_which_display()} date",
        from_on=moved.from_on,
        to_on=moved.to_on,
        reason=moved.reason,
        details=told.details,
        who=told.who,
        pounds=told.pounds,
        number=told.number,
    )


def _confirmations(milestone: Milestone) -> list[Card]:
    """Where a provisional forecast became a confirmed one and stayed on its date."""
    events: Any = Milestone.pgh_event_model.objects.filter(pgh_obj=milestone.pk)  # type: ignore[attr-defined]
    found: list[tuple[datetime, date, Any]] = []
    before: tuple[bool, date | None] | None = None
    for at, is_provisional, on, said in events.order_by("pgh_id").values_list(
        "pgh_created_at", "is_provisional", "forecast_on", "pgh_context__metadata"
    ):
        if before == (True, on) and not is_provisional and on:
            found.append((at, on, (said or {}).get("user")))
        before = (is_provisional, on)
    people = {pk for *_, pk in found if isinstance(pk, int)}
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=people)} if people else {}
    return [
        Card(at, "Forecast date confirmed", on, on, "", "", names.get(pk, ""))
        for at, on, pk in found
    ]


def _distance(planned: date | None, expected: date | None) -> str:
    if planned is None or expected is None:
        return ""
    return "on that date" if planned == expected else days_apart(planned, expected)
