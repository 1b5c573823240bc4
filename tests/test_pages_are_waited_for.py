"""What a page shows is asserted by waiting for it: a click returns before the next page is read.

`page.title()` is empty for as long as a slow machine has not read the page's head, while
`expect(page).to_have_title(…)` waits for it.
"""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
AT_ONCE = {
    "all_inner_texts",
    "all_text_contents",
    "content",
    "inner_html",
    "input_value",
    "is_checked",
    "is_disabled",
    "is_enabled",
    "is_hidden",
    "is_visible",
    "title",
}


def at_once(source: str) -> list[str]:
    """The assertions that read a browser's page without waiting for it, as written."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Assert):
            continue
        reads = {
            each.func.attr
            for each in ast.walk(node)
            if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and not each.args
        }
        written = ast.unparse(node)
        if reads & AT_ONCE or "page.url" in written:
            found.append(written)
    return found


@pytest.mark.parametrize(
    "reading", [*(f"page.locator('h1').{name}()" for name in sorted(AT_ONCE)), "page.url"]
)
def test_a_reading_that_does_not_wait_is_seen(reading: str) -> None:
    assert at_once(f"def test():\n    assert 'Dashboard' in ' '.join({reading}.split())")
    assert not at_once("expect(page).to_have_title('Dashboard')")


def test_no_test_asserts_what_a_page_shows_without_waiting() -> None:
    browsers = [path for path in TESTS.rglob("test_*.py") if "playwright" in path.read_text()]

    assert len(browsers) > 10
    assert not {
        str(path.relative_to(TESTS)): found
        for path in browsers
        if (found := at_once(path.read_text()))
    }
