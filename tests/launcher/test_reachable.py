"""`HTTPS=1 bin/start`: it comes up for those behind the proxy, and what is private stays so."""

import http.client
import secrets
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPResponse
from pathlib import Path

import pytest

from tests.launcher.conftest import Copy, Portal, free_port
from tests.launcher.test_start import address

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("start")]

HOST = "portal.example.org"
REACHABLE = {
    "HTTPS": "1",
    "TRUSTED_PROXY_COUNT": "1",
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "ALLOWED_HOSTS": HOST,
    "SECRET_KEY": secrets.token_urlsafe(48),
}
BEHIND_PROXY = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}


@pytest.fixture(scope="module")
def portal(copy: Copy) -> Iterator[Portal]:
    """The portal of the copy, served over HTTPS by a proxy that we play."""
    portal = copy.start(**REACHABLE)
    portal.wait_for("Ctrl-C stops everything")
    yield portal
    portal.end()


def get(portal: Portal, path: str, **headers: str) -> HTTPResponse:
    with closing(http.client.HTTPConnection(*address(portal), timeout=60)) as connection:
        connection.request("GET", path, headers={"Host": HOST, **headers})
        answer = connection.getresponse()
        answer.read()
        return answer


def cookies(answer: HTTPResponse) -> list[str]:
    return answer.headers.get_all("Set-Cookie", [])


@pytest.mark.parametrize("missing", ["EMAIL_URL", "TRUSTED_PROXY_COUNT"])
def test_without_what_it_needs_it_starts_nothing_and_says_so_in_one_sentence(
    copy: Copy, missing: str
) -> None:
    given = {name: value for name, value in REACHABLE.items() if name != missing}

    refused = copy.run("bin/start", PORT=str(free_port()), **given)

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"{missing} is not set")
    assert len(refused.stderr.strip().splitlines()) == 1
    assert "setting up" not in refused.stdout


def test_a_page_goes_to_https_and_the_health_addresses_answer_directly(portal: Portal) -> None:
    moved = get(portal, "/accounts/login/")

    assert (moved.status, moved.headers["Location"]) == (301, f"https://{HOST}/accounts/login/")
    assert get(portal, "/healthz").status == 200
    assert get(portal, "/readyz").status in (200, 503)


def test_behind_the_proxy_it_answers_with_what_a_browser_needs_to_stay_safe(portal: Portal) -> None:
    answer = get(portal, "/accounts/login/", **BEHIND_PROXY)

    assert answer.status == 200
    assert "includeSubDomains" in answer.headers["Strict-Transport-Security"]
    assert "base-uri 'none'" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert cookies(answer)
    for cookie in cookies(answer):
        assert cookie.startswith("__Host-") and "; Secure" in cookie and "; Path=/" in cookie
        assert "Domain" not in cookie


@pytest.mark.parametrize("path", ["/healthz", "/accounts/login/", "/nothing", "/static/nothing"])
def test_no_answer_names_the_server(portal: Portal, path: str) -> None:
    said = str(get(portal, path, **BEHIND_PROXY).headers).lower()

    assert not any(name in said for name in ("gunicorn", "uvicorn", "python", "django"))


def test_static_files_are_public_and_the_list_of_them_is_not(copy: Copy, portal: Portal) -> None:
    served = copy.folder / "var" / "static"
    # Those of earlier builds stay there too; only the newest is kept for years.
    newest = max(served.rglob("portal.*.css"), key=lambda path: path.stat().st_mtime)
    styles = get(portal, f"/static/{newest.relative_to(served)}", **BEHIND_PROXY)

    assert styles.status == 200
    assert "max-age=315360000" in styles.headers["Cache-Control"]
    for name in ("staticfiles.json", "staticfiles.json.gz", "../static-names/staticfiles.json"):
        assert get(portal, f"/static/{name}", **BEHIND_PROXY).status == 404
    assert not list(served.rglob("staticfiles.json*"))


def test_what_the_portal_writes_is_for_its_user_alone(copy: Copy, portal: Portal) -> None:
    var = copy.folder / "var"
    get(portal, "/accounts/login/", **BEHIND_PROXY)

    assert (var.stat().st_mode & 0o777) == 0o700
    # The launcher's test copies its assets, and bin/ makes its own notes before the launcher runs.
    written = [
        path for name in ("log", "run", "broker", "postgres") for path in (var / name).rglob("*")
    ]
    readable = [str(path) for path in written if open_to_others(path) and "pip" not in path.name]
    assert readable == [str(var / "run" / "environment.lock")]
    assert len(written) > 20


def open_to_others(path: Path) -> bool:
    return not path.is_symlink() and bool(path.stat().st_mode & 0o077)


def test_the_secret_of_a_link_is_in_no_log(copy: Copy, portal: Portal) -> None:
    get(portal, "/accounts/password/reset/key/1-d4xyz-0123456789abcdef/", **BEHIND_PROXY)

    log = copy.folder / "var" / "log" / "web.log"
    until = time.monotonic() + 30
    while "/password/reset/key/" not in log.read_text() and time.monotonic() < until:
        time.sleep(0.1)  # the line follows the answer
    assert "/accounts/password/reset/key/(left out)/" in log.read_text()
    assert "0123456789abcdef" not in log.read_text()


def test_no_sample_and_no_demo_user_is_in_it_nor_can_be_made(copy: Copy, portal: Portal) -> None:
    assert "Demo sign-ins" not in portal.printed()

    refused = copy.run("bin/manage", "load_samples", **REACHABLE)
    counted = copy.run("bin/manage", "shell", "-v", "0", "-c", COUNT, **REACHABLE)

    assert refused.returncode == 1 and "DEMO=1" in refused.stderr
    assert counted.stdout.split()[-2:] == ["0", "0"], counted.stderr


def test_with_a_demo_user_in_the_database_it_does_not_start(copy: Copy, portal: Portal) -> None:
    made = copy.run("bin/manage", "shell", "-v", "0", "-c", MAKE_DEMO_USER)
    assert made.returncode == 0, made.stderr
    portal.end()

    refused = copy.run("bin/start", PORT=str(free_port()), **REACHABLE)
    closed = copy.run("bin/manage", "close_demo", **REACHABLE)

    assert refused.returncode == 1
    assert "nobody may sign in with the demo password" in refused.stderr
    assert "switched off: 1" in closed.stdout
    copy.start(**REACHABLE).wait_for("Ctrl-C stops everything")


COUNT = (
    "from programmes.models import Alliance, User; "
    "print(Alliance.objects.count(), User.objects.count())"
)
MAKE_DEMO_USER = (
    "from programmes.models import User; "
    "User.objects.create_user('finance.dcd@portal.example', 'alliance-demo', name='Finance')"
)
