"""Closing a year: two people of two forces, and then the database holds it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from programmes.changes import PriceMoved
from programmes.models import Alliance, Change, Force, User
from savings import services as amounts
from savings.closing import services
from savings.models import Amount, ClosingRequest, FinancialYear, RecomputeRequest
from savings.settling.services import OnRecordAlready
from tests import factories
from tests.savings.settlements import cost, name_everyone, the_hills, work_out

pytestmark = [pytest.mark.django_db, pytest.mark.dialect]
DAY = date(2017, 12, 31)


@pytest.fixture
def hills(db: None) -> Alliance:
    """All of 2016/17 is shared and named; no settlement is proposed."""
    alliance = the_hills()
    name_everyone(alliance)
    work_out(alliance)
    return alliance


@pytest.fixture
def alice(db: None) -> User:
    return factories.user(name="Alice")


@pytest.fixture
def bob(db: None) -> User:
    return factories.user(name="Bob")


def force(alliance: Alliance, code: str) -> Force:
    return alliance.forces.get(code=code)


def ask(alliance: Alliance, by: User, code: str = "north", **more: object) -> ClosingRequest:
    given = {"year": 2016, "note": "Settled by hand", "by": by, "day": DAY, **more}
    seen = services.figures_digest(alliance, 2016)
    return services.ask(alliance=alliance, force=force(alliance, code), **{"seen": seen, **given})


def confirm(request: ClosingRequest, by: User, code: str = "south") -> FinancialYear:
    return services.confirm(
        request=request,
        force=force(request.alliance, code),
        by=by,
        day=DAY,
        seen=services.figures_digest(request.alliance, request.year),
    )


def test_one_force_asks_another_confirms_and_it_is_closed(
    hills: Alliance, alice: User, bob: User
) -> None:
    asked = ask(hills, alice)
    assert asked.open_points[-1] == "No settlement of 2016/17 is proposed."
    year = confirm(asked, bob)
    year.refresh_from_db()
    assert year.closed_at and year.closed_by == bob
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by) == ("CONFIRMED", bob)
    changes = Change.objects.filter(kind="YEAR").order_by("pk")
    assert [change.made_by for change in changes] == [alice, bob]
    assert changes[0].said[0]["of"] == "Request to close a year of North Police, 2016/17"
    amount = Amount.objects.filter(alliance=hills, version="ACTUAL").earliest("pk")
    with pytest.raises(amounts.YearIsClosed):
        amounts.save_amount(amount=amount, by=alice)


def test_the_same_person_or_force_does_not_confirm(hills: Alliance, alice: User, bob: User) -> None:
    asked = ask(hills, alice)
    for person, code in ((alice, "south"), (bob, "north"), (alice, "north")):
        with pytest.raises(
            services.AnotherForceAnswers,
            match="Alice asked for North Police, so another force’s finance officer answers",
        ):
            confirm(asked, person, code)
    assert not FinancialYear.objects.exists()


def test_of_two_at_once_the_second_is_told_what_is_on_record(
    hills: Alliance, alice: User, bob: User
) -> None:
    asked = ask(hills, alice)
    with pytest.raises(OnRecordAlready, match="Alice asked for North Police already"):
        ask(hills, bob, "south")
    confirm(asked, bob)
    with pytest.raises(
        OnRecordAlready, match="2016/17 is closed already: Bob confirmed it for South"
    ):
        confirm(asked, bob)
    with pytest.raises(OnRecordAlready, match="2016/17 is closed already, since"):
        ask(hills, alice)
    with pytest.raises(OnRecordAlready):
        services.refuse(request=asked, force=force(hills, "south"), reason="No", by=bob)


def test_it_is_refused_or_taken_back_with_a_reason_and_asked_again(
    hills: Alliance, alice: User, bob: User
) -> None:
    asked = ask(hills, alice)
    services.refuse(request=asked, force=force(hills, "south"), reason="Fleet is wrong", by=bob)
    with pytest.raises(OnRecordAlready, match="Bob refused the closing of 2016/17 for South"):
        confirm(asked, bob)
    again = ask(hills, alice)
    with pytest.raises(services.AnotherForceAnswers, match="North Police asked, so it alone"):
        services.withdraw(request=again, force=force(hills, "south"), reason="x", by=bob)
    services.withdraw(request=again, force=force(hills, "north"), reason="Too early", by=alice)
    assert ask(hills, bob, "south").is_waiting
    assert not FinancialYear.objects.exists()


def test_a_year_that_is_behind_is_not_closed(hills: Alliance, alice: User, bob: User) -> None:
    asked = ask(hills, alice)
    RecomputeRequest.objects.create(
        alliance=hills, area=cost(hills, "fleet").area, year=2016, cause="A test"
    )
    sentence = (
        "2016/17 cannot be closed: Shares of 1 area are being worked out again after a change"
    )
    with pytest.raises(services.CannotBeClosed, match=sentence):
        confirm(asked, bob)


def test_what_stops_it_is_said(hills: Alliance, alice: User) -> None:
    Amount.objects.filter(alliance=hills, version="ACTUAL").update(borne_by=None)
    with pytest.raises(services.CannotBeClosed, match=r"No force is named for £210\.00 in 2 areas"):
        ask(hills, alice)


def test_a_year_that_is_not_over_or_has_nothing_is_not_closed(hills: Alliance, alice: User) -> None:
    with pytest.raises(services.CannotBeClosed, match="ends on 31 March 2017, which has not come"):
        ask(hills, alice, day=date(2017, 3, 30))
    with pytest.raises(
        services.CannotBeClosed, match="No actual costs or savings are recorded for 2011/12"
    ):
        ask(hills, alice, year=2011)


def test_what_is_left_open_takes_a_note(hills: Alliance, alice: User) -> None:
    with pytest.raises(ValidationError, match="Say why the year is closed with what is left open"):
        ask(hills, alice, note="  ")


def test_other_figures_than_were_shown_are_not_frozen(
    hills: Alliance, alice: User, bob: User
) -> None:
    asked = ask(hills, alice)
    seen = services.figures_digest(hills, 2016)
    row = Amount.objects.get(item=cost(hills, "dogs"), version="ACTUAL")
    row.pence += 1
    row.save()
    work_out(hills)
    with pytest.raises(PriceMoved):
        services.confirm(request=asked, force=force(hills, "south"), by=bob, day=DAY, seen=seen)
