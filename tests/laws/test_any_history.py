"""Whatever is done through whichever door, in whatever order: laws 10 to 14 hold.

A law is checked after every step: what a change said before it was saved is what is on record of
it, one change for whatever was written; once shares are worked out, those effects are what is
stored; what stood at an earlier moment can be worked out again from the history tables.

`STEPS=10000 SEED=7 bin/test -n 0 -s tests/laws` asks for more than the few steps of a usual run,
and has a tenth of them worked out by a Celery worker that is killed in between.
"""

import os
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from io import StringIO
from itertools import count
from pathlib import Path
from typing import ClassVar

import hypothesis
import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from alliance_portal.celery import app
from alliance_portal.workbook.loading import NotLoadable, load
from programmes.changes import rehearse
from programmes.models import Alliance, Change
from savings import recompute, requests, verify
from savings.book import Effect, compare, read
from savings.models import RecomputeRequest
from tests import factories
from tests.laws.by_workbook import Edited
from tests.laws.hand import REFUSED, ByService, OnPages
from tests.laws.readings import Moment, explained, inputs_of, of_record, waiting_by_code, worked_out
from tests.laws.scene import an_alliance_to_change
from tests.processes.fleet import Fleet, wait_until_ready
from tests.savings import stored_shares
from tests.waiting import until

IS_LONG = "STEPS" in os.environ
STEPS = int(os.environ.get("STEPS", "75"))
SEED = int(os.environ.get("SEED", random.SystemRandom().randrange(10**6)))
STEPS_A_HISTORY = 50 if IS_LONG else 15

SEEDS = st.integers(0, 10**6)
# One rule for all: Hypothesis would leave out some rules of several in each history.
STEPS_OF_A_KIND = [
    *(("by service", way) for way in ByService.WAYS),
    *(("on a page", way) for way in OnPages.WAYS),
    *(("two at once", way) for way in OnPages.PRICED),
    *(("by workbook", door) for door in 4 * ["through the command", "as a file"]),
    *(("a while later", what) for what in 5 * ["all is worked out", "one looks back"]),
]
_numbers = count(1)

Act = Callable[[], object]


class AnyHistory(RuleBasedStateMachine):
    """One alliance, from the day it is made on; each has a history of its own in the same database."""

    did: ClassVar[Counter[str]] = Counter()

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.boss = factories.administrator()
        self.client = Client()
        self.client.force_login(self.boss)
        self.alliance = an_alliance_to_change(f"history-{next(_numbers)}")
        self.moments: list[Moment] = []
        self.work_out()

    @rule(step=st.sampled_from(STEPS_OF_A_KIND), seed=SEEDS)
    def step(self, step: tuple[str, str], seed: int) -> None:
        kind, what = step
        if kind == "by service":
            self.change(f"by service: {what}", partial(self.by_service, what, seed))
        elif kind == "on a page":
            self.on_a_page(what, seed)
        elif kind == "two at once":
            self.two_at_once(what, seed)
        elif kind == "by workbook":
            self.by_workbook(what, seed)
        elif what == "one looks back":
            self.look_back(seed)
        else:
            self.work_out()

    def by_service(self, what: str, seed: int) -> None:
        getattr(ByService(seed, self.alliance, self.boss), what)()

    def on_a_page(self, what: str, seed: int) -> None:
        """What it shows before it is saved is what is on record of it (law 10)."""
        shown = ""

        def act() -> None:
            nonlocal shown
            hand = OnPages(seed, self.alliance, self.boss, self.client)
            getattr(hand, what)()
            shown = hand.shown

        made = self.change(f"on a page: {what}", act)
        if shown and made:
            assert of_record(made).digest == shown
            self.did["checked: shown on its page first"] += 1

    def by_workbook(self, what: str, seed: int) -> None:
        with self.a_folder() as folder:
            edited = Edited(seed, self.alliance, folder)
            path = edited.written()
            by_command = what == "through the command"
            made = self.change(what, partial(self.command if by_command else load, path))
            if made and seed % 4 == 1:
                self.as_if_loaded_into_an_empty_portal(edited)

    def two_at_once(self, what: str, seed: int) -> None:
        """If something else changed after a price was shown, it is saved only if that is still so."""
        newest, other = self.newest(), ByService.WAYS[seed % len(ByService.WAYS)]
        self.did[f"two at once: {what}"] += 1
        hand = OnPages(seed, self.alliance, self.boss, self.client)
        hand.meanwhile = partial(self.by_service, other, seed)
        with suppress(*REFUSED):
            getattr(hand, what)()
        for made in self.made_since(newest):
            if made.door == Change.Door.PAGE and hand.shown:
                self.did["checked: shown again, or as it was shown"] += 1
                assert of_record(made).digest == hand.shown

    def work_out(self) -> None:
        """What is stored moved by what the changes since the last time said (laws 10 and 11)."""
        self.settle()
        self.did["worked out"] += 1
        now = Moment(self.alliance)
        if self.moments:
            assert now.since(self.moments[-1]) == explained(self.alliance, self.moments[-1], now)
        assert worked_out(read(self.alliance.pk)) == now.cells
        self.moments.append(now)

    def look_back(self, which: int) -> None:
        """What stood at a past moment, and what lies between two (laws 11 and 12)."""
        self.did["looked back"] += 1
        then = self.moments[which % len(self.moments)]
        book, later = read(self.alliance.pk, as_at=then.at), self.moments[-1]
        assert worked_out(book) == then.cells
        between = compare(book, read(self.alliance.pk, as_at=later.at))
        assert (between.cells, between.unshared) == later.since(then)
        assert later.since(then) == explained(self.alliance, then, later)

    def settle(self) -> None:
        recompute.bring_up_to_date(alliance_id=self.alliance.pk, cause="A test asked")

    def change(self, name: str, act: Act) -> Change | None:
        """Do it: one change on record, which says what it did, and said so before (laws 10, 14)."""
        inputs, before, newest = inputs_of(self.alliance), read(self.alliance.pk), self.newest()
        said, refused = self.rehearsed(act), ""
        try:
            act()
        except (*REFUSED, NotLoadable, SystemExit) as problem:
            refused = f"{type(problem).__name__} {problem}"[:120]
        after, made = read(self.alliance.pk), self.made_since(newest)
        self.did[f"{name}{' refused' if refused else ''}"] += 1
        differs = inputs_of(self.alliance) != inputs
        assert not (refused and differs), refused
        if not differs:
            assert not made or not of_record(made[0]).moves_anything
            return None
        assert len(made) == 1, [str(one) for one in made]
        effect = compare(before, after)
        assert (made[0].effect, made[0].waiting) == (effect.cells_kept(), effect.waiting_kept())
        assert said is not None
        assert said.digest == effect.digest
        return made[0]

    def rehearsed(self, act: Act) -> Effect | None:
        """What doing it would do; None if it is refused."""
        try:
            made = rehearse(act, alliance=self.alliance, kind=Change.Kind.MANY, by=self.boss)
        except (*REFUSED, NotLoadable, SystemExit):
            return None
        assert isinstance(made.effect, Effect)
        return made.effect

    def newest(self) -> int:
        last = Change.objects.filter(alliance=self.alliance).order_by("-pk").first()
        return last.pk if last else 0

    def made_since(self, newest: int) -> list[Change]:
        return list(Change.objects.filter(alliance=self.alliance, pk__gt=newest).order_by("pk"))

    def command(self, path: Path) -> None:
        call_command("load_alliance", str(path), stdout=StringIO(), stderr=StringIO())

    def as_if_loaded_into_an_empty_portal(self, edited: Edited) -> None:
        """Two workbooks loaded one over the other leave what the two laid together leave (law 13)."""
        self.work_out()
        code = f"laid-over-{next(_numbers)}"
        load(edited.laid_over(code))
        other = Alliance.objects.get(code=code)
        recompute.bring_up_to_date(alliance_id=other.pk, cause="A test asked")
        assert stored_shares.shares(other.pk) == stored_shares.shares(self.alliance.pk)
        assert waiting_by_code(other) == waiting_by_code(self.alliance)
        self.did["checked: laid over"] += 1

    @contextmanager
    def a_folder(self) -> Iterator[Path]:
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        yield folder
        shutil.rmtree(folder)

    def teardown(self) -> None:
        if not hasattr(self, "moments"):
            return
        self.work_out()
        self.look_back(0)
        assert verify.verify([self.alliance]).breaches == []
        shutil.rmtree(self.folder)


class WithWorkersKilled(AnyHistory):
    """The same, worked out by a Celery worker that now and then is killed at its work."""

    did: ClassVar[Counter[str]] = Counter()
    fleet: ClassVar[Fleet]

    @rule(step=st.sampled_from(STEPS_OF_A_KIND), seed=SEEDS)
    def step(self, step: tuple[str, str], seed: int) -> None:
        super().step(step, seed)
        if seed % 10 == 7:
            time.sleep(seed % 70 / 1000)
            self.fleet.processes[-1].kill()
            self.fleet.worker()
            self.did["checked: a worker was killed"] += 1

    def settle(self) -> None:
        until(self.is_settled, "Something is left to be worked out.")

    def is_settled(self) -> bool:
        """Nothing waits; what waits is rung for again, as beat does."""
        waits = RecomputeRequest.objects.filter(alliance=self.alliance).exists()
        if waits:
            requests.ring(self.alliance.pk)
            time.sleep(0.1)
        return not waits


def run(machine: type[AnyHistory], steps: int) -> None:
    hypothesis.seed(SEED)(machine)
    begun = time.monotonic()
    run_state_machine_as_test(
        machine,
        settings=hypothesis.settings(
            max_examples=1 + steps // STEPS_A_HISTORY,
            stateful_step_count=STEPS_A_HISTORY,
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    steps = sum(times for name, times in machine.did.items() if not name.startswith("checked"))
    print(f"seed {SEED}: {steps} steps in {time.monotonic() - begun:.0f} s")  # noqa: T201
    for name, times in sorted(machine.did.items()):
        print(f"{times:6} {name}")  # noqa: T201


@pytest.mark.django_db(transaction=True)
def test_the_laws_hold_over_any_history() -> None:
    run(AnyHistory, STEPS)


@pytest.mark.skipif(not IS_LONG, reason="a worker takes seconds to start: ask with STEPS")
@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_the_laws_hold_though_workers_are_killed(
    worker_environment: dict[str, str], tmp_path: Path
) -> None:
    app.control.purge()
    WithWorkersKilled.fleet = Fleet(worker_environment, tmp_path)
    try:
        wait_until_ready(WithWorkersKilled.fleet.worker())
        run(WithWorkersKilled, STEPS // 10)
    finally:
        WithWorkersKilled.fleet.end()
        app.control.purge()
