"""The benchmarks run through on a little data; how fast they are is for bin/bench to say."""

import contextlib
import re

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import CommandError, call_command

from alliance_portal.benchmarks.figures import Figure, table
from alliance_portal.benchmarks.reader import cells, weight
from alliance_portal.management.commands.bench import BENCHMARKS
from programmes.models import Alliance, User
from savings import verify

LINE = re.compile(r"FIGURE [a-z-]+ \d+\.\d+ reach \d+\.\d+ (ok|short)")


def test_a_figure_is_ok_up_to_what_is_to_be_reached() -> None:
    assert Figure("recompute-national", 1.734, 2.0, "").line == (
        "FIGURE recompute-national 1.73 reach 2.0 ok"
    )
    assert Figure("recompute-one-pool", 0.1, 0.1, "").line.endswith(" 0.100 reach 0.1 ok")
    assert Figure("recompute-national", 2.004, 2.0, "").line.endswith(" short")


def test_the_table_has_a_row_for_each_figure() -> None:
    rows = table([Figure("one", 1, 2.0, "this"), Figure("longer-name", 0.05, 0.1, "that")])

    heads, first, second = rows.splitlines()
    assert heads.split() == ["Figure", "Measured", "To", "reach", "What", "it", "was"]
    assert first.endswith("ok  this")
    assert second.startswith("longer-name")


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_every_benchmark_runs_and_leaves_shares_that_hold(
    capsys: pytest.CaptureFixture[str],
) -> None:
    *of_shares, of_pages = BENCHMARKS
    measure(*of_shares)
    assert verify.verify(list(Alliance.objects.all())).breaches == []
    measure(of_pages)
    assert not Alliance.objects.exists()
    assert not User.objects.exists()

    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("FIGURE")]
    assert [line.split()[1] for line in lines] == [
        *("memory", "memory-growth"),
        *("recompute-national", "recompute-one-pool", "recompute-one-size", "date-price"),
        *("grid", "why"),
        *("pages-national", "home-growth", "pages-growth", "pages-weight"),
    ]
    assert all(LINE.fullmatch(line) for line in lines), lines


def measure(*names: str) -> None:
    """Run these benchmarks on so little data that they say nothing about speed."""
    with contextlib.suppress(SystemExit):
        call_command("bench", *names, alliances=5, amounts=1000, rounds=1)


def test_a_cell_is_a_place_in_a_table_or_list_or_an_amount_in_a_sentence() -> None:
    table = "<table><tr><th scope=row>Dogs</th><td>£1</td></tr></table>"
    page = f"<main><li>One</li>{table}<p>£2 and £3</p><dl><dt>Live</dt><dd>4</dd></dl></main>"

    assert cells(page.encode()) == 6


def test_the_charts_own_bundle_is_not_part_of_a_pages_weight() -> None:
    style, script = (staticfiles_storage.url(f"portal/portal.{kind}") for kind in ("css", "js"))
    page = f'<link rel="stylesheet" href="{style}"><script type="module" src="{script}"></script>'

    assert weight(page.encode()) > 5_000
    assert weight(b'<script src="/static/portal/charts.1a2b.js"></script>') < 100


@pytest.mark.django_db
def test_it_refuses_a_database_with_other_alliances() -> None:
    Alliance.objects.create(code="ours", name="Ours")

    with pytest.raises(CommandError, match="database of their own"):
        call_command("bench", "memory")


@pytest.mark.django_db
def test_it_names_the_benchmarks_there_are() -> None:
    with pytest.raises(CommandError, match="no benchmark “speed”; there are memory, recompute"):
        call_command("bench", "speed")
