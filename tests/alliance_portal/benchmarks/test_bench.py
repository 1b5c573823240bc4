"""The benchmarks run through on a little data; how fast they are is for bin/bench to say."""

import contextlib
import re

import pytest
from django.core.management import CommandError, call_command

from alliance_portal.benchmarks.figures import Figure, table
from alliance_portal.management.commands.bench import BENCHMARKS
from programmes.models import Alliance
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
    with contextlib.suppress(SystemExit):  # so little data says nothing about speed
        call_command("bench", alliances=5, amounts=1000, rounds=1)

    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("FIGURE")]
    assert len(lines) == len(BENCHMARKS) + 1
    assert all(LINE.fullmatch(line) for line in lines), lines
    assert verify.verify(list(Alliance.objects.all())).breaches == []


@pytest.mark.django_db
def test_it_refuses_a_database_with_other_alliances() -> None:
    Alliance.objects.create(code="ours", name="Ours")

    with pytest.raises(CommandError, match="database of their own"):
        call_command("bench", "memory")


@pytest.mark.django_db
def test_it_names_the_benchmarks_there_are() -> None:
    with pytest.raises(CommandError, match="no benchmark “speed”; there are memory, recompute"):
        call_command("bench", "speed")
