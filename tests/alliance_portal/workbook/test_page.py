"""The workbook's page: what it would change is shown with its pounds, and exactly that is loaded."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from alliance_portal.workbook import upload, views
from alliance_portal.workbook.loading import load, plan
from programmes.models import Alliance, Change, ForceSize, Role
from tests import factories
from tests.alliance_portal.workbook.books import SMALL, Sheets, as_folder, as_xlsx, with_cell

pytestmark = pytest.mark.django_db

PAGE = "/alliances/north/workbook/"
CHANGED = with_cell("force_sizes", 2, "value", "3100")


@pytest.fixture
def boss(client: Client, tmp_path: Path) -> Client:
    load(as_folder(SMALL, tmp_path / "small"))
    client.force_login(factories.administrator())
    return client


def sent(client: Client, sheets: Sheets, tmp_path: Path, **more: str) -> Any:
    path = as_xlsx(sheets, tmp_path / "sent.xlsx")
    file = SimpleUploadedFile("book.xlsx", path.read_bytes())
    return client.post(PAGE, {"file": file, **more})


def test_a_workbook_is_shown_and_then_loaded_as_it_was_shown(boss: Client, tmp_path: Path) -> None:
    shown = sent(boss, CHANGED, tmp_path)
    page = shown.content.decode()

    assert "Nothing has been saved yet." in page
    assert '<td data-label="Now">3000.5</td>' in page
    assert '<td data-label="Then">3100</td>' in page
    assert "what each force gains or loses" in page
    assert ForceSize.objects.count() == 2
    digest = shown.context["digest"]
    assert f'name="priced" value="{digest}"' in page

    done = sent(boss, CHANGED, tmp_path, save="1", priced=digest)

    assert done.status_code == 302
    assert ForceSize.objects.count() == 3
    change = Change.objects.latest("pk")
    assert (change.kind, change.door) == ("WORKBOOK", "WORKBOOK")
    assert change.effect


@pytest.mark.parametrize("priced", ["", "0.0"])
def test_nothing_else_is_loaded_than_was_shown(boss: Client, tmp_path: Path, priced: str) -> None:
    answer = sent(boss, CHANGED, tmp_path, save="1", priced=priced)

    page = answer.content.decode()
    assert ("Other figures changed while you were looking" in page) is bool(priced)
    assert "Nothing has been saved yet" in page
    assert ForceSize.objects.count() == 2
    assert answer.context["digest"] == plan(tmp_path / "sent.xlsx").digest


def test_a_file_that_cannot_be_loaded_says_why_and_where(boss: Client, tmp_path: Path) -> None:
    wrong = sent(boss, with_cell("force_sizes", 2, "value", "many"), tmp_path).content.decode()
    other = sent(boss, with_cell("alliance", 2, "code", "elsewhere"), tmp_path).content.decode()
    text = boss.post(PAGE, {"file": SimpleUploadedFile("notes.txt", b"x")}).content.decode()

    assert "force_sizes" in wrong
    assert "choose another file" in other
    assert "ends in .xlsx" in text
    assert Alliance.objects.count() == 1


@pytest.mark.parametrize("save", [{}, {"save": "1", "priced": "0.0"}])
def test_one_workbook_is_read_at_a_time(boss: Client, tmp_path: Path, save: dict[str, str]) -> None:
    with upload._reading:
        page = sent(boss, CHANGED, tmp_path, **save).content.decode()

    assert "Another file is being read, and yours was not" in page
    assert "what each force gains or loses" in sent(boss, CHANGED, tmp_path).content.decode()


def test_only_those_who_may_do_everything_load_a_workbook(boss: Client, client: Client) -> None:
    bob = factories.user()
    factories.role(alliance=Alliance.objects.get(), user=bob, kind=Role.Kind.FINANCE_OFFICER)
    client.force_login(bob)

    assert client.get(PAGE).status_code == 403
    client.force_login(factories.user())
    assert client.get(PAGE).status_code == 404


def test_every_value_old_and_new_is_in_a_file_however_many_the_page_lists(
    boss: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "_VALUES", 0)
    shown = sent(boss, CHANGED, tmp_path).content.decode()
    assert "And 1 more: the file of every value, below, has them all." in shown

    file = sent(boss, CHANGED, tmp_path, values="1")

    assert file["Content-Type"] == "text/csv; charset=utf-8"
    head, *rows = csv.reader(io.StringIO(file.content.decode("utf-8-sig")))
    assert head == ["sheet", "key", "column", "old", "new"]
    assert [(sheet, *rest) for sheet, _, *rest in rows] == [
        ("force_sizes", "value", "3000.5", "3100")
    ]
    assert ForceSize.objects.count() == 2


def test_a_file_of_the_values_of_what_is_no_workbook_says_so(boss: Client, tmp_path: Path) -> None:
    wrong = with_cell("force_sizes", 2, "value", "many")
    answer = sent(boss, wrong, tmp_path, values="1")
    assert answer.status_code == 200
    assert "many" in answer.context["form"].errors["file"].as_text()
