"""A preview is worked out by doing and taking back, and nobody else waits for it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from threading import Thread

import pytest
from django.db import connection, transaction

from business_areas.services import reschedule
from programmes.changes import rehearse
from programmes.models import Change, ForceSize
from programmes.services import record_size
from tests.alliance_portal.dates.moves import HELD_ON, TOLD, an_alliance

pytestmark = pytest.mark.django_db(transaction=True)


def elsewhere(act: Callable[[], object]) -> None:
    """Do it on a connection of its own that waits two seconds for nobody."""
    problems: list[Exception] = []

    def run() -> None:
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '2s'")
                act()
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    other = Thread(target=run)
    other.start()
    other.join()
    if problems:
        raise problems[0]


def test_somebody_else_saves_while_a_preview_is_worked_out() -> None:
    known = an_alliance()
    alliance = known.scene.alliance

    def a_size() -> None:
        record_size(
            force=known.scene.north,
            measure=known.scene.officers,
            effective_on=date(2015, 4, 1),
            value=Decimal(4000),
            source="A later release",
            by=None,
        )

    def preview() -> None:
        reschedule(
            milestone=known.milestone,
            to=date(2017, 7, 1),
            reason="Another reason",
            details=TOLD,
            by=None,
            day=HELD_ON,
        )
        elsewhere(a_size)

    made = rehearse(preview, alliance=alliance, kind=Change.Kind.FORECAST_DATE, by=None)

    assert made.moves_money
    assert ForceSize.objects.filter(source="A later release").exists()
    assert Change.objects.get().kind == Change.Kind.SIZE
    known.milestone.refresh_from_db()
    assert known.milestone.forecast_on != date(2017, 7, 1)
