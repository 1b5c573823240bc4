"""A person with a browser that forgives nothing and gives nothing up: reads and saves over HTTP."""

import csv
import http.client
import io
import random
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from http.cookiejar import CookieJar

PASSWORD = "alliance-demo"
SECONDS_TO_ANSWER = 60
SECONDS_BETWEEN = 0.2
ALLIANCE = "/alliances/devon-cornwall-dorset/"
PAGES = ["", "areas/", "roadmap/", "dates/", "money/", "money/sizes/", "money/runs/"]
NO_ANSWER = 0


class StayHere(urllib.request.HTTPRedirectHandler):
    """Shows a redirect instead of following it."""

    def redirect_request(self, *_given: object) -> None:
        return None


@dataclass
class Visitor(threading.Thread):
    """Goes on until `end`; counts its answers by status, NO_ANSWER where the connection was cut."""

    url: str
    email: str
    end: threading.Event
    seed: int
    answers: Counter[int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.draw = random.Random(self.seed)
        jar = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(jar, StayHere())

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        while not self.end.is_set():
            self.act()
            self.end.wait(SECONDS_BETWEEN)

    def act(self) -> None:
        """Do the next thing."""
        raise NotImplementedError

    @property
    def done(self) -> int:
        """How much was done that counts."""
        raise NotImplementedError

    def ask(self, path: str, **fields: str) -> tuple[int, str]:
        """The status and the text of an answer; with fields it is sent as a form."""
        sent = urllib.parse.urlencode(fields).encode() if fields else None
        try:
            with self._opener.open(self.url + path, sent, timeout=SECONDS_TO_ANSWER) as answer:
                status, text = answer.status, answer.read().decode("utf-8-sig")
        except urllib.error.HTTPError as refused:
            status, text = refused.code, ""
        except (OSError, http.client.HTTPException):
            status, text = NO_ANSWER, ""
        self.answers[status] += 1
        return status, text

    def sign_in(self) -> bool:
        """True if it is signed in now."""
        _, page = self.ask("/accounts/login/")
        given = {"login": self.email, "password": PASSWORD, **hidden(page)}
        return self.ask("/accounts/login/", **given)[0] == http.client.FOUND


class Reader(Visitor):
    """Reads pages and the shares file; `mixed` counts files whose shares do not add up."""

    files = 0
    mixed = 0

    @property
    def done(self) -> int:
        return self.files

    def act(self) -> None:
        if self.draw.random() < 0.8:
            self.ask(ALLIANCE + self.draw.choice(PAGES))
            return
        status, text = self.ask(f"{ALLIANCE}money/shares.csv")
        if status == http.client.OK:
            self.files += 1
            self.mixed += not adds_up(text)


class Saver(Visitor):
    """Records sizes, each a figure of its own; `acknowledged` are those that were said to be saved."""

    tried = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.acknowledged: list[Decimal] = []

    @property
    def done(self) -> int:
        return len(self.acknowledged)

    def act(self) -> None:
        address = f"{ALLIANCE}money/sizes/record/"
        _, page = self.ask(address)
        if "size of" not in page and "size-devon-cornwall" not in page:
            return
        self.tried += 1
        value = Decimal(3000) + Decimal(self.tried) / 100
        day = {"effective_on_day": "1", "effective_on_month": str(self.draw.randint(1, 12))}
        year = str(self.draw.randint(2014, 2019))
        typed = {"size-devon-cornwall": str(value), "check-sure": "on"}
        typed |= {**day, "effective_on_year": year, "source": "A storm"}
        _, preview = self.ask(address, **hidden(page), **typed)
        sent = {**hidden(page), **typed, **hidden(preview), "save": ""}
        if preview and self.ask(address, **sent)[0] == http.client.FOUND:
            self.acknowledged.append(value)


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page, such as its token."""
    tags = re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page)
    pairs = [
        (re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in tags
    ]
    return {name[1]: value[1] if value else "" for name, value in pairs if name}


def adds_up(file: str) -> bool:
    """True if the shares of each amount in the file add up to it."""
    amounts: dict[tuple[str, ...], Decimal] = {}
    shares: defaultdict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    for row in csv.DictReader(io.StringIO(file)):
        if row["share"]:
            key = tuple(row[name] for name in ("area", "item", "version", "period", "borne_by"))
            amounts[key] = Decimal(row["amount"])
            shares[key] += Decimal(row["share"])
    return amounts == dict(shares)
