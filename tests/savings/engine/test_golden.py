"""The same shares from one version of the portal to the next, or METHOD is raised."""

import json

from savings.engine.method import METHOD
from tests.savings.engine.golden import FILE, lines_of
from tests.savings.engine.test_bulk import run_both


def test_pools_on_file_have_the_same_shares_as_when_this_method_was_new() -> None:
    kept = json.loads(FILE.read_text())
    pools = [(each["amounts"], each["weights"]) for each in kept["pools"]]

    moved = [
        pool
        for pool, each in zip(pools, kept["pools"], strict=True)
        if lines_of(pool) != each["lines"]
    ]

    assert moved == [], "Raise METHOD, then run python -m tests.savings.engine.golden."
    assert kept["method"] == METHOD, "Run python -m tests.savings.engine.golden."
    run_both(pools)
