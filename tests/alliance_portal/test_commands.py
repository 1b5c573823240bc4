"""Every command writes to the stream that its caller gave, and loads no driver that it may not need."""

import os
import subprocess
import sys
from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands

from alliance_portal.launcher.places import CHECKOUT
from tests.scenes import a_scene

pytestmark = pytest.mark.dialect

# What each is called with; FOLDER stands for one that holds the alliance's workbook.
FOLDER = "FOLDER"
CALLED_WITH: dict[str, list[str]] = {
    "close_demo": [],
    "explain": ["hills"],
    "export_alliance": ["hills", FOLDER],
    "export_shares": ["hills"],
    "load_alliance": [FOLDER],
    "load_samples": [],
    "make_national": ["--alliances=1", "--amounts=12"],
    "prove": ["hills", "--output", FOLDER],
    "recompute": [],
    "verify_shares": [],
}
# bench measures for minutes; tests/alliance_portal/benchmarks reads what it writes.
OURS = {
    name
    for name, app in get_commands().items()
    if app in {"alliance_portal", "savings", "business_areas", "programmes"} and name != "bench"
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(OURS))
def test_a_command_writes_where_its_caller_reads(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_scene("hills")
    call_command("export_alliance", "hills", str(tmp_path / "book"), stdout=StringIO())
    asked = [str(tmp_path / "book") if word == FOLDER else word for word in CALLED_WITH[name]]
    if name == "export_alliance":
        asked[-1] = str(tmp_path / "again")
    read = StringIO()

    with suppress(SystemExit):  # a refusal is written there too
        call_command(name, *asked, stdout=read, stderr=read)

    assert read.getvalue()
    assert capsys.readouterr().out == ""


# Tens of megabytes in every process, for what few of them ever do.
DRIVERS = {"redis", "openpyxl", "lxml", "xlsxwriter", "defusedxml", "playwright", "pytest"}


def test_what_every_process_begins_with_loads_no_driver() -> None:
    begun = subprocess.run(
        [sys.executable, "-c", "import django, sys; django.setup(); print(*sys.modules)"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "alliance_portal.settings"},
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert DRIVERS.isdisjoint(begun.stdout.split())
