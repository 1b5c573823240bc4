"""Makes a change: holds the book still, lets the services write, and puts what came of it on record."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from django.contrib.postgres.functions import TransactionNow
from django.db import connection, transaction
from django.utils import timezone

from programmes.changes import last_words, words
from programmes.models import Alliance, Change, User

# Kinds that move no money: for them no book is opened, and nobody who moves money is waited for.
WITHOUT_MONEY = frozenset(
    {
        Change.Kind.APPROVAL,
        Change.Kind.AREA,
        Change.Kind.DESIGN,
        Change.Kind.PEOPLE,
        Change.Kind.READINESS,
        Change.Kind.STATUS,
        Change.Kind.HOLD,
        Change.Kind.SETTLEMENT,
        Change.Kind.YEAR,
        Change.Kind.MONTH,
    }
)
# A change of more rows than this lists so many and counts the rest; the history tables have them all.
ROWS_LISTED = 500
# The number of no alliance: what is read of it is empty.
_NOT_YET = 0


class PriceMoved(Exception):
    """The change would do something else than was shown; nothing is saved. `effect` is what."""

    def __init__(self, effect: Any) -> None:
        super().__init__("Other figures have moved since this price was shown.")
        self.effect = effect


class BookKeeper(Protocol):
    """Reads what shares are worked out from, and says what lies between two readings."""

    def read(self, alliance_id: int, area_ids: Collection[int] | None) -> Any:
        """The book as it stands in this transaction."""

    def compare(self, before: Any, after: Any) -> "Kept":
        """What a change did."""

    def check(self, before: Any, after: Any, effect: Any) -> None:
        """Raise ValidationError for a change that what is settled for good does not allow."""

    def follow(self, alliance: Alliance, before: Any, after: Any, by: User | None) -> None:
        """Have shares follow, wherever the two readings differ."""


class Kept(Protocol):
    """What a change did, as it is kept."""

    digest: str

    @property
    def moves_anything(self) -> bool: ...
    def cells_kept(self) -> list[list[Any]]: ...
    def waiting_kept(self) -> list[list[Any]]: ...


@dataclass
class Making:
    """A change that is being made. `change` is on record once it is made, None if nothing differed."""

    alliance: Alliance
    kind: str
    by: User | None
    day: date
    reason: str = ""
    details: str = ""
    area_id: int | None = None
    milestone_id: int | None = None
    shown: str | None = None
    change: Change | None = field(default=None, init=False)
    _number: int | None = field(default=None, init=False)
    said: tuple[words.Told, ...] = field(default=(), init=False)
    effect: Kept | None = field(default=None, init=False)

    @property
    def moves_money(self) -> bool:
        """Whether any force's shares move, or what waits to be shared."""
        return self.effect is not None and self.effect.moves_anything

    @property
    def number(self) -> int:
        """What it is on record by, if it comes to be on it. One query, the first time."""
        if self._number is None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT nextval(pg_get_serial_sequence('programmes_change', 'id'))")
                self._number = int(cursor.fetchone()[0])
        return self._number


TypedKeeper = Callable[[Change, words.Mark], None]

_keepers: list[BookKeeper] = []
_typed_keepers: list[TypedKeeper] = []
_door: ContextVar[str] = ContextVar("door", default=Change.Door.COMMAND)
_shown: ContextVar[str | None] = ContextVar("shown", default=None)
_being_made: ContextVar[Making | None] = ContextVar("being_made", default=None)
_rehearsing: ContextVar[bool] = ContextVar("rehearsing", default=False)


def keep_books_with(keeper: BookKeeper) -> None:
    """Name the keeper of the book; the app that works shares out does so as it starts."""
    _keepers[:] = [keeper]


def keep_typed_with(keep: TypedKeeper) -> None:
    """Name what keeps values of each change as values, beside its words, from where the mark was set."""
    _typed_keepers.append(keep)


@contextmanager
def through(door: str) -> Iterator[None]:
    """Whatever is changed inside comes through this door."""
    token = _door.set(door)
    try:
        yield
    finally:
        _door.reset(token)


@contextmanager
def having_shown(digest: str | None) -> Iterator[None]:
    """The person who makes the change inside saw the effect of this digest; blank: of none.

    A change that would do something else raises PriceMoved, with nothing saved; so does one that does
    anything to shares where none was shown. None: whoever makes it asks for no price.
    """
    token = _shown.set(digest)
    try:
        yield
    finally:
        _shown.reset(token)


def number_of_change(alliance: Alliance) -> int | None:
    """What the change of the alliance that is being made is on record by; None outside one.

    A change in which nothing differs comes to be on no record.
    """
    made = _being_made.get()
    return made.number if made is not None and made.alliance == alliance else None


def hold(alliance: Alliance) -> Alliance:
    """The alliance as it is now; nobody else changes what its shares come from until this commits.

    A rehearsal holds nobody: it is taken back, and what is saved afterwards is priced again. One
    query.
    """
    rows = Alliance.objects.all()
    if not _rehearsing.get():
        rows = rows.select_for_update(no_key=True)
    return rows.get(pk=alliance.pk)


@contextmanager
def making(
    *,
    alliance: Alliance,
    kind: str,
    by: User | None,
    day: date | None = None,
    reason: str = "",
    details: str = "",
    area_id: int | None = None,
    milestone_id: int | None = None,
    area_ids: Collection[int] | None = None,
) -> Iterator[Making]:
    """One transaction and one change on record, whatever is written inside.

    A change inside a change is part of it, and one of its own kind says why where it does not. The
    alliance may be one that the change makes. `area_ids` are the areas whose money it can move; None:
    any. Raises PriceMoved, with nothing saved, if the person was shown another effect.
    """
    outer = _being_made.get()
    if outer is not None and outer.alliance == alliance:
        if outer.kind == kind and not (outer.reason or outer.details):
            outer.reason, outer.details = reason.strip(), details.strip()
        yield outer
        return
    made = Making(
        alliance=alliance,
        kind=kind,
        by=by,
        day=day or alliance.today(timezone.localdate()),
        reason=reason.strip(),
        details=details.strip(),
        area_id=area_id,
        milestone_id=milestone_id,
        shown=_shown.get(),
    )
    keeper = _keepers[0] if _keepers and kind not in WITHOUT_MONEY else None
    with transaction.atomic():
        if keeper and alliance.pk:
            hold(alliance)
        mark = words.mark()
        before = keeper.read(alliance.pk or _NOT_YET, area_ids) if keeper else None
        token = _being_made.set(made)
        try:
            yield made
            _finish(made, keeper, before, area_ids, mark)
        finally:
            _being_made.reset(token)


def rehearse(
    act: Callable[[], object],
    *,
    alliance: Alliance,
    kind: str,
    by: User | None,
    area_ids: Collection[int] | None = None,
) -> Making:
    """What `act` would change and do to shares: found out by doing it and taking it all back.

    Raises what `act` raises. It holds the rows that it would write, for as long as that takes, and
    nobody else's. What somebody else commits meanwhile may be counted as this one's: then the price
    has moved when it is saved, and is shown again.
    """
    token = _rehearsing.set(True)
    try:
        with transaction.atomic():
            with (
                having_shown(None),
                making(alliance=alliance, kind=kind, by=by, area_ids=area_ids) as made,
            ):
                act()
            transaction.set_rollback(True)
    finally:
        _rehearsing.reset(token)
    return made


def _finish(
    made: Making,
    keeper: BookKeeper | None,
    before: Any,
    area_ids: Collection[int] | None,
    mark: words.Mark,
) -> None:
    """Put the change on record, unless nothing differs that a person could read."""
    effect = None
    if not made.alliance.pk:
        return
    if keeper:
        after = keeper.read(made.alliance.pk, area_ids)
        effect = keeper.compare(before, after)
        keeper.check(before, after, effect)
        keeper.follow(made.alliance, before, after, made.by)
    said, more = words.since(mark, made.alliance.pk, ROWS_LISTED)
    made.said, made.effect = tuple(said), effect
    cells = effect.cells_kept() if effect else []
    waiting = effect.waiting_kept() if effect else []
    if not said and not cells and not waiting:
        return
    if effect and _is_another(effect, made.shown):
        raise PriceMoved(effect)
    made.change = Change.objects.create(
        pk=made.number,
        alliance_id=made.alliance.pk,
        kind=made.kind,
        door=_door.get(),
        area_id=made.area_id,
        milestone_id=made.milestone_id,
        said=[one.kept() for one in said],
        more=more,
        reason=made.reason,
        details=made.details,
        effect=cells,
        waiting=waiting,
        made_on=made.day,
        # The moment of the rows that it wrote, which is that of their transaction.
        made_at=TransactionNow(),
        made_by=made.by,
    )
    if not _rehearsing.get():
        last_words.keep(mark, made.alliance.pk, made.day)
        for keep in _typed_keepers:
            keep(made.change, mark)


def _is_another(effect: Kept, shown: str | None) -> bool:
    """Whether it does something else than the person saw."""
    if shown is None:
        return False
    return effect.digest != shown if shown else effect.moves_anything
