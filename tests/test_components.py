"""The parts that pages are made of, and the promises that hold for every template."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template.loader import render_to_string

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"


def part(name: str, **takes: Any) -> str:
    """A component, with its white space folded."""
    return " ".join(render_to_string(f"components/_{name}.html", takes).split())


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_needs_more_than_the_strict_content_security_policy(path: Path) -> None:
    source = path.read_text()

    assert not re.search(r"\sstyle\s*=", source)
    assert not re.search(r"<style\b|<script(?![^>]*\ssrc=)", source)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", source)
    assert not re.search(r"(?:src|href)=[\"'](?:https?:)?//", source)


@pytest.mark.parametrize(
    ("status", "word", "shape"),
    [("GREEN", "Green", "<circle"), ("AMBER", "Amber", "M6 0"), ("", "Not rated", "stroke")],
)
def test_a_status_is_a_word_and_a_shape(status: str, word: str, shape: str) -> None:
    written = part("status_tag", status=status)

    assert word in written
    assert shape in written


def test_every_status_has_a_shape_of_its_own() -> None:
    shapes = [
        re.sub(r'^.*aria-hidden="true" focusable="false">(.*?)</svg>.*$', r"\1", tag)
        for tag in (part("status_tag", status=s) for s in ("GREEN", "AMBER", "RED", "NOT_RATED"))
    ]

    assert len(set(shapes)) == 4


def behind(**changed: Any) -> SimpleNamespace:
    """Work half done, with changes."""
    given = {
        "sentence": "Shares are being worked out again after a change, 22 still to do.",
        "since": None,
        "done": 12,
        "total": 34,
        "url": "/progress",
        "seconds": 1,
        "runs_url": "/runs",
        "again_url": "/money",
    }
    return SimpleNamespace(**{**given, **changed})


def test_the_strip_asks_again_and_offers_a_link_to_readers_without_script() -> None:
    written = part("behind", behind=behind())

    assert 'hx-get="/progress" hx-trigger="every 1s"' in written
    assert '<progress class="app-behind__bar" value="12" max="34"' in written
    assert 'href="/money">Check again</a>' in written


def test_the_strip_says_once_that_nothing_is_behind_any_more() -> None:
    assert part("behind", behind=None) == ""
    written = part("behind", behind=None, is_news=True)

    assert "Up to date." in written
    assert "hx-get" not in written


def test_pagination_keeps_the_rest_of_the_address() -> None:
    page = Paginator(range(100), 10).page(2)

    written = part("pagination", page=page, query="stage=LIVE")

    assert 'href="?stage=LIVE&amp;page=3"' in written
    assert 'aria-label="Page 2" aria-current="page"' in written


def test_a_list_of_one_page_has_no_pagination() -> None:
    assert part("pagination", page=Paginator(range(3), 10).page(1), query="") == ""


def test_what_people_typed_is_escaped() -> None:
    assert "<b>" not in part("notice", text="<b>Fleet</b>", kind="success")
    assert "<b>" not in part("empty", title="<b>", text="<b>")


def test_the_page_for_our_own_mistakes_needs_no_database() -> None:
    written = render_to_string("500.html")

    assert "Something went wrong here" in written
    assert "<h1" in written


_TABLE = re.compile(r"<table[^>]*>.*?</table>", re.DOTALL)
_THEN = {"Then", "New", "After", "Yours"}


def _tables() -> list[tuple[str, str]]:
    """Every table of every template, with where it is."""
    return [
        (str(path.relative_to(TEMPLATES)), table)
        for path in sorted(TEMPLATES.rglob("*.html"))
        for table in _TABLE.findall(path.read_text())
    ]


def test_what_is_told_old_to_new_stacks_where_its_columns_do_not_fit() -> None:
    told = {
        where: "app-table--cards" in table
        for where, table in _tables()
        if _THEN & set(re.findall(r'<th scope="col">([^<]+)</th>', table))
    }

    assert len(told) >= 6
    assert {where for where, stacks in told.items() if not stacks} == set()


def test_each_value_of_a_table_that_stacks_says_its_column() -> None:
    bare = {
        where: cell
        for where, table in _tables()
        if "app-table--cards" in table
        for cell in re.findall(r"<td(?![^>]*data-label)[^>]*>", table)
    }

    assert bare == {}
