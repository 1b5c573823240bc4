"""The invented national data: as much as asked for, the same for a seed, and gone when removed."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from alliance_portal.national import (
    NationalDataExists,
    make_national,
    national_alliances,
    remove_national,
)
from alliance_portal.national.sizes import real_forces
from programmes.models import Force, ForceSize
from savings import recompute, verify
from savings.models import (
    Amount,
    ClosingRequest,
    FinancialYear,
    Item,
    RecomputeRequest,
    Settlement,
    SettlementAnswer,
    SharingRule,
    TrueUp,
    TrueUpLine,
)
from tests import factories

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]

Content = list[tuple[object, ...]]


def content() -> Content:
    """Every amount by names, not by ids."""
    rows = Amount.objects.order_by(
        "alliance__code", "item__code", "version", "starts_on", "whole_year"
    )
    return list(
        rows.values_list(
            "alliance__code",
            "item__code",
            "item__kind",
            "item__area__code",
            "version",
            "starts_on",
            "whole_year",
            "pence",
            "borne_by__code",
        )
    )


def test_there_are_43_forces_with_their_officers() -> None:
    forces = real_forces()

    assert len(forces) == 43
    assert len({force.code for force in forces}) == 43
    assert all(value > 0 for force in forces for _, value in force.officers)


def test_it_makes_exactly_as_much_as_asked_for() -> None:
    told: list[int] = []

    make_national(alliances=7, amounts=2003, progress=told.append)

    assert national_alliances().count() == 7
    assert Amount.objects.count() == sum(told) == 2003
    assert Force.objects.filter(alliance__code="national-01").count() == 43
    assert Force.objects.filter(alliance__code="national-02").count() in range(10, 21)
    assert Force.objects.filter(alliance__code="national-05").count() in range(2, 8)
    assert set(Item.objects.values_list("kind", flat=True)) == {"COST", "SAVING", "GRANT"}
    assert set(Amount.objects.values_list("version", flat=True)) == {
        "APPROVED",
        "FORECAST",
        "ACTUAL",
    }
    assert Amount.objects.filter(whole_year=True).exists()
    assert Amount.objects.filter(whole_year=False).exists()


def test_the_same_seed_makes_the_same_and_another_does_not() -> None:
    made = []
    for seed in (1, 1, 2):
        remove_national()
        make_national(alliances=4, amounts=400, seed=seed)
        made.append(content())

    assert made[0] == made[1]
    assert made[0] != made[2]


def test_every_kind_of_rule_can_be_shared_by_and_holds_the_laws() -> None:
    make_national(alliances=10, amounts=2000)
    alliances = list(national_alliances())

    recompute.bring_all_up_to_date(alliance_ids=[one.pk for one in alliances], cause="Test")

    assert set(SharingRule.objects.values_list("method", "sizes_as_at", "decimals")) >= {
        ("SIZE", "YEAR", 4),
        ("SIZE", "YEAR", 2),
        ("SIZE", "YEAR", None),
        ("SIZE", "PERIOD", 4),
        ("FIXED", "YEAR", 4),
        ("EQUAL", "YEAR", 4),
    }
    assert not RecomputeRequest.objects.exists()
    assert verify.verify(alliances).breaches == []


def test_it_refuses_to_add_to_what_is_there() -> None:
    make_national(alliances=1, amounts=20)

    with pytest.raises(NationalDataExists):
        make_national(alliances=1, amounts=20)
    with pytest.raises(CommandError, match="use --replace"):
        call_command("make_national", alliances=1, amounts=20)


def test_replacing_leaves_nothing_of_what_was_there(capsys: pytest.CaptureFixture[str]) -> None:
    make_national(alliances=2, amounts=100)
    alliance_ids = list(national_alliances().values_list("pk", flat=True))
    recompute.bring_all_up_to_date(alliance_ids=alliance_ids, cause="Test")

    call_command("make_national", alliances=1, amounts=50, replace=True)

    assert "50 amounts in 1 national alliances made." in capsys.readouterr().out
    assert Amount.objects.count() == 50
    assert ForceSize.objects.exclude(alliance__in=national_alliances()).count() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM savings_share")
        assert cursor.fetchone() == (0,)


def test_amounts_leave_no_history_and_what_people_would_type_does() -> None:
    make_national(alliances=1, amounts=30)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM savings_amountevent),"
            " (SELECT count(*) FROM savings_sharingruleevent)"
        )
        amounts, rules = cursor.fetchone()
    assert amounts == 0
    assert rules > 0


@pytest.mark.parametrize(("alliances", "amounts"), [(0, 10), (5, 4)])
def test_it_refuses_too_little(alliances: int, amounts: int) -> None:
    with pytest.raises(CommandError, match="at least one"):
        call_command("make_national", alliances=alliances, amounts=amounts)


def test_what_was_settled_closed_and_posted_goes_with_it() -> None:
    make_national(alliances=1, amounts=200)
    alliance = national_alliances().get()
    one, two = alliance.forces.order_by("position")[:2]
    asked = {"alliance": alliance, "year": 2016}
    made = Settlement.objects.create(**asked, number=1, document={"a": 1}, digest="x")
    who = factories.user()
    SettlementAnswer.objects.create(
        alliance=alliance, settlement=made, force=one, says="AGREES", said_by=who
    )
    ClosingRequest.objects.create(**asked, force=one, asked_by=who)
    FinancialYear.objects.create(**asked, closed_at="2018-05-01T00:00Z")
    more = {"posted_in_year": 2017, "posted_on": "2018-01-01", "reason": "A restated size"}
    true_up = TrueUp.objects.create(**asked, **more)
    line = {
        "alliance": alliance,
        "true_up": true_up,
        "kind": "COST",
        "area": alliance.areas.first(),
    }
    TrueUpLine.objects.bulk_create(
        TrueUpLine(**line, force=force, pence=pence) for force, pence in ((one, 5), (two, -5))
    )

    assert remove_national() == 1

    for model in (Settlement, SettlementAnswer, ClosingRequest, FinancialYear, TrueUp, TrueUpLine):
        assert not model.objects.exists()
        assert not model.pgh_event_model.objects.exists()
