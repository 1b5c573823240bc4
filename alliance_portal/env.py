"""Every environment variable the portal reads, read here and nowhere else.

Unset means the embedded default of `bin/start`. A bad value stops the start with one sentence
that names the variable and the mend. `.env.example` lists them all.
"""

import os
import re
import secrets
import sys
from itertools import pairwise
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import environ
from psycopg2.extensions import make_dsn

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

_DATABASE_SCHEMES = ("postgres", "postgresql", "psql")
# Different pairs of neighbouring characters: a key of 32 that was drawn by lot has about 30.
_LEAST_PAIRS = 20
# A server that is frozen takes connections and never answers them.
_SECONDS_TO_CONNECT = 10
_LONGEST_DATABASE = 63
_BROKER_SCHEMES = ("redis", "rediss", "redis+socket", "unix")

_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_LONGEST_NUMBER = 9
_HOST = r"\[[0-9a-fA-F:.]+\]|[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*"
_ALLOWED_HOST = re.compile(rf"\*|\.?(?:{_HOST})\.?")
_ORIGIN = re.compile(rf"https?://(?:\*\.)?(?:{_HOST})(?::\d{{1,5}})?")
_LISTENED_AT = re.compile(rf"{_HOST}|[0-9a-fA-F]*:[0-9a-fA-F]*:[0-9a-fA-F:.]*(?:%[\w.-]+)?")
_QUEUE = re.compile(r"[A-Za-z0-9._-]{1,100}")
_MAILBOX = r"[^@\s<>,;\"]+@[A-Za-z0-9.:\[\]-]+"
_SENDER = re.compile(rf"[^<>\r\n]*<{_MAILBOX}>|{_MAILBOX}")

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
    _stop(name, f"is “{_short(raw)}”, which is neither yes nor no", "set it to 1 or 0")


def whole_number(name: str, default: int, lowest: int = 0) -> int:
    """A whole number of at least `lowest`."""
    raw = text(name)
    if not raw:
        return default
    if not raw.isdecimal() or len(raw) > _LONGEST_NUMBER or int(raw) < lowest:
        _stop(name, f"is “{_short(raw)}”", f"set it to a whole number of at least {lowest}")
    return int(raw)


def _short(raw: str) -> str:
    return raw if len(raw) <= 60 else f"{raw[:60]}…"


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
    for host in found:
        if not _ALLOWED_HOST.fullmatch(host):
            _stop(
                "ALLOWED_HOSTS",
                f"has “{_short(host)}”, which is no host",
                "write names alone, such as portal.example.police.uk, with commas between them",
            )
    if "*" in found and yes_or_no("HTTPS", False):
        _stop("ALLOWED_HOSTS", "is “*”", "with HTTPS=1, name the hosts that the portal answers to")
    return found


def origins() -> list[str]:
    """CSRF_TRUSTED_ORIGINS: each a scheme and a host, as a browser's Origin says it."""
    found = names("CSRF_TRUSTED_ORIGINS", "")
    for origin in found:
        if not _ORIGIN.fullmatch(origin):
            _stop(
                "CSRF_TRUSTED_ORIGINS",
                f"has “{_short(origin)}”",
                "write each as https://portal.example.police.uk, with commas between them",
            )
    return found


def address() -> tuple[str, int]:
    """HOST and PORT, at which bin/start serves."""
    host, port = text("HOST") or "127.0.0.1", text("PORT") or "8000"
    if not _LISTENED_AT.fullmatch(host):
        _stop("HOST", f"is “{_short(host)}”", "set it to an address of this machine")
    if not port.isdecimal() or len(port) > _LONGEST_NUMBER or not 1 <= int(port) <= 65535:
        _stop("PORT", f"is “{_short(port)}”", "set it to a whole number from 1 to 65535")
    return host, int(port)


def log_level() -> str:
    """LOG_LEVEL, by its name."""
    raw = text("LOG_LEVEL") or "INFO"
    if raw.upper() not in _LEVELS:
        _stop("LOG_LEVEL", f"is “{_short(raw)}”", f"set it to {', '.join(_LEVELS[:-1])} or ERROR")
    return raw.upper()


def queue() -> str:
    """CELERY_TASK_DEFAULT_QUEUE: the name of a list of the broker's."""
    raw = text("CELERY_TASK_DEFAULT_QUEUE") or "portal"
    if not _QUEUE.fullmatch(raw):
        _stop(
            "CELERY_TASK_DEFAULT_QUEUE",
            f"is “{_short(raw)}”",
            "give it a name of at most 100 letters, digits, dots and hyphens",
        )
    return raw


def sender() -> str:
    """DEFAULT_FROM_EMAIL: whom the portal's mail is from; unset, the first host it answers to."""
    raw = text("DEFAULT_FROM_EMAIL")
    if not raw:
        host = hosts()[0].strip(".*[]")
        return (
            f"Alliance portal <portal@{host if '.' in host and ':' not in host else 'localhost'}>"
        )
    if not _SENDER.fullmatch(raw):
        _stop(
            "DEFAULT_FROM_EMAIL",
            f"is “{_short(raw)}”, which is no address of mail",
            "write it as Alliance portal <portal@example.police.uk>",
        )
    return raw


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


def debug() -> bool:
    """Whether errors are shown in full in the browser; never where others can reach it."""
    wanted = yes_or_no("DEBUG", False)
    if wanted and yes_or_no("HTTPS", False):
        _stop(
            "DEBUG",
            "is 1 together with HTTPS=1, and an error would show everybody what it met",
            "set DEBUG to 0, or HTTPS to 0",
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
    if raw.partition(":")[0] not in _DATABASE_SCHEMES:
        _stop(
            "DATABASE_URL", "does not begin with postgres://", "the portal runs on PostgreSQL only"
        )
    try:
        parsed = dict(_env.db_url_config(raw))
        make_dsn(**{name: str(value) for name, value in parsed.get("OPTIONS", {}).items()})
        int(parsed.get("OPTIONS", {}).get("connect_timeout", 0))
    except Exception:
        parsed = {}
    if not parsed.get("NAME") or len(parsed["NAME"]) > _LONGEST_DATABASE:
        _stop(
            "DATABASE_URL", "cannot be read", "write it as postgres://user:password@host:5432/name"
        )
    parsed["ENGINE"] = "django.db.backends.postgresql"
    options = {"connect_timeout": _SECONDS_TO_CONNECT, **parsed.get("OPTIONS", {})}
    return {**parsed, "OPTIONS": options}


def broker_url() -> str:
    """The address of the Redis-protocol broker."""
    raw = text("CELERY_BROKER_URL", "redis://127.0.0.1:6379/0")
    scheme = raw.partition(":")[0]
    if scheme not in _BROKER_SCHEMES:
        _stop(
            "CELERY_BROKER_URL",
            "does not begin with redis://",
            "the portal's broker is Redis or Valkey",
        )
    try:
        parts = urlsplit(raw)
        number = parts.path.removeprefix("/")
        is_good = (parts.port or 1) > 0 and (not number or number.isdecimal())
    except ValueError:  # a port or an IPv6 address that is none
        is_good = False
    if scheme in ("redis+socket", "unix"):
        is_good = raw.partition("://")[2].startswith("/")
    if not is_good:
        _stop("CELERY_BROKER_URL", "cannot be read", "write it as redis://host:6379/0")
    return raw


def email() -> dict[str, object]:
    """Django's e-mail settings named by EMAIL_URL; printed on the console when unset.

    Under HTTPS it goes to a server, never to the console or a file: mail holds links that set a
    password.
    """
    required_behind_proxy("EMAIL_URL", "write it as smtp://user:password@host:25")
    raw = text("EMAIL_URL") or "consolemail://"
    try:
        parsed = dict(_env.email_url_config(raw))
    except Exception:
        parsed = {}
    if not parsed or ("smtp" in raw.partition(":")[0] and not parsed.get("EMAIL_HOST")):
        _stop("EMAIL_URL", "cannot be read", "write it as smtp://user:password@host:25")
    if yes_or_no("HTTPS", False) and not raw.lower().startswith("smtp"):
        _stop(
            "EMAIL_URL",
            "sends no mail but leaves it on this machine, with the links that set passwords",
            "with HTTPS=1, write it as smtp://user:password@host:25",
        )
    return parsed


def check() -> None:
    """Stop with the first variable that cannot be used, before anything is started for it."""
    yes_or_no("HTTPS", False)
    for read in (
        *(address, hosts, origins, debug, demo, trusted_proxies, secret_key, database, broker_url),
        *(queue, email, sender, log_level),
    ):
        read()
