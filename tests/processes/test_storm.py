"""A portal whose processes are killed one after another while people read and save.

`KILLS=100 SECONDS=300 bin/test -n 0 -s tests/processes/test_storm.py` asks for more than the few
kills of a usual run.
"""

import json
import os
import random
import threading
import time
from contextlib import closing, suppress

import psutil
import psycopg2
import pytest

from tests.launcher.conftest import Copy, Portal, copy  # noqa: F401
from tests.processes.visitor import NO_ANSWER, Reader, Saver, Visitor

pytestmark = [pytest.mark.dialect, pytest.mark.processes]

SEED = int(os.environ.get("SEED", random.SystemRandom().randrange(10**6)))
KILLS = int(os.environ.get("KILLS", "8"))
SECONDS = float(os.environ.get("SECONDS", "24"))
SECONDS_TO_SETTLE = 120
# What a person may be answered: the page, another address, “away for a moment”, or nothing at all.
FORGIVEN = {200, 302, 503, NO_ANSWER}
# Of each program that the launcher started, itself and what it started in turn.
TOLD_BY = {
    "database": "bin/postgres",
    "broker": "valkey",
    "worker": " worker ",
    "beat": " beat ",
    "web": "gunicorn",
}


def test_no_share_is_wrong_no_save_is_lost_and_no_hand_is_needed_after_the_storm(
    copy: Copy,  # noqa: F811
) -> None:
    portal = copy.start()
    printed = portal.wait_for("Ctrl-C stops everything")
    url = printed.split("The portal is at ")[1].split()[0]
    end = threading.Event()
    reader = Reader(url, "panel.dcd@portal.example", end, SEED)
    saver = Saver(url, "finance.dcd@portal.example", end, SEED)
    for visitor in (reader, saver):
        assert visitor.sign_in()
        visitor.start()

    killed = strike(portal)
    back_after = until_more_is_done(reader, saver)
    end.set()
    for visitor in (reader, saver):
        visitor.join(SECONDS_TO_SETTLE)
    settled_after = settle(copy)

    print(f"seed {SEED}: {len(killed)} kills: {account_of(killed)}")  # noqa: T201
    print(f"reader {account(reader)}, {reader.files} files, {reader.mixed} mixed")  # noqa: T201
    print(f"saver {account(saver)}, {len(saver.acknowledged)} acknowledged")  # noqa: T201
    lost = set(saver.acknowledged) - on_record(copy)
    verified = copy.run("bin/manage", "verify_shares")
    print(f"{len(lost)} lost; back after {back_after:.1f} s, settled {settled_after:.1f} s later")  # noqa: T201
    print(verified.stdout.strip())  # noqa: T201
    assert portal.process.poll() is None
    assert lost == set()
    assert verified.returncode == 0 and "behind" not in verified.stdout, verified.stdout
    assert reader.mixed == 0
    assert set(reader.answers) | set(saver.answers) <= FORGIVEN


def strike(portal: Portal) -> list[str]:
    """Kill what comes at random, at random moments; the names of what was killed."""
    draw = random.Random(SEED)
    launcher = psutil.Process(portal.process.pid)
    killed: list[str] = []
    end = time.monotonic() + SECONDS
    while len(killed) < KILLS:
        time.sleep(draw.uniform(0, 2 * max(0, end - time.monotonic()) / (KILLS - len(killed))))
        name = draw.choice(list(TOLD_BY))
        with suppress(psutil.NoSuchProcess, ValueError):  # it is down just now
            (program,) = (child for child in launcher.children() if is_named(child, name))
            within = program.children(recursive=True)
            whole = not within or draw.random() < 0.5
            (program if whole else draw.choice(within)).kill()
            killed.append(name if whole else f"part of {name}")
    return killed


def until_more_is_done(*visitors: Visitor) -> float:
    """Wait, with nobody's help, until each visitor has done one thing more; the seconds that took."""
    began = time.monotonic()
    done = [visitor.done for visitor in visitors]
    while any(visitor.done == before for visitor, before in zip(visitors, done, strict=True)):
        assert time.monotonic() < began + SECONDS_TO_SETTLE, "The portal did not come back."
        time.sleep(0.1)
    return time.monotonic() - began


def is_named(process: psutil.Process, name: str) -> bool:
    return TOLD_BY[name] in " ".join(process.cmdline())


def settle(copy: Copy) -> float:  # noqa: F811
    """Wait until nothing is left to be worked out; the seconds that took."""
    began = time.monotonic()
    waiting = (
        "SELECT (SELECT count(*) FROM savings_recomputerequest)"
        " + (SELECT count(*) FROM savings_run WHERE state = 'RUNNING')"
    )
    while True:
        with suppress(psycopg2.Error):
            if ask(copy, waiting) == [(0,)]:
                return time.monotonic() - began
        assert time.monotonic() < began + SECONDS_TO_SETTLE, "Something is left to be worked out."
        time.sleep(0.5)


def on_record(copy: Copy) -> set[object]:  # noqa: F811
    return {value for (value,) in ask(copy, "SELECT value FROM programmes_forcesize")}


def ask(copy: Copy, question: str) -> list[tuple[object, ...]]:  # noqa: F811
    announced = json.loads((copy.folder / "var" / "run" / "services.json").read_text())
    url = announced["variables"]["DATABASE_URL"]
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(question)
        found: list[tuple[object, ...]] = cursor.fetchall()
        return found


def account(visitor: Visitor) -> str:
    return ", ".join(f"{count} × {status}" for status, count in sorted(visitor.answers.items()))


def account_of(killed: list[str]) -> str:
    return ", ".join(f"{killed.count(name)} {name}" for name in sorted(set(killed)))
