"""The pages on which a wrong go-live is corrected."""

from datetime import date
from urllib.parse import urlencode

import pytest
from django.test import Client

from business_areas.models import (
    BusinessArea,
    Milestone,
    MovedDate,
)
from tests import factories
from tests.alliance_portal.dates.moves import derive_and_share, net_by_force
from tests.alliance_portal.go_live.ready import (
    AREA,
    CHECK,
    CORRECT,
    LIVE,
    MARK,
    WENT_LIVE,
    WHY,
    Ready,
    asked,
    correction,
    priced,
    summary,
    take_live,
    typed,
    words,
)
from tests.saving import saved

pytestmark = pytest.mark.django_db


def test_a_date_is_corrected_in_three_pages_and_both_stay_on_record(
    ready: Ready, client: Client
) -> None:
    take_live(ready)
    derive_and_share(ready.scene)
    right = date(2017, 1, 9)
    again = ", not re-baselined"
    first = client.get(CORRECT)
    assert "On record: live since 16 January 2017" in words(first)
    second = client.post(CORRECT, correction(ready, right))
    assert "It went live on 9 January 2017, not on 16 January 2017." in words(second)
    assert f"75 days earlier than approved{again} → 82 days earlier than approved{again}" in words(
        second
    )
    assert "No pounds move: what starts from this date starts in the same month" in words(second)
    assert MovedDate.objects.count() == 1

    sent = correction(ready, right, save="1", priced=priced(second))
    for _ in range(2):
        third = client.post(CORRECT, sent, follow=True)

    page = words(third)
    assert "Fleet is live Since 9 January 2017" in page
    assert "Actual date: 16 January 2017 → 9 January 2017 7 days earlier." in page
    assert WHY in page
    assert MovedDate.objects.count() == 2
    assert WHY in words(client.get(f"{AREA}milestones/go-live/"))
    assert WHY in words(client.get(f"{AREA}history/"))


def test_an_area_that_did_not_go_live_is_back_at_its_stage_and_money_follows(
    ready: Ready, client: Client
) -> None:
    before = net_by_force(ready.scene)
    take_live(ready)
    derive_and_share(ready.scene)
    assert net_by_force(ready.scene) != before
    check = client.post(CORRECT, correction(ready, None))
    assert "Live → Implementation" in words(check)
    assert "Expected again on 1 April 2017" in words(check)

    sent = correction(ready, None, save="1", priced=priced(check))
    for _ in range(2):
        answer = client.post(CORRECT, sent, follow=True)

    assert "Fleet is no longer live: it is back at implementation." in words(answer)
    assert "Is Fleet ready to go live?" in words(answer)
    assert (ready.stage(), ready.now().actual_on) == ("IMPLEMENTATION", None)
    assert [change.to_on for change in MovedDate.objects.order_by("pk")] == [WENT_LIVE, None]
    derive_and_share(ready.scene)
    assert net_by_force(ready.scene) == before


@pytest.mark.parametrize(
    ("sent", "sentences"),
    [
        ({}, ["Choose what is wrong", "Enter why the go-live is corrected"]),
        (
            {"what": "date", "reason": ""},
            ["Enter the right go-live date", "Enter why the go-live is corrected"],
        ),
        (
            {"what": "date", "reason": "x" * 2001, **typed(("31", "2", "2017"))},
            [
                "Right go-live date must be a real date, for example 31 3 2018",
                "The reason must be 2,000 characters or fewer; it has 2,001, which is 1 too many",
            ],
        ),
        (
            {"what": "date", "reason": WHY, **typed(WENT_LIVE)},
            ["The go-live date is 16 January 2017 already; enter another date."],
        ),
        (
            {"what": "date", "reason": WHY, **typed(date(2017, 2, 2))},
            ["The go-live date must be today, 1 February 2017, or earlier."],
        ),
        (
            {"what": "date", "reason": WHY, **typed(date(2015, 2, 28))},
            ["The date must be on or after 1 March 2015, when the alliance began: check the year."],
        ),
    ],
)
def test_a_bad_correction_has_one_sentence_for_each_mistake_in_page_order(
    ready: Ready, client: Client, sent: dict[str, str], sentences: list[str]
) -> None:
    take_live(ready)

    for more in ({}, {"save": "1"}):
        page = client.post(CORRECT, {"seen": str(ready.now().revision), **sent, **more})
        assert summary(page) == sentences
    assert MovedDate.objects.count() == 1


def test_a_correction_of_what_someone_else_corrected_shows_both(
    ready: Ready, client: Client
) -> None:
    take_live(ready)
    mine = correction(ready, date(2017, 1, 9))
    saved(ready.client(ready.bert), CORRECT, correction(ready, date(2017, 1, 23)))

    for more in ({}, {"save": "1"}):
        answer = client.post(CORRECT, {**mine, **more})
        assert answer.status_code == 409
        assert "saved this while you were typing" in words(answer)
        assert "Actual date 16 January 2017 23 January 2017 9 January 2017" in words(answer)
        assert WHY in words(answer)
    assert saved(client, CORRECT, correction(ready, date(2017, 1, 9)))["Location"] == LIVE
    assert MovedDate.objects.count() == 3


def test_markup_and_long_reasons_are_kept_as_they_were_typed(ready: Ready, client: Client) -> None:
    take_live(ready)
    reason = "<script>alert(1)</script> " + "W" * 400

    sent = correction(ready, date(2017, 1, 9), reason=reason)
    page = saved(client, CORRECT, sent, follow=True)

    assert "<script>alert" not in page.content.decode()
    assert reason in words(page)
    assert MovedDate.objects.latest("pk").change.details == reason


def test_a_live_area_whose_day_is_not_known_can_be_given_one_or_go_back(
    ready: Ready, client: Client
) -> None:
    BusinessArea.objects.update(stage="LIVE")
    assert "The day on which it went live is not on record" in words(client.get(LIVE))
    assert "live since a day that is not known" in words(client.get(CORRECT))
    check = client.post(CORRECT, correction(ready, WENT_LIVE))
    assert "It went live on 16 January 2017, not on a day that is not known." in words(check)
    saved(client, CORRECT, correction(ready, WENT_LIVE))
    assert ready.now().actual_on == WENT_LIVE

    BusinessArea.objects.update(stage="LIVE")
    Milestone.objects.update(actual_on=None)
    for _ in range(2):
        answer = saved(client, CORRECT, correction(ready, None), follow=True)
        assert answer.status_code == 200

    assert ready.stage() == "IMPLEMENTATION"


def test_a_go_live_without_any_date_can_be_reached_and_taken_back(
    ready: Ready, client: Client
) -> None:
    ready.scene.fleet.items.all().delete()
    ready.milestone.delete()
    go_live = factories.milestone(area=ready.scene.fleet, code="go-live", baseline_on=None)
    item = factories.item(
        area=ready.scene.fleet, milestone=go_live, full_year_pence=120_000, ramp=[100]
    )
    ready.scene.amount(item, 100_000, 2017)
    bare = Ready(**{**vars(ready), "milestone": go_live})
    client.post(MARK, {"item": "APPROVED_DATE", "reason": "The board trusts us."})

    check = client.get(f"{CHECK}?{urlencode(asked(bare))}")
    assert "Savings that count from" in words(check)
    assert "No date is approved" in words(check)
    take_live(bare)
    back = client.post(CORRECT, correction(bare, None))
    assert "the forecast that started from it stops until there is one" in words(back)
    saved(client, CORRECT, correction(bare, None))

    assert (bare.stage(), bare.now().actual_on) == ("IMPLEMENTATION", None)
