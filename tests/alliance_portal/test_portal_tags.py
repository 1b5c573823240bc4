"""What templates write years and page numbers with, and that every way of writing has its filter."""

from django.core.paginator import Paginator

from alliance_portal.templatetags import portal


def test_a_financial_year_is_written_for_tables_prose_and_addresses() -> None:
    assert portal.year(2016) == "2016/17"
    assert portal.year(1999) == "1999/00"
    assert portal.register.filters["year_prose"](2016) == "2016 to 2017"
    assert portal.year_slug(2016) == "2016-17"
    assert portal.year(None) == ""


def test_page_numbers_leave_out_the_far_ones() -> None:
    page = Paginator(range(200), 10).page(5)

    assert list(portal.page_numbers(page)) == [1, None, 4, 5, 6, None, 20]
