"""A load that takes its time: nobody else waits for it, in its own alliance or in another."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from django.db import connection, transaction
from django.test import Client

from alliance_portal.workbook.loading import load
from programmes.models import Alliance
from tests import factories
from tests.alliance_portal.workbook.books import SMALL, Sheets, as_folder, with_cell
from tests.scenes import a_scene
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.dialect, pytest.mark.django_db(transaction=True)]

SOURCES = ("alliance_portal", "business_areas", "programmes", "savings")


@contextmanager
def held_open(path: Path) -> Iterator[None]:
    """A load in another connection that has written everything and does not end before the block."""
    written, done = Event(), Event()
    problems: list[BaseException] = []

    def work() -> None:
        try:
            with transaction.atomic():
                load(path)
                written.set()
                assert done.wait(PATIENCE), "Somebody waited for the load to end."
        except BaseException as problem:
            problems.append(problem)
        finally:
            written.set()
            connection.close()

    thread = Thread(target=work)
    thread.start()
    written.wait(60)
    try:
        yield
    finally:
        done.set()
        thread.join()
    assert problems == []


def new_facts() -> Sheets:
    """The small workbook with another fact in each row that others refer to."""
    changed = with_cell("alliance", 2, "total_budget", "2000000.00")
    changed = with_cell("forces", 2, "name", "North Constabulary", changed)
    changed = with_cell("business_areas", 2, "name", "Vehicles", changed)
    return with_cell("milestones", 2, "name", "Goes live", changed)


def test_pages_and_saves_beside_a_load_answer(
    client: Client, tmp_path: Path, settings: object
) -> None:
    settings.WEB_LOCK_SECONDS = 1  # type: ignore[attr-defined]
    load(as_folder(SMALL, tmp_path / "first"))
    a_scene()
    client.force_login(factories.administrator())
    own = Alliance.objects.get(code="north")
    dogs, fleet = own.areas.get(code="dogs"), own.areas.get(code="fleet")

    with held_open(as_folder(new_facts(), tmp_path / "second")):
        for code in ("north", "hills"):
            for page in ("", "areas/", "roadmap/", "money/", "money/runs/", "dates/"):
                answer = client.get(f"/alliances/{code}/{page}")
                assert answer.status_code == 200, (code, page)
        for address, sent in saves(dogs.code):
            seen = re.search(r'name="seen" value="([^"]*)"', client.get(address).content.decode())
            answer = client.post(address, {**sent, **({"seen": seen[1]} if seen else {})})
            assert answer.status_code == 302, (address, answer.content.decode()[:3000])
        # What refers to rows that the load has changed.
        factories.raid_item(alliance=own, area=fleet)
        factories.force_size(
            alliance=own, force=own.forces.get(code="north-police"), measure=own.measures.get()
        )
        factories.moved_date(milestone=fleet.milestones.get())


def saves(area: str) -> list[tuple[str, dict[str, str]]]:
    """Forms of what the load leaves alone, in its alliance and in another."""
    found = []
    for alliance, code in (("north", area), ("hills", "fleet")):
        start = f"/alliances/{alliance}/areas/{code}/"
        found += [
            (f"{start}edit/lead/", {"head": "Chief Inspector Reed"}),
            (f"{start}edit/summary/", {"name": "Dogs", "category": "BUSINESS_SUPPORT"}),
            (f"/alliances/{alliance}/areas/list/save-view/", {"name": "Mine"}),
            (f"/alliances/{alliance}/statuses/areas/{code}/budget/",
             {"outlook": "1", "outlook-direction": "STEADY", "outlook-note": "As it was"}),
        ]  # fmt: skip
    return found


def test_no_row_is_held_against_those_who_only_refer_to_it() -> None:
    taken = [
        f"{path}: {line.strip()}"
        for source in SOURCES
        for path in Path(__file__).resolve().parents[3].joinpath(source).rglob("*.py")
        for line in path.read_text().splitlines()
        if "select_for_update(" in line and "no_key=True" not in line
    ]

    assert taken == []
