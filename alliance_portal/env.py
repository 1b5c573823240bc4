"""Every environment variable the portal reads, read here and nowhere else.

Unset means the embedded default of `bin/start`. A bad value stops the start with one sentence
that names the variable and the mend. `.env.example` lists them all.
"""

import os
import secrets
import sys
from itertools import pairwise
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

_DATABASE_SCHEMES = ("postgres", "postgresql", "psql")
# Different pairs of neighbouring characters: a key of 32 that was drawn by lot has about 30.
_LEAST_PAIRS = 20
_BROKER_SCHEMES = ("redis", "rediss", "redis+socket", "unix")

_env = environ.Env()


class BadSetting(SystemExit):
    """Ends the start with one sentence on standard error."""


def _stop(name: str, problem: str, mend: str) -> NoReturn:
    raise BadSetting(f"{name} {problem}; {mend}.")


def text(name: str, default: str = "") -> str:
    """The variable as written, without surrounding blanks."""
    return os.environ.get(name, default).strip()


def yes_or_no(name: str, default: bool) -> bool:
    """True for 1, true, yes, on; False for 0, false, no, off."""
    raw = text(name)
    if not raw:
        return default
    if raw.lower() in {"1", "true", "yes", "on"}:
        return True
    if raw.lower() in {"0", "false", "no", "off"}:
        return False
    _stop(name, f"is “{raw}”, which is neither yes nor no", "set it to 1 or 0")


def whole_number(name: str, default: int, lowest: int = 0) -> int:
    """A whole number of at least `lowest`."""
    raw = text(name)
    if not raw:
        return default
    if not raw.isdecimal() or int(raw) < lowest:
        _stop(name, f"is “{raw}”", f"set it to a whole number of at least {lowest}")
    return int(raw)


def names(name: str, default: str) -> list[str]:
    """A list written with commas between its parts."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def required_behind_proxy(name: str, mend: str) -> None:
    """Stop if the variable is missing although HTTPS=1 says that others can reach the portal."""
    if yes_or_no("HTTPS", False) and not text(name):
        _stop(name, "is not set, and with HTTPS=1 it must be", mend)


def hosts() -> list[str]:
    """ALLOWED_HOSTS; never any host at all under HTTPS, since links in mail name the host asked for."""
    found = names("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
    if not found:
        _stop("ALLOWED_HOSTS", "is empty", "name the hosts that the portal answers to")
    if "*" in found and yes_or_no("HTTPS", False):
        _stop("ALLOWED_HOSTS", "is “*”", "with HTTPS=1, name the hosts that the portal answers to")
    return found


def demo() -> bool:
    """Whether sample alliances and demo users may be made; their password is published."""
    wanted = yes_or_no("DEMO", False)
    if wanted and yes_or_no("HTTPS", False):
        _stop(
            "DEMO",
            "is 1 together with HTTPS=1, and everybody knows the demo password",
            "set DEMO to 0, or HTTPS to 0",
        )
    return wanted


def trusted_proxies() -> int:
    """How many proxies of one's own write X-Forwarded-For before a request arrives here."""
    required_behind_proxy(
        "TRUSTED_PROXY_COUNT",
        "set it to the number of your proxies in front of the portal, often 1",
    )
    return whole_number("TRUSTED_PROXY_COUNT", 0)


def secret_key() -> str:
    """SECRET_KEY, or one made once and kept in var/secret_key."""
    given = text("SECRET_KEY")
    if given:
        if len(given) < 32:
            _stop("SECRET_KEY", "is shorter than 32 characters", "make it longer")
        if len(set(pairwise(given))) < _LEAST_PAIRS:
            _stop(
                "SECRET_KEY",
                "is a few characters again and again, which can be guessed",
                "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'",
            )
        return given
    kept = VAR_DIR / "secret_key"
    try:
        return kept.read_text().strip()
    except FileNotFoundError:
        VAR_DIR.mkdir(mode=0o700, exist_ok=True)
        made = secrets.token_urlsafe(48)
        kept.touch(mode=0o600)
        kept.write_text(made)
        return made


def database() -> dict[str, object]:
    """Django's description of the database named by DATABASE_URL."""
    raw = text("DATABASE_URL")
    if not raw:
        if "migrate" in sys.argv or "runserver" in sys.argv:
            _stop("DATABASE_URL", "is not set", "use bin/start or bin/manage, which set it")
        raw = "postgres:///portal"
    if urlsplit(raw).scheme not in _DATABASE_SCHEMES:
        _stop(
            "DATABASE_URL", "does not begin with postgres://", "the portal runs on PostgreSQL only"
        )
    try:
        parsed = dict(_env.db_url_config(raw))
    except Exception:
        _stop(
            "DATABASE_URL", "cannot be read", "write it as postgres://user:password@host:5432/name"
        )
    parsed["ENGINE"] = "django.db.backends.postgresql"
    return parsed


def broker_url() -> str:
    """The address of the Redis-protocol broker."""
    raw = text("CELERY_BROKER_URL", "redis://127.0.0.1:6379/0")
    if urlsplit(raw).scheme not in _BROKER_SCHEMES:
        _stop(
            "CELERY_BROKER_URL",
            "does not begin with redis://",
            "the portal's broker is Redis or Valkey",
        )
    return raw


def email() -> dict[str, object]:
    """Django's e-mail settings named by EMAIL_URL; printed on the console when unset.

    Never on the console under HTTPS: mail holds links that set a password.
    """
    required_behind_proxy("EMAIL_URL", "write it as smtp://user:password@host:25")
    raw = text("EMAIL_URL", "consolemail://")
    try:
        return dict(_env.email_url_config(raw))
    except Exception:
        _stop("EMAIL_URL", "cannot be read", "write it as smtp://user:password@host:25")


def check() -> None:
    """Stop with the first variable that cannot be used, before anything is started for it."""
    for read in (hosts, demo, trusted_proxies, secret_key, database, broker_url, email):
        read()
    for name in ("DEBUG", "HTTPS"):
        yes_or_no(name, False)
