"""A newly approved date, priced before anybody agrees to it: what it moves, and what then is late."""

import hashlib
from copy import copy
from dataclasses import dataclass
from datetime import date

from business_areas.models import BusinessArea, Milestone
from programmes import words
from programmes.models import Force
from savings.book import BookItem, Effect, compare
from savings.book.effect import VersionMove
from savings.selectors.date_price import Price, book_of, price_in, starting_from
from savings.selectors.outturn import read_saved
from savings.selectors.slippage import Slipped, horizon_of, slipped
from savings.selectors.totals import read_totals, savings_year


@dataclass(frozen=True)
class Sentences:
    """What is said of the year's go-live dates now, and once the date is approved; both may be empty."""

    year: int
    before: Slipped
    after: Slipped

    @property
    def now(self) -> str:
        """As the dashboard says it."""
        return self._said(self.before)

    @property
    def then(self) -> str:
        """As the dashboard will say it."""
        return self._said(self.after)

    def _said(self, found: Slipped) -> str:
        return found.sentence(self.year) or "No go-live date has moved."


@dataclass(frozen=True)
class ApprovalPrice:
    """What approving a date does.

    `effect` is what it does to shares: nothing while a forecast or an actual date stands. `before`
    and `after` are the moves that slippage is measured by: to the approved date of now (None without
    one) and to the new one.
    """

    milestone: Milestone
    to: date
    forces: tuple[Force, ...]
    items: tuple[BookItem, ...]
    effect: Effect
    before: Price | None
    after: Price
    sentences: Sentences | None

    @property
    def depends(self) -> bool:
        """True if any item of the forecast starts from the milestone."""
        return bool(self.items)

    @property
    def slips(self) -> list[tuple[str, VersionMove]]:
        """What is called slippage against the approved date of now, and against the one asked for."""
        found = []
        for said, price in (("approved now", self.before), ("asked for", self.after)):
            if price is not None:
                effect = price.effect.turned()
                move = VersionMove("FORECAST", effect.years(), effect.by_force(), 0, 0)
                found.append((f"Against {words.day(price.on)}, {said}", move))
        return found

    @property
    def digest(self) -> str:
        """The same text as long as all of it is the same."""
        slipped = self.sentences and (self.sentences.before, self.sentences.after)
        milestone = self.milestone
        dates = (milestone.baseline_on, milestone.approved_on, milestone.expected_on, self.to)
        priced = [each.effect.digest for each in (self.before, self.after) if each]
        said = repr((dates, self.effect.digest, priced, slipped))
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def price_approval(milestone: Milestone, to: date, on_day: date) -> ApprovalPrice:
    """What approving `to` does, as at the alliance’s `on_day`. Five queries at most; nothing is saved."""
    now = book_of(milestone)
    then = now.with_milestone(milestone.pk, approved_on=to)
    approved = milestone.approved_on
    return ApprovalPrice(
        milestone=milestone,
        to=to,
        forces=now.sharing.forces,
        items=starting_from(now, milestone.pk),
        effect=compare(now, then),
        before=price_in(now, {milestone.pk: approved}, approved) if approved else None,
        after=price_in(then, {milestone.pk: to}, to),
        sentences=_sentences(milestone, to, on_day)
        if milestone.kind == Milestone.Kind.GO_LIVE
        else None,
    )


def _sentences(milestone: Milestone, to: date, on_day: date) -> Sentences:
    """What the go-lives of the alliance have done to the year that its dashboard speaks of."""
    alliance = milestone.alliance
    totals = read_totals([alliance.pk]).get(alliance.pk, {})
    year = savings_year(totals, on_day, alliance.target_on)
    until = horizon_of((of_year for _, of_year, _, _ in totals), alliance.target_on)
    go_lives = Milestone.objects.filter(alliance=alliance, kind=Milestone.Kind.GO_LIVE)
    before = list(go_lives.exclude(area__stage=BusinessArea.Stage.WITHDRAWN))
    items = read_saved(alliance.pk).started
    after = [_approved_for(each, to) if each.pk == milestone.pk else each for each in before]
    return Sentences(year, slipped(before, items, year, until), slipped(after, items, year, until))


def _approved_for(milestone: Milestone, to: date) -> Milestone:
    changed = copy(milestone)
    changed.approved_on = to
    return changed
