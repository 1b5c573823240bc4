"""Why money is not yet shared, once for each reason and span."""

from savings.selectors.not_shared import told_once

NO_RULE = "No sharing rule is in force on 1 {}."


def test_a_reason_is_told_once_for_its_span_and_names_its_areas() -> None:
    withheld = [
        ("Fleet", NO_RULE.format("May 2015")),
        ("Dogs", NO_RULE.format("April 2015")),
        ("Dogs", NO_RULE.format("May 2015")),
        ("Dogs", NO_RULE.format("March 2016")),
    ]

    assert told_once(withheld) == (
        "No sharing rule is in force from April 2015 to March 2016 (Dogs, Fleet).",
    )


def test_one_day_stays_a_day_and_other_reasons_stay_apart() -> None:
    size = "No Police officers (FTE) on record for South Police on 1 April 2014."

    assert told_once([("Dogs", NO_RULE.format("April 2015")), ("Dogs", size)]) == (
        "No Police officers (FTE) on record for South Police on 1 April 2014 (Dogs).",
        "No sharing rule is in force on 1 April 2015 (Dogs).",
    )


def test_many_areas_are_counted() -> None:
    withheld = [(f"Area {number}", NO_RULE.format("April 2015")) for number in range(5)]

    assert told_once(withheld) == (
        "No sharing rule is in force on 1 April 2015 (Area 0, Area 1, Area 2 and 2 more areas).",
    )
