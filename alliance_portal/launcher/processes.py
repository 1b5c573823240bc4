"""The portal's processes: one list, for `bin/start` and for whoever runs them another way."""

import os
import signal
from dataclasses import dataclass

from .places import Places


@dataclass(frozen=True)
class Program:
    """One line of the list below. `at_death` is what it gets when the launcher is killed."""

    name: str
    arguments: tuple[str, ...]
    at_death: signal.Signals


def programs(host: str, port: int, places: Places) -> tuple[Program, ...]:
    """Everything that serves the portal, in the order of starting; stopped the other way round."""
    celery = ["celery", "--app", "alliance_portal.celery:app", "--quiet"]
    worker = [*celery, "worker", "--pool", "prefork", "--concurrency", "2", "--loglevel", "INFO"]
    beat = [*celery, "beat", "--pidfile", "", "--schedule", str(places.run / "beat-schedule")]
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    web = ["gunicorn", "alliance_portal.wsgi:application", "--bind", bind, "--workers", "2"]
    web += ["--threads", "4", "--timeout", "60", "--graceful-timeout", "8"]
    web += ["--no-control-socket", "--access-logfile", "-"]
    if os.access("/dev/shm", os.W_OK):
        web += ["--worker-tmp-dir", "/dev/shm"]  # a heartbeat on a slow disk would end workers
    return (
        Program("worker", tuple(worker), signal.SIGKILL),
        Program("beat", tuple(beat), signal.SIGTERM),
        Program("web", tuple(web), signal.SIGINT),
    )
