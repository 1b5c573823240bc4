"""What is wrong between cells: each refusal is a sentence with its sheet, row, column and mend."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from alliance_portal.workbook.checking import check
from alliance_portal.workbook.problems import as_lines
from alliance_portal.workbook.reading import read
from alliance_portal.workbook.sheets import Workbook
from tests.alliance_portal.workbook.books import SMALL, as_folder, small, with_cell
from tests.alliance_portal.workbook.conftest import Lines


def test_the_small_workbook_has_no_problem(problems: Lines) -> None:
    assert problems(SMALL) == []


@pytest.mark.parametrize(
    "sheet, row, column, cell, line",
    [
        (
            *("members", 3, "force", "south-polise"),
            (
                "members, row 3, column force: There is no south-polise in the sheet forces. "
                "Write south-police, if that is meant."
            ),
        ),
        (
            *("forces", 3, "code", "north-police"),
            "forces, row 3, column code: Row 2 has the same code. Keep one of the two rows.",
        ),
        (
            *("alliance", 2, "in_scope_budget", "2000000"),
            (
                "alliance, row 2, column in_scope_budget: The budget in scope is more than the "
                "total budget. Correct one of the two."
            ),
        ),
        (
            *("sharing_rules", 3, "percent", "69.69"),
            (
                "sharing_rules, row 3, column percent: The percentages of the rule add up "
                "to 99.99, "
                "not to 100. Change them so that they add up to exactly 100."
            ),
        ),
        (
            *("sharing_rules", 4, "method", "size"),
            (
                "sharing_rules, row 4, column method: The rows of one rule must agree; row 3 says "
                "something else. Write the same as in row 3."
            ),
        ),
        (
            *("sharing_rules", 2, "sizes_as_at", ""),
            (
                "sharing_rules, row 2, column sizes_as_at: A rule by size says when sizes "
                "are taken. "
                "Write year (1 April of the financial year) or period (its first day)."
            ),
        ),
        (
            *("sharing_rules", 2, "measure", ""),
            (
                "sharing_rules, row 2, column measure: A rule by size has a measure in every row. "
                "Write the measure, as in force_sizes."
            ),
        ),
        (
            *("sharing_rules", 2, "measure", "officers (fte)"),
            (
                "sharing_rules, row 2, column measure: The measure is written “Officers (FTE)” "
                "elsewhere. Write “Officers (FTE)”."
            ),
        ),
        (
            *("sharing_rules", 2, "weight", "0"),
            (
                "sharing_rules, row 2, column weight: A weight is above zero. "
                "Write 1, or take the row out."
            ),
        ),
        (
            *("force_sizes", 2, "value", "-1"),
            "force_sizes, row 2, column value: -1 is negative. Write zero or more.",
        ),
        (
            *("milestones", 3, "kind", "review"),
            (
                "business_areas, row 3, column code: The area dogs has no go-live milestone. "
                "Add one to the sheet milestones; its dates may be blank."
            ),
        ),
        (
            *("milestones", 2, "forecast_on", "01/03/2016"),
            (
                "milestones, row 2, column forecast_on: “01/03/2016” can be 1 March 2016 or "
                "3 January 2016. Write the year, month and day as in 2016-04-01."
            ),
        ),
        (
            *("items", 2, "milestone", "nowhere"),
            (
                "items, row 2, column milestone: There is no nowhere in the sheet milestones. "
                "Add it to milestones or change it."
            ),
        ),
        (
            *("items", 3, "full_year_value", ""),
            (
                "items, row 3, column full_year_value: A ramp needs a full-year value. "
                "Write the value of a full year in pounds."
            ),
        ),
        (
            *("items", 3, "milestone", ""),
            (
                "items, row 3, column milestone: A ramp needs a milestone to start from. "
                "Write the milestone's code."
            ),
        ),
        (
            *("items", 4, "cashable", "cashable"),
            "items, row 4, column cashable: Only savings are cashable or not. Leave it blank.",
        ),
        (
            *("members", 2, "left_on", "2016-01-01"),
            None,
        ),
    ],
)
def test_one_wrong_cell_is_one_problem(
    problems: Lines, sheet: str, row: int, column: str, cell: str, line: str | None
) -> None:
    found = problems(with_cell(sheet, row, column, cell))
    if line is None:
        assert found == []
    else:
        assert line in found


def test_a_sheet_alliance_without_a_row_is_a_sentence(problems: Lines) -> None:
    assert "alliance: The sheet has no row. Write the alliance's code and name below." in problems(
        small(alliance=SMALL["alliance"][:1])
    )


def test_a_second_go_live_is_refused(problems: Lines) -> None:
    second = [*SMALL["milestones"], ["dogs", "again", "Again", "go-live", "", ""]]
    assert problems(small(milestones=second)) == [
        (
            "milestones, row 4, column kind: The area dogs has a go-live in row 3 already. "
            "Give this one another kind."
        )
    ]


def test_a_milestone_of_another_area_is_refused(problems: Lines) -> None:
    milestones = [*SMALL["milestones"], ["fleet", "garage", "Garage", "review", "", ""]]
    sheets = with_cell("items", 3, "milestone", "garage") | {"milestones": milestones}
    assert problems(sheets) == [
        (
            "items, row 3, column milestone: The milestone garage belongs to fleet, not to dogs. "
            "Choose a milestone of the item's own area or of the programme."
        )
    ]


def test_a_milestone_of_the_programme_serves_every_area(problems: Lines) -> None:
    milestones = [*SMALL["milestones"], ["", "start", "Start", "review", "", ""]]
    sheets = with_cell("items", 3, "milestone", "start") | {"milestones": milestones}
    assert problems(sheets) == []


def test_percentages_fit_the_decimals_of_their_rule(problems: Lines) -> None:
    rows = [[*row, "decimals" if at == 0 else "0"] for at, row in enumerate(SMALL["sharing_rules"])]
    assert problems(small(sharing_rules=rows)) == [
        (
            "sharing_rules, row 3, column percent: 69.7 has more decimals than the rule's 0. "
            "Round it, or give the rule more decimals."
        ),
        (
            "sharing_rules, row 4, column percent: 30.3 has more decimals than the rule's 0. "
            "Round it, or give the rule more decimals."
        ),
    ]


def test_a_blend_needs_its_weights(problems: Lines) -> None:
    header = SMALL["sharing_rules"][0]
    blend = [
        ["", "2016-04-01", "size", "year", "Officers (FTE)", "0.5", "", ""],
        ["", "2016-04-01", "size", "year", "Population", "", "", ""],
    ]
    lines = problems(small(sharing_rules=[header, *blend]))
    assert lines == [
        (
            "sharing_rules, row 3, column weight: A blend has a weight for each measure. "
            "Write how much the measure counts, as in 0.75."
        )
    ]


def test_an_equal_rule_has_no_terms(problems: Lines) -> None:
    rule = ["", "2016-04-01", "equal", "", "Officers (FTE)", "", "", ""]
    lines = problems(small(sharing_rules=[SMALL["sharing_rules"][0], rule]))
    assert lines[0].startswith("sharing_rules, row 2, column measure: A rule with the method equal")


def test_sizes_that_are_zero_for_every_force_are_refused(problems: Lines) -> None:
    rows = [
        [*row[:3], row[3] if at == 0 else "0", row[4]]
        for at, row in enumerate(SMALL["force_sizes"])
    ]
    assert problems(small(force_sizes=rows)) == [
        (
            "force_sizes, row 2, column value: “Officers (FTE)” is zero for every force on "
            "2016-03-31. Give at least one force a size above zero."
        )
    ]


def test_a_size_that_is_missing_is_no_problem(problems: Lines) -> None:
    assert problems(small(force_sizes=SMALL["force_sizes"][:2])) == []


def test_restated_sizes_stand_in_several_rows(problems: Lines) -> None:
    again = ["north-police", "Officers (FTE)", "2016-03-31", "3001", "Home Office, restated"]
    assert problems(small(force_sizes=[*SMALL["force_sizes"], again])) == []


def test_memberships_that_overlap_are_refused(problems: Lines) -> None:
    members = [*SMALL["members"], ["north-police", "2017-01-01", ""]]
    assert problems(small(members=members)) == [
        (
            "members, row 4, column joined_on: The force is a member on some of the days of row 2 "
            "already. End the earlier stay with left_on, on or before the later joined_on."
        )
    ]


def test_a_force_may_leave_and_join_again_on_the_same_day(problems: Lines) -> None:
    header, *_ = SMALL["members"]
    stays = [["north-police", "", "2017-01-01"], ["north-police", "2017-01-01", ""]]
    assert problems(small(members=[header, *stays, ["south-police", "", ""]])) == []


def test_a_stay_that_ends_before_it_starts_is_refused(problems: Lines) -> None:
    header, *_ = SMALL["members"]
    stays = [["north-police", "2017-01-01", "2016-01-01"], ["south-police", "", ""]]
    assert problems(small(members=[header, *stays])) == [
        (
            "members, row 2, column left_on: 2016-01-01 is before joined_on, 2017-01-01. "
            "Correct one of the two dates."
        )
    ]


def test_a_typed_forecast_beside_a_ramp_is_refused(problems: Lines) -> None:
    amounts = [*SMALL["amounts"], ["dogs-kennels", "forecast", "2017-06", "50", ""]]
    assert problems(small(amounts=amounts)) == [
        (
            "amounts, row 5, column version: The forecast of dogs-kennels is derived from "
            "its ramp. "
            "Take the row out, or leave the item's ramp blank."
        )
    ]


def test_the_same_amount_twice_is_refused(problems: Lines) -> None:
    amounts = [*SMALL["amounts"], SMALL["amounts"][1]]
    assert problems(small(amounts=amounts)) == [
        (
            "amounts, row 5, column borne_by: Row 2 has the same item, version, period and "
            "borne_by. "
            "Keep one of the two rows; if both were paid, write 2,469.00 in it."
        )
    ]


def test_all_problems_come_at_once(problems: Lines) -> None:
    sheets = with_cell("business_areas", 2, "code", "Fleet")
    sheets["force_sizes"] = with_cell("force_sizes", 3, "value", "lots")["force_sizes"]
    lines = problems(sheets)
    assert any(line.startswith("business_areas, row 2, column code: “Fleet”") for line in lines)
    assert any(line.startswith("force_sizes, row 3, column value: “lots”") for line in lines)


def test_the_same_fault_in_many_rows_takes_one_line(problems: Lines) -> None:
    rows = [["fleet-parts", "actual", f"2016-{n:02}", "12", "west"] for n in range(4, 13)]
    lines = problems(small(amounts=[SMALL["amounts"][0], *rows]))
    assert len(lines) == 1
    assert lines[0].startswith(
        "amounts, rows 2, 3, 4, 5 and 5 more, column borne_by: There is no west"
    )


def stored(tmp_path: Path, sheets: Any = SMALL) -> Workbook:
    """The sheets as if the portal held them."""
    book = read(as_folder(sheets, tmp_path / "stored")).workbook
    rows = {
        name: tuple(replace(row, row=None, pk=n) for n, row in enumerate(book.rows(name), 1))
        for name in sheets
    }
    return Workbook(**rows)


def test_a_part_of_a_workbook_is_checked_against_what_the_portal_holds(
    problems: Lines, tmp_path: Path
) -> None:
    part = {name: SMALL[name] for name in ("alliance", "amounts")}
    assert problems(part, stored=stored(tmp_path)) == []


def test_a_baseline_on_record_never_changes(problems: Lines, tmp_path: Path) -> None:
    sheets = with_cell("milestones", 3, "baseline_on", "2017-05-01")
    assert problems(sheets, stored=stored(tmp_path)) == [
        (
            "milestones, row 3, column baseline_on: The original baseline is 2017-04-01 and never "
            "changes. Write it as it was, and the new date in approved_on or forecast_on."
        )
    ]


def test_a_go_live_on_record_counts(problems: Lines, tmp_path: Path) -> None:
    header, _, dogs = SMALL["milestones"]
    sheets = small(milestones=[header, dogs, ["fleet", "second", "Second", "go-live", "", ""]])
    assert any(
        line.startswith("milestones, row 3, column kind: The area fleet has a go-live on record")
        for line in problems(sheets, stored=stored(tmp_path))
    )


def test_forecasts_on_record_stand_against_a_new_ramp(problems: Lines, tmp_path: Path) -> None:
    with_forecast = small(
        items=with_cell("items", 3, "ramp", "")["items"],
        amounts=[*SMALL["amounts"], ["dogs-kennels", "forecast", "2017-06", "50", ""]],
    )
    assert problems(SMALL, stored=stored(tmp_path, with_forecast)) == [
        (
            "items, row 3, column ramp: The portal holds forecast amounts of dogs-kennels "
            "that were typed in. Leave the ramp blank, or delete those amounts first."
        )
    ]


def test_a_file_that_cannot_be_read_has_its_one_problem(tmp_path: Path) -> None:
    assert len(as_lines(check(read(tmp_path / "none.xlsx"), Workbook()))) == 1
