"""A committee's papers are made in a real browser, and verified where the portal is not."""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import OpenPage
from tests.journeys.hands import Keyboard, Mouse
from tests.serving import DCD, READER, Portal

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("by", ["mouse", "keyboard", "mouse without script"])
def test_a_proof_file_is_taken_away_and_every_figure_agrees(
    portal: Portal, open_page: OpenPage, by: str, tmp_path: Path
) -> None:
    page: Page = portal.admit(open_page(script="without" not in by), READER)
    hand = (Keyboard if by == "keyboard" else Mouse)(page)
    page.goto(f"{portal.url}{DCD}money/")
    hand.press(page.get_by_role("link", name="Papers: check every share outside the portal"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Papers for a committee")

    for link in (
        *("Methodology statement as PDF", "Word document of the settlement of 2016/17"),
        *("Working workbook of 2016/17", "Proof file of 2016/17", "verify.py"),
    ):
        with page.expect_download() as waiting:
            hand.press(page.get_by_role("link", name=link))
        waiting.value.save_as(tmp_path / waiting.value.suggested_filename)

    assert {path.suffix for path in tmp_path.iterdir()} == {
        ".pdf",
        ".docx",
        ".xlsx",
        ".json",
        ".py",
    }
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify.py", "devon-cornwall-dorset-proof-2016-17.json"],
        cwd=tmp_path, env={}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Devon & Cornwall and Dorset, 2016/17 (open)")
    assert done.stdout.endswith("Every figure agrees.\n")
