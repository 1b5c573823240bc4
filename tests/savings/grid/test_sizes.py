"""Rows of sizes from a spreadsheet: where each goes, by force and date or by place, or why none does."""

from datetime import date

import pytest

from programmes.models import Force, SizeMeasure
from programmes.published_forces import force_meant, plain_name
from savings.grid.pasted import DoesNotFit, filled_by
from savings.grid.sizes import Sizes
from savings.selectors.size_grid import ANOTHERS, SizeCell, SizeGrid, SizeRow

MARCH, SEPTEMBER, APRIL = date(2017, 3, 31), date(2017, 9, 30), date(2018, 4, 1)
FORCES = [
    Force(pk=1, code="devon-cornwall", name="Devon & Cornwall Police"),
    Force(pk=2, code="dorset", name="Dorset Police"),
    Force(pk=3, code="city-of-london", name="City of London Police"),
]


def a_sheet(*, others: bool = False) -> Sizes:
    """No figure is on record; of the last force nothing can change if `others`."""
    days = (MARCH, SEPTEMBER, APRIL)
    rows = tuple(
        SizeRow(
            force,
            tuple(
                SizeCell(force, day, None, {}, ANOTHERS if others and force.pk == 3 else "")
                for day in days
            ),
        )
        for force in FORCES
    )
    return Sizes(SizeGrid(SizeMeasure(name="Officers"), rows, days, None, {}))


def texts(text: str, at: str = "") -> dict[str, str]:
    return filled_by(text, a_sheet(), at).texts


@pytest.mark.parametrize(
    "head", ["30 September 2017", "30-Sep-17", "30/09/2017", "2017-09-30", "30 Sept 2017"]
)
def test_forces_and_dates_go_by_their_names_and_not_by_place(head: str) -> None:
    rows = (
        f"Region\tForce\t{head}\nSouth West\tDorset\t1,276.17\nSouth West\tDevon and Cornwall 3\t5"
    )
    assert texts(rows, "s1-20170331") == {"s2-20170930": "1,276.17", "s1-20170930": "5"}


def test_of_a_date_in_doubt_the_one_that_has_a_column_is_meant() -> None:
    assert texts("Force\t01/04/2018\nDorset\t7") == {"s2-20180401": "7"}
    assert texts("Force\t04/01/2018\nDorset\t7") == {"s2-20180401": "7"}


def test_a_block_fills_right_and_down_and_a_blank_leaves_its_cell() -> None:
    filled = filled_by("1\t\n2.5\t3", a_sheet(), "s1-20170331")
    assert filled.texts == {"s1-20170331": "1", "s2-20170331": "2.5", "s2-20170930": "3"}
    assert filled.said == "3 sizes, 6.5 in all."


def test_it_says_what_stays_and_what_is_no_size() -> None:
    filled = filled_by("1\n69.7%\n3", a_sheet(others=True), "s1-20170331")
    assert filled.said == (
        "2 sizes, 4 in all. 1 of the cells stays as it is: another force’s. "
        "1 cell is not a size and is marked."
    )
    assert filled.texts == {"s1-20170331": "1", "s2-20170331": "69.7%"}


@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        ("Dorset\t1\nSouth West Region\t2", "", "Row 2, “South West Region”, is no force of this"),
        ("Force\t31 March 2017\nTotal\t2", "", "Row 2, “Total”, is no force of this page"),
        ("Force\t31 March 2019\nDorset\t2", "", "31 March 2019 has no column here: add the date"),
        ("Force\t31 March 2017\t31/3/2017\nDorset\t1\t2", "", "A date stands at the head of two"),
        ("Force\t31 March 2017\tChange\nDorset\t1\t2", "", "Column 3, headed “Change”, is no date"),
        ("Force\t31 March 2017\nDorset\t1\nE23000039\t2", "", "Row 3, “E23000039”, is there twice"),
        ("1\t2\t3\t4", "s1-20170331", "4 columns were copied, and 3 fit to the right"),
        ("1\n2\n3\n4", "s1-20170331", "4 rows were copied, and 3 fit downwards"),
    ],
)
def test_what_does_not_fit_is_refused_whole_with_a_sentence(text: str, at: str, says: str) -> None:
    with pytest.raises(DoesNotFit, match=says):
        filled_by(text, a_sheet(), at)


@pytest.mark.parametrize(
    ("code", "name", "meant"),
    [
        ("E23000035", "Whatever", "devon-cornwall"),
        ("", "Devon & Cornwall", "devon-cornwall"),
        ("", "Dorset [note 2]", "dorset"),
        ("E23000099", "Dorset", "dorset"),  # a code that came later
        ("E12000009", "Dorset", None),  # a region's
        ("", "London, City of5", "city-of-london"),
        ("", "DORSET POLICE (3)", "dorset"),
        ("E23000018", "Dorset", None),  # Derbyshire's code goes before the name
        ("", "South West", None),
        ("", "", None),
    ],
)
def test_a_force_is_meant_by_its_area_code_then_by_its_name(
    code: str, name: str, meant: str | None
) -> None:
    found = force_meant(FORCES, code=code, name=name)
    assert (found.code if found else None) == meant


def test_a_name_without_letters_is_nobodys() -> None:
    assert plain_name("Police 12") == ""
