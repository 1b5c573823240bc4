"""Moments as people write them in an address or to a command; every refusal is one sentence."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from programmes.models import Alliance, Change
from savings.explain import put_in_at
from savings.moments import NotAMoment, span_of
from tests import factories

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]


@pytest.fixture
def alliance() -> Alliance:
    return factories.alliance()


def today() -> date:
    return timezone.localdate()


@pytest.mark.parametrize(
    "since, until, says",
    [
        ("yesterday", "", "“yesterday” is not a date"),
        ("", "31/02/2016", "is not a date"),
        ("01/04/2016", "", "can be"),
        ("2099-01-01", "", "after"),
        ("2099-01-01T09:00", "", "still to come"),
        ("", "2001-02-03", "change them round"),
        ("2016-01-01T25:00", "", "is not a date"),
        ("0001-01-01", "", "is not a date"),
        ("0001-01-01T00:00+14:00", "", "is not a date"),
        ("<script>", "", "“<script>” is not a date"),
    ],
)
def test_what_is_no_span_is_one_sentence(
    alliance: Alliance, since: str, until: str, says: str
) -> None:
    with pytest.raises(NotAMoment) as refused:
        span_of(alliance, since, until, today())

    said = str(refused.value)
    assert says in said and said.endswith(".") and "\n" not in said


@pytest.mark.parametrize(
    "since", ["", "month", "2016-03-31", "31 March 2016", "2016-03-31T09:30", "31-Mar-16"]
)
def test_before_the_record_it_begins_with_the_record_and_says_so(
    alliance: Alliance, since: str
) -> None:
    span = span_of(alliance, since, "", today())

    assert span.since == put_in_at(alliance)
    assert span.until is None
    assert "The record begins on" in span.note


def test_the_last_change_is_that_which_moved_money(alliance: Alliance) -> None:
    assert span_of(alliance, "last", "", today()).since > put_in_at(alliance)
    moved = factories.change(alliance=alliance, effect=[[1, 2016, "COST", "FORECAST", "north", 5]])
    factories.change(alliance=alliance, kind=Change.Kind.DESIGN)

    span = span_of(alliance, "last", "", today())

    made_at = Change.objects.get(pk=moved.pk).made_at
    assert span.since in (made_at - timedelta(microseconds=1), put_in_at(alliance))
    assert span.since_words.startswith("just before")


def test_of_a_held_alliance_everything_was_done_on_its_day(alliance: Alliance) -> None:
    alliance.held_on = date(2017, 12, 31)
    alliance.save()

    span = span_of(alliance, "2017-11-30", "", alliance.held_on)
    assert span.since == put_in_at(alliance)
    assert "held at" in span.note
    same_day = span_of(alliance, "2017-12-31", "", alliance.held_on)
    assert same_day.since > span.since
    with pytest.raises(NotAMoment, match="after 31 December 2017"):
        span_of(alliance, "2018-01-01", "", alliance.held_on)


def test_a_moment_is_londons_unless_it_says_where(alliance: Alliance) -> None:
    span = span_of(alliance, "2016-07-01T09:00", "2016-07-01T09:30Z", today())

    assert span.until_words == "10:30 on 1 July 2016"
    assert span.since_words == "09:00 on 1 July 2016"
    assert span.last == put_in_at(alliance) > datetime(2016, 7, 1, tzinfo=UTC)
