"""Data that cannot be brought up to date: one sentence with what is wrong and what to do."""

import psycopg2
import pytest

from alliance_portal.launcher import data, services
from alliance_portal.launcher.places import Places
from alliance_portal.launcher.problem import LauncherProblem

pytestmark = pytest.mark.processes

FROM_A_LATER_VERSION = (
    "CREATE TABLE django_migrations AS"
    " SELECT 'savings' AS app, '0999_later' AS name, now() AS applied"
)
IN_THE_WAY = "CREATE TABLE programmes_user (id int)"


@pytest.mark.parametrize(
    "statement, says",
    [
        (
            FROM_A_LATER_VERSION,
            "A later version of the portal has used these data (it knew savings",
        ),
        (IN_THE_WAY, "The data cannot be brought up to date (ProgrammingError: relation"),
    ],
)
def test_the_start_says_why_and_what_to_do(
    places: Places, monkeypatch: pytest.MonkeyPatch, statement: str, says: str
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("CELERY_BROKER_URL")
    with services.owned(places) as running:
        connection = psycopg2.connect(running.variables["DATABASE_URL"])
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()

        with pytest.raises(LauncherProblem) as refused:
            data.bring_up_to_date(places, running.variables, embedded=True, demo=False)

    sentence = str(refused.value)
    assert sentence.startswith(says)
    assert "put back a backup" in sentence
    assert "Traceback" not in sentence and "\n" not in sentence
