"""The pages on which an area goes live."""

import html
from datetime import date
from urllib.parse import urlencode

import pytest
from django.test import Client

from business_areas.models import (
    BusinessArea,
    MovedDate,
)
from business_areas.services import reschedule
from savings.models import Item, RecomputeRequest
from tests.alliance_portal.dates.moves import derive_and_share, net_by_force
from tests.alliance_portal.go_live.ready import (
    AREA,
    CHECK,
    CORRECT,
    GO_LIVE,
    LIVE,
    TODAY,
    WENT_LIVE,
    WHY,
    Ready,
    asked,
    correction,
    lose,
    priced,
    take_live,
    typed,
    words,
)
from tests.saving import saved

pytestmark = pytest.mark.django_db


def test_three_pages_lead_from_the_list_to_the_live_area(ready: Ready, client: Client) -> None:
    first = client.get(GO_LIVE)
    assert "Everything that Fleet needs to go live is in place." in words(first)
    second = client.post(GO_LIVE, typed(WENT_LIVE, seen="1", stage="IMPLEMENTATION"))
    assert second["Location"].startswith(f"{CHECK}?on=2017-01-16&seen=1")
    check = client.get(second["Location"])
    assert "Nothing has been saved yet." in words(check)
    assert "75 days earlier than approved" in words(check)
    assert "Implementation → Live" in words(check)
    assert "North Police 10.5, South Police 6, East Police 0; together 16.5" in words(check)
    assert not MovedDate.objects.exists()

    saved = client.post(CHECK, asked(ready, priced=priced(check)))

    assert saved["Location"] == LIVE
    third = words(client.get(LIVE))
    assert "Fleet is live Since 16 January 2017, 75 days earlier than approved" in third
    assert "Each force’s shares are being worked out again" in third
    assert "Actual date: 16 January 2017" in third
    assert ready.stage() == "LIVE"
    assert ready.scene.fleet.last_update_on == TODAY
    moved = MovedDate.objects.get()
    assert (moved.which, moved.from_on, moved.to_on) == ("ACTUAL", None, WENT_LIVE)
    assert (moved.change.made_by, moved.change.reason) == (ready.alice, "Went live")
    assert RecomputeRequest.objects.exists()


def test_what_the_check_page_says_of_each_force_is_what_is_stored_afterwards(
    ready: Ready, client: Client
) -> None:
    check = client.get(f"{CHECK}?{urlencode(asked(ready))}")
    before = net_by_force(ready.scene)
    effect = check.context["effect"]
    said = dict(zip((force.name for force in effect.forces), effect.by_force(), strict=True))

    client.post(CHECK, asked(ready, priced=priced(check)))
    derive_and_share(ready.scene)

    after = net_by_force(ready.scene)
    for force in ready.scene.forces:
        moved = sum(after[key] - before[key] for key in after | before if key[1] == force.code)
        assert said[force.name] == moved
    assert sum(said.values()) == sum(after.values()) - sum(before.values()) != 0


def test_each_item_leads_to_the_page_on_which_it_is_put_right(ready: Ready, client: Client) -> None:
    page = client.get(GO_LIVE).content.decode()

    for address in (
        f"{AREA}milestones/go-live/approved/",
        f"{AREA}edit/design/#id_status_TECHNOLOGY_0",
        f"{AREA}edit/people/",
        "/alliances/hills/money/areas/fleet/2017-18/?version=approved&amp;kind=net",
    ):
        assert f'href="{address}"' in page
        assert client.get(html.unescape(address)).status_code == 200


def test_what_is_missing_is_named_and_refused(ready: Ready, client: Client) -> None:
    lose(ready)
    lose(ready, "PROCESSES", "AGREED")

    page = client.get(GO_LIVE)

    assert (
        "Fleet cannot go live yet: processes are agreed but not in place; and technology is still "
        "in design. Put each right, or mark each as not applicable with a reason."
    ) in words(page)
    assert "When did it go live?" not in words(page)
    for address, sent in ((GO_LIVE, typed(WENT_LIVE)), (CHECK, asked(ready))):
        answer = client.post(address, sent, follow=True)
        assert "technology is still in design" in words(answer)
    assert client.get(f"{CHECK}?{urlencode(asked(ready))}").status_code == 302
    assert ready.stage() == "IMPLEMENTATION"


def test_sent_twice_it_goes_live_once(ready: Ready, client: Client) -> None:
    sent = asked(ready)

    for _ in range(2):
        answer = saved(client, CHECK, sent, follow=True)
        assert "Fleet is live" in words(answer)
        assert "has not been saved" not in words(answer)

    assert MovedDate.objects.count() == 1


def test_who_is_second_reads_both_dates_and_by_whom_it_went_live(
    ready: Ready, client: Client
) -> None:
    sent = asked(ready)
    take_live(ready)

    answer = ready.client(ready.bert).post(CHECK, {**sent, "on": "2017-01-23"}, follow=True)

    assert (
        "Fleet went live on 16 January 2017 already; Alice put that on record. "
        "Yours, 23 January 2017, has not been saved."
    ) in words(answer)
    for address in (GO_LIVE, CHECK):
        again = ready.client(ready.bert).post(address, {**sent, **typed(TODAY)}, follow=True)
        assert "went live on 16 January 2017 already" in words(again)
    assert MovedDate.objects.count() == 1


def test_a_forecast_that_someone_moved_is_shown_beside_what_was_typed(
    ready: Ready, client: Client
) -> None:
    sent = asked(ready)
    reschedule(
        milestone=ready.milestone, to=date(2017, 5, 1), reason="Technology is not ready",
        details="Late.", by=ready.bert, day=TODAY,
    )  # fmt: skip

    for answer in (client.get(f"{CHECK}?{urlencode(sent)}"), client.post(CHECK, sent)):
        assert answer.status_code == 409
        both = words(answer)
        assert "saved this while you were typing" in both
        assert "Forecast date 1 April 2017 1 May 2017 –" in both
        assert "Actual date nothing nothing 16 January 2017" in both
        assert "Forecast 1 May 2017, which stays on record" in both
    assert ready.stage() == "IMPLEMENTATION"
    assert saved(client, CHECK, asked(ready))["Location"] == LIVE


def test_a_stage_that_someone_changed_is_shown_too(ready: Ready, client: Client) -> None:
    sent = asked(ready)
    BusinessArea.objects.filter(pk=ready.scene.fleet.pk).update(stage="CONSULTATION")

    answer = client.post(CHECK, sent)

    assert answer.status_code == 409
    assert "Stage Implementation Consultation –" in words(answer)


def test_pounds_that_moved_since_they_were_shown_are_shown_again(
    ready: Ready, client: Client
) -> None:
    check = client.get(f"{CHECK}?{urlencode(asked(ready))}")
    Item.objects.filter(code="posts").update(full_year_pence=999_999)

    answer = client.post(CHECK, asked(ready, priced=priced(check)))

    assert "Other figures changed while you were looking" in words(answer)
    assert ready.stage() == "IMPLEMENTATION"


def test_back_from_the_check_what_was_typed_is_in_the_boxes(ready: Ready, client: Client) -> None:
    page = client.get(f"{GO_LIVE}?{urlencode(asked(ready))}").content.decode()
    assert 'name="on_day" type="text" inputmode="numeric" autocomplete="off" value="16"' in page
    take_live(ready)

    again = client.post(CORRECT, correction(ready, date(2017, 1, 9), change="1")).content.decode()

    assert 'value="9"' in again
    assert WHY in again
