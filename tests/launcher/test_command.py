"""What a command that the launcher runs finds in its environment."""

import pytest

from alliance_portal.launcher.command import environment


def test_threads_share_one_arena_unless_asked_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MALLOC_ARENA_MAX", raising=False)
    assert environment({"DATABASE_URL": "x"})["MALLOC_ARENA_MAX"] == "1"

    monkeypatch.setenv("MALLOC_ARENA_MAX", "4")
    assert environment({})["MALLOC_ARENA_MAX"] == "4"
