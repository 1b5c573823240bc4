"""The pages on which an area goes live, and on which that is corrected."""

import html
import re
from datetime import date
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client

from business_areas.models import BusinessArea, DateChange, DesignStrand, NotApplicable
from business_areas.services import reschedule
from savings.models import Item, RecomputeRequest
from tests.alliance_portal.dates.moves import derive_and_share, net_by_force
from tests.alliance_portal.go_live.ready import (
    AREA,
    CHECK,
    CORRECT,
    GO_LIVE,
    LIVE,
    MARK,
    TODAY,
    WENT_LIVE,
    Ready,
    a_ready_area,
)

pytestmark = pytest.mark.django_db

WHY = "The teams moved in on the ninth."


@pytest.fixture
def ready() -> Ready:
    return a_ready_area()


@pytest.fixture
def client(ready: Ready) -> Client:
    return ready.client(ready.alice)


def words(answer: HttpResponse) -> str:
    """The page's text on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def summary(answer: HttpResponse) -> list[str]:
    """The sentences of the error summary, whose links all lead somewhere on the page."""
    page = answer.content.decode()
    part = page.split("govuk-error-summary__list")[1].split("</ul>")[0]
    for target in re.findall(r'href="#([^"]+)"', part):
        assert f'id="{target}"' in page
    return [html.unescape(text) for text in re.findall(r"<li>(?:<a[^>]*>)?([^<]+)", part)]


def typed(on: date | tuple[str, str, str], **more: str) -> dict[str, str]:
    day, month, year = on if isinstance(on, tuple) else (on.day, on.month, on.year)
    return {"on_day": str(day), "on_month": str(month), "on_year": str(year), **more}


def asked(ready: Ready, on: date = WENT_LIVE, **more: str) -> dict[str, str]:
    """What the check page carries."""
    seen = str(ready.now().revision)
    return {"on": on.isoformat(), "seen": seen, "stage": ready.stage(), **more}


def priced(answer: HttpResponse) -> str:
    found = re.search(r'name="priced" value="(\w+)"', answer.content.decode())
    assert found
    return found[1]


def take_live(ready: Ready, on: date = WENT_LIVE) -> None:
    assert ready.client(ready.alice).post(CHECK, asked(ready, on))["Location"] == LIVE


def correction(ready: Ready, on: date | None, **more: str) -> dict[str, str]:
    what = {"what": "date", **typed(on)} if on else {"what": "not"}
    return {"seen": str(ready.now().revision), "reason": WHY, **what, **more}


def lose(ready: Ready, strand: str = "TECHNOLOGY", status: str = "IN_DESIGN") -> None:
    DesignStrand.objects.filter(area=ready.scene.fleet, strand=strand).update(status=status)


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
    assert not DateChange.objects.exists()

    saved = client.post(CHECK, asked(ready, priced=priced(check)))

    assert saved["Location"] == LIVE
    third = words(client.get(LIVE))
    assert "Fleet is live Since 16 January 2017, 75 days earlier than approved" in third
    assert "Each force’s shares are being worked out again" in third
    assert "Actual date: 16 January 2017" in third
    assert ready.stage() == "LIVE"
    assert ready.scene.fleet.last_update_on == TODAY
    change = DateChange.objects.get()
    assert (change.which, change.from_on, change.to_on) == ("ACTUAL", None, WENT_LIVE)
    assert (change.changed_by, change.reason) == (ready.alice, "Went live")
    assert RecomputeRequest.objects.exists()


def test_what_the_check_page_says_of_each_force_is_what_is_stored_afterwards(
    ready: Ready, client: Client
) -> None:
    check = client.get(f"{CHECK}?{urlencode(asked(ready))}")
    before = net_by_force(ready.scene)
    said = {
        name: line.net
        for name, lines in check.context["counting"].groups
        for line in lines
        if line.is_total
    }

    client.post(CHECK, asked(ready, priced=priced(check)))
    derive_and_share(ready.scene)

    after = net_by_force(ready.scene)
    for force in ready.scene.forces:
        moved = sum(after[key] - before[key] for key in after | before if key[1] == force.code)
        assert said[force.name] == moved
    assert said["All forces together"] == sum(after.values()) - sum(before.values()) != 0


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


def test_an_item_is_marked_as_not_applicable_and_that_is_undone(
    ready: Ready, client: Client
) -> None:
    lose(ready)
    sent = {"item": "TECHNOLOGY", "reason": "<b>Each force</b> keeps its own until 2019."}
    for _ in range(2):
        page = client.post(MARK, sent, follow=True)
    assert "&lt;b&gt;Each force&lt;/b&gt; keeps its own" in page.content.decode()
    assert "is in place, or does not apply." in words(page)
    mark = NotApplicable.objects.get()
    assert (mark.said_by, mark.item) == (ready.alice, "TECHNOLOGY")
    check = client.get(f"{CHECK}?{urlencode(asked(ready))}")
    assert "5 of 6 in place “Technology in place” does not apply: <b>Each force</b>" in words(check)

    for _ in range(2):
        page = client.post(MARK, {"item": "TECHNOLOGY", "undo": str(mark.pk)}, follow=True)

    assert "“Technology in place” applies again." in words(page)
    assert not NotApplicable.objects.exists()


def test_what_did_not_apply_is_kept_with_the_go_live(ready: Ready, client: Client) -> None:
    lose(ready)
    client.post(MARK, {"item": "TECHNOLOGY", "reason": "Not before 2019."})

    take_live(ready)

    assert DateChange.objects.get().details == "Marked as not applicable: Technology in place."


def test_a_mark_needs_a_reason_and_takes_a_long_one(ready: Ready, client: Client) -> None:
    lose(ready)

    for reason, sentence in (
        (" ", "Enter why “Technology in place” does not apply"),
        ("x" * 2001, "The reason must be 2,000 characters or fewer"),
    ):
        page = client.post(MARK, {"item": "TECHNOLOGY", "reason": reason})
        assert summary(page) == [sentence]
        assert "<details" in page.content.decode().split("need-TECHNOLOGY")[1]
        assert " open>" in page.content.decode().split("need-TECHNOLOGY")[1]
    client.post(MARK, {"item": "TECHNOLOGY", "reason": "W" * 400})
    client.post(MARK, {"item": "WEATHER", "reason": "Rain"})

    assert NotApplicable.objects.get().reason == "W" * 400


def test_two_who_mark_the_same_item_see_both_reasons(ready: Ready, client: Client) -> None:
    lose(ready)
    ready.client(ready.bert).post(MARK, {"item": "TECHNOLOGY", "reason": "His reason."})

    page = client.post(MARK, {"item": "TECHNOLOGY", "reason": "My reason."})

    assert summary(page) == [
        "Bob has marked this already: “His reason.”. Undo that first to give another reason."
    ]
    assert ">\nMy reason.</textarea>" in page.content.decode()
    mine = NotApplicable.objects.get().pk
    NotApplicable.objects.all().delete()
    client.post(MARK, {"item": "TECHNOLOGY", "reason": "A new reason."})
    page = client.post(MARK, {"item": "TECHNOLOGY", "undo": str(mine)}, follow=True)
    assert "Someone else has marked this again" in words(page)
    assert NotApplicable.objects.get().reason == "A new reason."


BAD = [
    (("31", "2", "2017"), "Go-live date must be a real date, for example 31 3 2018"),
    (("16", "1", "17"), "Go-live date must have a year of four digits, for example 2018"),
    (("16", "1", "2101"), "Go-live date must be between 1900 and 2100: check the year"),
    (("16", "", "2017"), "Go-live date must include a month"),
    (("", "", ""), "Enter the go-live date"),
    (("2", "2", "2017"), "The go-live date must be today, 1 February 2017, or earlier."),
    (
        ("28", "2", "2015"),
        "The date must be on or after 1 March 2015, when the alliance began: check the year.",
    ),
    (("<b>", "1", "2017"), "Go-live date must be a real date, for example 31 3 2018"),
]


@pytest.mark.parametrize("bad, sentence", BAD)
def test_a_bad_day_has_one_sentence_and_keeps_what_was_typed(
    client: Client, bad: tuple[str, str, str], sentence: str
) -> None:
    page = client.post(GO_LIVE, typed(bad, seen="1"))

    assert summary(page) == [sentence]
    for box, value in zip(("day", "month", "year"), bad, strict=True):
        if value:
            assert f'name="on_{box}"' in page.content.decode()
            assert f'value="{html.escape(value)}"' in page.content.decode()


@pytest.mark.parametrize("on", ["2017-02-02", "2015-02-28", "soon", "", "2017-02-30"])
def test_an_address_with_a_bad_day_leads_back_to_where_it_is_typed(
    ready: Ready, client: Client, on: str
) -> None:
    sent = {"on": on, "seen": "1", "stage": "IMPLEMENTATION"}

    assert client.get(f"{CHECK}?{urlencode(sent)}")["Location"].startswith(GO_LIVE)
    assert client.post(CHECK, sent)["Location"].startswith(GO_LIVE)
    assert ready.stage() == "IMPLEMENTATION"


def test_sent_twice_it_goes_live_once(ready: Ready, client: Client) -> None:
    sent = asked(ready)

    for _ in range(2):
        answer = client.post(CHECK, sent, follow=True)
        assert "Fleet is live" in words(answer)
        assert "has not been saved" not in words(answer)

    assert DateChange.objects.count() == 1


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
    assert DateChange.objects.count() == 1


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
        assert "Forecast 1 April 2017 1 May 2017 –" in both
        assert "Went live on no date no date 16 January 2017" in both
        assert "against 1 May 2017" in both
    assert ready.stage() == "IMPLEMENTATION"
    assert client.post(CHECK, asked(ready))["Location"] == LIVE


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


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"stage": "WITHDRAWN"}, "Fleet is withdrawn, so its dates no longer change."),
        ({"stage": "CLOSED"}, "Fleet went live already."),
        (
            {"on_hold_since": TODAY, "hold_reason": "No room"},
            "Fleet is on hold; resume it before it goes live.",
        ),
    ],
)
def test_an_area_that_cannot_go_live_says_why_at_its_old_address(
    ready: Ready, client: Client, fields: dict[str, str], sentence: str
) -> None:
    BusinessArea.objects.filter(pk=ready.scene.fleet.pk).update(**fields)

    page = client.get(GO_LIVE)

    assert sentence in words(page)
    assert "When did it go live?" not in words(page)
    for address, sent in (
        (GO_LIVE, typed(WENT_LIVE)),
        (CHECK, asked(ready)),
        (MARK, {"item": "PEOPLE", "reason": "No"}),
        (CORRECT, correction(ready, WENT_LIVE, save="1")),
    ):
        assert client.post(address, sent, follow=True).status_code == 200
    assert not DateChange.objects.exists()


def test_an_area_without_a_go_live_milestone_says_what_to_do(ready: Ready, client: Client) -> None:
    ready.scene.fleet.items.all().delete()
    ready.milestone.delete()

    page = client.get(GO_LIVE)

    assert "Fleet has no go-live milestone; add one to the area, then come back." in words(page)
    assert client.get(f"{AREA}add-milestone/").status_code == 200
    assert f'href="{AREA}add-milestone/"' in page.content.decode()
    sent = {"on": "2017-01-16", "seen": "1", "stage": "IMPLEMENTATION"}
    for address in (GO_LIVE, CHECK, CORRECT):
        assert client.post(address, {**sent, **typed(WENT_LIVE)}, follow=True).status_code == 200
    assert ready.stage() == "IMPLEMENTATION"


def test_a_reader_sees_the_list_and_may_do_nothing(ready: Ready) -> None:
    lose(ready)
    bob = ready.client(ready.bob)

    page = bob.get(GO_LIVE)

    assert page.status_code == 200
    assert "technology is still in design" in words(page)
    assert "Mark as not applicable" not in words(page)
    assert "/edit/" not in page.content.decode()
    for address, sent in (
        (GO_LIVE, typed(WENT_LIVE)),
        (MARK, {"item": "TECHNOLOGY", "reason": "No"}),
        (CHECK, asked(ready)),
        (CORRECT, correction(ready, WENT_LIVE, save="1")),
    ):
        assert bob.post(address, sent).status_code == 403
    assert bob.get(f"{CHECK}?{urlencode(asked(ready))}").status_code == 403
    assert bob.get(CORRECT).status_code == 403


def test_another_alliance_is_not_there_at_all(ready: Ready) -> None:
    mallory = ready.client(ready.mallory)

    for address in (GO_LIVE, MARK, CHECK, LIVE, CORRECT):
        assert mallory.get(address).status_code == 404
        assert mallory.post(address, asked(ready)).status_code == 404
    assert ready.client(ready.alice).get(GO_LIVE.replace("fleet", "no-such")).status_code == 404


def test_a_date_is_corrected_in_three_pages_and_both_stay_on_record(
    ready: Ready, client: Client
) -> None:
    take_live(ready)
    derive_and_share(ready.scene)
    right = date(2017, 1, 9)
    first = client.get(CORRECT)
    assert "On record: live since 16 January 2017" in words(first)
    second = client.post(CORRECT, correction(ready, right))
    assert "It went live on 9 January 2017, not on 16 January 2017." in words(second)
    assert "75 days earlier than approved → 82 days earlier than approved" in words(second)
    assert "No pounds move: what starts from this date starts in the same month" in words(second)
    assert DateChange.objects.count() == 1

    sent = correction(ready, right, save="1", priced=priced(second))
    for _ in range(2):
        third = client.post(CORRECT, sent, follow=True)

    page = words(third)
    assert "Fleet is live Since 9 January 2017" in page
    assert "Actual date: 16 January 2017 → 9 January 2017 7 days earlier." in page
    assert WHY in page
    assert DateChange.objects.count() == 2
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
    assert [change.to_on for change in DateChange.objects.order_by("pk")] == [WENT_LIVE, None]
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
                "The reason must be 2,000 characters or fewer",
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
    assert DateChange.objects.count() == 1


def test_a_correction_of_what_someone_else_corrected_shows_both(
    ready: Ready, client: Client
) -> None:
    take_live(ready)
    mine = correction(ready, date(2017, 1, 9))
    ready.client(ready.bert).post(CORRECT, correction(ready, date(2017, 1, 23), save="1"))

    for more in ({}, {"save": "1"}):
        answer = client.post(CORRECT, {**mine, **more})
        assert answer.status_code == 409
        assert "saved this while you were typing" in words(answer)
        assert "Went live on 16 January 2017 23 January 2017 9 January 2017" in words(answer)
        assert WHY in words(answer)
    assert client.post(CORRECT, correction(ready, date(2017, 1, 9), save="1"))["Location"] == LIVE
    assert DateChange.objects.count() == 3


def test_markup_and_long_reasons_are_kept_as_they_were_typed(ready: Ready, client: Client) -> None:
    take_live(ready)
    reason = "<script>alert(1)</script> " + "W" * 400

    sent = correction(ready, date(2017, 1, 9), save="1")
    page = client.post(CORRECT, {**sent, "reason": reason}, follow=True)

    assert "<script>alert" not in page.content.decode()
    assert reason in words(page)
    assert DateChange.objects.latest("pk").details == reason


def test_back_from_the_check_what_was_typed_is_in_the_boxes(ready: Ready, client: Client) -> None:
    page = client.get(f"{GO_LIVE}?{urlencode(asked(ready))}").content.decode()
    assert 'name="on_day" type="text" inputmode="numeric" autocomplete="off" value="16"' in page
    take_live(ready)

    again = client.post(CORRECT, correction(ready, date(2017, 1, 9), change="1")).content.decode()

    assert 'value="9"' in again
    assert WHY in again
