"""The proof file: its verifier derives what is stored, and one penny changed anywhere is named."""

import copy
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from hypothesis import given

from programmes.models import Alliance, Role
from savings import recompute
from savings.engine.pool import share_pool
from savings.models import PoolShare, RecomputeRequest, Share
from savings.papers import verify
from savings.papers.proof import proof_lines
from savings.papers.year import StillBehind, read_year
from tests import factories
from tests.savings.engine.strategies import pools
from tests.savings.papers.alliances import YEAR, any_alliance

# `ALLIANCES=1000 bin/test tests/savings/papers` asks for more than a usual run.
SEEDS = range(int(os.environ.get("ALLIANCES", "12")))


def proof_of(alliance: Alliance) -> Any:
    return json.loads("".join(proof_lines(read_year(alliance, YEAR))))


def sealed(proof: Any) -> Any:
    """The proof with digests that fit, as whoever changes it would see to."""
    proof["digests"] = {name: verify.digest_of(proof[name]) for name in verify.SECTIONS}
    return proof


@given(pools())
def test_the_verifier_divides_as_the_engine_does(pool: tuple[list[int], list[int]]) -> None:
    amounts, weights = pool
    expected = share_pool(amounts, weights)

    totals, lines = verify.divide_pool(amounts, weights)

    assert (tuple(totals), tuple(map(tuple, lines))) == (expected.totals, expected.lines)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", SEEDS)
def test_any_alliance_agrees_and_a_penny_changed_is_named(seed: int) -> None:
    alliance = any_alliance(seed)
    proof = proof_of(alliance)

    checked = verify.check(copy.deepcopy(proof))

    assert checked.wrong == []
    assert checked.figures > len(proof["amounts"])
    of_shares = [pence for amount in proof["amounts"] for pence in amount["shares"]]
    assert sorted(of_shares) == sorted(Share.objects.values_list("pence", flat=True))
    of_pools = [pence for pool in proof["pools"] for pence in pool["shares"]]
    assert sorted(of_pools) == sorted(PoolShare.objects.values_list("pence", flat=True))
    any_ = random.Random(seed)
    for where, name in pennies(proof, any_):
        changed = copy.deepcopy(proof)
        *path, last = where
        holder = changed
        for step in path:
            holder = holder[step]
        holder[last] += any_.choice([-1, 1])
        wrong = verify.check(changed).wrong
        assert any("digest" in each for each in wrong), where
        assert any(name in each for each in verify.check(sealed(changed)).wrong), (where, name)


def pennies(proof: Any, any_: random.Random) -> Iterator[tuple[list[Any], str]]:
    """Some places of each kind that hold pence, and what a sentence about them has to name."""
    amounts = any_.sample(range(len(proof["amounts"])), min(6, len(proof["amounts"])))
    for at in amounts:
        amount = proof["amounts"][at]
        pool = proof["pools"][amount["pool"]]
        yield (
            ["amounts", at, "pence"],
            f"{pool['area']}, {pool['version']} {pool['kind']}s: the total",
        )
        for place, _ in enumerate(amount["shares"]):
            yield ["amounts", at, "shares", place], verify.line_name(amount)
    for at, pool in enumerate(proof["pools"][:8]):
        name = f"{pool['area']}, {pool['version']} {pool['kind']}s"
        yield ["pools", at, "total"], name
        for place, _ in enumerate(pool["shares"]):
            yield ["pools", at, "shares", place], name
    for at, row in enumerate(proof["totals"][:6]):
        yield ["totals", at, "pence"], f"All {row['version']} {row['kind']}s"
    for at in range(len(proof["settlement"])):
        for what in ("borne", "due", "saving_due", "banked", "net"):
            yield ["settlement", at, what], f"Settlement, {what.replace('_', ' ')}"


@pytest.mark.django_db
@pytest.mark.parametrize("seed", SEEDS)
def test_another_size_rule_or_member_is_named(seed: int) -> None:
    proof = proof_of(any_alliance(seed))
    digest = proof["pools"][0]["ratio"]
    used = next((each for each in proof["ratios"] if each["digest"] == digest), None)
    if used is None:
        return
    later = copy.deepcopy(proof)
    for rule in later["rules"]:
        rule["effective_on"] = "2999-04-01"
    without = copy.deepcopy(proof)
    without["members"] = [each for each in without["members"] if each["force"] != used["forces"][0]]
    for changed in (later, without):
        assert verify.check(sealed(changed)).wrong
    if used["sizes_on"]:
        larger = copy.deepcopy(proof)
        for size in larger["sizes"]:
            if size["force"] == used["forces"][0]:
                size["value"] += "1" if "." in size["value"] else ".1"
        assert verify.check(sealed(larger)).wrong


@pytest.mark.django_db
def test_a_closed_year_is_derived_from_the_sizes_that_it_was_closed_with() -> None:
    alliance = any_alliance(3)
    before = proof_of(alliance)
    factories.financial_year(alliance=alliance, year=YEAR, closed_at="2018-05-01T00:00Z")
    for size in alliance.sizes.filter(release=1):
        factories.force_size(
            force=size.force,
            measure=size.measure,
            effective_on=size.effective_on,
            release=9,
            value=7 + 2 * size.pk,
        )

    proof = proof_of(alliance)

    assert proof["proof"]["state"] == "closed"
    assert proof["amounts"] == before["amounts"]
    assert verify.check(proof).wrong == []


@pytest.mark.django_db
def test_what_is_behind_has_no_proof_yet(client: Client) -> None:
    alliance = any_alliance(1)
    client.force_login(factories.role(alliance=alliance, kind=Role.Kind.PANEL_MEMBER).user)
    factories.recompute_request(area=alliance.areas.all()[0], year=YEAR)
    address = "/alliances/any/money/papers/2016-17/proof.json"

    with pytest.raises(StillBehind, match="2016/17"):
        read_year(alliance, YEAR)
    answer = client.get(address)

    assert (answer.status_code, answer["Refresh"]) == (503, "3")
    assert "being worked out again" in answer.content.decode()
    recompute.bring_up_to_date(alliance_id=alliance.pk, cause="A test asked")
    assert not RecomputeRequest.objects.exists()
    assert client.get(address).status_code == 200


@pytest.mark.django_db
def test_a_year_without_money_has_none(client: Client) -> None:
    alliance = any_alliance(1)
    client.force_login(factories.role(alliance=alliance, kind=Role.Kind.PANEL_MEMBER).user)

    assert client.get("/alliances/any/money/papers/1999-00/proof.json").status_code == 404
    with pytest.raises(CommandError, match="no amounts in 1999/00"):
        call_command("prove", "any", year="1999/00", output="/nowhere")


@pytest.mark.django_db
def test_what_the_command_writes_runs_where_nothing_is_installed(tmp_path: Path) -> None:
    any_alliance(5)
    call_command("prove", "any", year="2016/17", output=str(tmp_path / "papers"))

    done = run(tmp_path / "papers" / "verify.py", tmp_path / "papers" / "proof.json")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("Every figure agrees.\n")
    text = (tmp_path / "papers" / "proof.json").read_text()
    (tmp_path / "changed.json").write_text(text.replace('"pence": ', '"pence": 1', 1))
    done = run(tmp_path / "papers" / "verify.py", tmp_path / "changed.json")
    assert done.returncode == 1
    assert "DOES NOT AGREE" in done.stdout


@pytest.mark.parametrize("text", ["", "{}", "[]", "[1", '{"proof": {"format": 1}}', "null", "\x00"])
def test_a_file_that_is_no_proof_is_one_sentence(text: str, tmp_path: Path) -> None:
    (tmp_path / "proof.json").write_text(text)

    done = run(Path(verify.__file__), tmp_path / "proof.json")

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "is not a whole proof file" in done.stderr


def run(program: Path, *arguments: Path) -> "subprocess.CompletedProcess[str]":
    """The verifier in a Python that sees nothing of ours."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(program), *map(str, arguments)],
        cwd=program.parent, env={}, capture_output=True, text=True, check=False,
    )  # fmt: skip
