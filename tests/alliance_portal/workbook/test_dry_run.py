"""A dry run says what a load stores: every value old to new, and the pounds by force and year."""

import copy
import csv
import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from alliance_portal.workbook.loading import NotAsShown, load, plan
from programmes.models import Alliance, Change
from savings import recompute
from savings.book import Effect
from savings.models import Amount, PoolShare
from tests.alliance_portal.workbook.books import SMALL, Sheets, as_folder, with_cell
from tests.savings.doors import BOOK, CHANGES
from tests.savings.doors import Change as Kind

pytestmark = pytest.mark.django_db

SAMPLE = Path("alliance_portal/samples/devon-cornwall-dorset")


def by_area_code(effect: Effect) -> dict[tuple[Any, ...], int]:
    return {(effect.areas[cell.area_id], *cell[1:]): pence for cell, pence in effect.cells.items()}


def on_record(alliance: Alliance) -> dict[tuple[Any, ...], int]:
    """What the newest change on record did, as the dry run says it."""
    codes = dict(alliance.areas.values_list("pk", "code"))
    change = Change.objects.filter(alliance=alliance).latest("pk")
    return {(codes[area], *rest): pence for area, *rest, pence in change.effect}


def stored(alliance: Alliance) -> dict[tuple[Any, ...], int]:
    """Every force's share of every pool that is stored."""
    recompute.bring_up_to_date(alliance_id=alliance.pk, cause="A test asked", everything=True)
    rows = PoolShare.objects.filter(pool__alliance=alliance).values_list(
        "pool__area__code", "pool__year", "pool__kind", "pool__version", "force__code", "pence"
    )
    found: dict[tuple[Any, ...], int] = {}
    for *place, pence in rows:
        found[tuple(place)] = found.get(tuple(place), 0) + pence
    return found


def moved(before: dict[Any, int], after: dict[Any, int]) -> dict[Any, int]:
    keys = before.keys() | after.keys()
    found = {key: after.get(key, 0) - before.get(key, 0) for key in keys}
    return {key: pence for key, pence in found.items() if pence}


@pytest.mark.parametrize("kind", CHANGES, ids=[each.name for each in CHANGES])
def test_what_a_dry_run_prices_is_what_the_load_stores(kind: Kind, tmp_path: Path) -> None:
    load(as_folder(BOOK, tmp_path / "book"))
    alliance = Alliance.objects.get()
    before = stored(alliance)
    sheets = copy.deepcopy(BOOK)
    kind.in_workbook(sheets)
    path = as_folder(sheets, tmp_path / "changed")

    shown = plan(path)
    load(path, shown=shown.digest)

    assert shown.effect
    assert by_area_code(shown.effect) == moved(before, stored(alliance))
    if shown.effect.cells:
        assert by_area_code(shown.effect) == on_record(alliance)


def test_the_dry_run_of_an_alliance_that_is_new_prices_all_of_it(tmp_path: Path) -> None:
    path = as_folder(SMALL, tmp_path / "new")

    shown = plan(path)
    assert not Alliance.objects.exists()
    load(path, shown=shown.digest)

    assert shown.effect
    assert by_area_code(shown.effect) == stored(Alliance.objects.get()) != {}


def test_a_ramp_that_is_taken_off_the_sample_is_named_with_its_pounds(tmp_path: Path) -> None:
    load(SAMPLE)
    alliance = Alliance.objects.get()
    before = stored(alliance)
    code, ramp = Amount.objects.filter(derived=True).values_list("item__code", "item__ramp")[0]
    path = without_ramp(code, tmp_path / "without")

    shown = plan(path)
    out = StringIO()
    call_command("load_alliance", str(path), "--dry-run", stdout=out)
    assert before == stored(alliance)
    load(path, shown=shown.digest)

    said = out.getvalue()
    assert f"items, {code}, ramp: {';'.join(map(str, ramp))} → blank" in said
    assert shown.effect
    for version in shown.effect.by_version:
        for year in version.years:
            label = f"{year.year}/{(year.year + 1) % 100:02}"
            assert f"{version.version.capitalize()} {label}: " in said
    assert by_area_code(shown.effect) == moved(before, stored(alliance)) == on_record(alliance)
    assert not Amount.objects.filter(item__code=code, derived=True).exists()


def without_ramp(code: str, path: Path) -> Path:
    shutil.copytree(SAMPLE, path)
    with (path / "items.csv").open(newline="", encoding="utf-8-sig") as file:
        header, *rows = csv.reader(file)
    for row in rows:
        if row[header.index("code")] == code:
            row[header.index("ramp")] = ""
    with (path / "items.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def changed(tmp_path: Path) -> Path:
    return as_folder(with_cell("force_sizes", 2, "value", "3100"), tmp_path / "changed")


@pytest.mark.parametrize("meanwhile", ["a size", "the same value"])
def test_a_load_that_would_do_something_else_than_was_shown_shows_that_first(
    meanwhile: str, tmp_path: Path
) -> None:
    load(as_folder(SMALL, tmp_path / "small"))
    path = changed(tmp_path)
    shown = plan(path)
    other: Sheets = (
        with_cell("force_sizes", 3, "value", "1300")
        if meanwhile == "a size"
        else with_cell("business_areas", 2, "name", "Vehicles")
    )
    load(as_folder(other, tmp_path / "other"))
    count = Change.objects.count()

    with pytest.raises(NotAsShown) as refused:
        load(path, shown=shown.digest)

    assert Change.objects.count() == count
    assert refused.value.plan.digest != shown.digest
    load(path, shown=refused.value.plan.digest)
    assert Change.objects.count() == count + 1


def test_the_command_loads_only_what_its_dry_run_showed(tmp_path: Path) -> None:
    load(as_folder(SMALL, tmp_path / "small"))
    path, out, err = changed(tmp_path), StringIO(), StringIO()

    with pytest.raises(SystemExit):
        call_command("load_alliance", str(path), as_shown="0.0", stdout=out, stderr=err)

    assert "it would no longer do what was shown" in err.getvalue()
    assert f"--as-shown {plan(path).digest}" in out.getvalue()
    call_command("load_alliance", str(path), as_shown=plan(path).digest, stdout=out)
    assert not plan(path)
