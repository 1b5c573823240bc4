"""Many tries at the same moment: whoever is right gets in, and no guesser gets further tries."""

import http.client
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache
from django.db import OperationalError, connection

from programmes import tries
from programmes.models import User
from tests.alliance_portal.sign_in.conftest import PASSWORD
from tests.processes.visitor import hidden
from tests.waiting import PATIENCE, until

pytestmark = [pytest.mark.dialect, pytest.mark.django_db(transaction=True)]

AT_ONCE = 12
KEY = "somebody"


@pytest.fixture(autouse=True)
def _no_try_of_another_test() -> Iterator[None]:
    """What is committed to the cache stays there after a test."""
    cache.clear()
    yield
    cache.clear()


def at_once(times: int, do: Callable[[], Any]) -> list[Any]:
    """What each of so many threads got, errors too."""

    def one(_: int) -> Any:
        try:
            return do()
        except (tries.TooManyTries, OperationalError) as problem:
            return type(problem)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(one, range(times)))


def waiting() -> int:
    """How many sessions wait for a place."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        (found,) = cursor.fetchone()
        return int(found)


class Looks:
    """Looks at tries, and answers none before as many wait as cannot have a place."""

    def __init__(self, answer: bool) -> None:
        self.answer, self.seen = answer, 0
        self._go_on = threading.Event()

    def __call__(self) -> bool:
        self.seen += 1
        assert self._go_on.wait(PATIENCE)
        return self.answer

    def answer_when_all_came(self) -> None:
        until(lambda: waiting() == AT_ONCE - tries.PLACES)
        self._go_on.set()


def tried_at_once(looks: Looks) -> list[Any]:
    answering = threading.Thread(target=looks.answer_when_all_came)
    answering.start()
    found = at_once(AT_ONCE, lambda: tries.slowed(KEY, looks))
    answering.join()
    return found


@pytest.mark.parametrize("earlier", [False, True])
def test_right_ones_wait_for_each_other_and_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, earlier: bool
) -> None:
    if earlier:  # more than a minute ago
        monkeypatch.setattr(tries, "SECONDS", -1)
        for _ in range(tries.PLACES):
            assert not tries.slowed(KEY, lambda: False)
    looks = Looks(True)

    assert tried_at_once(looks) == [True] * AT_ONCE
    assert looks.seen == AT_ONCE


def test_of_wrong_ones_no_more_are_looked_at_than_one_after_another() -> None:
    looks = Looks(False)

    found = Counter(tried_at_once(looks))

    assert looks.seen == tries.PLACES
    assert found == {False: tries.PLACES, tries.TooManyTries: AT_ONCE - tries.PLACES}


def test_one_that_was_cut_off_leaves_its_place() -> None:
    def cut_off() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return False

    assert at_once(AT_ONCE, lambda: tries.slowed(KEY, cut_off)) == [OperationalError] * AT_ONCE
    assert tries.slowed(KEY, lambda: True)


def test_other_keys_wait_for_nobody() -> None:
    for number in range(tries.PLACES):
        assert not tries.slowed(f"{KEY} {number}", lambda: False)

    assert tries.slowed(KEY, lambda: True)


def test_what_is_forgotten_counts_no_longer() -> None:
    for _ in range(tries.PLACES):
        assert not tries.slowed(KEY, lambda: False)
    with pytest.raises(tries.TooManyTries):
        tries.slowed(KEY, lambda: True)

    tries.forget(KEY)

    assert tries.slowed(KEY, lambda: True)


def test_one_person_signs_in_from_many_windows_at_once(alice: User, web_server: str) -> None:
    alice.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt")
    alice.save()

    assert at_once(AT_ONCE, lambda: signed_in(web_server, alice.email)) == [302] * AT_ONCE


def signed_in(url: str, email: str) -> int:
    """The status that the sign-in form of a new browser gets."""
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)) as line:
        headers = {"Host": "localhost"}
        line.request("GET", "/accounts/login/", headers=headers)
        page = line.getresponse()
        headers["Cookie"] = str(page.headers["Set-Cookie"]).partition(";")[0]
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        sent = {"login": email, "password": PASSWORD, **hidden(page.read().decode())}
        line.request("POST", "/accounts/login/", urlencode(sent), headers)
        return line.getresponse().status
