"""A checked page whose price is found by making the change and taking it back."""

from collections.abc import Collection, Sequence
from typing import Any

from django.http import HttpResponse

from programmes.changes import Making, making, rehearse
from programmes.changes.record import changes_of
from programmes.checked.conflict import Conflict, meanwhile
from programmes.checked.page import CheckedPage, whole_number
from programmes.checked.why import CheckForm, WhyForm
from programmes.recorded import Recorded, StaleEdit


class Checked(CheckedPage[Any]):
    """A page that collects a change; the second step prices it and asks why, the third saves it.

    A page says what kind of change it is (`kind`), whose money it can move (`area_ids`; None:
    any), how it is written (`act`) and where one is then (`saved`). `area_id` is the area that it is
    told of, where others' money may move with it.
    """

    area_ids: Collection[int] | None = None
    area_id: int | None = None

    @property
    def kind(self) -> str:
        """The kind of change that goes on record."""
        raise NotImplementedError

    def act(self, form: Any) -> object:
        """Write what was typed. Raises StaleEdit, ValidationError."""
        raise NotImplementedError

    def saved(self, form: Any) -> HttpResponse:
        """The answer after it is written."""
        raise NotImplementedError

    def stale(self, form: Any, problem: StaleEdit) -> HttpResponse:
        """Someone else was first: both values, and what was typed."""
        return super().both(form, problem)

    def both(self, form: Any, problem: StaleEdit | None) -> HttpResponse:
        """As `stale`: a page of this kind finds out by making the change."""
        assert problem is not None
        return self.stale(form, problem)

    @property
    def is_priced(self) -> bool:
        """Whether it can move money or end anything at all."""
        return True

    def must_be_checked(self, form: Any, rehearsed: Making) -> bool:
        """Whether its price is shown and a reason asked before it is saved."""
        return True

    def asked_class(self, form: Any) -> type[CheckForm]:
        """What the second step asks."""
        return CheckForm

    def cautions(self, form: Any) -> Sequence[str]:
        """What is said before the price: sentences about what follows and is easily missed."""
        return ()

    def check(self, form: Any) -> dict[str, Any] | None:
        """What it would do: done, and taken back."""
        if not self.is_priced:
            return None
        rehearsed = rehearse(
            lambda: self.act(form),
            alliance=self.standing.alliance,
            kind=self.kind,
            by=self.standing.user,
            area_ids=self.area_ids,
        )
        is_asked = rehearsed.said and self.must_be_checked(form, rehearsed)
        if not is_asked and not rehearsed.moves_money:
            return None
        return {
            "rehearsed": rehearsed,
            "said": rehearsed.said,
            "effect": rehearsed.effect,
            "cautions": self.cautions(form),
        }

    def why(self, form: Any, data: Any) -> WhyForm | None:
        """Why, where it can move money or end anything."""
        return self.asked_class(form)(data, day=self.standing.today) if self.is_priced else None

    def make(self, form: Any, why: WhyForm | None) -> HttpResponse:
        """Write it, with why if that was asked: one change."""
        only = next(iter(self.area_ids)) if self.area_ids and len(self.area_ids) == 1 else None
        given = why if why and why.is_bound and why.is_valid() else None
        with making(
            alliance=self.standing.alliance,
            kind=self.kind,
            by=self.standing.user,
            day=self.standing.today,
            reason=given.cleaned_data.get("reason", "") if given else "",
            details=given.details if given else "",
            area_id=self.area_id or only,
            area_ids=self.area_ids,
        ):
            self.act(form)
        return self.saved(form)


class CheckedRow(Checked):
    """A change of one row; who was second sees what each field says now, and keeps what was typed.

    The form carries `seen`, the revision that its page showed.
    """

    row: Recorded

    @property
    def seen(self) -> int | None:
        """The revision that the person saw; None of a new row."""
        return self.row.pk and (whole_number(self.request.POST.get("seen")) or self.row.revision)

    def said_by(self, row: Any) -> str:
        """What the row says, in a few words."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the revision, and what the row says on record."""
        said_now = self.said_by(self.row) if self.row.pk else ""
        return super().get_context_data(**{"seen": self.seen, "said_now": said_now, **kwargs})

    def in_conflict(self, form: Any, problem: StaleEdit | None) -> Conflict:
        """The row's fields that somebody else changed."""
        assert problem is not None and self.seen is not None
        latest = changes_of(self.standing.alliance).filter(kind=self.kind).first()
        differences = meanwhile(problem.current, self.seen, {})
        return Conflict.after(latest, differences, self.standing.user)

    def stale(self, form: Any, problem: StaleEdit) -> HttpResponse:
        """The page, carrying on from what is on record now."""
        form.is_valid()
        conflict = self.in_conflict(form, problem)
        self.row = problem.current
        return self.page(form, status=409, conflict=conflict, seen=self.row.revision)
