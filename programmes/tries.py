"""Wrong tries at a secret: so many a minute, then a wait. Right ones are never counted.

A try takes one of PLACES places while it is looked at; a wrong one leaves its place taken for SECONDS.
A place is held by a lock of PostgreSQL's, so however many come at once, no more are looked at than
there are places, whoever was right makes room, and a process that is killed leaves nothing behind.
"""

import hashlib
import random
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from django.core.cache import cache
from django.db import connection, transaction

from programmes.models import User

Found = TypeVar("Found")

PLACES = 5
SECONDS = 60
TOO_MANY = "There were too many tries. Nothing is locked: wait a minute, then try again."


class TooManyTries(Exception):
    """As many were wrong within the minute as may be; this one was not looked at."""


def slowed(key: str, look: Callable[[], Found]) -> Found:
    """What `look` finds; whatever is false counts as a wrong try of the key.

    Waits while as many others are looked at as may still be wrong. Raises TooManyTries.
    """
    places = _places(key)
    # Asked outside the transaction: the cache deletes what has expired, and that is held until its end.
    while len(taken := cache.get_many(places)) < PLACES:
        with transaction.atomic():
            place = _held([place for place in places if place not in taken])
            # Whoever held it before may have been wrong.
            if not cache.get(place):
                found = look()
                if not found:
                    cache.set(place, True, SECONDS)
                return found
    raise TooManyTries


def is_own_password(user: User, given: str) -> bool:
    """Whether it is the password of who has signed in already. Raises TooManyTries."""
    return slowed(f"own password {user.pk}", partial(user.check_password, given))


def forget(key: str) -> None:
    """Wrong tries of the key count no longer."""
    cache.delete_many(_places(key))


def _places(key: str) -> list[str]:
    digest = hashlib.sha256(key.encode()).hexdigest()
    return [f"try:{digest}:{number}" for number in range(PLACES)]


def _held(places: list[str]) -> str:
    """One of the places, which is this transaction's alone until it ends."""
    for place in places:
        if _locked_at_once(place):
            return place
    place = random.choice(places)  # noqa: S311
    _wait_for(place)
    return place


def _locked_at_once(place: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [place])
        (is_locked,) = cursor.fetchone()
        return bool(is_locked)


def _wait_for(place: str) -> None:
    """Have the lock, at the latest when a statement of a page may take no longer.

    A look at a password takes long by design, and many may be before this one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        (limit,) = cursor.fetchone()
        cursor.execute("SELECT set_config('lock_timeout', '0', true)")
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [place])
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [limit])
