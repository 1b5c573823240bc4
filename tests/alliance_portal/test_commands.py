"""Every command writes to the stream that its caller gave, and to no other."""

from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands

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
