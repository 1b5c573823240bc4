"""Two people, or two clicks, at once: one effect, and the others are told what is on record."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection

from programmes.models import Alliance, Change
from savings.models import Settlement, SettlementAnswer, SettlementPayment
from savings.selectors.settlement import year_settlement
from savings.settling import services
from savings.settling.document import digest_of, document_of
from tests.savings.settlements import name_everyone, the_hills
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.dialect, pytest.mark.django_db(transaction=True)]
PEOPLE, DAY = 4, date(2017, 12, 31)


def at_once(act: Callable[[], object]) -> list[str]:
    """What each of several people is told who do the same at the same moment; blank if it is done."""
    told: list[str] = []
    begin = threading.Barrier(PEOPLE)

    def person() -> None:
        begin.wait(PATIENCE)
        try:
            act()
            told.append("")
        except services.OnRecordAlready as problem:
            told.append(str(problem.message))
        finally:
            connection.close()

    people = [threading.Thread(target=person) for _ in range(PEOPLE)]
    for each in people:
        each.start()
    for each in people:
        each.join(PATIENCE)
    return sorted(told)


def test_what_several_do_at_once_is_done_once() -> None:
    alliance: Alliance = the_hills()
    name_everyone(alliance)
    seen = digest_of(document_of(alliance, year_settlement(alliance, 2016), DAY))
    new = {"until": None, "due_on": None, "note": "", "by": None, "day": DAY, "seen": seen}

    told = at_once(lambda: services.propose(alliance=alliance, year=2016, **new))  # type: ignore[arg-type]
    assert told[0] == "" and all("says the same" in each for each in told[1:])
    made = Settlement.objects.select_related("alliance").get()

    north, south = alliance.forces.order_by("position")
    for force in (north, south):
        told = at_once(lambda force=force: services.agree(settlement=made, force=force, by=None))  # type: ignore[misc]
        assert told[0] == "" and all("has agreed to this version" in each for each in told[1:])

    sides = {"payer": south, "payee": north, "pence": 65_00, "paid_on": DAY, "reference": "BACS"}
    told = at_once(lambda: services.record_payment(settlement=made, by=None, **sides))  # type: ignore[arg-type]
    assert told[0] == "" and all("is on record already" in each for each in told[1:])

    assert len(told) == PEOPLE
    assert SettlementAnswer.objects.count() == 2
    assert SettlementPayment.objects.count() == 1
    assert Change.objects.filter(kind="SETTLEMENT").count() == 4
