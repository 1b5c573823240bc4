"""Several people close a year at once: it is asked for once and closed once, and the others are told."""

from datetime import date

import pytest

from programmes.models import Alliance, Change
from savings.closing import services
from savings.models import ClosingRequest, FinancialYear
from tests import factories
from tests.savings.settlements import name_everyone, the_hills, work_out
from tests.savings.settling.test_at_once import PEOPLE, at_once

pytestmark = [pytest.mark.dialect, pytest.mark.django_db(transaction=True)]
DAY = date(2017, 12, 31)


def test_a_year_is_asked_for_and_closed_once_whoever_does_it_at_once() -> None:
    alliance: Alliance = the_hills()
    name_everyone(alliance)
    work_out(alliance)
    alice, bob = factories.user(name="Alice"), factories.user(name="Bob")
    north, south = alliance.forces.order_by("position")
    shown = {"day": DAY, "seen": services.figures_digest(alliance, 2016)}

    asking = {"year": 2016, "force": north, "note": "Settled by hand", "by": alice}
    told = at_once(lambda: services.ask(alliance=alliance, **asking, **shown))  # type: ignore[arg-type]
    assert len(told) == PEOPLE and told[0] == ""
    assert all("Alice asked for North Police already" in each for each in told[1:])

    asked = ClosingRequest.objects.select_related("alliance").get()
    told = at_once(lambda: services.confirm(request=asked, force=south, by=bob, **shown))  # type: ignore[arg-type]
    assert len(told) == PEOPLE and told[0] == ""
    assert all("2016/17 is closed already: Bob confirmed it" in each for each in told[1:])

    assert FinancialYear.objects.get().closed_at
    assert Change.objects.filter(kind="YEAR").count() == 2
