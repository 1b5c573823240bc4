"""So many people at once against a portal that is up: how many clicks were lost, refused or slow.

    python -m alliance_portal.benchmarks.people http://127.0.0.1:8000 --people 50 --minutes 3

Each signs in, then opens pages of the sample alliances as people do, with a pause for reading, over
lines that a browser keeps open; now and then one takes a file. Ends with exit
status 1 if a click was lost (no answer, or half of one) or refused (429, or 500 and more, but for a
file that waits for its turn).
"""

import argparse
import csv
import http.client
import random
import re
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

USERS = Path(__file__).resolve().parents[1] / "samples" / "demo_users.csv"
CODES = ("devon-cornwall-dorset", "east-midlands")
PAGES = (
    "",
    "areas/",
    "roadmap/",
    "money/",
    "dates/",
    "changes/",
    "statuses/",
    "figures/",
    "money/runs/",
)
FILES = ("money/shares.csv", "areas/list.xlsx", "roadmap.svg", "money/shares.xlsx")
ONE_IN = 25  # clicks is a file
_SECONDS_OF_PATIENCE = 30
_WAITS = "Your file will come"


@dataclass
class Seen:
    """What all of them met."""

    seconds: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)
    waited: int = 0


class Person(threading.Thread):
    """One of them, on a line of his own."""

    def __init__(self, host: str, email: str, password: str, until: float, seen: Seen) -> None:
        super().__init__(daemon=True)
        self.host, self.email, self.password = host, email, password
        self.until, self.seen = until, seen
        self.cookies: dict[str, str] = {}
        self.any = random.Random(email + self.name)  # noqa: S311
        self.line = http.client.HTTPConnection(host, timeout=_SECONDS_OF_PATIENCE)

    def run(self) -> None:
        """Sign in, and click until the time is over."""
        time.sleep(self.any.uniform(0, 15))
        self._sign_in()
        own = [each for each in CODES if self.click("GET", f"/alliances/{each}/")[0] == 200]
        while own and time.monotonic() < self.until:
            start = f"/alliances/{self.any.choice(own)}/"
            if self.any.randrange(ONE_IN) == 0:
                self.click("GET", start + self.any.choice(FILES))
            else:
                self.click(
                    "GET", start + self.any.choice(PAGES) if self.any.random() < 0.9 else "/"
                )
            time.sleep(self.any.uniform(1, 6))
        self.line.close()

    def _sign_in(self) -> None:
        address = "/accounts/login/"
        _, page = self.click("GET", address)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        form = {"login": self.email, "password": self.password}
        form["csrfmiddlewaretoken"] = token[1] if token else ""
        status, _ = self.click("POST", address, urlencode(form))
        if status != http.client.FOUND:
            self.seen.wrong[f"{self.email} could not sign in ({status})"] += 1

    def click(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        """The status (0 for none) and the page; counted."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Referer"] = f"http://{self.host}{path}"
        began = time.monotonic()
        try:
            self.line.request(method, path, body, headers)
            answer = self.line.getresponse()
            page = answer.read().decode(errors="replace")
        except (TimeoutError, OSError, http.client.HTTPException) as problem:
            self.line.close()
            self.seen.wrong[f"lost: {type(problem).__name__}"] += 1
            return 0, ""
        self.seen.seconds.append(time.monotonic() - began)
        for each in answer.headers.get_all("Set-Cookie", []):
            name, _, value = each.partition(";")[0].partition("=")
            self.cookies[name] = value
        self._count(answer.status, page, path)
        return answer.status, page

    def _count(self, status: int, page: str, path: str) -> None:
        if status >= 500 and _WAITS in page:
            self.seen.waited += 1
        elif status == 429 or status >= 500:
            self.seen.wrong[f"refused: {status} {path}"] += 1


def main() -> int:
    """Run them, and say what they met."""
    given = _asked()
    with USERS.open(encoding="utf-8", newline="") as rows:
        emails = sorted({row["email"] for row in csv.DictReader(rows)})
    seen, until = Seen(), time.monotonic() + given.minutes * 60
    people = [
        Person(urlsplit(given.url).netloc, emails[at % len(emails)], given.password, until, seen)
        for at in range(given.people)
    ]
    for each in people:
        each.start()
    for each in people:
        each.join()
    sys.stdout.write(f"{given.people} people, {given.minutes:g} minutes: {_in_words(seen)}\n")
    return 1 if seen.wrong else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("url")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--password", default="alliance-demo")
    return parser.parse_args()


def _in_words(seen: Seen) -> str:
    times = sorted(seen.seconds) or [0.0]
    said = (
        f"{len(times)} clicks, middle {times[len(times) // 2]:.2f} s, "
        f"95% within {times[len(times) * 95 // 100]:.2f} s, slowest {times[-1]:.2f} s; "
        f"{seen.waited} files waited for their turn; "
        f"{sum(seen.wrong.values())} lost or refused"
    )
    wrong = [f"  {count} × {what}" for what, count in seen.wrong.most_common()]
    return "\n".join([said, *wrong])


if __name__ == "__main__":
    sys.exit(main())
