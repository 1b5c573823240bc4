"""Writes of settlements: propose, agree, dispute, let a dispute go, record what was paid.

Each holds the alliance, so that two people at once are one after the other, and each says so where
what it would write is on record already.
"""

from collections.abc import Collection
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from business_areas.models import BusinessArea
from programmes import words
from programmes.changes import PriceMoved, hold, recorded
from programmes.models import Alliance, Change, Force, User
from savings.engine.periods import year_label
from savings.models import Settlement, SettlementAnswer, SettlementPayment, SettlementWay
from savings.selectors.behind import units_behind
from savings.selectors.obstacles import obstacles
from savings.selectors.settlement import year_settlement
from savings.settling.document import digest_of, document_of, figures_of
from savings.settling.versions import Version, version_of

Says = SettlementAnswer.Says


class OnRecordAlready(ValidationError):
    """Somebody, or a second click, has done this already; nothing is written again."""


class CannotBeSettled(ValidationError):
    """Something of the year is behind, not shared or nameless, or has not come yet."""


class AnotherVersion(ValidationError):
    """A newer version took its place, so nothing more is said of this one."""

    def __init__(self, newest: int) -> None:
        super().__init__(
            f"Version {newest} has taken this one’s place since: answer and pay that one."
        )


class CannotBeSaid(ValidationError):
    """The force’s earlier answers do not allow it, or nobody has agreed yet."""


@recorded(Change.Kind.SETTLEMENT, of="alliance")
@transaction.atomic
def propose(
    *,
    alliance: Alliance,
    year: int,
    until: date | None,
    due_on: date | None,
    note: str,
    by: User | None,
    day: date,
    seen: str,
) -> Settlement:
    """Freeze the year's settlement as it comes out now, as its next version.

    `seen` is the digest of the figures that the person was shown. Raises CannotBeSettled,
    OnRecordAlready if the newest version settles the same, PriceMoved if the figures are others now.
    """
    hold(alliance)
    # Before the figures are read: a worker may bring them up to date while they are.
    is_behind = any(unit.year == year for unit in units_behind(alliance))
    found = year_settlement(alliance, year, until=until)
    if found.is_empty:
        raise CannotBeSettled(f"No actual costs or savings are recorded for {year_label(year)}.")
    if is_behind:
        raise CannotBeSettled(
            f"Shares of {year_label(year)} are being worked out again after a change: wait until they are."
        )
    for each in obstacles(alliance, found, day):
        raise CannotBeSettled(each.sentence)
    document = document_of(alliance, found, day)
    newest = Settlement.objects.filter(alliance=alliance, year=year).first()
    if newest and figures_of(newest.document) == figures_of(document) and newest.due_on == due_on:
        raise OnRecordAlready(
            f"Version {newest.number}, proposed by {newest.proposed_by or 'the portal'}, says the same "
            "already, so nothing more is proposed."
        )
    if seen != digest_of(document):
        raise PriceMoved(None)
    settlement = Settlement(
        alliance=alliance,
        year=year,
        number=newest.number + 1 if newest else 1,
        until=until,
        due_on=due_on,
        note=note.strip(),
        document=document,
        digest=digest_of(document),
        proposed_by=by,
    )
    settlement.full_clean()
    settlement.save()
    return settlement


@recorded(Change.Kind.SETTLEMENT, of="settlement")
@transaction.atomic
def agree(*, settlement: Settlement, force: Force, by: User | None) -> SettlementAnswer:
    """The force agrees to all that it does not dispute. Raises OnRecordAlready, AnotherVersion."""
    version = _held(settlement)
    if version.answer_of(force).has_agreed:
        raise OnRecordAlready(f"{force.name} has agreed to this version already.")
    return _say(settlement, force, Says.AGREES, by)


@recorded(Change.Kind.SETTLEMENT, of="settlement")
@transaction.atomic
def dispute(
    *,
    settlement: Settlement,
    force: Force,
    area: BusinessArea,
    kind: str,
    about: str,
    note: str,
    owner: str,
    by_on: date | None,
    by: User | None,
) -> SettlementAnswer:
    """The force disputes a line: an area's costs or savings. Raises OnRecordAlready, AnotherVersion,
    CannotBeSaid once it has agreed."""
    version = _held(settlement)
    answer, name = version.answer_of(force), version.name_of(area.pk, kind)
    if (area.pk, kind) in answer.disputed:
        raise OnRecordAlready(f"{force.name} disputes {name} already.")
    if (area.pk, kind) in answer.let_go:
        raise CannotBeSaid(
            f"{force.name} let its dispute of {name} go; have another version proposed."
        )
    if answer.has_agreed:
        raise CannotBeSaid(
            f"{force.name} has agreed to {name}; have another version proposed to open it again."
        )
    more = {"about": about, "note": note.strip(), "owner": owner.strip(), "by_on": by_on}
    return _say(settlement, force, Says.DISPUTES, by, area=area, kind=kind, **more)


@recorded(Change.Kind.SETTLEMENT, of="settlement")
@transaction.atomic
def let_go(
    *,
    settlement: Settlement,
    force: Force,
    area: BusinessArea,
    kind: str,
    note: str,
    by: User | None,
) -> SettlementAnswer:
    """The force no longer disputes a line. Raises OnRecordAlready, AnotherVersion."""
    version = _held(settlement)
    if (area.pk, kind) not in version.answer_of(force).disputed:
        raise OnRecordAlready(
            f"{force.name} does not dispute {version.name_of(area.pk, kind)}, or not any more."
        )
    more = {"note": note.strip()}
    return _say(settlement, force, Says.WITHDRAWS, by, area=area, kind=kind, **more)


def _say(
    settlement: Settlement, force: Force, says: str, by: User | None, **more: object
) -> SettlementAnswer:
    other = settlement.answers.filter(said_by=by).exclude(force=force) if by else None
    if said := other and other.select_related("force").first():
        raise CannotBeSaid(
            f"You answered this version for {said.force.name}, and nobody answers for two forces: "
            f"{words.possessive(force.name)} own finance officer does."
        )
    answer = SettlementAnswer(
        alliance=settlement.alliance,
        settlement=settlement,
        force=force,
        says=says,
        said_by=by,
        **more,
    )
    answer.full_clean()
    answer.save()
    return answer


@recorded(Change.Kind.SETTLEMENT, of="settlement")
@transaction.atomic
def record_payment(
    *,
    settlement: Settlement,
    payer: Force,
    payee: Force,
    pence: int,
    paid_on: date,
    reference: str,
    by: User | None,
) -> SettlementPayment:
    """A payment that the settlement asks for was made. Raises CannotBeSaid while a force has not
    answered, OnRecordAlready if it is not asked for any more, AnotherVersion."""
    version = _held(settlement)
    if version.waiting:
        raise CannotBeSaid(
            f"{words_of(version.waiting)} has not agreed yet, so nothing is to be paid."
        )
    asked = {(each.payer.force.pk, each.payee.force.pk, each.pence) for each in version.to_pay}
    if (payer.pk, payee.pk, pence) not in asked:
        raise OnRecordAlready(
            f"What {payer.short_name} pays {payee.short_name} is on record already, or is not asked for "
            "any more: nothing is recorded again."
        )
    payment = SettlementPayment(
        alliance=settlement.alliance,
        settlement=settlement,
        payer=payer,
        payee=payee,
        pence=pence,
        paid_on=paid_on,
        reference=reference.strip(),
        recorded_by=by,
    )
    payment.full_clean()
    payment.save()
    return payment


@recorded(Change.Kind.SETTLEMENT, of="payment")
@transaction.atomic
def take_payment_off(*, payment: SettlementPayment, reason: str, by: User | None) -> None:
    """Take a payment off the record that was not made so. `reason` goes on record."""
    hold(payment.alliance)
    SettlementPayment.objects.filter(pk=payment.pk).delete()


@recorded(Change.Kind.SETTLEMENT, of="alliance")
@transaction.atomic
def choose_way(
    *, alliance: Alliance, through: Force | None, tolerance_pence: int = 0, by: User | None
) -> SettlementWay:
    """Have settlements paid through a force, or directly, and so much of closed years left alone.

    Proposed versions stay as they are. Raises OnRecordAlready.
    """
    hold(alliance)
    way = SettlementWay.objects.filter(alliance=alliance).first() or SettlementWay(
        alliance=alliance
    )
    if (way.through, way.tolerance_pence) == (through, tolerance_pence):
        raise OnRecordAlready("Settlements are paid so already.")
    way.through, way.tolerance_pence = through, tolerance_pence
    way.full_clean()
    way.save()
    return way


def words_of(forces: Collection[Force]) -> str:
    """“Devon & Cornwall and Dorset”."""
    names = [force.short_name for force in forces]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _held(settlement: Settlement) -> Version:
    """The version as it stands, with the alliance held. Raises AnotherVersion."""
    hold(settlement.alliance)
    version = version_of(settlement)
    if version.newest != settlement.number:
        raise AnotherVersion(version.newest)
    return version
