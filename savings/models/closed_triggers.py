"""What the database holds of closed years: what they were shared by, beside the shares themselves.

A rule, a stay or a size that a closed year was shared by is neither changed nor taken away, and none
comes that would have shared it otherwise. The same SQL answers services and `verify_shares`.
"""

import pgtrigger

from business_areas.models import AreaMembership
from programmes.models import ForceSize, Membership

_CLOSED = """
      JOIN savings_financialyear y
        ON y.alliance_id = p.alliance_id AND y.year = p.year AND y.closed_at IS NOT NULL
"""

# The first closed year that the rule shared; null if it shared none.
YEAR_OF_A_RULE = f"""
    SELECT min(p.year)
      FROM savings_sharingratio r
      JOIN savings_pool p ON p.ratio_id = r.id {_CLOSED}
     WHERE r.rule_id = {{rule}}
"""  # noqa: S608

# Each day of a closed year for which the tables as they stand name another rule than shared it, or
# other members: the financial year and which of the two, as RULE or MEMBERS.
UNLIKE_CLOSED_YEARS = """
    WITH frozen AS (
        SELECT DISTINCT p.year, p.area_id, p.ratio_id, r.rule_id, a.starts_on
          FROM savings_financialyear y
          JOIN savings_pool p ON p.alliance_id = y.alliance_id AND p.year = y.year
          JOIN savings_sharingratio r ON r.id = p.ratio_id
          JOIN savings_amountshares s ON s.pool_id = p.id
          JOIN savings_amount a ON a.id = s.amount_id
         WHERE y.alliance_id = {alliance} AND y.closed_at IS NOT NULL
    ), ruled AS (
        SELECT f.*,
               (SELECT CASE WHEN o.method <> 'ALLIANCE' THEN o.id END FROM savings_sharingrule o
                 WHERE o.area_id = f.area_id AND o.effective_on <= f.starts_on
                 ORDER BY o.effective_on DESC LIMIT 1) AS own,
               (SELECT o.id FROM savings_sharingrule o
                 WHERE o.alliance_id = {alliance} AND o.area_id IS NULL
                   AND o.effective_on <= f.starts_on
                 ORDER BY o.effective_on DESC LIMIT 1) AS common
          FROM frozen f
    )
    SELECT year, 'RULE' AS what FROM ruled
     WHERE rule_id IS NOT NULL AND coalesce(own, common) IS DISTINCT FROM rule_id
    UNION ALL
    SELECT f.year, 'MEMBERS' FROM frozen f JOIN programmes_force x ON x.alliance_id = {alliance}
     WHERE (EXISTS (SELECT 1 FROM programmes_membership m
                     WHERE m.force_id = x.id AND f.starts_on <@ daterange(m.joined_on, m.left_on))
            AND (NOT EXISTS (SELECT 1 FROM business_areas_areamembership m WHERE m.area_id = f.area_id)
                 OR EXISTS (SELECT 1 FROM business_areas_areamembership m
                             WHERE m.area_id = f.area_id AND m.force_id = x.id
                               AND f.starts_on <@ daterange(m.joined_on, m.left_on))))
           <> EXISTS (SELECT 1 FROM savings_ratiopart t
                       WHERE t.ratio_id = f.ratio_id AND t.force_id = x.id)
"""

_LABEL = "(the_year || '/' || right((the_year + 1)::text, 2))"

_SHARED_BY_IT = """
    the_year := ({found});
    IF the_year IS NOT NULL THEN
        RAISE EXCEPTION '% is closed and was shared by this {what}, so it stays as it is.', {label}
        USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';
    END IF;
    RETURN {answer};
"""


def _stays(
    name: str,
    operation: pgtrigger.Operation,
    found: str,
    what: str = "rule",
    condition: pgtrigger.Condition | None = None,
) -> pgtrigger.Trigger:
    """Refuses a row that a closed year was shared by; `found` is the year, or null."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=operation,
        declare=[("the_year", "integer")],
        func=_SHARED_BY_IT.format(
            found=found,
            what=what,
            label=_LABEL,
            name=f"closed_year_keeps_its_{what}",
            answer="OLD" if operation is pgtrigger.Delete else "NEW",
        ),
        condition=condition,
    )


_STAND = (
    "it stays shared by the rules and between the forces that shared it, "
    "so this begins or ends in an open year."
)


def _stand(name: str) -> pgtrigger.Trigger:
    """At the end of a transaction, closed years have the rules and members that shared them."""
    alliance = "coalesce(NEW.alliance_id, OLD.alliance_id)"
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        timing=pgtrigger.Deferred,
        declare=[("the_year", "integer"), ("what", "text")],
        func=f"""
    IF NOT EXISTS (SELECT 1 FROM savings_financialyear y
                    WHERE y.alliance_id = {alliance} AND y.closed_at IS NOT NULL) THEN
        RETURN NULL;
    END IF;
    SELECT u.year, lower(u.what) INTO the_year, what
      FROM ({UNLIKE_CLOSED_YEARS.format(alliance=alliance)}) u LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '% is closed: {_STAND}', {_LABEL}
        USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_year_keeps_its_' || what;
    END IF;
    RETURN NULL;
""",  # noqa: S608
    )


OF_A_RULE = [
    _stays(
        "closed_year_keeps_it",
        pgtrigger.Update,
        YEAR_OF_A_RULE.format(rule="OLD.id"),
        condition=pgtrigger.AnyChange(exclude=["revision"]),
    ),
    _stays("closed_year_has_it", pgtrigger.Delete, YEAR_OF_A_RULE.format(rule="OLD.id")),
    _stand("closed_years_stand"),
]

OF_A_TERM = [
    _stays("closed_year_gains_none", pgtrigger.Insert, YEAR_OF_A_RULE.format(rule="NEW.rule_id")),
    _stays(
        "closed_year_keeps_it",
        pgtrigger.Update,
        YEAR_OF_A_RULE.format(rule="OLD.rule_id"),
        condition=pgtrigger.AnyChange(exclude=["revision"]),
    ),
    _stays("closed_year_has_it", pgtrigger.Delete, YEAR_OF_A_RULE.format(rule="OLD.rule_id")),
]

# A rule that is deleted is first taken out of the ratios that came from it.
OF_A_RATIO = [
    _stays(
        "closed_year_names_its_rule",
        pgtrigger.Update,
        f"""SELECT min(p.year) FROM savings_pool p {_CLOSED} WHERE p.ratio_id = OLD.id""",  # noqa: S608
        condition=pgtrigger.AnyChange("rule"),
    )
]

_YEAR_OF_A_SIZE = f"""
    SELECT min(p.year)
      FROM savings_sharingratio r
      JOIN savings_pool p ON p.ratio_id = r.id {_CLOSED}
     CROSS JOIN LATERAL jsonb_array_elements(r.evidence) AS e (size)
      JOIN programmes_force f ON f.id = OLD.force_id AND f.code = e.size ->> 'force'
      JOIN programmes_sizemeasure m ON m.id = OLD.measure_id AND m.name = e.size ->> 'measure'
     WHERE r.alliance_id = OLD.alliance_id
       AND e.size ->> 'effective_on' = to_char(OLD.effective_on, 'YYYY-MM-DD')
       AND (e.size ->> 'release')::integer = OLD.release
"""  # noqa: S608


class StayInClosedYears(Membership):
    """A stay in an alliance, for what closed years hold of it."""

    class Meta:
        proxy = True
        triggers = [_stand("closed_years_stand")]


class AreaStayInClosedYears(AreaMembership):
    """A stay in an area, for what closed years hold of it."""

    class Meta:
        proxy = True
        triggers = [_stand("closed_years_stand")]


class SizeInClosedYears(ForceSize):
    """A size, for what closed years hold of it; a later release of it is new evidence, and may come."""

    class Meta:
        proxy = True
        triggers = [
            _stays(
                "closed_year_keeps_it",
                pgtrigger.Update,
                _YEAR_OF_A_SIZE,
                "size",
                condition=pgtrigger.AnyChange(
                    "force", "measure", "effective_on", "release", "value", "source"
                ),
            ),
            _stays("closed_year_has_it", pgtrigger.Delete, _YEAR_OF_A_SIZE, "size"),
        ]
