"""Corrupts what is stored, behind the triggers' backs, and sees each breach named."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F

from alliance_portal.national import make_national
from programmes.models import Alliance
from savings import recompute, verify
from savings.models import Amount, Pool
from savings.requests import request_recompute

pytestmark = pytest.mark.dialect

# The alliance looked at: six forces, sharing by size at four decimals, an area shared by five.
CODE = "national-05"

ONE_ROW = """
    (s.pool_id, s.amount_id) = (
        SELECT o.pool_id, o.amount_id
          FROM savings_share o JOIN savings_pool p ON p.id = o.pool_id
          JOIN programmes_alliance a ON a.id = p.alliance_id
         WHERE a.code = 'national-05' AND o.pence > 100
         ORDER BY 1, 2 LIMIT 1)
"""
A_PENNY_MORE = "UPDATE savings_amountshares s SET pence[1] = pence[1] + 1"
ONE_POOL = """
    = (SELECT p.id FROM savings_pool p JOIN programmes_alliance a ON a.id = p.alliance_id
        WHERE a.code = 'national-05' AND p.total_pence > 1000 ORDER BY p.id LIMIT 1)
"""
ONE_RATIO = """
    = (SELECT r.id FROM savings_sharingratio r JOIN programmes_alliance a ON a.id = r.alliance_id
        WHERE a.code = 'national-05' AND r.decimals = 4 AND r.sizes_on IS NOT NULL
        ORDER BY r.id LIMIT 1)
"""


@pytest.fixture
def alliance(db: None) -> Alliance:
    """An alliance whose shares are up to date, among others."""
    make_national(alliances=6, amounts=1800)
    made = Alliance.objects.get(code=CODE)
    recompute.bring_up_to_date(alliance_id=made.pk, cause="Test")
    return made


def corrupt(*statements: str) -> None:
    """Run SQL with every trigger off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits to be checked is right
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
            assert cursor.rowcount, f"Nothing was corrupted by {statement}"
        cursor.execute("SET LOCAL session_replication_role = origin")


def broken_laws(alliance: Alliance) -> str:
    """All sentences about the alliance, one a line."""
    return "\n".join(verify.verify([alliance], most=1000).breaches)


def test_every_law_holds_once_shares_are_up_to_date(alliance: Alliance) -> None:
    found = verify.verify([alliance])

    assert found.holds, found.breaches
    assert found.amounts == 300
    assert found.shares > 600
    assert found.behind == 0


CORRUPTIONS = {
    "a penny more in a share": (
        [f"{A_PENNY_MORE} WHERE {ONE_ROW}"],
        [
            "An amount’s shares add up to it.",
            "A force’s lines add up to its share of the pool.",
            "1 shares are not what the inputs give.",
        ],
    ),
    "ten pounds moved from one share to another": (
        [
            f"""UPDATE savings_amountshares s
                   SET pence[1] = pence[1] + 1000, pence[2] = pence[2] - 1000 WHERE {ONE_ROW}"""
        ],
        ["is not within a penny of exact.", "A force’s lines add up to its share of the pool."],
    ),
    "a share gone": (
        [f"UPDATE savings_amountshares s SET pence = pence[2:] WHERE {ONE_ROW}"],
        ["An amount has a share for every force of its ratio."],
    ),
    "a share too many": (
        [f"UPDATE savings_amountshares s SET pence = pence || 0::bigint WHERE {ONE_ROW}"],
        ["An amount has a share for every force of its ratio.", "not what the inputs give."],
    ),
    "a share that is no number": (
        [f"UPDATE savings_amountshares s SET pence[1] = NULL WHERE {ONE_ROW}"],
        ["An amount has a share for every force of its ratio.", "not what the inputs give."],
    ),
    "all shares of a pool gone": (
        [f"DELETE FROM savings_amountshares WHERE pool_id {ONE_POOL}"],
        ["it has no shares, and no pool says why.", "share of the pool is"],
    ),
    "a share of a total changed": (
        [f"UPDATE savings_poolshare SET pence = pence + 5 WHERE pool_id {ONE_POOL}"],
        [
            "A pool’s shares add up to its total, each less than a penny from exact.",
            "the forces’ shares of the total are not what the inputs give.",
        ],
    ),
    "a pool’s total changed": (
        [f"UPDATE savings_pool SET total_pence = total_pence + 5 WHERE id {ONE_POOL}"],
        ["An area’s pools come to its amounts.", "and its amounts come to"],
    ),
    "a pool and its shares gone": (
        [
            f"DELETE FROM savings_amountshares WHERE pool_id {ONE_POOL}",
            f"DELETE FROM savings_poolshare WHERE pool_id {ONE_POOL}",
            f"DELETE FROM savings_pool WHERE id {ONE_POOL}",
        ],
        ["An area’s pools come to its amounts.", "make a pool that is not stored."],
    ),
    "a percentage changed": (
        [
            (
                "UPDATE savings_ratiopart SET percentage = percentage + 0.0001, weight = weight + 1"
                f" WHERE position = 0 AND ratio_id {ONE_RATIO}"
            )
        ],
        ["Percentages add up to exactly 100", "the stored ratio is not what the rule"],
    ),
    "a percentage moved from one force to another": (
        [
            (
                "UPDATE savings_ratiopart SET percentage = percentage - 0.5, weight = weight - 5000"
                f" WHERE position = 0 AND ratio_id {ONE_RATIO}"
            ),
            (
                "UPDATE savings_ratiopart SET percentage = percentage + 0.5, weight = weight + 5000"
                f" WHERE position = 1 AND ratio_id {ONE_RATIO}"
            ),
        ],
        ["Percentages by one measure follow from the sizes by largest remainder."],
    ),
    "a force’s membership gone": (
        [
            (
                "DELETE FROM programmes_membership m USING programmes_alliance a"
                " WHERE a.id = m.alliance_id AND a.code = 'national-05'"
                " AND m.force_id = (SELECT max(id) FROM programmes_force WHERE alliance_id = a.id)"
            )
        ],
        ["Only members on the amount’s date have shares."],
    ),
    "a pool withheld that has shares": (
        [f"UPDATE savings_pool SET ratio_id = NULL, withheld = 'Nothing' WHERE id {ONE_POOL}"],
        ["A withheld pool has no shares."],
    ),
    "an amount of no one shared": (
        [f"UPDATE savings_amountshares s SET amount_id = -1 WHERE {ONE_ROW}"],
        ["A share’s amount and force exist and are the alliance’s."],
    ),
    "shares of a pool that is gone": (
        [f"DELETE FROM savings_pool WHERE id {ONE_POOL}"],
        ["A share’s pool exists."],
    ),
    "an amount shared in another pool too": (
        [
            f"""INSERT INTO savings_amountshares (pool_id, amount_id, pence)
                SELECT (SELECT max(p.id) FROM savings_pool p
                         WHERE p.alliance_id = (SELECT alliance_id FROM savings_pool q
                                                 WHERE q.id = s.pool_id)),
                       s.amount_id, array_fill(0::bigint, ARRAY[cardinality(s.pence)])
                  FROM savings_amountshares s WHERE {ONE_ROW}"""
        ],
        ["its shares lie in 2 pools.", "it is shared in a pool that is not its own"],
    ),
    "an amount changed without a request": (
        [
            (
                "UPDATE savings_amount SET pence = pence + 1 WHERE id = (SELECT min(s.amount_id)"
                f" FROM savings_share s WHERE s.pool_id {ONE_POOL})"
            )
        ],
        ["An amount’s shares add up to it.", "its total is"],
    ),
}


@pytest.mark.parametrize("what", CORRUPTIONS)
def test_a_corrupted_row_is_named(alliance: Alliance, what: str) -> None:
    statements, expected = CORRUPTIONS[what]
    corrupt(*statements)

    sentences = broken_laws(alliance)

    for sentence in expected:
        assert sentence in sentences


def test_a_force_of_weight_zero_may_have_no_share(alliance: Alliance) -> None:
    corrupt(f"UPDATE savings_ratiopart SET weight = 0 WHERE position = 0 AND ratio_id {ONE_RATIO}")

    assert "A force of weight zero has no share." in broken_laws(alliance)


def test_a_closed_year_worked_out_again_is_named(alliance: Alliance) -> None:
    corrupt(
        "INSERT INTO savings_financialyear (revision, alliance_id, year, closed_at)"
        f" SELECT 1, id, 2016, now() - interval '1 day' FROM programmes_alliance WHERE code = '{CODE}'"
    )

    assert "A closed year is left alone." in broken_laws(alliance)


CLOSED = (
    "INSERT INTO savings_financialyear (revision, alliance_id, year, closed_at)"
    f" SELECT 1, id, 2016, now() + interval '1 day' FROM programmes_alliance WHERE code = '{CODE}'"
)
OF_THE_ALLIANCE = f"alliance_id = (SELECT id FROM programmes_alliance WHERE code = '{CODE}')"
AFTER_CLOSING = {
    "an amount": (
        "UPDATE savings_amount SET pence = pence + 1 WHERE year = 2016",
        "An amount’s shares add up to it.",
    ),
    "a penny from one force to another": (
        f"""UPDATE savings_amountshares s SET pence[1] = pence[1] + 1, pence[2] = pence[2] - 1
             WHERE {ONE_ROW.replace("o.pence > 100", "o.pence > 100 AND p.year = 2016")}""",
        "shares are not what the inputs give.",
    ),
    "a rule moved": (
        "UPDATE savings_sharingrule SET effective_on = effective_on + 1000",
        "2016/17: another rule is in force in it now.",
    ),
    "a force that left": (
        f"""UPDATE programmes_membership SET left_on = '2016-04-01' WHERE {OF_THE_ALLIANCE} AND
            force_id = (SELECT min(force_id) FROM programmes_membership WHERE {OF_THE_ALLIANCE})""",
        "2016/17: other forces are members in it now.",
    ),
    "a size": (
        f"UPDATE programmes_forcesize SET value = value + 1 WHERE {OF_THE_ALLIANCE}",
        "A size that a closed year was shared by is on record as it was.",
    ),
}


@pytest.mark.parametrize("what", AFTER_CLOSING)
def test_a_closed_year_is_compared_with_what_was_frozen_with_it(
    alliance: Alliance, what: str
) -> None:
    corruption, breach = AFTER_CLOSING[what]
    corrupt(CLOSED, corruption)

    assert breach in broken_laws(alliance)


def test_a_closed_year_is_not_compared_with_later_evidence(alliance: Alliance) -> None:
    corrupt(
        CLOSED,
        "INSERT INTO programmes_forcesize (revision, alliance_id, force_id, measure_id, effective_on,"
        " value, source, release) SELECT 1, alliance_id, force_id, measure_id, effective_on, value + 1,"
        f" 'Restated', release + 1 FROM programmes_forcesize WHERE {OF_THE_ALLIANCE}"
        " AND effective_on < '2016-05-01'",
    )
    recompute.bring_up_to_date(alliance_id=alliance.pk, cause="Test", everything=True)

    assert broken_laws(alliance) == ""


def test_what_is_behind_is_not_compared_with_its_inputs(alliance: Alliance) -> None:
    Amount.objects.filter(alliance=alliance).update(pence=F("pence") + 100)
    request_recompute(alliance=alliance, cause="Test")

    found = verify.verify([alliance])

    assert found.holds, found.breaches
    assert found.behind > 0


def test_another_alliance_is_not_looked_at(alliance: Alliance) -> None:
    corrupt(f"{A_PENNY_MORE} WHERE {ONE_ROW}")

    assert verify.verify([Alliance.objects.get(code="national-06")]).holds


def test_only_so_many_breaches_are_put_in_words(alliance: Alliance) -> None:
    corrupt(A_PENNY_MORE)

    few, all_of_them = verify.verify([alliance], most=2), verify.verify([alliance], most=100_000)

    assert len(few.breaches) == 2
    assert len(all_of_them.breaches) == 2 + few.more
    assert all_of_them.more == 0


def test_the_command_says_in_one_line_what_was_checked(
    alliance: Alliance, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("verify_shares", CODE)

    line = capsys.readouterr().out
    assert line.endswith("of 300 amounts in 1 alliance checked; every law holds.\n")
    assert line.count("\n") == 1


def test_the_command_ends_with_1_and_a_line_for_each_breach(
    alliance: Alliance, capsys: pytest.CaptureFixture[str]
) -> None:
    corrupt(f"{A_PENNY_MORE} WHERE {ONE_ROW}")

    with pytest.raises(SystemExit) as ended:
        call_command("verify_shares", CODE, "--most", "1")

    assert ended.value.code == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("national-05: An amount’s shares add up to it.")
    assert lines[1].startswith("… and ")
    assert lines[2].endswith("breaches of the laws.")


def test_pools_without_a_ratio_are_no_breach(alliance: Alliance) -> None:
    corrupt(
        "DELETE FROM programmes_forcesize s USING programmes_force f, programmes_alliance a"
        " WHERE s.force_id = f.id AND f.alliance_id = a.id AND f.position = 0"
        " AND a.code = 'national-05'"
    )
    recompute.bring_up_to_date(alliance_id=alliance.pk, cause="Test", everything=True)

    assert Pool.objects.filter(alliance=alliance, ratio=None).exists()
    assert broken_laws(alliance) == ""
