"""Rows of a spreadsheet: where each amount goes, by place or by code, or why none does."""

import pytest

from programmes.models import Force
from savings.engine.periods import months_of
from savings.grid.months import Months
from savings.grid.pasted import DoesNotFit, filled_by
from savings.grid.services import Place
from savings.models import Item
from savings.selectors.grid import ACTUAL_IN, Cell, Grid, Row

MONTHS = months_of(2016)
APRIL, MARCH = MONTHS[0], MONTHS[-1]
SOUTH = Force(pk=7, code="south", name="South Police")
ITEMS = [("vans", "Vans"), ("fuel", "Fuel, all kinds"), ("posts", "Posts")]


def a_row(number: int, code: str, name: str, force: Force | None, stays: str = "") -> Row:
    item = Item(pk=number, code=code, name=name, kind="COST")
    pk = force.pk if force else None
    cells = tuple(
        Cell(
            f"{code}-{pk or 0}-{month:%m}",
            Place(number, month, pk),
            None,
            stays if month == APRIL else "",
        )
        for month in MONTHS
    )
    return Row(item, force, cells, None, is_new=False)


def a_grid(*more: Row, stays: str = "") -> Months:
    rows = [a_row(number, code, name, None, stays) for number, (code, name) in enumerate(ITEMS, 1)]
    return Months(Grid(None, 2016, "FORECAST", (*rows, *more), (SOUTH,)))  # type: ignore[arg-type]


def texts(text: str, at: str = "", grid: Months | None = None) -> dict[str, str]:
    return {
        name: each for name, each in filled_by(text, grid or a_grid(), at).texts.items() if each
    }


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x0b"])
def test_a_block_fills_right_and_down_whatever_ends_its_lines(end: str) -> None:
    found = texts(f"1\t£2.50{end}(3)\t-{end}", "vans-0-05")
    assert found == {
        "vans-0-05": "1.00",
        "vans-0-06": "2.50",
        "fuel-0-05": "-3.00",
        "fuel-0-06": "0.00",
    }


def test_a_blank_in_the_block_empties_its_cell() -> None:
    assert filled_by("1\t\t3", a_grid(), "vans-0-04").texts["vans-0-05"] == ""


def test_a_quoted_cell_may_have_a_line_break_and_a_quotation_mark() -> None:
    head = 'Item\t"Apr\n2016"\tMay\n'
    assert texts(f'{head}"fuel"\t"1,000"\t"2"') == {"fuel-0-04": "1,000.00", "fuel-0-05": "2.00"}


@pytest.mark.parametrize(
    "head", ["May", "may 2016", "May-16", "2016-05", "01/05/2016", "2016-05-01", "1 May 2016"]
)
def test_a_row_of_months_goes_by_months_and_codes_and_not_by_place(head: str) -> None:
    rows = f"Name\tCode\t{head}\tApril\tTotal\nWhatever\tposts\t5\t4\t9\nElse\tvans\t2\t1\t3\n"
    assert texts(rows, "fuel-0-08") == {
        "posts-0-05": "5.00", "posts-0-04": "4.00", "vans-0-05": "2.00", "vans-0-04": "1.00",
    }  # fmt: skip


def test_codes_without_months_go_by_codes_from_april_or_from_the_cell() -> None:
    assert texts("posts\t1\nFuel, all kinds\t2") == {"posts-0-04": "1.00", "fuel-0-04": "2.00"}
    assert texts("posts\t1", "vans-0-06") == {"posts-0-06": "1.00"}


def test_several_forces_of_an_item_are_told_apart_by_a_column() -> None:
    grid = a_grid(a_row(1, "vans", "Vans", SOUTH))
    with pytest.raises(DoesNotFit, match="can be one of several rows here"):
        filled_by("Item\tApr\nvans\t1", grid)
    rows = "Item\tBorne by\tApr\nvans\tSouth Police\t1"
    assert texts(rows, grid=grid) == {"vans-7-04": "1.00"}


def test_it_says_count_and_sum_and_what_stays_and_what_is_unreadable() -> None:
    filled = filled_by("1\tn/a\t2\n3\t4\tsee note", a_grid(stays=ACTUAL_IN), "vans-0-04")

    assert filled.said == (
        "4 amounts, £10.00. 2 of the cells stay as they are: the actual is in. "
        "2 cells are not amounts and are marked."
    )
    assert "vans-0-04" not in filled.texts
    assert filled.texts["vans-0-05"] == "n/a"


@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        ("1\n2\n3\n4", "vans-0-04", "4 rows were copied, and 3 fit downwards"),
        ("1\t2", "vans-0-03", "2 columns were copied, and 1 fit to the right"),
        ("\t".join("1" * 13), "vans-0-04", "13 columns were copied, and 12 fit"),
        ("posts\t1\nTotal\t2", "", "Row 2, “Total”, is no item of this page"),
        ("Item\tApr\nposts\t1\nTotal\t2", "", "Row 3, “Total”, is no item of this page"),
        ("Item\tApr\nposts\t1\nposts\t2", "", "Row 3, “posts”, is there twice"),
        ("Item\tApr\tQuarter 1\nposts\t1\t2", "", "Column 3, headed “Quarter 1”, is no month"),
        ("Item\tApr 2017\nposts\t1", "", "April 2017 is not in this year"),
        ("Item\tApr\tApril 2016\nposts\t1\t2", "", "A month stands at the head of two columns"),
        ("Item\tApr\nposts\t1\n\t\nvans\t2", "", "Row 3 is blank"),
        ('1\t"2', "vans-0-04", "A quotation mark in it is never closed"),
        (" \t \n", "vans-0-04", "There is nothing in it"),
        ("1\t2", "gone", "The cell is no longer there"),
        ("1\t2", "", "“1”, is no item of this page"),
        ("1\t" * 110_000, "vans-0-04", "That is more than a year of months"),
    ],
)
def test_what_does_not_fit_is_refused_whole_with_a_sentence(text: str, at: str, says: str) -> None:
    with pytest.raises(DoesNotFit, match=says):
        filled_by(text, a_grid(), at)


def test_months_alone_at_the_head_go_down_from_the_cell() -> None:
    assert texts("May\tApr\n5\t4", "fuel-0-09") == {"fuel-0-05": "5.00", "fuel-0-04": "4.00"}
