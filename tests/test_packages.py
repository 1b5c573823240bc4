"""Every package that is installed is used: each is one more that may be broken into."""

import re
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
SOURCES = ("alliance_portal", "business_areas", "programmes", "savings", "tests", "bin", ".ci")
# Used by another package, or by a tool's own settings, without their name in our sources.
UNNAMED = {
    "brotli": "whitenoise compresses with it",
    "async-timeout": "redis needs it on Debian 12's Python",
    "pytest-xdist": "pytest's -n",
    "django-stubs": "mypy's plugin, named in pyproject.toml",
}


def required() -> list[str]:
    lines = [
        line
        for name in ("requirements.in", "requirements-dev.in")
        for line in (CHECKOUT / name).read_text().splitlines()
    ]
    return [found[0] for line in lines if (found := re.match(r"[\w.-]+(?=[\[=])", line))]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.fixture(scope="module")
def words() -> set[str]:
    """Every word of our sources but this file's."""
    files = [path for folder in SOURCES for path in (CHECKOUT / folder).rglob("*")]
    texts = [
        path.read_text(errors="ignore")
        for path in files
        if path.is_file() and path.suffix in {"", ".py", ".sh"} and path != Path(__file__)
    ]
    return set(re.findall(r"\w+", " ".join(texts)))


@pytest.mark.parametrize("package", required())
def test_a_required_package_is_used(package: str, words: set[str]) -> None:
    modules = {
        module
        for module, owners in packages_distributions().items()
        if canonical(package) in {canonical(owner) for owner in owners}
    } | {package.replace("-", "_")}

    assert modules & words or package in UNNAMED, f"Nothing uses {package}: {sorted(modules)}"


def test_no_exception_is_made_for_a_package_that_is_not_required() -> None:
    assert set(UNNAMED) <= set(required())
