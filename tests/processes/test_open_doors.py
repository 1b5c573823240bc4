"""While a demo user can sign in with the demo password, nothing starts where others can reach it."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password

from alliance_portal import demonstration
from alliance_portal.launcher.places import CHECKOUT, Places
from alliance_portal.launcher.processes import Program, programs
from programmes.models import User
from tests import factories
from tests.launcher.conftest import free_port

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

DEMO_USER = "finance.dcd@portal.example"
REACHABLE = {
    "HTTPS": "1",
    "TRUSTED_PROXY_COUNT": "1",
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "SECRET_KEY": secrets.token_urlsafe(48),
    "ALLOWED_HOSTS": "portal.example.org",
}
SECONDS = 90


@pytest.fixture
def environment(worker_environment: dict[str, str]) -> dict[str, str]:
    return {**worker_environment, **REACHABLE}


@pytest.fixture
def demo_user() -> User:
    return with_password(demonstration.PUBLISHED_PASSWORD)


def with_password(password: str) -> User:
    """A demo user whose hash is made by the portal's own hasher, not by that of the tests."""
    person = factories.user(email=DEMO_USER)
    person.password = PBKDF2PasswordHasher().encode(password, "salt", iterations=1)
    person.save()
    return person


def everything(folder: Path) -> list[Program]:
    return list(programs("127.0.0.1", free_port(), Places(folder)))


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_no_process_starts(
    demo_user: User, environment: dict[str, str], tmp_path: Path, name: str
) -> None:
    (tmp_path / "run").mkdir()
    (program,) = [each for each in everything(tmp_path) if each.name == name]

    # One web worker: the first of two to end has the other ended wherever it is.
    arguments = ["1" if at and program.arguments[at - 1] == "--workers" else each
                 for at, each in enumerate(program.arguments)]  # fmt: skip

    ended = run([sys.executable, "-m", *arguments], environment)

    assert ended.returncode not in (0, None)
    assert sentence_of(demo_user) in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("command", ["check", "verify_shares", "load_samples"])
def test_no_command_runs(demo_user: User, environment: dict[str, str], command: str) -> None:
    ended = run([sys.executable, "manage.py", command], environment)

    assert ended.returncode == 1
    assert sentence_of(demo_user) in ended.stderr


@pytest.mark.parametrize("mend", ["close_demo", "no password", "switched off", "no HTTPS"])
def test_after_the_mend_it_starts(demo_user: User, environment: dict[str, str], mend: str) -> None:
    if mend == "close_demo":
        assert run([sys.executable, "manage.py", "close_demo"], environment).returncode == 0
    if mend == "no password":
        User.objects.update(password=make_password(None))
    if mend == "switched off":
        User.objects.update(is_active=False)
    if mend == "no HTTPS":
        environment["HTTPS"] = "0"

    assert run([sys.executable, "manage.py", "check"], environment).returncode == 0


def test_a_password_of_ones_own_choice_for_demo_users_is_no_secret_either(
    environment: dict[str, str],
) -> None:
    person = with_password("told to everybody")

    ended = run(
        [sys.executable, "manage.py", "check"],
        {**environment, "DEMO_PASSWORD": "told to everybody"},
    )

    assert sentence_of(person) in ended.stderr


def sentence_of(user: User) -> str:
    return f"With HTTPS=1 nobody may sign in with the demo password, and {user.email} can; run"


def run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=CHECKOUT,
        env={**environment, "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
