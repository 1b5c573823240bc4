"""Settings that would let somebody in stop the start with one sentence that names the mend."""

import os
import re
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


@pytest.fixture(autouse=True)
def _reachable(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in BAD:
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
        ("DEBUG", "1"),
        ("EMAIL_URL", "consolemail://"),
        ("EMAIL_URL", "CONSOLEMAIL://"),
        ("EMAIL_URL", "filemail:///var/mail/portal"),
        ("EMAIL_URL", "memorymail://"),
        ("EMAIL_URL", "dummymail://"),
        ("HTTPS", "perhaps"),
    ],
)
def test_what_would_let_somebody_in_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str | None
) -> None:
    said = stopped_by(monkeypatch, **{name: value})

    assert said.startswith(f"{name} ")
    assert said.endswith(".") and "\n" not in said


LONG = "9" * 5000
# What each setting of .env.example cannot be.
BAD = {
    "HOST": ["no such host", "http://localhost", "a" * 300, "ä", "127.0.0.1:80"],
    "PORT": ["0", "65536", "-1", "eighty", "8000.0", "²", LONG],
    "DATABASE_URL": [
        *("mysql://u@h/n", "nonsense", "postgres://", "postgres://h:5432", "postgres://u@[::1/n"),
        *("postgres://u@h:port/n", "postgres://u@h/n?nonsense=1", f"postgres://u@h/{'n' * 64}"),
        "postgres://u@h/n?connect_timeout=soon",
    ],
    "CELERY_BROKER_URL": [
        *("amqp://h", "nonsense", "redis://h:port/0", "redis://h:6379/one", "redis://[::1/0"),
        *("redis+socket://", "unix://relative"),
    ],
    "SECRET_KEY": ["short", "a" * 40, LONG],
    "ALLOWED_HOSTS": [
        "https://portal.example.org",
        "portal.example.org:443",
        "a b",
        ",",
        "a/b",
        "ä",
    ],
    "CSRF_TRUSTED_ORIGINS": [
        "portal.example.org",
        "https://",
        "https://a/b",
        "ftp://a",
        "https://ä",
    ],
    "HTTPS": ["perhaps", "2", LONG],
    "TRUSTED_PROXY_COUNT": ["-1", "one", "1.5", "²", LONG],
    "DEBUG": ["perhaps", "2"],
    "EMAIL_URL": ["nonsense", "smtp://", "smtp://h:port", "http://h", "smtp://[::1"],
    "DEFAULT_FROM_EMAIL": [
        "portal",
        "portal@",
        "@h",
        "a b@h",
        "Portal <portal>",
        "p@h, q@h",
        "<p@h",
    ],
    "DEMO": ["perhaps", "2"],
    "DEMO_PASSWORD": [],  # any text is one
    "CELERY_TASK_DEFAULT_QUEUE": ["a b", "ä", "q" * 101, "a/b"],
    "LOG_LEVEL": ["LOUD", "10", "info warning", LONG],
}
GOOD = {
    "HOST": ["0.0.0.0", "::", "::1", "localhost", "my-host.local", "fe80::1%eth0"],
    "PORT": ["1", "65535"],
    "DATABASE_URL": [
        "postgres://u:p@h:5432/n", "postgresql:///n", "postgres://%2Ftmp%2Fx/n",
        "postgres://u@h/n?sslmode=require&connect_timeout=3",
    ],
    "CELERY_BROKER_URL": [
        "redis://h", "rediss://:p@h:6379/1", "redis+socket:///tmp/x.sock?virtual_host=1",
        "unix:///tmp/x.sock", "redis://[::1]:6379/0",
    ],
    "ALLOWED_HOSTS": ["a.example.org, .b.example.org", "[::1]", "10.0.0.1", "my_host"],
    "CSRF_TRUSTED_ORIGINS": ["", "https://a.example.org:8443, https://*.b.org", "http://[::1]:8000"],
    "EMAIL_URL": ["smtp+tls://u:p@h:587", "consolemail://", "smtps://h", "smtp://h"],
    "DEFAULT_FROM_EMAIL": ["", "p@h.org", "The Portal <p@h.org>", '"Portal, The" <p@h.org>', "p@[::1]"],
    "CELERY_TASK_DEFAULT_QUEUE": ["", "portal.2-b_c"],
    "LOG_LEVEL": ["", "debug", "ERROR"],
}  # fmt: skip


def documented() -> set[str]:
    """Every setting of .env.example."""
    lines = (CHECKOUT / ".env.example").read_text().splitlines()
    return {found[1] for line in lines if (found := re.fullmatch(r"# ([A-Z_]+)=.*", line))}


def test_every_documented_setting_is_tried() -> None:
    assert documented() == set(BAD)


@pytest.mark.parametrize("name, value", [(name, bad) for name in BAD for bad in BAD[name]])
def test_a_setting_that_cannot_be_used_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    said = stopped_by(monkeypatch, **{name: value})

    assert said.startswith(f"{name} ")
    assert said.endswith(".") and "\n" not in said
    assert len(said) < 250


@pytest.mark.parametrize("name, value", [(name, good) for name in GOOD for good in GOOD[name]])
def test_a_setting_that_can_be_used_is_taken(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    assert stopped_by(monkeypatch, HTTPS="0", **{name: value}) == ""


@pytest.mark.parametrize("name", sorted(BAD.keys() - {"HOST", "PORT", "DEMO_PASSWORD"}))
def test_the_settings_themselves_are_read_so(name: str) -> None:
    kept = {each: value for each, value in os.environ.items() if each not in BAD}

    ended = subprocess.run(
        [sys.executable, "-c", "import alliance_portal.settings"],
        cwd=CHECKOUT,
        env={**kept, **REACHABLE, name: BAD[name][0]},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert ended.stderr.startswith(f"{name} ")
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "hosts, sender",
    [
        ("portal.example.org,b", "portal@portal.example.org"),
        (".example.org", "portal@example.org"),
        ("localhost", "portal@localhost"),
        ("[::1]", "portal@localhost"),
    ],
)
def test_mail_is_from_the_portals_own_host_unless_it_is_said_otherwise(
    monkeypatch: pytest.MonkeyPatch, hosts: str, sender: str
) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", hosts)
    assert env.sender() == f"Alliance portal <{sender}>"
    monkeypatch.setenv("DEFAULT_FROM_EMAIL", "Ours <a@b.org>")
    assert env.sender() == "Ours <a@b.org>"


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
    kept = {name: value for name, value in os.environ.items() if name not in BAD}

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
