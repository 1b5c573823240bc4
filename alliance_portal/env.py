"""Every environment variable the portal reads, read here and nowhere else.

Unset means the embedded default of `bin/start`. A bad value stops the start with one sentence
that names the variable and the mend. `.env.example` lists them all.
"""

import os
import secrets
import sys
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

_DATABASE_SCHEMES = ("postgres", "postgresql", "psql")
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


def secret_key() -> str:
    """SECRET_KEY, or one made once and kept in var/secret_key."""
    given = text("SECRET_KEY")
    if given:
        if len(given) < 32:
            _stop("SECRET_KEY", "is shorter than 32 characters", "make it longer")
        return given
    kept = VAR_DIR / "secret_key"
    try:
        return kept.read_text().strip()
    except FileNotFoundError:
        VAR_DIR.mkdir(exist_ok=True)
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
    """Django's e-mail settings named by EMAIL_URL; printed on the console when unset."""
    raw = text("EMAIL_URL", "consolemail://")
    try:
        return dict(_env.email_url_config(raw))
    except Exception:
        _stop("EMAIL_URL", "cannot be read", "write it as smtp://user:password@host:25")
