"""Settings that would let somebody in stop the start with one sentence that names the mend."""

import os
import secrets
import subprocess
import sys

import pytest

from alliance_portal import env
from tests.conftest import CHECKOUT

REACHABLE = {
    "HTTPS": "1",
    "TRUSTED_PROXY_COUNT": "1",
    "EMAIL_URL": "smtp://mail.example.org:25",
    "ALLOWED_HOSTS": "portal.example.org",
    "SECRET_KEY": secrets.token_urlsafe(48),
    "DATABASE_URL": "postgres:///nothing",
}
SETTINGS = (*REACHABLE, "DEMO", "DEBUG")


@pytest.fixture(autouse=True)
def _reachable(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    for name, value in REACHABLE.items():
        monkeypatch.setenv(name, value)


def stopped_by(monkeypatch: pytest.MonkeyPatch, **variables: str | None) -> str:
    """The sentence that these variables stop the start with; empty if they do not."""
    for name, value in variables.items():
        if value is None:
            monkeypatch.delenv(name)
        else:
            monkeypatch.setenv(name, value)
    try:
        env.check()
    except env.BadSetting as stop:
        return str(stop)
    return ""


def test_a_portal_that_others_can_reach_starts_with_all_that_it_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert stopped_by(monkeypatch) == ""


@pytest.mark.parametrize(
    "name, value",
    [
        ("EMAIL_URL", None),
        ("EMAIL_URL", ""),
        ("TRUSTED_PROXY_COUNT", None),
        ("TRUSTED_PROXY_COUNT", "some"),
        ("TRUSTED_PROXY_COUNT", "-1"),
        ("DEMO", "1"),
        ("DEMO", "perhaps"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "portal.example.org, *"),
        ("ALLOWED_HOSTS", " , "),
        ("SECRET_KEY", "short"),
        ("DEBUG", "perhaps"),
        ("HTTPS", "perhaps"),
    ],
)
def test_what_would_let_somebody_in_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str | None
) -> None:
    said = stopped_by(monkeypatch, **{name: value})

    assert said.startswith(f"{name} ")
    assert said.endswith(".") and "\n" not in said


@pytest.mark.parametrize("name", ["EMAIL_URL", "TRUSTED_PROXY_COUNT"])
def test_on_ones_own_machine_it_may_be_missing(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert stopped_by(monkeypatch, HTTPS="0", **{name: None}) == ""


@pytest.mark.parametrize("pattern", ["a", "ab", "change-me ", "0123456789", "secret", "a1B2c3D4e5"])
def test_a_key_of_little_variety_is_refused_however_long(
    monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    assert "again and again" in stopped_by(monkeypatch, SECRET_KEY=(pattern * 64)[:64].strip())


@pytest.mark.parametrize(
    "draw",
    [
        lambda: secrets.token_hex(16),
        lambda: secrets.token_hex(32),
        lambda: secrets.token_urlsafe(24),
        lambda: "".join(secrets.choice("0123456789") for _ in range(40)),
    ],
)
def test_a_key_that_was_drawn_by_lot_is_taken(monkeypatch: pytest.MonkeyPatch, draw) -> None:
    assert all(stopped_by(monkeypatch, SECRET_KEY=draw()) == "" for _ in range(500))


@pytest.mark.parametrize("missing", ["EMAIL_URL", "TRUSTED_PROXY_COUNT"])
@pytest.mark.parametrize(
    "program",
    [["manage.py", "check"], ["-m", "celery", "-A", "alliance_portal.celery:app", "beat"]],
)
def test_every_process_is_stopped_by_one_sentence(program: list[str], missing: str) -> None:
    variables = {name: value for name, value in REACHABLE.items() if name != missing}
    kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}

    ended = subprocess.run(
        [sys.executable, *program],
        cwd=CHECKOUT,
        env={**kept, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert ended.returncode != 0
    assert f"{missing} is not set, and with HTTPS=1 it must be" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
