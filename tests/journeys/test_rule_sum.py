"""Stated percentages are added up while they are typed."""

import pytest
from playwright.sync_api import expect

from tests.conftest import OpenPage
from tests.serving import DCD, FINANCE, Portal

pytestmark = pytest.mark.browser


def test_what_is_missing_to_a_hundred_is_said_while_typing(
    portal_to_look_at: Portal, open_page: OpenPage
) -> None:
    page = portal_to_look_at.admit(open_page(), FINANCE)
    page.goto(f"{portal_to_look_at.url}{DCD}money/rules/set/")
    first = page.get_by_label("Stated percentage of Devon & Cornwall Police")
    second = page.get_by_label("Stated percentage of Dorset Police")

    for one, other, said in (
        ("69.7", "30.29", "99.99%: 0.01% is missing."),
        ("69.7%", "30.3", "100%: the percentages add up."),
        ("69.700001", "30.3", "100.000001%: 0.000001% is too much."),
        ("0", "", "0%: 100% is missing."),
    ):
        first.fill(one)
        second.fill(other)
        expect(page.get_by_text(said, exact=True)).to_be_visible()
    first.fill("half")
    expect(page.get_by_text("is missing.")).not_to_be_visible()
