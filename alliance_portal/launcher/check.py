"""`bin/check`: every check that needs no test run, one line each, to the end even if one fails."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import command
from .places import CHECKOUT, Places
from .services import shared
from .terminal import say

README_LINES = 90
_LOCKS = ("requirements.txt", "requirements-dev.txt")


@dataclass(frozen=True)
class Outcome:
    """How a check ended: `word` is ok, FAILED or skipped; `detail` is for people."""

    word: str
    detail: str = ""


Check = Callable[[], Outcome]


def check(places: Places) -> int:
    """Run all checks and return 1 if any failed, else 0."""
    places.make()
    outcomes = [_report(name, run) for name, run in _checks(places)]
    failed = sum(outcome.word == "FAILED" for outcome in outcomes)
    skipped = sum(outcome.word == "skipped" for outcome in outcomes)
    say(f"{len(outcomes)} checks: {failed} failed, {skipped} skipped")
    return 1 if failed else 0


def _checks(places: Places) -> list[tuple[str, Check]]:
    templates = sorted(path for path in CHECKOUT.glob("*/templates") if path.is_dir())
    templates += [CHECKOUT / "templates"] if (CHECKOUT / "templates").is_dir() else []
    indented = ["djhtml", "--check", "--tabwidth", "4", *map(str, templates)]
    return [
        ("Format", lambda: _tool("ruff", "format", "--check", "--output-format", "concise", ".")),
        ("Lint", lambda: _tool("ruff", "check", "--quiet", "--output-format", "concise", ".")),
        ("Types", lambda: _tool("mypy", "--no-error-summary")),
        ("Import rules", _import_rules),
        ("Missing migrations", lambda: _missing_migrations(places)),
        ("Templates: lint", lambda: _tool("djlint", "--lint", "--quiet", *map(str, templates))),
        ("Templates: indent", lambda: _tool(*indented)),
        ("README length", _readme),
        ("Known vulnerabilities", _vulnerabilities),
    ]


def _report(name: str, run: Check) -> Outcome:
    began = time.monotonic()
    outcome = run()
    head = f"{name:<22} {outcome.word:<8} {time.monotonic() - began:5.1f} s"
    one_line = outcome.word == "skipped" and "\n" not in outcome.detail
    say(f"{head}  {outcome.detail}" if one_line else head)
    if outcome.detail and not one_line:
        say("\n".join(f"    {line}" for line in outcome.detail.splitlines()))
    return outcome


def _tool(module: str, *arguments: str) -> Outcome:
    """Run a tool of the virtual environment; what it says is shown if it fails."""
    return _ended([sys.executable, "-m", module, *arguments])


def _import_rules() -> Outcome:
    return _ended(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    )


def _missing_migrations(places: Places) -> Outcome:
    with shared(places) as running:
        return _ended(
            command.manage("makemigrations", "--check", "--dry-run"),
            env=command.environment(running.variables),
        )


def _ended(arguments: list[str], *, env: dict[str, str] | None = None) -> Outcome:
    done = subprocess.run(
        arguments, cwd=CHECKOUT, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return Outcome("ok")
    return Outcome("FAILED", f"{done.stdout}\n{done.stderr}".strip() or f"exit {done.returncode}")


def _readme() -> Outcome:
    readme = CHECKOUT / "README.md"
    if not readme.exists():
        return Outcome("FAILED", "There is no README.md.")
    lines = len(readme.read_text(encoding="utf-8").splitlines())
    if lines > README_LINES:
        return Outcome("FAILED", f"README.md has {lines} lines; at most {README_LINES}.")
    return Outcome("ok")


def _vulnerabilities() -> Outcome:
    """Ask the advisory service about every locked version; unreachable is skipped, never ok."""
    locks = [part for lock in _LOCKS for part in ("--requirement", lock)]
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "audit.json"
        options = ["--disable-pip", "--require-hashes", "--progress-spinner=off", "--timeout=15"]
        options += ["--format=json", f"--output={answer}"]
        subprocess.run(
            [sys.executable, "-m", "pip_audit", *options, *locks],
            cwd=CHECKOUT,
            env={**os.environ, "PIP_AUDIT_CACHE_DIR": str(CHECKOUT / "var" / "cache" / "audit")},
            capture_output=True,
            check=False,
        )
        found = json.loads(answer.read_text()) if answer.exists() else {"dependencies": []}
    return _judge(found["dependencies"])


def _judge(packages: list[dict[str, object]]) -> Outcome:
    """What pip-audit's answer means: any vulnerability fails; nothing audited is skipped."""
    audited = [package for package in packages if "skip_reason" not in package]
    vulnerable = [package for package in audited if package.get("vulns")]
    if vulnerable:
        return Outcome("FAILED", "\n".join(_advisory(package) for package in vulnerable))
    if not audited:
        return Outcome("skipped", "The advisory service cannot be reached from here.")
    if len(audited) < len(packages):
        return Outcome("skipped", f"Only {len(audited)} of {len(packages)} packages were audited.")
    return Outcome("ok")


def _advisory(package: dict[str, object]) -> str:
    vulns = package["vulns"]
    assert isinstance(vulns, list)
    names = ", ".join(f"{each['id']} (mended in {each['fix_versions']})" for each in vulns)
    return f"{package['name']} {package['version']}: {names}"
