"""What every test may ask for: a real worker, a real browser, and settings that suit tests.

Run through `bin/test`, which starts a throw-away PostgreSQL and Valkey; `own_services.py` sees to it
that tests reach nothing else.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from alliance_portal.launcher.children import dying_with_parent
from tests.waiting import PATIENCE, until

pytest_plugins = ["tests.own_services", "tests.serving"]

CHECKOUT = Path(__file__).resolve().parents[1]
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server", "celery_worker"}

hypothesis.settings.register_profile("portal", deadline=None, print_blob=True)
hypothesis.settings.load_profile("portal")

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
settings.DEMO = True


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark whatever touches database or broker, so that `-m services` finds all of it; likewise what
    drives a browser.

    What needs LibreOffice runs only where `-m libreoffice` asks for it.
    """
    if "libreoffice" not in config.getoption("markexpr"):
        elsewhere = [item for item in items if item.get_closest_marker("libreoffice")]
        items[:] = [item for item in items if item not in elsewhere]
        config.hook.pytest_deselected(items=elsewhere)
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or names & DATABASE_FIXTURES:
            item.add_marker("services")
        if "browser" in names:
            item.add_marker("browser")
    items.sort(key=_when)


def _when(item: pytest.Item) -> int:
    """Fast tests first, then those that take long, so that the two processes end together."""
    if item.get_closest_marker("browser") or item.get_closest_marker("processes"):
        return 1
    return 2 if item.get_closest_marker("services") else 0


StartWorker = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start_worker(
    worker_environment: dict[str, str], _broker: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StartWorker]:
    """Start real Celery workers: `start_worker(concurrency=2)` returns one that takes messages.

    They end with the test, or they would work on what later tests save.
    """
    from alliance_portal.celery import app

    started: list[subprocess.Popen[bytes]] = []
    logs = tmp_path_factory.mktemp("workers")

    def start(*, concurrency: int = 2) -> subprocess.Popen[bytes]:
        name = f"{settings.CELERY_TASK_DEFAULT_QUEUE}-{len(started)}@test"
        arguments = [
            "worker",
            "--pool=prefork",
            f"--concurrency={concurrency}",
            f"--hostname={name}",
        ]
        with (logs / f"{len(started)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", "--app=alliance_portal.celery:app", *arguments],
                env=worker_environment,
                cwd=CHECKOUT,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dying_with_parent(signal.SIGQUIT),
            )
        started.append(process)
        give_up_at = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < give_up_at:
            if app.control.ping(destination=[name], timeout=1, limit=1):
                return process
        end(process)
        pytest.fail(
            f"The worker did not start:\n{Path(log.name).read_text(errors='replace')[-2000:]}"
        )

    yield start
    for process in started:
        end(process)


@pytest.fixture(scope="session")
def _broker() -> Iterator[None]:
    """At the end of the run its queue is empty and no connection to the broker is open."""
    from alliance_portal.celery import app

    yield
    app.control.purge()
    app.pool.force_close_all()


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a worker with its children, as a machine that loses power would."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture
def celery_worker(
    transactional_db: None, start_worker: StartWorker
) -> Iterator[subprocess.Popen[bytes]]:
    """A real worker on the test's database, where everything the test saves is committed.

    It ends with the test, or it would work on what later tests save.
    """
    from alliance_portal.celery import app

    app.control.purge()
    process = start_worker()
    yield process
    assert process.poll() is None, "The worker ended by itself."
    _wait_until_the_others_rest()
    end(process)


@pytest.fixture
def celery_beat(
    celery_worker: subprocess.Popen[bytes], worker_environment: dict[str, str], tmp_path: Path
) -> Iterator[None]:
    """Beat beside the worker, as in service: a ring that a busy machine lost is rung again."""
    schedule = str(tmp_path / "beat-schedule")
    arguments = ["beat", "--pidfile=", f"--schedule={schedule}"]
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "--app=alliance_portal.celery:app", *arguments],
        env=worker_environment,
        cwd=CHECKOUT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=dying_with_parent(signal.SIGKILL),
    )
    yield
    assert process.poll() is None, "Beat ended by itself."
    end(process)


@pytest.fixture(autouse=True)
def _others_at_rest(request: pytest.FixtureRequest) -> Iterator[None]:
    """Before a test's tables are emptied, whatever else is at work on them has ended.

    A worker or web server in the middle of something would hold what is to be emptied.
    """
    marker = request.node.get_closest_marker("django_db")
    commits = {"transactional_db", "live_server"} & set(request.fixturenames)
    if not commits and not (marker and marker.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    _wait_until_the_others_rest()


def _wait_until_the_others_rest() -> None:
    """Return when no other connection is at work."""
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND state <> 'idle'"
    )

    def at_rest() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(others)
            (busy,) = cursor.fetchone()
        return not busy

    until(at_rest, "Something is still at work on the test's tables.")


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Every pause that the broker's libraries make between two tries, in seconds; none is slept."""
    taken: list[float] = []
    for library in ("kombu.utils.functional", "redis.retry"):
        monkeypatch.setattr(f"{library}.sleep", taken.append)
    return taken


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    program = shutil.which("chromium")
    assert program, "Chromium is missing; bin/test installs it or says how."
    # Playwright keeps an event loop in this thread; Django would take queries for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    arguments = [
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    arguments += ["--no-sandbox"] if os.geteuid() == 0 else []
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program, headless=True, args=arguments, timeout=PATIENCE * 1000
        )
        yield chromium
        chromium.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open a page in a profile of its own: `open_page(width=320, script=False)`.

    At the end of the test, errors of scripts and of the content security policy fail it.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def opened(
        *, width: int = 1366, height: int = 768, script: bool = True, **more: object
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=script,
            locale="en-GB",
            timezone_id="Europe/London",
            **more,  # type: ignore[arg-type]
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: _note(message.type, message.text, errors))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not errors, errors


def _note(kind: str, text: str, errors: list[str]) -> None:
    """Keep a console error unless it only repeats the status of a response."""
    if kind == "error" and "Failed to load resource" not in text:
        errors.append(text)


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A page 1366 by 768."""
    return open_page()
