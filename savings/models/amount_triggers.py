"""What the database refuses about amounts, a whole statement at a time."""

from functools import partial

import pgtrigger

_CLOSED_YEARS_STAY = """
    IF EXISTS (
        SELECT 1 FROM {rows} n JOIN savings_financialyear y
               ON y.alliance_id = n.alliance_id AND y.year = n.year
         WHERE y.closed_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'The amounts of a closed year never change.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'amounts_of_a_closed_year_stay';
    END IF;
    RETURN NULL;
"""

# An actual amount of a month that is locked, or of a year with a locked month.
_LOCKED_MONTHS_STAY = """
    SELECT min(l.month) INTO locked FROM {rows} n JOIN savings_monthlock l
        ON l.alliance_id = n.alliance_id AND l.unlocked_at IS NULL
       AND l.month >= n.starts_on
       AND l.month < n.starts_on + CASE WHEN n.whole_year THEN INTERVAL '1 year'
                                        ELSE INTERVAL '1 month' END
     WHERE n.version = 'ACTUAL';
    IF locked IS NOT NULL THEN
        RAISE EXCEPTION '% is locked, so its actual amounts stay as they are until it is unlocked',
              to_char(locked, 'FMMonth YYYY')
        USING ERRCODE = 'check_violation', CONSTRAINT = 'amounts_of_a_locked_month_stay';
    END IF;
    RETURN NULL;
"""

_COUNTS_ONCE = """
    IF EXISTS (
        SELECT 1 FROM {rows} n JOIN savings_amount a
               ON a.item_id = n.item_id AND a.version = n.version AND a.id <> n.id
              AND a.starts_on >= make_date(n.year, 4, 1)
              AND a.starts_on < make_date(n.year + 1, 4, 1)
         WHERE a.whole_year <> n.whole_year
            OR (a.starts_on = n.starts_on
                AND (a.borne_by_id IS NULL) <> (n.borne_by_id IS NULL))
    ) THEN
        RAISE EXCEPTION 'An amount stands there with who bore it or without, for the year or in months.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'amount_counts_once';
    END IF;
    RETURN NULL;
"""
# Rows that say something else than before of what the rule asks; an older breach may change its pence.
_MOVED = """(
    SELECT w.* FROM new w JOIN old o USING (id)
     WHERE (w.item_id, w.version, w.starts_on, w.whole_year, w.borne_by_id IS NULL)
           IS DISTINCT FROM
           (o.item_id, o.version, o.starts_on, o.whole_year, o.borne_by_id IS NULL)
)"""


def _refuses(
    func: str,
    name: str,
    operation: pgtrigger.Operation,
    rows: str,
    declare: list[tuple[str, str]] | None = None,
    **transition: str,
) -> pgtrigger.Trigger:
    """Refuses a statement by `func`, one look for all of the `rows` that it touches."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**transition),
        declare=declare,
        func=func.replace("{rows}", rows),
    )


# The same money twice (`rules.beside_refusal`), an amount of a closed year, an actual one of a locked
# month.
_counts_once = partial(_refuses, _COUNTS_ONCE)
_closed_years_stay = partial(_refuses, _CLOSED_YEARS_STAY)
_locked_months_stay = partial(_refuses, _LOCKED_MONTHS_STAY, declare=[("locked", "date")])


OF_AN_AMOUNT = [
    _locked_months_stay("locked_months_gain_none", pgtrigger.Insert, "new", new="new"),
    _locked_months_stay("locked_months_lose_none", pgtrigger.Delete, "old", old="old"),
    _locked_months_stay(
        "locked_months_keep_theirs",
        pgtrigger.Update,
        "(SELECT alliance_id, version, starts_on, whole_year FROM old"
        " UNION SELECT alliance_id, version, starts_on, whole_year FROM new)",
        old="old",
        new="new",
    ),
    _closed_years_stay("closed_years_gain_none", pgtrigger.Insert, "new", new="new"),
    _closed_years_stay("closed_years_lose_none", pgtrigger.Delete, "old", old="old"),
    _closed_years_stay(
        "closed_years_keep_theirs",
        pgtrigger.Update,
        "(SELECT alliance_id, year FROM old UNION SELECT alliance_id, year FROM new)",
        old="old",
        new="new",
    ),
    _counts_once("counts_once", pgtrigger.Insert, "new", new="new"),
    _counts_once("still_counts_once", pgtrigger.Update, _MOVED, old="old", new="new"),
]
