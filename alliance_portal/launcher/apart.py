"""Keeps test runs and benchmarks apart from every portal that this machine or its user knows."""

import os
import re
import secrets
from collections.abc import Mapping

from .places import CHECKOUT
from .terminal import say

_SETTING = re.compile(r"^#? ?([A-Z_]+)=", re.MULTILINE)
# Celery and PostgreSQL's library read variables of their own, such as CELERY_BROKER_WRITE_URL, PGHOST.
_OTHERS = ("CELERY_", "PG")


def without_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without any variable that the portal, Celery or PostgreSQL would read."""
    settings = set(_SETTING.findall((CHECKOUT / ".env.example").read_text(encoding="utf-8")))
    return {
        name: value
        for name, value in environment.items()
        if name not in settings and not name.startswith(_OTHERS)
    }


def leave_settings_behind() -> None:
    """From now on this process and its children know no portal; say so where that is news."""
    named = [name for name in ("DATABASE_URL", "CELERY_BROKER_URL") if os.environ.get(name)]
    if named:
        verb = "is" if len(named) == 1 else "are"
        say(f"{' and '.join(named)} {verb} left alone: this runs on services of its own.")
    keep_only(without_settings(os.environ))
    os.environ["SECRET_KEY"] = secrets.token_urlsafe(48)


def keep_only(environment: Mapping[str, str]) -> None:
    """Make this the environment of this process and of its children to come."""
    for name in os.environ.keys() - environment.keys():
        del os.environ[name]
    os.environ.update(environment)
