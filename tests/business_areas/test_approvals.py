"""A newly approved date: one person asks, another agrees or refuses; until then nothing moves."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from business_areas import services
from business_areas.models import ApprovalRequest, BusinessArea, Milestone, MovedDate
from business_areas.selectors import changes_of_area
from business_areas.selectors.moved import newest_move
from business_areas.services.approvals import AGREED
from programmes.models import Change, User
from programmes.recorded import StaleEdit
from tests import factories

pytestmark = pytest.mark.django_db

DAY, APRIL, JULY, MAY = (
    date(2017, 12, 31),
    date(2018, 4, 1),
    date(2018, 7, 1),
    date(2018, 5, 1),
)
WHY = "The supplier needs a further quarter."


@pytest.fixture
def milestone() -> Milestone:
    """The go-live of Estates, first promised and approved for April, forecast for July."""
    alliance = factories.alliance(agreed_on=date(2015, 3, 1), held_on=DAY)
    area = factories.area(alliance=alliance, name="Estates", stage="DESIGN")
    return factories.milestone(
        area=area, name="Go live", baseline_on=APRIL, approved_on=APRIL, forecast_on=JULY
    )


@pytest.fixture
def alice() -> User:
    return factories.user(name="Alice Archer")


@pytest.fixture
def bob() -> User:
    return factories.user(name="Bob Baker")


def ask(milestone: Milestone, by: User, to: date = JULY, **more: object) -> ApprovalRequest:
    given = {"reason": WHY, "day": DAY, **more}
    return services.ask_for_approval(milestone=milestone, to=to, by=by, **given)  # type: ignore[arg-type]


def agree(request: ApprovalRequest, by: User, seen: int | None = None) -> MovedDate:
    milestone = Milestone.objects.get(pk=request.milestone_id)
    seen_revision = milestone.revision if seen is None else seen
    services.agree_to_approval(
        milestone=milestone, request=request, by=by, day=DAY, seen_revision=seen_revision
    )
    found = newest_move(milestone, "APPROVED")
    assert found
    return found


def refuse(request: ApprovalRequest, by: User, reason: str = "Too late.") -> ApprovalRequest:
    return services.refuse_approval(
        milestone=request.milestone, request=request, reason=reason, by=by, day=DAY
    )


def withdraw(request: ApprovalRequest, by: User) -> ApprovalRequest:
    return services.withdraw_approval(milestone=request.milestone, request=request, by=by, day=DAY)


def approved(milestone: Milestone) -> date | None:
    return Milestone.objects.get(pk=milestone.pk).approved_on


def kinds() -> list[str]:
    return list(Change.objects.order_by("pk").values_list("kind", flat=True))


def test_until_somebody_agrees_the_approved_date_stands(
    milestone: Milestone, alice: User, bob: User
) -> None:
    request = ask(milestone, alice)
    assert approved(milestone) == APRIL

    moved = agree(request, bob)

    assert approved(milestone) == JULY
    assert Milestone.objects.get().baseline_on == APRIL
    assert (moved.which, moved.from_on, moved.to_on) == ("APPROVED", APRIL, JULY)
    assert (moved.change.made_by, moved.change.reason) == (bob, AGREED)
    assert moved.change.details == f"Asked for by Alice Archer: {WHY}"
    assert kinds() == ["APPROVAL", "APPROVED_DATE"]


def test_who_asks_cannot_agree_or_refuse(milestone: Milestone, alice: User) -> None:
    request = ask(milestone, alice)

    for answer in (lambda: agree(request, alice), lambda: refuse(request, alice)):
        with pytest.raises(services.OwnRequest, match="somebody else"):
            answer()
    with pytest.raises(IntegrityError, match="a_second_person_agrees"), transaction.atomic():
        ApprovalRequest.objects.update(state="AGREED", answered_by=alice)
    assert approved(milestone) == APRIL


def test_a_refusal_says_why_and_leaves_the_date(
    milestone: Milestone, alice: User, bob: User
) -> None:
    request = ask(milestone, alice)
    with pytest.raises(services.RefusalReasonNeeded):
        refuse(request, bob, " ")

    assert refuse(request, bob).answer == "Too late."
    assert refuse(request, bob).state == "REFUSED"

    assert approved(milestone) == APRIL
    with pytest.raises(services.RequestAnswered, match="refused by Bob Baker already"):
        agree(request, factories.user())
    assert ask(milestone, alice).is_waiting


def test_only_who_asked_withdraws(milestone: Milestone, alice: User, bob: User) -> None:
    request = ask(milestone, alice)
    with pytest.raises(services.NotYourRequest, match="Only Alice Archer"):
        withdraw(request, bob)

    withdraw(request, alice)

    assert withdraw(request, alice).state == "WITHDRAWN"
    with pytest.raises(services.RequestAnswered):
        agree(request, bob)


def test_sent_twice_it_is_asked_agreed_and_recorded_once(
    milestone: Milestone, alice: User, bob: User
) -> None:
    request = ask(milestone, alice, seen_revision=milestone.revision)

    assert ask(milestone, alice, seen_revision=milestone.revision) == request
    assert agree(request, bob) == agree(request, bob)
    assert kinds() == ["APPROVAL", "APPROVED_DATE"]


def test_one_request_at_a_time(milestone: Milestone, alice: User, bob: User) -> None:
    ask(milestone, alice)

    with pytest.raises(services.RequestWaits, match="Alice Archer has asked for 1 July 2018"):
        ask(milestone, bob, to=MAY)


def test_a_milestone_that_moved_meanwhile_is_looked_at_again(
    milestone: Milestone, alice: User, bob: User
) -> None:
    request = ask(milestone, alice)
    Milestone.objects.update(forecast_on=MAY)

    with pytest.raises(StaleEdit):
        agree(request, bob, seen=milestone.revision)
    assert approved(milestone) == APRIL
    agree(request, bob)
    assert approved(milestone) == JULY


def test_the_opposite_request_takes_it_back(milestone: Milestone, alice: User, bob: User) -> None:
    agree(ask(milestone, alice), bob)

    agree(ask(milestone, bob, to=APRIL), alice)

    assert approved(milestone) == APRIL


def test_what_is_reached_gets_no_new_approved_date(
    milestone: Milestone, alice: User, bob: User
) -> None:
    request = ask(milestone, alice)
    Milestone.objects.update(actual_on=DAY)
    sentence = "Go live was reached on 31 December 2017, so it gets no new approved date."

    for write in (lambda: ask(milestone, bob, to=MAY), lambda: agree(request, bob)):
        with pytest.raises(services.ReachedSoApproved) as refused:
            write()
        assert refused.value.messages == [sentence]
    Milestone.objects.update(approved_on=None)
    reached = Milestone.objects.get()
    reached.approved_on = MAY
    with pytest.raises(services.ReachedSoApproved):
        services.save_milestone(milestone=reached, reason="Board", by=alice)


def test_no_other_service_overwrites_an_approved_date(milestone: Milestone, alice: User) -> None:
    for to in (JULY, None):
        milestone.approved_on = to
        with pytest.raises(services.NotWithoutAgreement, match="changes only when a second person"):
            services.save_milestone(milestone=milestone, reason="Board", by=alice)
    assert approved(milestone) == APRIL


@pytest.mark.parametrize(
    ("to", "reason", "refusal"),
    [
        (APRIL, WHY, services.SameDate),
        (JULY, " ", services.DetailsNeeded),
        (date(2101, 1, 1), WHY, services.TooFarAhead),
        (date(2014, 1, 1), WHY, services.BeforeTheAlliance),
    ],
)
def test_what_cannot_be_is_not_asked_for(
    milestone: Milestone, alice: User, to: date, reason: str, refusal: type[ValidationError]
) -> None:
    with pytest.raises(refusal):
        ask(milestone, alice, to=to, reason=reason)
    assert not ApprovalRequest.objects.exists()


def test_a_withdrawn_area_is_not_asked_for(milestone: Milestone, alice: User) -> None:
    BusinessArea.objects.update(stage="WITHDRAWN")

    with pytest.raises(services.AreaWithdrawn):
        ask(milestone, alice)


def test_the_history_of_the_area_tells_asking_and_answer(
    milestone: Milestone, alice: User, bob: User
) -> None:
    refuse(ask(milestone, alice), bob)

    assert milestone.area
    told = changes_of_area(milestone.area)
    changes = [entry for entry in told if entry.title == "Request for an approved date"]

    assert [entry.who for entry in changes] == ["Bob Baker", "Alice Archer"]
    (row,) = changes[0].rows
    assert row.of == "Request for an approved date of Go live"
    assert ("State", "Waiting", "Refused") in row.fields
    assert ("Answer", "nothing", "Too late.") in row.fields


def test_the_record_of_changes_tells_what_was_asked(milestone: Milestone, alice: User) -> None:
    ask(milestone, alice)

    (row,) = Change.objects.get().said
    assert row["of"] == "Request for an approved date of Go live"
    assert ["Date asked for", "nothing", "1 July 2018"] in row["fields"]
