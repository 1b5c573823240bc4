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
    return (
        Program("worker", tuple(worker), signal.SIGKILL),
        Program("beat", tuple(beat), signal.SIGTERM),
        Program("web", web(f"[{host}]:{port}" if ":" in host else f"{host}:{port}"), signal.SIGINT),
    )


def web(bind: str, *, workers: int = 2) -> tuple[str, ...]:
    """The web server's arguments; `bind` is an address, or `fd://` and the number of an open door."""
    serve = ["gunicorn", "alliance_portal.asgi:application", "--bind", bind]
    serve += ["--worker-class", "alliance_portal.serving.worker.Worker", "--workers", str(workers)]
    # A proxy keeps its lines for 60 or 75 s; whoever closes first must be the proxy.
    serve += ["--keep-alive", "90", "--timeout", "60", "--graceful-timeout", "8"]
    serve += ["--no-control-socket"]
    if os.access("/dev/shm", os.W_OK):
        serve += ["--worker-tmp-dir", "/dev/shm"]  # a heartbeat on a slow disk would end workers
    return tuple(serve)
