"""Proposing, answering and paying: what each does, and what none of them does twice."""

from datetime import date

import pgtrigger
import pytest

from programmes.changes import PriceMoved
from programmes.models import Alliance, Change, Force, User
from savings.models import Amount, Settlement, SettlementAnswer, SettlementPayment
from savings.requests import request_recompute
from savings.selectors.settlement import YearSettlement, year_settlement
from savings.settling import services
from savings.settling.document import account_in, digest_of, document_of
from savings.settling.versions import Version, version_of
from savings.verify.settlements import settlements_differ
from tests import factories
from tests.savings.settlements import cost, name_everyone, the_hills, work_out

pytestmark = [pytest.mark.django_db, pytest.mark.dialect]
DAY = date(2017, 12, 31)


@pytest.fixture
def hills(db: None) -> Alliance:
    """All is named: South owes North £65."""
    alliance = the_hills()
    name_everyone(alliance)
    return alliance


@pytest.fixture
def alice(db: None) -> User:
    return factories.user(name="Alice")


def seen(alliance: Alliance, until: date | None = None) -> str:
    return digest_of(document_of(alliance, year_settlement(alliance, 2016, until=until), DAY))


def propose(alliance: Alliance, by: User, *, showing: str = "", **more: object) -> Settlement:
    given = {"until": None, "due_on": None, "note": "", "by": by, "day": DAY, **more}
    showing = showing or seen(alliance, given["until"])  # type: ignore[arg-type]
    return services.propose(alliance=alliance, year=2016, seen=showing, **given)  # type: ignore[arg-type]


def force(alliance: Alliance, code: str) -> Force:
    return alliance.forces.get(code=code)


def dispute(settlement: Settlement, code: str, area: str, kind: str, by: User) -> SettlementAnswer:
    return services.dispute(
        settlement=settlement,
        force=force(settlement.alliance, code),
        area=settlement.alliance.areas.get(code=area),
        kind=kind,
        about="AMOUNT",
        note="£40 was £30",
        owner="Bob",
        by_on=None,
        by=by,
    )


def agree(settlement: Settlement, *codes: str) -> None:
    """Each force by an officer of its own."""
    for code in codes:
        own = {"force": force(settlement.alliance, code), "by": officer(code)}
        services.agree(settlement=settlement, **own)


def officer(code: str) -> User:
    email = f"{code}@example.org"
    return User.objects.filter(email=email).first() or factories.user(email=email)


def paying(version: Version) -> list[tuple[str, str, int]]:
    return [(x.payer.force.code, x.payee.force.code, x.pence) for x in version.to_pay]


def pay(settlement: Settlement, by: User, pence: int) -> SettlementPayment:
    return services.record_payment(
        settlement=settlement,
        payer=force(settlement.alliance, "south"),
        payee=force(settlement.alliance, "north"),
        pence=pence,
        paid_on=DAY,
        reference="BACS 1",
        by=by,
    )


def restate(alliance: Alliance, pence: int) -> None:
    """South's £40 for fleet turns out to be another amount."""
    fleet = cost(alliance, "fleet")
    row = Amount.objects.get(item=fleet, version="ACTUAL", borne_by__code="south")
    row.pence = pence
    row.save()
    work_out(alliance)


# --- Proposing -----------------------------------------------------------------------------------


def test_a_version_keeps_its_figures_whatever_changes_afterwards(
    hills: Alliance, alice: User
) -> None:
    made = propose(hills, alice)
    before = account_in(made.document)
    assert before.account == year_settlement(hills, 2016).of.account

    restate(hills, 30_00)
    Force.objects.filter(pk=force(hills, "north").pk).update(name="Northern Police")

    kept = account_in(Settlement.objects.get().document)
    assert kept == before
    assert kept.account.nets() != year_settlement(hills, 2016).of.account.nets()
    assert digest_of(Settlement.objects.get().document) == made.digest
    assert [each.name for each in kept.forces] == ["North Police", "South Police"]


def test_a_version_says_what_it_was_made_of(hills: Alliance, alice: User) -> None:
    lines = propose(hills, alice).document["lines"]

    assert all(line["made_of"] for line in lines)
    made = lines[0]["made_of"][0]
    assert made["percentages"] == {"north": "50.0000", "south": "50.0000"}
    assert made["rule_from"] == "2015-04-01" and made["inputs"] and made["basis"]


def test_the_same_is_not_proposed_twice(hills: Alliance, alice: User) -> None:
    propose(hills, alice)
    with pytest.raises(
        services.OnRecordAlready, match="Version 1, proposed by Alice, says the same"
    ):
        propose(hills, alice)
    assert Change.objects.filter(kind="SETTLEMENT").count() == 1

    restate(hills, 30_00)
    assert propose(hills, alice).number == 2
    assert Change.objects.filter(kind="SETTLEMENT").count() == 2


def test_what_moved_since_it_was_shown_is_shown_again_first(hills: Alliance, alice: User) -> None:
    shown = seen(hills)
    restate(hills, 30_00)
    with pytest.raises(PriceMoved):
        propose(hills, alice, showing=shown)
    assert not Settlement.objects.exists()


def test_nothing_is_proposed_while_it_is_behind_nameless_or_still_to_come(
    hills: Alliance, alice: User
) -> None:
    request_recompute(alliance=hills, cause="A test", years=[2016])
    with pytest.raises(services.CannotBeSettled, match="being worked out again"):
        propose(hills, alice, showing="x")
    work_out(hills)
    with pytest.raises(services.CannotBeSettled, match="which has not come"):
        propose(hills, alice, showing="x", day=date(2017, 3, 1))
    Amount.objects.filter(item__area__code="dogs", version="ACTUAL").update(borne_by=None)
    with pytest.raises(services.CannotBeSettled, match="of Dogs’ costs is not recorded"):
        propose(hills, alice, showing="x")
    with pytest.raises(services.CannotBeSettled, match="No actual costs or savings"):
        services.propose(
            alliance=hills,
            year=2009,
            until=None,
            due_on=None,
            note="",
            by=alice,
            day=DAY,
            seen="",
        )
    assert not Settlement.objects.exists()


def test_figures_that_a_worker_replaces_while_they_are_read_are_not_proposed(
    hills: Alliance, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_recompute(alliance=hills, cause="A test", years=[2016])

    def read(alliance: Alliance, year: int, **more: date | None) -> YearSettlement:
        found = year_settlement(alliance, year, **more)
        work_out(alliance)
        return found

    shown = seen(hills)
    monkeypatch.setattr(services, "year_settlement", read)
    with pytest.raises(services.CannotBeSettled, match="2016/17 are being worked out again"):
        propose(hills, alice, showing=shown)


def test_a_version_that_was_tampered_with_is_found(hills: Alliance, alice: User) -> None:
    made = propose(hills, alice)
    assert not list(settlements_differ(hills.pk))
    other = {**made.document, "payments": []}
    with pgtrigger.ignore("savings.Settlement:never_edited"):
        Settlement.objects.filter(pk=made.pk).update(document=other)
    assert list(settlements_differ(hills.pk)) == [
        "Settlement 2016/17, version 1, is not what was proposed: its digest is another."
    ]
    other["lines"][0]["held"]["north"] += 1
    with pgtrigger.ignore("savings.Settlement:never_edited"):
        Settlement.objects.filter(pk=made.pk).update(document=other, digest=digest_of(other))
    assert list(settlements_differ(hills.pk)) == [
        "Settlement 2016/17, version 1, has nets that do not add up to nothing."
    ]


def test_through_a_host_everybody_pays_it_or_is_paid_by_it(hills: Alliance, alice: User) -> None:
    services.choose_way(alliance=hills, through=force(hills, "north"), by=alice)
    with pytest.raises(services.OnRecordAlready):
        services.choose_way(alliance=hills, through=force(hills, "north"), by=alice)

    made = propose(hills, alice)
    services.choose_way(alliance=hills, through=None, by=alice)
    kept = version_of(made).settlement
    assert kept.through and kept.through.code == "north"
    assert propose(hills, alice).number == 2


# --- Answers -------------------------------------------------------------------------------------


def test_once_both_have_agreed_it_is_to_be_paid_and_once_paid_it_is_settled(
    hills: Alliance, alice: User
) -> None:
    made = propose(hills, alice)
    assert version_of(made).state == "Proposed, waiting for North and South"
    agree(made, "north")
    assert version_of(made).state == "Proposed, waiting for South"
    with pytest.raises(services.CannotBeSaid, match="South has not agreed yet"):
        pay(made, alice, 65_00)
    agree(made, "south")
    assert version_of(made).state == "Agreed"
    assert paying(version_of(made)) == [("south", "north", 65_00)]

    pay(made, alice, 65_00)
    assert version_of(made).state == "Agreed and settled"
    with pytest.raises(services.OnRecordAlready, match="is on record already"):
        pay(made, alice, 65_00)
    assert SettlementPayment.objects.count() == 1


def test_a_force_agrees_once(hills: Alliance, alice: User) -> None:
    made = propose(hills, alice)
    agree(made, "north")
    with pytest.raises(services.OnRecordAlready, match="has agreed to this version already"):
        agree(made, "north")
    assert SettlementAnswer.objects.count() == 1


def test_what_nobody_disputes_is_agreed_and_paid_and_the_rest_follows(
    hills: Alliance, alice: User
) -> None:
    made = propose(hills, alice)
    dispute(made, "south", "fleet", "COST", alice)
    with pytest.raises(services.OnRecordAlready, match="disputes the costs of Fleet already"):
        dispute(made, "south", "fleet", "COST", alice)
    version = version_of(made)
    (line,) = version.disputed
    assert [(row.force.code, row.net) for row in line.stakes] == [
        ("north", 10_00),
        ("south", -10_00),
    ]
    agree(made, "north", "south")
    version = version_of(made)
    assert version.state == "Agreed, but for 1 line in dispute"
    assert paying(version) == [("south", "north", 55_00)]
    pay(made, alice, 55_00)

    services.let_go(
        settlement=made,
        force=force(hills, "south"),
        area=hills.areas.get(code="fleet"),
        kind="COST",
        note="It was £40 after all",
        by=alice,
    )
    assert paying(version_of(made)) == [("south", "north", 10_00)]
    with pytest.raises(services.CannotBeSaid, match="have another version proposed"):
        dispute(made, "south", "fleet", "COST", alice)


def test_a_force_that_agreed_opens_a_line_only_with_another_version(
    hills: Alliance, alice: User
) -> None:
    made = propose(hills, alice)
    agree(made, "south")
    with pytest.raises(services.CannotBeSaid, match="has agreed to the savings of Dogs"):
        dispute(made, "south", "dogs", "SAVING", alice)


def test_what_was_paid_counts_for_the_next_version_and_answers_stay_with_theirs(
    hills: Alliance, alice: User
) -> None:
    first = propose(hills, alice)
    agree(first, "north", "south")
    pay(first, alice, 65_00)
    restate(hills, 30_00)
    second = propose(hills, alice)

    assert version_of(first).state == "Replaced by version 2"
    assert [each.has_agreed for each in version_of(first).answers] == [True, True]
    assert version_of(second).waiting == [force(hills, "north"), force(hills, "south")]
    assert paying(version_of(second)) == [("south", "north", 5_00)]
    with pytest.raises(services.AnotherVersion, match="Version 2 has taken this one’s place"):
        agree(first, "north")
    with pytest.raises(services.AnotherVersion):
        dispute(first, "north", "fleet", "COST", alice)


def test_a_payment_that_was_not_made_is_taken_off_and_asked_for_again(
    hills: Alliance, alice: User
) -> None:
    made = propose(hills, alice)
    agree(made, "north", "south")
    payment = pay(made, alice, 65_00)
    services.take_payment_off(payment=payment, reason="The bank sent it back", by=alice)

    assert paying(version_of(made)) == [("south", "north", 65_00)]
    assert Change.objects.latest("pk").reason == "The bank sent it back"


def test_everything_is_a_change_on_record_with_who_did_it(hills: Alliance, alice: User) -> None:
    made = propose(hills, alice)
    dispute(made, "south", "fleet", "COST", alice)
    agree(made, "south")

    changes = Change.objects.filter(kind="SETTLEMENT").order_by("pk")
    assert [change.said[0]["of"] for change in changes] == [
        "Settlement, 2016/17",
        "Settlement answer of South Police",
        "Settlement answer of South Police",
    ]
    assert [change.made_by for change in changes] == [alice, alice, officer("south")]
    assert not any("lines" in str(change.said) for change in changes)


def test_nobody_answers_a_version_for_two_forces(hills: Alliance, alice: User) -> None:
    made = propose(hills, alice)
    services.agree(settlement=made, force=force(hills, "north"), by=alice)
    with pytest.raises(services.CannotBeSaid, match="South Police’s own finance officer does"):
        services.agree(settlement=made, force=force(hills, "south"), by=alice)
    with pytest.raises(services.CannotBeSaid, match="You answered this version for North Police"):
        dispute(made, "south", "fleet", "COST", alice)
