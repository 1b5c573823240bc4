"""The rules by which timescales and resources are rated, and what is shown when nobody speaks.

Pure functions: the day is passed in, nothing is read. Budget needs money and is rated by
`alliance_portal/as_at/budget.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from business_areas import silence
from business_areas.lateness import LATE_DAYS, VERY_LATE_DAYS, Slippage, rebaselined_by
from business_areas.models import BusinessArea, Direction, Rating, Strand
from programmes.words import counted

SOON_DAYS = 92
_ONE_IN = 5

TO_GO_LIVE: tuple[str, ...] = (
    BusinessArea.Stage.PROPOSED,
    BusinessArea.Stage.BUSINESS_CASE,
    BusinessArea.Stage.DESIGN,
    BusinessArea.Stage.CONSULTATION,
    BusinessArea.Stage.IMPLEMENTATION,
)
_OVER: tuple[str, ...] = (BusinessArea.Stage.CLOSED, BusinessArea.Stage.WITHDRAWN)

# Each rule in the one sentence that the page states.
RULES: dict[str, str] = {
    Strand.TIMESCALES: (
        "An area is amber when its go-live is forecast more than 30 days after the approved date or "
        "another milestone is overdue, red when it is more than 92 days after or the go-live date "
        "has passed, not rated while no date is approved, and otherwise green; once live, only "
        "overdue milestones count."
    ),
    Strand.BUDGET: (
        "An area is amber when this year’s forecast cost to set up or to run, before grants, is "
        "more than 5% above what is approved for it, or its forecast savings more than 5% below, red "
        "from 10%; amber too when such a cost is more than 10% below, for then what was approved is "
        "not being spent; and otherwise green."
    ),
    Strand.RESOURCES: (
        "An area is amber when no head is named or people of some force are not on record, red when "
        "nobody is on record though it is live or goes live within 92 days, and otherwise green."
    ),
}
# What each strand is rated by, by the names of its models: when that was changed, the strand was updated.
RATED_BY: dict[Strand, tuple[str, ...]] = {
    Strand.TIMESCALES: ("milestone", "approvalrequest"),
    Strand.BUDGET: ("item", "amount"),
    Strand.RESOURCES: ("staffing",),
}
PROGRAMME_RULES: dict[str, str] = {
    Strand.TIMESCALES: (
        "The programme is red when one in five of the rated areas still to go live is red, amber "
        "when any is red, one in five is amber or a milestone of its own is overdue."
    ),
    Strand.BUDGET: (
        "The programme is rated by the same limits on the totals of all areas: all costs, approved "
        "or not, and the savings of those areas that have an approved amount."
    ),
    Strand.RESOURCES: (
        "The programme is red when one in five of the rated areas is red, and amber when any is red "
        "or one in five is amber."
    ),
}


@dataclass(frozen=True)
class Judgement:
    """A rating and, in a sentence, why."""

    rating: Rating
    why: str


@dataclass(frozen=True)
class Dated:
    """A milestone as the rules see it: when first promised, approved and expected, and if reached."""

    name: str
    is_go_live: bool
    approved_on: date | None
    expected_on: date | None
    is_reached: bool
    baseline_on: date | None = None

    @property
    def slippage(self) -> Slippage | None:
        """From the approved date to the expected one, if both are known."""
        if self.approved_on is None or self.expected_on is None:
            return None
        days = (self.expected_on - self.approved_on).days
        return Slippage(days, rebaselined=rebaselined_by(self))

    def is_overdue(self, day: date) -> bool:
        """True if its date is past and it is not reached."""
        return not self.is_reached and self.expected_on is not None and self.expected_on < day


@dataclass(frozen=True)
class Override:
    """A rating that a person set over the data's, until and including a day."""

    rating: Rating
    reason: str
    made_on: date
    until_on: date
    made_by: str


@dataclass(frozen=True)
class Forward:
    """Where a person sees the status heading, said on a day."""

    direction: Direction
    said_on: date
    note: str = ""


@dataclass(frozen=True)
class Status:
    """What is shown of one strand: the rating, why, who says so, where it is heading, how old it is.

    `silence` says for how long nobody has said anything, when that is too long to show a colour.
    """

    strand: Strand
    rating: Rating
    why: str
    worked_out: Judgement
    override: Override | None
    outlook: Forward | None
    updated_on: date | None
    silence: str = ""

    @property
    def is_silent(self) -> bool:
        """True if the page shows no colour because nobody has spoken."""
        return bool(self.silence)

    @property
    def words(self) -> str:
        """What the tag says."""
        return self.silence or str(self.rating.label)

    @property
    def set_by(self) -> str:
        """What follows the tag where a person set it: “, set by Alice Archer; the data say Amber”."""
        if self.override is None or self.is_silent:
            return ""
        who, data = self.override.made_by or "a person", self.worked_out.rating.label
        return f", set by {who}; the data say {data}"

    @property
    def tag(self) -> str:
        """The tag's colour: none where there is silence."""
        return str(Rating.NOT_RATED if self.is_silent else self.rating)


def timescales(*, stage: str, on_hold: bool, milestones: Sequence[Dated], day: date) -> Judgement:
    """Rates an area's dates by RULES[TIMESCALES]."""
    if stage in _OVER:
        return Judgement(Rating.NOT_RATED, "The area is closed or withdrawn.")
    if on_hold:
        return Judgement(Rating.NOT_RATED, "The area is on hold.")
    go_live = next((each for each in milestones if each.is_go_live), None)
    others = [each for each in milestones if not each.is_go_live and each.is_overdue(day)]
    if stage in TO_GO_LIVE:
        if go_live is None or go_live.expected_on is None:
            return Judgement(Rating.NOT_RATED, "No go-live date is recorded.")
        if go_live.is_overdue(day):
            days = (day - go_live.expected_on).days
            return Judgement(Rating.RED, f"The go-live date passed {counted(days, 'day')} ago.")
        slippage = go_live.slippage
        if slippage and slippage.days > LATE_DAYS:
            rating = Rating.RED if slippage.days > VERY_LATE_DAYS else Rating.AMBER
            return Judgement(rating, f"Go-live is {slippage.words}.")
    else:
        slippage = None
    if others:
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        return Judgement(Rating.AMBER, f"“{others[0].name}”{more} overdue.")
    if stage not in TO_GO_LIVE:
        return Judgement(Rating.GREEN, "Live, and nothing is overdue.")
    if slippage is None:
        return Judgement(Rating.NOT_RATED, "No date is approved yet.")
    return Judgement(Rating.GREEN, f"Go-live is {slippage.words}.")


def resources(
    *,
    stage: str,
    on_hold: bool,
    head: str,
    go_live_on: date | None,
    people: Mapping[str, Decimal | None],
    day: date,
) -> Judgement:
    """Rates an area's people by RULES[RESOURCES].

    `people` has each force on record with its FTE: in the shared team once live, before it until then.
    """
    if stage in _OVER:
        return Judgement(Rating.NOT_RATED, "The area is closed or withdrawn.")
    if on_hold:
        return Judgement(Rating.NOT_RATED, "The area is on hold.")
    known = [fte for fte in people.values() if fte is not None]
    is_live = stage == BusinessArea.Stage.LIVE
    is_soon = go_live_on is not None and (go_live_on - day).days <= SOON_DAYS
    if not known:
        if is_live:
            return Judgement(Rating.RED, "Live, but nobody is on record in the shared team.")
        if is_soon:
            return Judgement(Rating.RED, "Goes live soon, but no people are on record.")
        if stage == BusinessArea.Stage.PROPOSED and not people:
            return Judgement(Rating.NOT_RATED, "Proposed; no people are on record yet.")
        return Judgement(Rating.AMBER, "No people are on record.")
    missing = [force for force, fte in people.items() if fte is None]
    if missing:
        return Judgement(Rating.AMBER, f"No people of {' and '.join(missing)} are on record.")
    if not head.strip():
        return Judgement(Rating.AMBER, "No head is named.")
    return Judgement(
        Rating.GREEN, f"{round(sum(known, Decimal(0))):,} people and a head on record."
    )


def of_programme(
    judgements: Sequence[Judgement],
    *,
    areas: tuple[str, str],
    what: tuple[str, str],
    amber_if: str = "",
    none: str = "",
) -> Judgement:
    """Rolls areas' judgements up by PROGRAMME_RULES; those that are not rated do not count.

    `areas` and `what` finish “1 of 1 …” and “4 of 13 …”, each for one and for several; `amber_if` is
    a sentence that makes it amber at least.
    """
    rated = [each.rating for each in judgements if each.rating != Rating.NOT_RATED]
    red, amber = rated.count(Rating.RED), rated.count(Rating.AMBER)
    if not rated and not amber_if:
        return Judgement(Rating.NOT_RATED, none)
    off, of_one = red + amber, len(rated) == 1
    count = f"{off or 'None'} of {len(rated)} {areas[not of_one]} {what[off != 1 and not of_one]}"
    rest = len(judgements) - len(rated)
    count += f"; {rest} {'is' if rest == 1 else 'are'} not rated." if rest else "."
    if red * _ONE_IN >= len(rated) > 0:
        return Judgement(Rating.RED, f"{count} {red} red.")
    if amber_if:
        return Judgement(Rating.AMBER, amber_if)
    if red or amber * _ONE_IN >= len(rated):
        return Judgement(Rating.AMBER, count)
    return Judgement(Rating.GREEN, count)


def status(
    strand: Strand,
    worked_out: Judgement,
    *,
    override: Override | None,
    outlook: Forward | None,
    updated_on: date | None,
    heard_on: date | None,
    may_be_silent: bool,
    day: date,
) -> Status:
    """What is shown of `strand` on `day`: an override in force, else silence, else the data's rating.

    `updated_on` is when what it is rated by was last changed; `heard_on` when anything was last heard
    of the area, or of the programme, which is what silence counts from.
    """
    held = override if override and override.made_on <= day <= override.until_on else None
    own = (updated_on, held and held.made_on, outlook and outlook.said_on)
    last = max((on for on in own if on), default=None)
    heard = max((on for on in (last, heard_on) if on), default=None)
    rating, why = (held.rating, held.reason) if held else (worked_out.rating, worked_out.why)
    silent = may_be_silent and silence.too_long(heard, day)
    return Status(
        strand=strand,
        rating=rating,
        why=why,
        worked_out=worked_out,
        override=held,
        outlook=outlook,
        updated_on=last,
        silence=silence.words(heard, day) if silent else "",
    )
