"""The portal as a browser meets it: a real web server on the test's database, with the samples."""

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.management import call_command
from playwright.sync_api import Page
from pytest_django import DjangoDbBlocker

from alliance_portal.launcher.children import dying_with_parent
from alliance_portal.launcher.processes import web
from programmes.models import User
from tests.kept import made_once
from tests.waiting import PATIENCE

CHECKOUT = Path(__file__).resolve().parents[1]
PASSWORD = "correct horse battery staple"
FINANCE, READER = "finance.dcd@portal.example", "reader.dorset@portal.example"
# The finance officer of each of the first sample’s forces, for that force alone.
FINANCE_DEVON = "finance.devon-cornwall@portal.example"
FINANCE_DORSET = "finance.dorset@portal.example"
DCD, EAST_MIDLANDS = "/alliances/devon-cornwall-dorset/", "/alliances/east-midlands/"


@dataclass(frozen=True)
class Portal:
    """Where the portal is served, with both sample alliances in it."""

    url: str

    def admit(self, page: Page, email: str) -> Page:
        """Sign a page's browser in without the form."""
        name, _, value = session_of(User.objects.get(email=email)).partition("=")
        page.context.add_cookies([{"name": name, "value": value, "url": self.url}])
        return page


def session_of(user: User) -> str:
    """The cookie of somebody who is signed in."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


@pytest.fixture(scope="session")
def web_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the web server of the tests writes."""
    return tmp_path_factory.mktemp("web") / "web.log"


@pytest.fixture(scope="session")
def web_server(worker_environment: dict[str, str], web_log: Path) -> Iterator[str]:
    """The address of a web server, with the options of `bin/start`, on the test's database."""
    log = web_log
    with socket.create_server(("127.0.0.1", 0)) as door, log.open("wb") as out:
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
        process = subprocess.Popen(
            [sys.executable, "-m", *web(f"fd://{door.fileno()}", workers=1)],
            env=worker_environment,
            cwd=CHECKOUT,
            pass_fds=[door.fileno()],
            stdout=out,
            stderr=out,
            preexec_fn=dying_with_parent(signal.SIGKILL),
        )
        try:
            wait_for(url, process, log)
            yield url
        finally:
            process.terminate()
            process.wait()


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the web server answers; fails with its log if it does not."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=PATIENCE):
                return
        except urllib.error.URLError:
            time.sleep(0.1)
    pytest.fail(f"The web server did not start:\n{log.read_text(errors='replace')[-2000:]}")


def load_samples() -> None:
    """Both sample alliances with their people and shares; everybody's password is PASSWORD."""
    made_once(_samples)


def _samples() -> None:
    call_command("load_samples", stdout=StringIO())
    # The web server's own hasher, with one round in place of a million.
    User.objects.update(password=PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1))


@pytest.fixture
def portal(transactional_db: None, web_server: str) -> Portal:
    """The portal with the samples, for a test that changes them."""
    load_samples()
    return Portal(web_server)


@pytest.fixture(scope="module")
def portal_to_look_at(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, web_server: str
) -> Iterator[Portal]:
    """The portal with the samples, loaded once for all tests of a module; none may change them."""
    with django_db_blocker.unblock():
        load_samples()
        yield Portal(web_server)
        call_command("flush", interactive=False, verbosity=0)
