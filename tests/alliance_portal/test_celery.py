"""Celery's settings are those that Celery reads, and every process has them."""

import os
import subprocess
import sys

from celery.app.defaults import NAMESPACES, flatten
from django.conf import settings

from alliance_portal.celery import app

# Named in Celery's manual beside the two that its code reads.
ONLY_IN_THE_MANUAL = {"visibility_timeout"}


def test_celery_knows_every_setting_by_its_name() -> None:
    known = {name for name, _ in flatten(NAMESPACES)} | ONLY_IN_THE_MANUAL
    given = {name.removeprefix("CELERY_").lower() for name in dir(settings) if "CELERY_" in name}
    assert given - known == set()
    assert all(app.conf[name] == getattr(settings, f"CELERY_{name.upper()}") for name in given)


def test_a_task_outlives_its_worker_and_no_task_runs_twice_at_once() -> None:
    conf = app.conf
    assert (conf.task_acks_late, conf.task_reject_on_worker_lost) == (True, True)
    assert (conf.worker_prefetch_multiplier, conf.accept_content) == (0, ["json"])
    said = {
        conf.broker_transport_options["visibility_timeout"],
        conf.result_backend_transport_options["visibility_timeout"],
        conf.visibility_timeout,
    }
    assert len(said) == 1
    assert said.pop() > conf.task_time_limit


def test_messages_of_beat_are_dropped_when_they_are_old() -> None:
    assert all(entry["options"]["expires"] <= 60 for entry in app.conf.beat_schedule.values())


def test_a_process_that_only_loads_django_rings_on_the_portals_queue() -> None:
    asked = "import django; django.setup(); from savings.tasks import sweep; print(sweep.app.main)"
    said = subprocess.run(
        [sys.executable, "-c", asked],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "alliance_portal.settings"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert said.stdout.strip() == "alliance_portal"


def test_beat_asks_only_for_tasks_that_there_are() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)
