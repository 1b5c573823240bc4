from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from savings.engine.apportion import apportion
from savings.engine.periods import months_of
from savings.engine.ratio import (
    Rule,
    Size,
    SizeBook,
    Stay,
    Term,
    Withheld,
    digest,
    split_by_ratio,
    work_out_ratio,
)

OFFICERS, PEOPLE = "Police officers (FTE)", "Population"
DC, DORSET = "devon-and-cornwall", "dorset"
NAMES = {DC: "Devon & Cornwall", DORSET: "Dorset"}
BOTH = (DC, DORSET)
APRIL_2017 = date(2017, 4, 1)


def size(force, value, effective_on=date(2017, 3, 31), measure=OFFICERS, release=1):
    return Size(force, measure, effective_on, release, Decimal(value), "Home Office")


def by_size(*measures, **kwargs):
    terms = tuple(Term(measure=name, weight=weight) for name, weight in measures)
    return Rule(7, date(2016, 4, 1), "SIZE", terms=terms or (Term(measure=OFFICERS),), **kwargs)


def fixed(percentages, **kwargs):
    terms = tuple(Term(force=force, percent=Decimal(own)) for force, own in percentages.items())
    return Rule(8, date(2016, 4, 1), "FIXED", terms=terms, **kwargs)


BOOK = SizeBook(
    [
        size(DC, "2914.21"),
        size(DORSET, "1265.96"),
        size(DC, "1700000", measure=PEOPLE),
        size(DORSET, "765700", measure=PEOPLE),
    ]
)


def ratio(rule, forces=BOTH, day=APRIL_2017, book=BOOK, year=2017):
    return work_out_ratio(rule, forces, day, book, year)


def test_officer_numbers_give_the_published_percentages():
    found = ratio(by_size())
    assert found.weights == (697151, 302849)
    assert found.percentages == ("69.7151", "30.2849")
    assert found.basis == OFFICERS
    assert found.sizes_on == APRIL_2017
    assert [one.value for one in found.evidence] == [Decimal("2914.21"), Decimal("1265.96")]
    assert apportion(4123317, found.weights) == [2874575, 1248742]


@pytest.mark.parametrize(
    ("decimals", "percentages"),
    [(0, ("70", "30")), (1, ("69.7", "30.3")), (2, ("69.72", "30.28"))],
)
def test_percentages_are_kept_at_the_rules_decimals(decimals, percentages):
    assert ratio(by_size(decimals=decimals)).percentages == percentages


def test_an_exact_rule_divides_by_the_sizes_and_shows_a_picture_of_them():
    found = ratio(by_size(decimals=None))
    assert found.weights == (291421, 126596)
    assert found.decimals is None and found.percentages == ("69.7151", "30.2849")


def test_a_blend_weighs_each_measures_share():
    found = ratio(by_size((OFFICERS, Decimal(50)), (PEOPLE, Decimal(50)), decimals=None))
    officers = Fraction("2914.21") / Fraction("4180.17")
    people = Fraction(1700000, 2465700)
    assert Fraction(found.weights[0], sum(found.weights)) == (officers + people) / 2
    assert found.basis == "Police officers (FTE) 50%, Population 50%"
    assert len(found.evidence) == 4


def test_a_blend_without_weights_is_even_and_a_zero_weight_drops_out():
    even = ratio(by_size((OFFICERS, None), (PEOPLE, None)))
    assert even.weights == ratio(by_size((OFFICERS, Decimal(1)), (PEOPLE, Decimal(1)))).weights
    alone = ratio(by_size((OFFICERS, Decimal(1)), ("Unknown", Decimal(0))))
    assert alone.weights == (697151, 302849) and alone.basis == OFFICERS


def test_three_even_measures_are_named_with_percentages_that_add_up():
    assert (
        "33.3334%, Population 33.3333%"
        in ratio(by_size((OFFICERS, None), (PEOPLE, None), (OFFICERS, None))).basis
    )


def test_stated_percentages_are_taken_as_stated():
    found = ratio(fixed({DORSET: "30", DC: "70.00"}))
    assert found.percentages == ("70.0000", "30.0000")
    assert found.basis == "Stated percentages"
    assert found.evidence == () and found.sizes_on is None
    assert ratio(fixed({DC: "70", DORSET: "30"}, decimals=None)).weights == (7, 3)


def test_equal_shares_add_up_to_the_whole_with_the_odd_unit_to_the_earlier_force():
    found = ratio(Rule(9, date(2016, 4, 1), "EQUAL"), forces=("a", "b", "c"))
    assert found.percentages == ("33.3334", "33.3333", "33.3333")
    assert found.basis == "Equal shares"
    exact = ratio(Rule(9, date(2016, 4, 1), "EQUAL", decimals=None), forces=("a", "b", "c"))
    assert exact.weights == (1, 1, 1)


def test_a_single_force_bears_it_all():
    assert ratio(by_size(), forces=(DORSET,)).percentages == ("100.0000",)


def reason(rule, **kwargs):
    with pytest.raises(Withheld) as withheld:
        ratio(rule, **kwargs)
    return withheld.value.sentence(NAMES)


def test_a_missing_size_is_named_with_its_force_measure_and_date():
    book = SizeBook([size(DC, "2914.21"), size(DORSET, "1", effective_on=date(2017, 4, 2))])
    expected = "No Police officers (FTE) on record for Dorset on 1 April 2017."
    assert reason(by_size(), book=book, day=date(2017, 9, 1)) == expected


def test_a_rule_by_period_reads_the_size_on_the_periods_first_day():
    book = SizeBook([size(DC, "3"), size(DORSET, "1", effective_on=date(2017, 6, 1))])
    rule = by_size(sizes_as_at="PERIOD")
    assert reason(rule, book=book, day=date(2017, 5, 1)).endswith("Dorset on 1 May 2017.")
    assert ratio(rule, book=book, day=date(2017, 6, 1)).weights == (750000, 250000)


@pytest.mark.parametrize(
    ("rule", "kwargs", "sentence"),
    [
        (None, {}, "No sharing rule is in force on 1 April 2017."),
        (by_size(), {"forces": ()}, "No force is a member on 1 April 2017."),
        (
            fixed({DC: "100"}),
            {},
            (
                "Dorset is a member on 1 April 2017, "
                "but the sharing rule in force states no percentage for it."
            ),
        ),
        (
            fixed({DC: "70", DORSET: "30"}),
            {"forces": (DC,)},
            (
                "The sharing rule in force on 1 April 2017 states a percentage for Dorset, "
                "which is not a member on that date."
            ),
        ),
        (
            fixed({DC: "70", DORSET: "29.99"}),
            {},
            (
                "The percentages of the sharing rule in force on 1 April 2017 "
                "do not add up to exactly 100."
            ),
        ),
        (
            by_size(),
            {"book": SizeBook([size(DC, "0"), size(DORSET, "0")])},
            (
                "Police officers (FTE) is zero for every force on 1 April 2017, "
                "so there is nothing to share by."
            ),
        ),
        (
            by_size((OFFICERS, Decimal(0))),
            {},
            "The sharing rule in force on 1 April 2017 names no measure to share by.",
        ),
    ],
)
def test_shares_are_withheld_with_a_plain_sentence(rule, kwargs, sentence):
    assert reason(rule, **kwargs) == sentence


def test_a_stated_zero_for_a_force_that_is_no_member_does_no_harm():
    assert ratio(fixed({DC: "100", DORSET: "0"}), forces=(DC,)).percentages == ("100.0000",)


def test_reasons_compare_by_what_they_say():
    assert Withheld("NO_RULE", APRIL_2017) == Withheld("NO_RULE", APRIL_2017)
    assert len({Withheld("NO_RULE", APRIL_2017), Withheld("NO_RULE", APRIL_2017)}) == 1
    assert str(Withheld("NO_SIZE", APRIL_2017, DORSET, PEOPLE)) == (
        "No Population on record for dorset on 1 April 2017."
    )


decimal_sizes = st.decimals(0, 10**9, places=4)


@given(
    st.lists(decimal_sizes, min_size=1, max_size=43).filter(any),
    st.sampled_from([0, 1, 2, 3, 4, None]),
)
def test_percentages_add_up_to_exactly_one_hundred(values, decimals):
    forces = tuple(f"f{number}" for number in range(len(values)))
    book = SizeBook([size(force, one) for force, one in zip(forces, values, strict=True)])
    found = ratio(by_size(decimals=decimals), forces=forces, book=book)
    assert sum(Decimal(one) for one in found.percentages) == 100
    if decimals is None:
        whole, total = sum(found.weights), sum(map(Fraction, values))
        for weight, value in zip(found.weights, values, strict=True):
            assert Fraction(weight, whole) == Fraction(value) / total
    else:
        assert sum(found.weights) == 100 * 10**decimals


def test_a_digest_names_the_content_and_not_the_database_id():
    found = ratio(by_size())
    assert digest(found) == digest(ratio(replace(by_size(), id=99)))
    assert len(digest(found)) == 64
    trailing = SizeBook([size(DC, "2914.2100"), size(DORSET, "1265.9600")])
    assert digest(ratio(by_size(), book=trailing)) == digest(found)


@pytest.mark.parametrize(
    "change",
    [
        {"weights": (697152, 302848)},
        {"rule_effective_on": date(2016, 4, 2)},
        {"rule_source": "Another agreement"},
        {"scope": "fleet"},
        {"sizes_on": date(2018, 4, 1)},
        {"basis": "Equal shares"},
        {"decimals": None},
        {"forces": (DORSET, DC)},
        {"evidence": (size(DC, "2914.21", release=2), size(DORSET, "1265.96"))},
    ],
)
def test_any_change_of_content_changes_the_digest(change):
    found = ratio(by_size())
    assert digest(replace(found, **change)) != digest(found)


def test_the_digest_is_the_same_on_any_machine():
    expected = "05ae918e0f1e4ec1e2cb806cdc9012bb0753a14756b92c09e44df6b4bcadc55a"
    assert digest(ratio(by_size())) == expected


def split(days, **kwargs):
    given = {
        "area_rules": (),
        "alliance_rules": (by_size(),),
        "area_stays": (),
        "alliance_stays": (Stay(DC), Stay(DORSET)),
        "order": BOTH,
        "book": BOOK,
    }
    return split_by_ratio(days, **{**given, **kwargs})


def test_a_year_under_one_rule_has_one_ratio():
    ratios = split(months_of(2017))
    assert list(ratios) == months_of(2017)
    assert len({digest(one) for one in ratios.values()}) == 1


def test_a_rule_that_changes_in_mid_year_splits_it():
    later = replace(fixed({DC: "70", DORSET: "30"}), effective_on=date(2017, 10, 1))
    ratios = split(months_of(2017), alliance_rules=(by_size(), later))
    bases = [one.basis for one in ratios.values()]
    assert bases == [OFFICERS] * 6 + ["Stated percentages"] * 6


def test_a_force_that_joins_in_mid_year_has_a_share_from_then_on():
    stays = (Stay(DC), Stay(DORSET, joined_on=date(2017, 7, 15)))
    ratios = split(months_of(2017), alliance_stays=stays)
    forces = [one.forces for one in ratios.values()]
    assert forces == [(DC,)] * 4 + [BOTH] * 8


def test_sizes_by_period_split_the_year_only_where_they_change():
    book = SizeBook(
        [size(DC, "3"), size(DORSET, "1"), size(DORSET, "2", effective_on=date(2017, 9, 30))]
    )
    ratios = split(months_of(2017), alliance_rules=(by_size(sizes_as_at="PERIOD"),), book=book)
    digests = [digest(one) for one in ratios.values()]
    assert len(set(digests[:6])) == len(set(digests[6:])) == 1 and len(set(digests)) == 2
    assert ratios[date(2017, 10, 1)].sizes_on == date(2017, 9, 30)


def test_days_without_a_ratio_say_why_and_leave_the_others_alone():
    ratios = split([date(2016, 3, 1), APRIL_2017, date(2016, 4, 1)])
    assert ratios[date(2016, 3, 1)] == Withheld("NO_RULE", date(2016, 3, 1))
    assert ratios[date(2016, 4, 1)] == Withheld("NO_SIZE", date(2016, 4, 1), DC, OFFICERS)
    assert ratios[APRIL_2017].weights == (697151, 302849)


DAYS = st.dates(date(2016, 1, 1), date(2019, 12, 31))


@st.composite
def any_stays(draw):
    """Up to three stays with their ends, so that some days have both forces, one or none."""
    forces = draw(st.lists(st.sampled_from(BOTH), max_size=3))
    spans = [sorted(draw(st.tuples(DAYS, DAYS))) for _ in forces]
    ends = [draw(st.sampled_from([span[1], None])) for span in spans]
    return tuple(
        Stay(force, joined_on=span[0], left_on=end)
        for force, span, end in zip(forces, spans, ends, strict=True)
    )


@given(
    st.lists(DAYS, max_size=15),
    st.lists(DAYS, max_size=3, unique=True),
    st.sampled_from(["YEAR", "PERIOD"]),
    any_stays(),
    any_stays(),
)
@example([date(2016, 5, 1), date(2016, 6, 1)], [date(2016, 1, 1)], "YEAR", (), ())
def test_who_asks_first_or_what_else_is_asked_changes_no_answer(
    days, starts, sizes_as_at, stays, area_stays
):
    rules = [replace(by_size(sizes_as_at=sizes_as_at), id=index, effective_on=start)
             for index, start in enumerate(starts)]  # fmt: skip
    given = {"alliance_rules": rules, "alliance_stays": stays}
    known = {}
    together = split(days, **given, known=known)
    of_area = split(days, **given, area_stays=area_stays, known=known)
    for day in days:
        assert split([day], **given)[day] == together[day]
        assert split([day], **given, area_stays=area_stays)[day] == of_area[day]
