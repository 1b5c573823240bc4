"""Two moments between which figures moved, as an address or a command says them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from programmes import words
from programmes.models import Alliance, Change
from programmes.written.dates import EARLIEST, LATEST, InDoubt, check_day, day_in
from programmes.written.refusal import Unreadable
from savings.engine.periods import add_months
from savings.explain import begins, put_in_at

LAST_MONTH, LAST_CHANGE = "month", "last"
_JUST_BEFORE = timedelta(microseconds=1)


class NotAMoment(ValueError):
    """What was given is no moment to compare with; the message is a sentence for people."""


@dataclass(frozen=True)
class Span:
    """From `since` to `until` (None: now), each with its words; `note` says what to know of them.

    `last` is the end of the span, now if that is what was asked for.
    """

    since: datetime
    until: datetime | None
    since_words: str
    until_words: str
    last: datetime
    note: str = ""

    @property
    def since_label(self) -> str:
        """The first moment at the head of a row."""
        return _as_label(self.since_words)

    @property
    def until_label(self) -> str:
        """The second at the head of a row."""
        return _as_label(self.until_words)


def span_of(alliance: Alliance, since: str, until: str, today: date) -> Span:
    """The two moments that were asked for. Two queries at most.

    Each is a date (the end of that day, as the alliance's pages speak of days), a moment such as
    2017-03-01T09:00, and `since` also "month" or "last" (the last change that moved money). Blank
    is a month ago, and now. Raises NotAMoment.
    """
    now = timezone.now()
    record = put_in_at(alliance)
    if since == LAST_CHANGE:
        begin, said = _last_change(alliance, now)
    else:
        since = "" if since == LAST_MONTH else since
        begin, said = _at(alliance, since or add_months(today, -1).isoformat(), today, record, now)
    end, end_said = _at(alliance, until, today, record, now) if until else (now, "now")
    if begin > end:
        raise NotAMoment(
            f"The first moment, {said}, is after the second, {end_said}: change them round."
        )
    note = ""
    if begin < record or (alliance.held_on and begin == record):
        note, begin = _begins(alliance, record), record
    if end < record:
        end = record
    return Span(begin, None if end >= now else end, said, end_said, end, note)


def _as_label(said: str) -> str:
    return f"{said[:1].upper()}{said[1:]}" if said.startswith(("just", "now")) else f"At {said}"


@dataclass(frozen=True)
class Moment:
    """A moment of the past, its words, and what to know of it."""

    at: datetime
    words: str
    note: str = ""


def moment_of(alliance: Alliance, text: str, today: date) -> Moment:
    """The moment that was asked for, as `since` of a span; blank is a month ago. Raises NotAMoment."""
    span = span_of(alliance, text, "", today)
    return Moment(span.since, span.since_words, span.note)


def _begins(alliance: Alliance, record: datetime) -> str:
    said = f"The record begins on {words.day(record)}, and the figures are those of then."
    if alliance.held_on:
        said += (
            f" Whatever was changed since counts as done on {words.day(alliance.held_on)}, the day"
            " that this alliance is held at."
        )
    return said


def _last_change(alliance: Alliance, now: datetime) -> tuple[datetime, str]:
    """The moment before the last change that moved money; now if none did."""
    moving = Change.objects.filter(~Q(effect=[]) | ~Q(waiting=[]), alliance=alliance)
    made_at = moving.order_by("-pk").values_list("made_at", flat=True).first()
    if made_at is None:
        return now, "now"
    return made_at - _JUST_BEFORE, f"just before {words.moment(made_at)}"


def _at(
    alliance: Alliance, text: str, today: date, record: datetime, now: datetime
) -> tuple[datetime, str]:
    """The moment that a text says, and its words."""
    moment = _moment_in(text)
    if moment is not None:
        if moment > now:
            raise NotAMoment(f"{words.moment(moment)} is still to come: choose an earlier moment.")
        return moment, words.moment(moment)
    try:
        on = day_in(text)
        check_day(on)
    except InDoubt as doubt:
        raise NotAMoment(str(doubt)) from doubt
    except Unreadable as problem:
        raise NotAMoment(
            f"“{text[:40]}” is not a date: write the day, the month and the year, as in 31 March 2017."
        ) from problem
    if on > today:
        raise NotAMoment(
            f"{words.day(on)} is after {words.day(today)}, the day that this page speaks of: choose"
            " an earlier date."
        )
    return min(begins(alliance, on, now) or record, now), f"the end of {words.day(on)}"


def _moment_in(text: str) -> datetime | None:
    """A day with its time; None for what is none. Without a zone it is London's."""
    if "T" not in text:
        return None
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    if not EARLIEST.year <= found.year <= LATEST.year:
        return None
    return found if timezone.is_aware(found) else timezone.make_aware(found)
