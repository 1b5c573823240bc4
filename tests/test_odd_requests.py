"""Requests that no browser sends: refused in one short line of log at most, and never an error."""

import logging
import random
from collections.abc import Iterator
from io import StringIO

import pytest
from django.test import Client
from django.urls import get_resolver

from alliance_portal.quiet_logs import OutageInOneLine
from alliance_portal.typed.keeping import signed_page_of
from tests import factories
from tests import test_any_address as known
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

scene = known.scene

FORM = "application/x-www-form-urlencoded"
METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "X" * 300)
CHARSETS = ("utf-16", "utf-7", "idna", "klingon", "x" * 300, "")
COOKIES = (
    'sessionid="\\000"',
    'sessionid="a\\000b"',
    'csrftoken="\\000"',
    'messages="\\000"',
    '"\\000"=1',
)
QUERIES = ("%00", "next=%00", "page=%00", "q=a%00b", "%00=%00", "code=%00&pk=%00")
FIELDS = (
    "login",
    "email",
    "password",
    "name",
    "seen",
    "what",
    "area",
    "key",
    "next",
    "value",
    "username",
)
HEADERS = (
    *("Origin", "Referer", "Accept", "Accept-Language", "Accept-Encoding", "Range", "User-Agent"),
    *(
        "If-Modified-Since",
        "If-None-Match",
        "X-Forwarded-For",
        "X-Forwarded-Proto",
        "Authorization",
    ),
    *("HX-Request", "HX-Current-URL", "HX-Trigger", "HX-Current-URL-URI-AutoEncoded", "Upgrade"),
)
VALUES = (
    *(
        "http://[::",
        "http://[x]/",
        "//[",
        "null",
        "\xff\xfe",
        "%ff%00",
        "\x01",
        "=;,q=zz",
        "9" * 400,
    ),
    *("http://testserver:99999999/", "http://testserver:x/", "bytes=9-1,-1", '"' * 99, "a," * 9000),
)
LONGEST_LINE = 1500


def everything(scene: Scene) -> list[str]:
    """The portal's own addresses, those of signing in and of administration, and some that are none."""
    own = known.addresses(scene)
    theirs = [
        "/" + route
        for route in known.routes(get_resolver())
        if route.startswith(("admin/", "accounts/")) and "(?P" not in route
    ]
    filled = [
        address.replace("<path:object_id>", odd).replace("<app_label>", odd).replace("<url>", odd)
        for address in theirs
        for odd in ("%00", "9" * 30)
    ]
    shortcuts = [
        f"/admin/r/{one}/{other}/"
        for one in ("1", "x", "9" * 30, "%00")
        for other in ("1", "%00", "x")
    ]
    others = [
        "/%00",
        "/alliances/%00/",
        "/" + "a" * 9000,
        "/static/%00",
        "/static/..%2f..%2fetc/passwd",
    ]
    return [*own, *filled, *shortcuts, *others]


@pytest.fixture(params=["nobody", "administrator"])
def browser_of(request: pytest.FixtureRequest, client: Client) -> Client:
    """Somebody who is not signed in, and somebody who may do everything."""
    client.raise_request_exception = False
    if request.param == "administrator":
        client.force_login(factories.administrator())
    return client


@pytest.fixture
def log() -> Iterator["Log"]:
    """What the portal writes, as it writes it."""
    handlers = logging.getLogger().handlers
    (console,) = (each for each in handlers if isinstance(each.formatter, OutageInOneLine))
    assert isinstance(console, logging.StreamHandler)
    written = StringIO()
    before = console.setStream(written)
    yield Log(written)
    console.setStream(before)


class Log:
    """What one request wrote."""

    def __init__(self, written: StringIO) -> None:
        self.written = written

    def wrong(self) -> str:
        """More than one line, or a long one; empty if all is well."""
        lines = self.written.getvalue().splitlines()
        self.written.seek(0)
        self.written.truncate()
        is_well = len(lines) <= 1 and all(len(line) < LONGEST_LINE for line in lines)
        return "" if is_well else "\n".join(lines)


def sent(client: Client, scene: Scene, any_: random.Random) -> Iterator[tuple[str, int]]:
    for address in everything(scene):
        charset = any_.choice(CHARSETS)
        parts = any_.choice(["", "x" * 300, "a; charset=utf-16"])
        nul = "&".join(f"{name}=a%00" for name in FIELDS).encode()
        for what, method, query, kind, body in (
            ("read", "GET", "", "", b""),
            ("query", "GET", any_.choice(QUERIES), "", b""),
            ("method", any_.choice(METHODS), "", "", b""),
            (charset, "POST", "", f"{FORM}; charset={charset}", b"login=\xff%00&a=1"),
            ("NUL", "POST", "", FORM, nul),
            ("parts", "POST", "", f"multipart/form-data; boundary={parts}", b"--a\r\n\x00\r\n"),
            ("JSON", "POST", "", "application/json", b'{"a": "\\u0000"}'),
        ):
            answer = client.generic(method, f"{address}?{query}", body, kind)
            if answer.streaming:
                b"".join(answer)  # type: ignore[arg-type]
            yield f"{what} {method} {address}?{query}", answer.status_code


def test_whatever_is_sent_is_refused_in_one_line(
    browser_of: Client,
    scene: Scene,
    log: Log,
) -> None:
    wrong = []
    for what, status in sent(browser_of, scene, random.Random(2017)):
        if (status >= 500 and "readyz" not in what) or (said := log.wrong()):
            wrong.append((what[:200], status, said[:500] if status < 500 else log.wrong()[:1500]))

    assert wrong == []


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_with_anything_in_it_is_no_error(
    client: Client, scene: Scene, log: Log, header: str
) -> None:
    boss = factories.administrator()
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.force_login(boss)
    stranger = Client(raise_request_exception=False)
    # As a page of ours would have sent it, whose reader has been signed out or in meanwhile.
    form = {"page_of": signed_page_of(boss.pk), "name": "Hills"}

    for value in VALUES:
        for browser in (strict, stranger):
            for address in ("/alliances/hills/areas/list/add/", "/accounts/login/", "/static/x"):
                for method in (browser.get, browser.post):
                    answer = method(address, form, headers={header: value})
                    said = log.wrong()
                    assert answer.status_code < 500 and said == "", (value[:20], address, said)


@pytest.mark.parametrize("cookie", COOKIES)
@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/alliances/hills/", "/admin/", "/x"])
def test_a_cookie_with_anything_in_it_is_no_error(
    browser_of: Client,
    scene: Scene,
    log: Log,
    cookie: str,
    address: str,
) -> None:
    answer = browser_of.get(address, headers={"cookie": cookie})

    assert answer.status_code in (200, 302, 400, 404)
    assert log.wrong() == ""


@pytest.mark.parametrize("method", METHODS)
def test_only_reading_and_sending_are_answered(browser_of: Client, method: str) -> None:
    answer = browser_of.generic(method, "/accounts/login/")

    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, POST"


def test_a_host_of_any_length_is_one_line(client: Client, log: Log) -> None:
    answer = client.get("/accounts/login/", headers={"host": "a" * 60_000})

    assert answer.status_code == 400
    assert log.wrong() == ""
