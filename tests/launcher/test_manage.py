"""bin/manage in a checkout where nothing has been started yet."""

import shutil

import pytest

from tests.launcher.conftest import Copy

pytestmark = pytest.mark.processes


@pytest.fixture
def bare(copy: Copy) -> Copy:
    """The copy as a clone leaves it: without data, and without anything built."""
    shutil.rmtree(copy.folder / "var", ignore_errors=True)
    return copy


def test_a_command_says_what_to_do_first(bare: Copy) -> None:
    answer = bare.run("bin/manage", "verify_shares")

    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    assert answer.stderr.splitlines()[-1] == (
        "The database has no tables yet; start the portal once with bin/start, or make them "
        "with bin/manage migrate."
    )


def test_what_needs_no_tables_works_and_warns_of_nothing(bare: Copy) -> None:
    answer = bare.run("bin/manage", "verify_shares", "--help")

    assert (answer.returncode, answer.stderr) == (0, "")
    assert "usage: manage.py verify_shares" in answer.stdout


def test_once_migrated_every_command_works(bare: Copy) -> None:
    assert bare.run("bin/manage", "migrate", "--noinput", "--verbosity=0").returncode == 0

    answer = bare.run("bin/manage", "verify_shares")

    assert (answer.returncode, answer.stderr) == (0, "")
