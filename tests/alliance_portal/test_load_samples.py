"""The command load_samples: what a first, a second and a repeated load leave behind."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from alliance_portal import demonstration
from alliance_portal.workbook import loading
from business_areas.models import BusinessArea, Milestone
from programmes.changes.unrecorded import unrecorded
from programmes.models import Alliance, Role, User
from savings.models import Amount, RecomputeRequest, Run, Share

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]


def load_samples(*options: str) -> str:
    output = StringIO()
    call_command("load_samples", *options, stdout=output)
    return output.getvalue()


def derived_savings_of_2017() -> int:
    return sum(
        Amount.objects.filter(
            item__kind="SAVING",
            item__alliance__code="devon-cornwall-dorset",
            version="FORECAST",
            year=2017,
        ).values_list("pence", flat=True)
    )


@pytest.fixture
def loaded() -> str:
    return load_samples("--no-recompute")


def test_both_alliances_and_all_demo_users_are_there(loaded: str) -> None:
    assert set(Alliance.objects.values_list("code", flat=True)) == set(demonstration.SAMPLE_CODES)
    assert User.objects.count() == len(demonstration.demo_users()) == 15


def test_each_alliance_has_a_manager_a_finance_officer_a_chief_officer_and_a_panel_member(
    loaded: str,
) -> None:
    for code in demonstration.SAMPLE_CODES:
        kinds = set(Role.objects.filter(alliance__code=code).values_list("kind", flat=True))

        assert kinds == set(Role.Kind.values)


def test_each_manager_owns_the_areas_in_preparation_and_nobody_the_others(loaded: str) -> None:
    owned = BusinessArea.objects.exclude(owner=None)

    assert {area.owner.email.split("@")[0] for area in owned if area.owner} == {
        "manager.dcd",
        "manager.em",
    }
    assert not owned.filter(stage__in=["LIVE", "PROPOSED", "WITHDRAWN"]).exists()
    assert BusinessArea.objects.filter(owner=None).exists()


def test_the_administrator_uses_the_administration_site_and_has_no_alliance(loaded: str) -> None:
    administrator = User.objects.get(email="admin@portal.example")

    assert administrator.is_staff and administrator.is_superuser
    assert not administrator.roles.exists()
    assert User.objects.filter(is_staff=True).count() == 1


def test_new_users_sign_in_with_the_demo_password(
    loaded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert User.objects.get(email="finance.dcd@portal.example").check_password("alliance-demo")

    User.objects.filter(email="panel.em@portal.example").delete()
    monkeypatch.setenv("DEMO_PASSWORD", "another-word")
    load_samples("--no-recompute")

    assert User.objects.get(email="panel.em@portal.example").check_password("another-word")
    assert User.objects.get(email="finance.dcd@portal.example").check_password("alliance-demo")


def test_a_second_load_leaves_what_people_have_changed(loaded: str) -> None:
    area = Alliance.objects.get(code="east-midlands").areas.get(code="finance")
    area.head = "Someone else"
    area.save()

    output = load_samples("--no-recompute")

    area.refresh_from_db()
    assert area.head == "Someone else"
    assert "left as it is" in output
    assert "0 new" in output


def test_loading_again_over_unchanged_alliances_changes_nothing(loaded: str) -> None:
    RecomputeRequest.objects.all().delete()

    for code in demonstration.SAMPLE_CODES:
        assert not loading.load(demonstration.SAMPLES / code)
    assert not RecomputeRequest.objects.exists()


def test_loading_again_puts_the_sample_back(loaded: str) -> None:
    milestone = Milestone.objects.get(
        code="estates-go-live", alliance__code=demonstration.SAMPLE_CODES[0]
    )
    kept = milestone.forecast_on
    milestone.forecast_on = "2018-09-01"
    milestone.save()

    load_samples("--no-recompute", "--again")

    milestone.refresh_from_db()
    assert milestone.forecast_on == kept


def test_shares_are_worked_out_for_every_amount_and_add_up() -> None:
    output = load_samples()

    assert "shares worked out" in output
    assert not RecomputeRequest.objects.exists()
    assert not Run.objects.exclude(state="DONE").exists()
    assert 605_000_000 <= derived_savings_of_2017() <= 615_000_000
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM savings_amount a"
            " LEFT JOIN (SELECT amount_id, sum(pence) AS pence FROM savings_share GROUP BY 1) s"
            " ON s.amount_id = a.id WHERE s.pence IS DISTINCT FROM a.pence"
        )
        assert cursor.fetchone() == (0,)
    assert Share.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_everything_that_a_sample_holds_came_in_by_a_change_on_record() -> None:
    load_samples()

    for alliance in Alliance.objects.all():
        assert unrecorded(alliance.pk) == []


def test_where_nobody_asked_for_a_demonstration_nothing_is_made(settings: Any) -> None:
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO=1"):
        load_samples()

    assert not Alliance.objects.exists()
    assert not User.objects.exists()


def test_demo_users_are_switched_off_but_not_those_with_a_password_of_their_own(
    loaded: str,
) -> None:
    own = User.objects.get(email="finance.dcd@portal.example")
    own.set_password("a password of one's own")
    own.save()
    output = StringIO()

    call_command("close_demo", stdout=output)

    assert "switched off: 14" in output.getvalue()
    assert list(User.objects.filter(is_active=True)) == [own]
    assert demonstration.open_doors() == []
