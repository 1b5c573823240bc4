"""What the database refuses about ratios, pools and shares, a whole statement at a time.

A trigger per statement reads what was written as a table, so that a batch of a hundred thousand
shares is checked by a query or two.
"""

import pgtrigger

_NEW = pgtrigger.Referencing(new="new_rows")
_OLD = pgtrigger.Referencing(old="old_rows")


def _refuse(found: str, sentence: str, name: str, *, answer: str = "NULL") -> str:
    """The body of a trigger that refuses what it was called for if the query finds anything."""
    return f"""
    IF EXISTS ({found}) THEN
        RAISE EXCEPTION '{sentence}'
        USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';
    END IF;
    RETURN {answer};
"""


def _after_statement(name: str, operation: pgtrigger.Operation, func: str) -> pgtrigger.Trigger:
    """A trigger that sees all rows of one INSERT as new_rows, or of one DELETE as old_rows."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=_NEW if operation is pgtrigger.Insert else _OLD,
        func=func.replace("{rows}", "new_rows" if operation is pgtrigger.Insert else "old_rows"),
    )


# --- Ratios --------------------------------------------------------------------------------------

_IN_USE = _refuse(
    "SELECT 1 FROM {rows} r JOIN savings_pool p ON p.ratio_id = r.ratio_id",
    "The parts of a ratio that divides a pool stay as they are.",
    "ratio_in_use_stays",
)

# Which rule it came from is forgotten when the rule is deleted; what it says is not.
OF_A_RATIO = [
    pgtrigger.Protect(
        name="never_edited",
        operation=pgtrigger.UpdateOf(
            "alliance_id",
            "digest",
            "rule_effective_on",
            "decimals",
            "sizes_on",
            "basis",
            "evidence",
        ),
    )
]

OF_A_PART = [
    pgtrigger.Protect(name="never_edited", operation=pgtrigger.Update),
    _after_statement("none_added_in_use", pgtrigger.Insert, _IN_USE),
    _after_statement("none_removed_in_use", pgtrigger.Delete, _IN_USE),
]

# --- Closed years (law 7) ------------------------------------------------------------------------

_CLOSED = "The shares of a closed year never change.", "closed_year_stays"
_OLD_YEAR, _NEW_YEAR = "(OLD.alliance_id, OLD.year)", "(NEW.alliance_id, NEW.year)"

_CLOSED_POOL = """
        SELECT 1 FROM savings_financialyear y
         WHERE y.closed_at IS NOT NULL AND (y.alliance_id, y.year) IN ({years})
    """

_CLOSED_SHARES = _refuse(
    """
        SELECT 1
          FROM (SELECT DISTINCT pool_id FROM {rows}) r
          JOIN savings_pool p ON p.id = r.pool_id
          JOIN savings_financialyear y ON y.alliance_id = p.alliance_id AND y.year = p.year
         WHERE y.closed_at IS NOT NULL
    """,
    *_CLOSED,
)


def _pool_of_open_year(name: str, operation: pgtrigger.Operation, *years: str) -> pgtrigger.Trigger:
    found = _CLOSED_POOL.replace("{years}", ", ".join(years))
    answer = "OLD" if operation is pgtrigger.Delete else "NEW"
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=operation,
        func=_refuse(found, *_CLOSED, answer=answer),
    )


OF_A_POOL = [
    _pool_of_open_year("closed_year_stays", pgtrigger.Insert, _NEW_YEAR),
    _pool_of_open_year("closed_year_is_not_edited", pgtrigger.Update, _OLD_YEAR, _NEW_YEAR),
    _pool_of_open_year("closed_year_is_kept", pgtrigger.Delete, _OLD_YEAR),
    _after_statement(
        "goes_after_its_shares",
        pgtrigger.Delete,
        _refuse(
            "SELECT 1 FROM old_rows p JOIN savings_poolshare s ON s.pool_id = p.id",
            "A pool goes after its shares.",
            "pool_goes_after_its_shares",
        ),
    ),
]

_SHARES_STAY = [
    pgtrigger.Protect(name="never_edited", operation=pgtrigger.Update),
    _after_statement("closed_year_stays", pgtrigger.Insert, _CLOSED_SHARES),
    _after_statement("closed_year_is_kept", pgtrigger.Delete, _CLOSED_SHARES),
]

# --- Shares --------------------------------------------------------------------------------------

_MEMBERS_ONLY = _refuse(
    """
        WITH one AS (
            SELECT DISTINCT p.alliance_id, p.area_id, p.starts_on, n.force_id
              FROM new_rows n JOIN savings_pool p ON p.id = n.pool_id
        )
        SELECT 1
          FROM one
          LEFT JOIN programmes_membership m
            ON m.alliance_id = one.alliance_id AND m.force_id = one.force_id
           AND one.starts_on <@ daterange(m.joined_on, m.left_on)
         WHERE m.id IS NULL
         UNION ALL
        SELECT 1
          FROM one
          LEFT JOIN business_areas_areamembership m
            ON m.area_id = one.area_id AND m.force_id = one.force_id
           AND one.starts_on <@ daterange(m.joined_on, m.left_on)
         WHERE m.id IS NULL
           AND one.area_id IN (SELECT area_id FROM business_areas_areamembership)
    """,
    "A force that is not a member on the day has no share.",
    "share_of_members_only",
)

_OF_ITS_RATIO = _refuse(
    """
        SELECT 1
          FROM new_rows n
          LEFT JOIN savings_pool p ON p.id = n.pool_id
          LEFT JOIN savings_ratiopart t ON t.ratio_id = p.ratio_id AND t.force_id = n.force_id
         WHERE t.id IS NULL
    """,
    "A pool is divided between the forces of its ratio.",
    "share_of_its_ratio",
)

# The pool's own shares are of its ratio's forces and of members only (above); as many of them as
# the ratio has forces, and as long a row, is all of them and no one else.
_ONE_FOR_EACH_FORCE = _refuse(
    """
        SELECT 1
          FROM (SELECT DISTINCT pool_id, cardinality(pence) AS forces FROM new_rows) n
          LEFT JOIN savings_pool p ON p.id = n.pool_id
          LEFT JOIN LATERAL (
               SELECT count(*) AS forces FROM savings_ratiopart t WHERE t.ratio_id = p.ratio_id
               ) ratio ON true
          LEFT JOIN LATERAL (
               SELECT count(*) AS forces FROM savings_poolshare s WHERE s.pool_id = n.pool_id
               ) own ON true
         WHERE n.forces IS DISTINCT FROM ratio.forces OR n.forces IS DISTINCT FROM own.forces
    """,
    "An amount has a share for every force of its ratio, and for no other.",
    "share_for_each_force",
)

# An amount that was changed after the worker read it has a request that the worker has not taken:
# what it wrote is behind, and worked out again. Without one the amount must be met to the penny.
_ADD_UP = _refuse(
    """
        SELECT 1
          FROM new_rows n
          LEFT JOIN savings_amount a ON a.id = n.amount_id
         WHERE (SELECT CASE WHEN count(cell) = cardinality(n.pence) THEN sum(cell) END
                  FROM (SELECT unnest(n.pence)) AS laid_out (cell)) IS DISTINCT FROM a.pence
           AND NOT EXISTS (
               SELECT 1 FROM savings_pool p
                 JOIN savings_recomputerequest r ON r.area_id = p.area_id AND r.year = p.year
                WHERE p.id = n.pool_id)
    """,
    "The shares of an amount add up to it.",
    "shares_add_up",
)

OF_A_POOLS_SHARES = [
    _after_statement("members_only", pgtrigger.Insert, _MEMBERS_ONLY),
    _after_statement("of_its_ratio", pgtrigger.Insert, _OF_ITS_RATIO),
    *_SHARES_STAY,
]

OF_AN_AMOUNTS_SHARES = [
    _after_statement("one_for_each_force", pgtrigger.Insert, _ONE_FOR_EACH_FORCE),
    _after_statement("add_up", pgtrigger.Insert, _ADD_UP),
    *_SHARES_STAY,
]
