"""A Home Office file with a restated figure is taken: each figure priced, one left out, one change."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from programmes.models import Change, ForceSize
from tests.alliance_portal.size_files import files
from tests.conftest import OpenPage
from tests.journeys.hands import Mouse
from tests.serving import DCD, FINANCE, Portal
from tests.test_accessibility import check

pytestmark = pytest.mark.browser

DAYS = [date(2017, 3, 31), date(2017, 9, 30), "31 March 20183"]
FIGURES = [
    ("Devon & Cornwall", (2914.21, 2925.1, 2931.7)),
    ("Dorset2", (1265.96, 1276.17, 1281.1)),
]
TOTAL = (4180.17, 4201.27, 4212.8)


@pytest.fixture
def workforce(tmp_path: Path) -> Path:
    """An older table, in which Devon & Cornwall's September 2017 is restated and March 2018 is new."""
    path = tmp_path / "police-workforce-mar-2018.ods"
    path.write_bytes(files.ods(Cover=[("Notes",)], Table_1=files.table_1(DAYS, FIGURES, TOTAL)))
    return path


@pytest.mark.parametrize("script", [True, False])
def test_a_home_office_file_is_taken_with_one_restated_figure(
    script: bool, portal: Portal, workforce: Path, open_page: OpenPage
) -> None:
    page = portal.admit(open_page(script=script), FINANCE)
    hand = Mouse(page)
    page.goto(f"{portal.url}{DCD}money/sizes/")
    hand.press(page.get_by_role("link", name="Take sizes from a published file"))
    page.get_by_label("File", exact=True).set_input_files(workforce)
    page.get_by_label("Measure that it counts").select_option("Police officers (FTE)")
    hand.press(page.get_by_role("button", name="Read the file"))

    look_at_what_it_offers(page, with_axe=script)
    page.get_by_label("Take Dorset Police, 31 March 2018").uncheck()
    hand.press(page.get_by_role("button", name="Check what this changes"))
    expect(page.get_by_text("2 sizes, from police-workforce-mar-2018.ods.")).to_be_visible()
    expect(page.get_by_text("The percentages that change")).to_be_visible()
    # It is held at December 2017, so that March 2018 is asked about.
    page.get_by_label("These figures are right").check()
    hand.fill(page.get_by_label("Why", exact=True), "The July release")
    hand.press(page.get_by_role("button", name="Save these sizes"))

    expect(
        page.get_by_text("2 sizes are saved from police-workforce-mar-2018.ods.")
    ).to_be_visible()
    expect(page.get_by_text("restated from 2,921.47")).to_be_visible()
    change = Change.objects.latest("pk")
    assert (change.kind, change.reason, len(change.said)) == ("SIZE", "The July release", 2)
    taken = ForceSize.objects.filter(source__startswith="police-workforce-mar-2018.ods, Table_1!")
    assert {(f"{each.value:.2f}", each.source[-2:], each.release) for each in taken} == {
        ("2925.10", "C8", 2),
        ("2931.70", "D8", 1),
    }


def look_at_what_it_offers(page: Page, *, with_axe: bool) -> None:
    """The restated figure is marked, each says what it moves, and nothing scrolls at any width."""
    restated = page.get_by_role("row", name="Devon & Cornwall Police, 30 September 2017")
    expect(restated).to_contain_text("Restated")
    expect(restated).to_contain_text("Over all years Devon & Cornwall Police loses £")
    expect(page.get_by_text("3 figures are on record already")).to_be_visible()
    if with_axe:
        check(page)
