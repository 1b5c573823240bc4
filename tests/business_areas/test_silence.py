"""Silence: one rule, the same on dashboard, list, home, statuses and in files."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from business_areas import silence
from business_areas.models import BusinessArea
from business_areas.services.areas import save_area, spoken_of
from programmes.models import Role, User
from tests import factories

DAY = date(2017, 12, 31)
LONG_AGO = DAY - timedelta(silence.SILENT_DAYS + 1)


@pytest.mark.parametrize("stage", BusinessArea.Stage.values)
def test_every_area_can_be_silent_but_one_that_is_over(stage: str) -> None:
    over = stage in ("CLOSED", "WITHDRAWN")

    assert silence.is_silent(stage, LONG_AGO, DAY) is not over
    assert silence.is_silent(stage, None, DAY) is not over
    assert not silence.is_silent(stage, LONG_AGO + timedelta(1), DAY)


def test_the_sentence_names_the_limit() -> None:
    assert f"more than {silence.SILENT_DAYS} days" in silence.RULE


@pytest.fixture
def client_of_manager(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


@pytest.mark.django_db
@pytest.mark.parametrize(
    "stage", [each for each in BusinessArea.Stage.values if each != "WITHDRAWN"]
)
@pytest.mark.parametrize("days", [29, 31, None])
def test_every_page_and_file_says_the_same_of_an_area(
    client_of_manager: Client, alice: User, stage: str, days: int | None
) -> None:
    alliance = factories.alliance(held_on=DAY)
    Role.objects.create(alliance=alliance, user=alice, kind=Role.Kind.PROGRAMME_MANAGER)
    said_on = DAY - timedelta(days) if days else None
    area = factories.area(alliance=alliance, name="Fleet", stage=stage, last_update_on=said_on)
    force = factories.force(alliance=alliance)
    # Days that the data speak of, which say nothing of when that was said.
    factories.staffing(area=area, force=force, as_at=DAY)
    factories.milestone(area=area, kind="REVIEW", actual_on=DAY)
    silent = silence.is_silent(stage, said_on, DAY)
    words = silence.words(said_on, DAY)
    pages = {
        "home": "/",
        **{
            name: reverse(name, args=[alliance.code])
            for name in ("overview", "statuses", "areas", "areas-csv")
        },
        "area": reverse("area", args=[alliance.code, area.code]),
        "status": reverse("statuses-area", args=[alliance.code, area.code, "resources"]),
    }

    said = {
        name: words in " ".join(client_of_manager.get(address).content.decode().split())
        for name, address in pages.items()
    }

    # The programme of one closed area has nobody to hear of, and is silent as well.
    expected = dict.fromkeys(pages, silent)
    if stage == "CLOSED" and days != 29:
        expected |= {name: said[name] for name in ("home", "overview", "statuses")}
    assert said == expected
    found = client_of_manager.get(f"{pages['areas']}?show=quiet").context["part"].rows
    assert bool(found) is silent


@pytest.mark.django_db
def test_the_programme_speaks_when_any_area_or_it_itself_does(client_of_manager, alice) -> None:
    alliance = factories.alliance(held_on=DAY)
    Role.objects.create(alliance=alliance, user=alice, kind=Role.Kind.PROGRAMME_MANAGER)
    live = factories.area(alliance=alliance, stage="LIVE", last_update_on=LONG_AGO)

    def shown() -> str:
        page = client_of_manager.get(reverse("overview", args=[alliance.code]))
        return " ".join(page.content.decode().split())

    assert "No update for 31 days" in shown()
    BusinessArea.objects.filter(pk=live.pk).update(last_update_on=DAY)
    assert "No update for" not in shown()


@pytest.mark.django_db
def test_an_earlier_days_word_does_not_make_a_later_one_unsaid() -> None:
    area = factories.area(last_update_on=DAY)
    earlier = DAY - timedelta(3)

    spoken_of([area.pk], earlier)
    assert BusinessArea.objects.get(pk=area.pk).last_update_on == DAY

    save_area(area, earlier)
    assert BusinessArea.objects.get(pk=area.pk).last_update_on == DAY
