"""Why money is not yet shared, once for each reason and span, and where it is mended."""

from datetime import date
from typing import get_args

import pytest
from django.urls import reverse

from savings.engine.withheld import Kind, Withheld
from savings.selectors.not_shared import NotShared, told_once

NO_RULE = "No sharing rule is in force on 1 {}."


def told(withheld: list[tuple[str, str]], last_year: int | None = None) -> tuple[str, ...]:
    return tuple(each.sentence for each in told_once(withheld, last_year=last_year))


def test_a_reason_is_told_once_for_its_span_and_names_its_areas() -> None:
    withheld = [
        ("Fleet", NO_RULE.format("May 2015")),
        ("Dogs", NO_RULE.format("April 2015")),
        ("Dogs", NO_RULE.format("May 2015")),
        ("Dogs", NO_RULE.format("March 2016")),
    ]

    assert told(withheld, last_year=2016) == (
        "No sharing rule is in force from April 2015 to March 2016 (Dogs, Fleet).",
    )
    assert told(withheld, last_year=2015) == (
        "No sharing rule is in force from April 2015 on (Dogs, Fleet).",
    )


def test_one_day_stays_a_day_and_other_reasons_stay_apart() -> None:
    size = "No Police officers (FTE) on record for South Police on 1 April 2014."

    assert told([("Dogs", NO_RULE.format("April 2015")), ("Dogs", size)]) == (
        "No Police officers (FTE) on record for South Police on 1 April 2014 (Dogs).",
        "No sharing rule is in force on 1 April 2015 (Dogs).",
    )


def test_many_areas_are_counted() -> None:
    withheld = [(f"Area {number}", NO_RULE.format("April 2015")) for number in range(5)]

    assert told(withheld) == (
        "No sharing rule is in force on 1 April 2015 (Area 0, Area 1, Area 2 and 2 more areas).",
    )


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_reason_leads_to_where_it_is_mended(kind: Kind) -> None:
    sentence = Withheld(kind, date(2015, 4, 1), "south", "Police officers (FTE)").sentence()

    found: NotShared = told_once([("Dogs", sentence)])[0]

    where = {"NO_SIZE": "money-sizes", "ALL_ZERO": "money-sizes", "NO_MEMBERS": "areas"}
    assert found.mend == where.get(kind, "money-rules")
    assert found.page
    assert reverse(found.mend, args=["hills"])
