"""The charts in a browser: drawn from their tables, read by mouse and keyboard, kept as files, printed."""

import re
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.conftest import OpenPage
from tests.serving import DCD, EAST_MIDLANDS, FINANCE, Portal

pytestmark = pytest.mark.browser

FINANCE_EM = "finance.em@portal.example"
SVG = "{http://www.w3.org/2000/svg}"
SAVINGS, LIVE = "#chart-cumulative-savings", "#chart-go-live-burn-up"
PRICED, BY_FORCE = "#chart-slippage-priced", "#chart-costs-and-savings-by-force"
OF_SAMPLE = (SAVINGS, LIVE, PRICED, BY_FORCE)


@pytest.fixture(scope="module")
def portal(portal_to_look_at: Portal) -> Portal:
    return portal_to_look_at


@pytest.fixture
def dashboard(portal: Portal, open_page: OpenPage):
    """Open the dashboard of a sample: `dashboard(width=320)`."""

    def opened(path: str = DCD, *, hash_: str = "", **more: Any) -> Page:
        page = portal.admit(open_page(**more), FINANCE if path == DCD else FINANCE_EM)
        page.goto(f"{portal.url}{path}{hash_}")
        if more.get("script", True):
            expect(page.locator(".app-chart__plot svg").last).to_be_attached()
        return page

    return opened


def rows(figure: Locator) -> list[dict[str, Any]]:
    """The table's rows as they are: group, label, and each cell's number and text."""
    return figure.evaluate(
        """figure => [...figure.querySelectorAll("tr[data-row]")].map(row => ({
            group: row.parentElement.dataset.group,
            label: row.cells[0].textContent.trim(),
            cells: [...row.cells].slice(1).map(cell => ({
                value: cell.dataset.v === undefined ? null : Number(cell.dataset.v),
                text: cell.textContent.trim(),
            })),
        }))"""
    )


def columns(figure: Locator) -> list[dict[str, Any]]:
    return figure.evaluate(
        """figure => [...figure.querySelectorAll("th[data-colour]")].map(head => ({
            name: head.textContent.trim(),
            colour: head.dataset.colour,
            dashed: "dashed" in head.dataset,
        }))"""
    )


def paths(figure: Locator, panel: int = 0) -> list[dict[str, str]]:
    """What is drawn in a panel."""
    return (
        figure.locator(".app-chart__plot")
        .nth(panel)
        .evaluate(
            """plot => [...plot.querySelectorAll("path")].map(path => Object.fromEntries(
            [...path.attributes].map(each => [each.name, each.value])))"""
        )
    )


def corners(path: str) -> list[tuple[float, float]]:
    numbers = [float(each) for each in re.findall(r"-?[\d.]+", path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def heights(drawn: dict[str, str]) -> tuple[float, float]:
    """The lowest and the highest edge of a bar, in pixels from the top."""
    numbers = [y for _, y in bar_corners(drawn["d"])]
    return max(numbers), min(numbers)


def bar_corners(path: str) -> list[tuple[float, float]]:
    x = y = 0.0
    found = []
    for command, given in re.findall(r"([MLHVhvlZz])([^MLHVhvlZz]*)", path):
        numbers = [float(each) for each in re.findall(r"-?[\d.]+", given)]
        if command in "ML":
            x, y = numbers[:2]
        elif command == "l":
            x, y = x + numbers[0], y + numbers[1]
        elif command in "Hh":
            x = numbers[0] if command == "H" else x + numbers[0]
        elif command in "Vv":
            y = numbers[0] if command == "V" else y + numbers[0]
        found.append((x, y))
    return found


def assert_straight(values: list[float], pixels: list[float]) -> None:
    """Pixels follow values along one straight scale, within a pixel."""
    low, high = min(values), max(values)
    top, bottom = pixels[values.index(low)], pixels[values.index(high)]
    for value, pixel in zip(values, pixels, strict=True):
        part = (value - low) / (high - low) if high > low else 0
        assert abs(top + part * (bottom - top) - pixel) < 1


@pytest.mark.parametrize("chart", [SAVINGS, LIVE])
def test_the_points_of_a_line_are_the_cells_of_its_column(dashboard, chart):
    figure = dashboard().locator(chart)

    table = rows(figure)
    for at, column in enumerate(columns(figure)):
        drawn = [
            row["cells"][at]["value"] for row in table if row["cells"][at]["value"] is not None
        ]
        (line,) = (
            path
            for path in paths(figure)
            if path.get("stroke") == column["colour"]
            and path.get("fill") in ("none", "transparent")
            and len(corners(path["d"])) == len(drawn)
            and ("stroke-dasharray" in path) == column["dashed"]
        )
        assert_straight(drawn, [y for _, y in corners(line["d"])])


def test_the_bars_of_every_force_are_its_cells_to_one_scale(dashboard):
    figure = dashboard().locator(BY_FORCE)
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows(figure):
        groups.setdefault(row["group"], []).append(row)

    assert list(groups) == ["Devon & Cornwall", "Dorset"]
    for at, column in enumerate(columns(figure)):
        values, pixels = [], []
        for panel, mine in enumerate(groups.values()):
            bars = [path for path in paths(figure, panel) if path.get("fill") == column["colour"]]
            known = [
                each["cells"][at]["value"]
                for each in mine
                if each["cells"][at]["value"] is not None
            ]
            assert len(bars) == len(known)
            values += known
            pixels += [lowest - highest for lowest, highest in map(heights, bars)]
        assert_straight([0, *values], [0, *pixels])


def test_each_step_from_plan_to_forecast_begins_where_the_last_one_ended(dashboard):
    figure = dashboard().locator(PRICED)
    bars = [
        bar_corners(path["d"])
        for path in paths(figure)
        if path.get("fill") in ("#12436d", "#f46a25")
    ]
    values = [row["cells"][0]["value"] for row in rows(figure)]
    wide = [max(x for x, _ in bar) - min(x for x, _ in bar) for bar in bars]

    assert_straight([0, *map(abs, values)], [0, *wide])
    for before, after in pairwise(bars):
        edges = {round(x) for x, _ in before}
        assert edges & {round(x) for x, _ in after}


@pytest.mark.parametrize("chart", OF_SAMPLE)
def test_pointing_at_a_chart_shows_the_row_under_it(dashboard, chart):
    figure = dashboard().locator(chart)
    plot = figure.locator(".app-chart__plot").first
    plot.scroll_into_view_if_needed()
    written = {cell["text"] for row in rows(figure) for cell in row["cells"]}

    box = plot.bounding_box()
    plot.hover(position={"x": box["width"] * 0.6, "y": 110})  # right of the names, in the drawing

    expect(plot.locator("svg")).to_contain_text(": ")
    shown = [line for line in plot.locator("svg text").all_text_contents() if ": " in line]
    assert shown
    assert {line.split(": ", 1)[1] for line in shown} <= written


@pytest.mark.parametrize("chart", OF_SAMPLE)
def test_the_arrow_keys_read_every_row(dashboard, chart):
    page = dashboard()
    figure = page.locator(chart)
    table = rows(figure)
    slider = figure.get_by_role("slider")
    slider.focus()

    page.keyboard.press("Home")
    for place, row in enumerate(table, start=1):
        spoken = slider.get_attribute("aria-valuetext") or ""
        assert slider.get_attribute("aria-valuenow") == str(place)
        assert row["label"] in spoken
        assert row["group"] in spoken
        for cell in row["cells"]:
            assert cell["value"] is None or cell["text"] in spoken
        page.keyboard.press("ArrowRight")

    assert slider.get_attribute("aria-valuenow") == str(len(table))
    last = next(cell for cell in table[-1]["cells"] if cell["value"] is not None)
    expect(figure.locator(".app-chart__plot svg").last).to_contain_text(f": {last['text']}")
    page.keyboard.press("Escape")
    expect(figure.locator(".app-chart__plot svg").last).not_to_contain_text(f": {last['text']}")


def test_a_keyboard_reaches_each_chart_once_and_sees_where_it_is(dashboard):
    page = dashboard()
    page.locator(SAVINGS).get_by_role("link", name="CSV").focus()

    page.keyboard.press("Shift+Tab")

    assert page.evaluate("document.activeElement.id") == "chart-cumulative-savings-plots"
    assert "December 2017" in (page.locator(":focus").get_attribute("aria-valuetext") or "")
    outline = page.locator(":focus").evaluate("element => getComputedStyle(element).outlineStyle")
    assert outline == "solid"


@pytest.mark.parametrize("chart", OF_SAMPLE)
def test_a_picture_is_a_whole_file_that_says_what_it_is(dashboard, chart, tmp_path: Path):
    figure = dashboard().locator(chart)
    with figure.page.expect_download() as download:
        figure.get_by_role("button", name="SVG").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)

    drawn = ET.fromstring(path.read_text())
    words = " ".join(text.text or "" for text in drawn.iter(f"{SVG}text"))

    assert path.name.endswith("-2017-12-31.svg")
    assert (drawn.findtext(f"{SVG}title") or "") == figure.locator("h2").inner_text()
    assert figure.locator("h2").inner_text() in words
    assert figure.locator(".app-chart__measure").inner_text() in words
    assert "as at 31 December 2017 (held at this date)" in words
    assert "illustrative" in words
    for column in columns(figure) if chart != PRICED else []:
        assert column["name"] in words
    assert not drawn.findall(f".//{SVG}script")


def test_a_picture_in_pixels_is_a_real_png(dashboard, tmp_path: Path):
    figure = dashboard(EAST_MIDLANDS).locator(SAVINGS)

    with figure.page.expect_download() as download:
        figure.get_by_role("button", name="PNG").click()
    path = tmp_path / "chart.png"
    download.value.save_as(path)

    pixels = path.read_bytes()
    assert pixels[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = (int.from_bytes(pixels[at : at + 4], "big") for at in (16, 20))
    assert width == 1920
    assert 600 < height < 1400
    assert len(pixels) > 20_000


def test_the_files_link_gives_the_table(dashboard):
    figure = dashboard().locator(LIVE)

    with figure.page.expect_download() as download:
        figure.get_by_role("link", name="CSV").click()

    head, *lines = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert head == "On,Original baseline,Approved,Actual,Forecast"
    assert len(lines) == len(rows(figure))


@pytest.mark.parametrize("width", [1366, 320])
def test_nothing_moves_while_charts_are_drawn(portal, open_page, width):
    page = portal.admit(open_page(width=width), FINANCE)
    page.add_init_script(
        """window.moved = [];
        new PerformanceObserver(list => window.moved.push(...list.getEntries().map(
            each => each.sources.map(({ node }) => node).filter(
                node => node?.parentElement?.closest(".app-charts, .app-chart")
            ).map(node => node.outerHTML.slice(0, 80))
        ).filter(sources => sources.length))).observe({ type: "layout-shift", buffered: true });"""
    )
    page.goto(portal.url + DCD)
    expect(page.locator(".app-chart__plot svg").last).to_be_attached()
    for chart in OF_SAMPLE:
        page.goto(f"{portal.url}{DCD}?period=month{chart}")
        expect(page.locator(".app-chart__plot svg").last).to_be_attached()
        page.wait_for_timeout(300)

        assert page.evaluate("window.moved") == []


def test_on_a_narrow_window_charts_fit_and_are_legible(dashboard):
    page = dashboard(width=320)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    sizes = page.evaluate(
        """[...document.querySelectorAll(".app-chart__plot text")].map(
            text => parseFloat(getComputedStyle(text).fontSize))"""
    )
    assert len(sizes) > 40
    assert min(sizes) >= 14


@pytest.mark.parametrize("width", [1366, 768, 320])
@pytest.mark.parametrize("path", [DCD, EAST_MIDLANDS])
def test_no_word_of_a_chart_is_cut_off(dashboard, path, width):
    page = dashboard(path, width=width)

    outside = page.evaluate(
        """[...document.querySelectorAll(".app-chart__plot")].flatMap(plot => {
            const box = plot.getBoundingClientRect();
            return [...plot.querySelectorAll("text")].filter(text => {
                const at = text.getBoundingClientRect();
                return at.left < box.left - 1 || at.right > box.right + 1;
            }).map(text => text.textContent);
        })"""
    )
    assert outside == []


def test_a_chart_follows_the_window(dashboard):
    page = dashboard()

    page.set_viewport_size({"width": 320, "height": 768})

    expect(page.locator(f"{SAVINGS} svg[width='290']")).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("path", [DCD, EAST_MIDLANDS])
def test_without_script_the_tables_stand_in_the_charts_places(dashboard, path):
    page = dashboard(path, script=False)

    figures = page.locator("[data-app-chart]")
    expect(figures.nth(2)).to_be_visible()
    expect(figures.nth(4)).to_have_count(0)
    for figure in figures.all():
        expect(figure.locator("table")).to_be_visible()
        expect(figure.locator(".app-chart__plots")).not_to_be_visible()
        expect(figure.get_by_role("link", name="CSV")).to_be_visible()
        expect(figure.get_by_role("button").filter(visible=True)).to_have_count(0)


def test_the_table_opens_beside_its_chart(dashboard):
    figure = dashboard().locator(SAVINGS)
    expect(figure.locator("table")).not_to_be_visible()

    figure.get_by_text("Show the table").click()

    expect(figure.locator("table")).to_be_visible()
    expect(figure.locator("svg").first).to_be_visible()


def metrics(page: Page) -> dict[str, float]:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    found = {
        each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]
    }
    return {name: found[name] for name in ("Nodes", "JSEventListeners")}


def test_charts_are_drawn_again_when_their_part_of_the_page_is_replaced_and_leave_nothing(
    dashboard,
):
    page = dashboard()

    def replace() -> None:
        page.evaluate("document.querySelector('.app-charts').dataset.old = ''")
        page.evaluate("document.body.dispatchEvent(new CustomEvent('shares-updated'))")
        expect(page.locator(".app-charts[data-old]")).to_have_count(0)
        expect(page.locator(".app-chart__plot svg")).to_have_count(5)

    replace()
    replace()
    before = metrics(page)
    for _ in range(4):
        replace()
    after = metrics(page)

    assert after["JSEventListeners"] <= before["JSEventListeners"]
    assert after["Nodes"] <= before["Nodes"] * 1.05


def test_on_paper_a_chart_is_as_wide_as_the_sheet_with_the_year_ends_of_its_table(dashboard):
    page = dashboard(width=320)
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")

    expect(page.locator(f"{SAVINGS} svg[width='660']")).to_have_count(1)
    figure = page.locator(SAVINGS)
    visible = figure.locator("tr[data-row]").filter(visible=True).locator("th").all_inner_texts()
    assert visible == [
        f"March {year}" if year else "December 2017" for year in (2016, 2017, 0, *range(2018, 2024))
    ]
    expect(figure.get_by_role("link", name="CSV")).not_to_be_visible()

    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator(f"{SAVINGS} svg[width='290']")).to_have_count(1)
    expect(figure.locator("table")).not_to_be_visible()


def test_with_the_readers_own_colours_a_chart_stays_on_white(dashboard):
    page = dashboard(forced_colors="active")

    plots = page.locator(f"{SAVINGS} .app-chart__plots")

    assert plots.evaluate("element => getComputedStyle(element).backgroundColor") == (
        "rgb(255, 255, 255)"
    )
    assert plots.evaluate("element => getComputedStyle(element).forcedColorAdjust") == "none"


def test_only_pages_with_charts_load_the_bundle(portal, open_page):
    page = portal.admit(open_page(), FINANCE)

    page.goto(f"{portal.url}{DCD}")
    expect(page.locator("script[src*='/charts.']")).to_have_count(1)
    page.goto(f"{portal.url}{DCD}areas/")
    expect(page.locator("script[src*='/charts.']")).to_have_count(0)
