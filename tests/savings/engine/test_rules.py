from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from savings.engine.rules import Rule, Size, SizeBook, Stay, members_on, rule_on

OFFICERS = "Police officers (FTE)"


def rule(number, effective_on, **kwargs):
    return Rule(number, effective_on, "EQUAL", **kwargs)


def test_the_rule_in_force_is_the_latest_that_has_started():
    old, new = rule(1, date(2015, 4, 1)), rule(2, date(2016, 10, 1))
    assert rule_on(date(2015, 3, 31), [], [old, new]) is None
    assert rule_on(date(2016, 9, 30), [], [new, old]) is old
    assert rule_on(date(2016, 10, 1), [], [new, old]) is new


def test_an_areas_own_rule_goes_before_the_alliances_once_it_has_started():
    alliance, own = rule(1, date(2017, 1, 1)), rule(2, date(2016, 4, 1))
    assert rule_on(date(2016, 3, 31), [own], [alliance]) is None
    assert rule_on(date(2016, 4, 1), [own], [alliance]) is own
    assert rule_on(date(2018, 4, 1), [own], [alliance]) is own
    later = rule(3, date(2019, 1, 1), scope="fleet")
    assert rule_on(date(2018, 4, 1), [later], [alliance]) is alliance


def test_a_force_is_a_member_from_its_joining_to_the_day_before_it_left():
    stay = Stay("dorset", date(2016, 4, 1), date(2018, 4, 1))
    days = [date(2016, 3, 31), date(2016, 4, 1), date(2018, 3, 31), date(2018, 4, 1)]
    assert [stay.covers(day) for day in days] == [False, True, True, False]
    assert Stay("dorset").covers(date.min)


def test_an_area_without_a_list_of_its_own_is_shared_by_all_in_the_agreed_order():
    stays = [Stay("dorset"), Stay("devon-and-cornwall")]
    order = ("devon-and-cornwall", "dorset")
    assert members_on(date(2016, 4, 1), [], stays, order) == order


def test_an_areas_member_must_be_a_member_of_the_alliance_too():
    alliance = [Stay("a"), Stay("b", left_on=date(2017, 1, 1)), Stay("c")]
    area = [Stay("c", joined_on=date(2016, 6, 1)), Stay("b"), Stay("elsewhere")]
    order = ("a", "b", "c", "elsewhere")
    assert members_on(date(2016, 4, 1), area, alliance, order) == ("b",)
    assert members_on(date(2016, 6, 1), area, alliance, order) == ("b", "c")
    assert members_on(date(2017, 1, 1), area, alliance, order) == ("c",)


def test_a_force_that_left_and_came_back_is_a_member_once():
    stays = [Stay("a", left_on=date(2016, 1, 1)), Stay("a", joined_on=date(2017, 1, 1)), Stay("a")]
    assert members_on(date(2018, 1, 1), [], stays, ("a",)) == ("a",)


def size(value, effective_on, release=1, force="dorset"):
    return Size(force, OFFICERS, effective_on, release, Decimal(value))


def test_the_size_on_a_day_is_the_latest_effective_by_its_latest_release():
    restated = size("1299.5", date(2015, 9, 30), release=2)
    book = SizeBook([restated, size("1300", date(2015, 9, 30)), size("1280", date(2016, 3, 31))])
    assert book.latest("dorset", OFFICERS, date(2015, 9, 29)) is None
    assert book.latest("dorset", OFFICERS, date(2015, 9, 30)) == restated
    assert book.latest("dorset", OFFICERS, date(2016, 3, 30)) == restated
    assert book.latest("dorset", OFFICERS, date(2016, 4, 1)).value == 1280


def test_a_restatement_of_an_earlier_date_does_not_hide_a_later_size():
    book = SizeBook([size("2", date(2016, 3, 31)), size("9", date(2015, 9, 30), release=5)])
    assert book.latest("dorset", OFFICERS, date(2017, 4, 1)).value == 2


@pytest.mark.parametrize(("force", "measure"), [("kent", OFFICERS), ("dorset", "Population")])
def test_there_is_no_size_for_another_force_or_measure(force, measure):
    assert SizeBook([size("1", date(2016, 3, 31))]).latest(force, measure, date.max) is None


sizes = st.builds(
    size,
    st.integers(0, 5),
    st.dates(date(2015, 1, 1), date(2015, 1, 20)),
    st.integers(1, 3),
    st.sampled_from(["dorset", "kent"]),
)


@given(st.lists(sizes, max_size=12), st.dates(date(2015, 1, 1), date(2015, 1, 25)), st.randoms())
def test_the_order_of_loading_never_matters(entries, day, shuffler):
    shuffled = list(entries)
    shuffler.shuffle(shuffled)
    for force in ("dorset", "kent"):
        found = SizeBook(entries).latest(force, OFFICERS, day)
        assert found == SizeBook(shuffled).latest(force, OFFICERS, day)
        known = [one for one in entries if one.force == force and one.effective_on <= day]
        expected = max(
            known, key=lambda one: (one.effective_on, one.release, one.value), default=None
        )
        assert found == expected
