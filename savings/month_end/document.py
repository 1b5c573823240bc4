"""What a month came to, force by force: as it stands now, and as it was kept when it was locked."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from django.db import connection

from programmes.models import Alliance, Force
from savings.month_end.expected import Counted


@dataclass(frozen=True)
class ForceMonth:
    """A force's month in pence: costs net of grants borne and due, savings due and banked.

    Without a code: what no force is named for, and what is not shared.
    """

    code: str
    name: str
    borne: int = 0
    cost_due: int = 0
    saving_due: int = 0
    banked: int = 0

    @property
    def figures(self) -> tuple[int, int, int, int]:
        """In the order of the page."""
        return self.borne, self.cost_due, self.saving_due, self.banked


@dataclass(frozen=True)
class MonthTotals:
    """Every force's month in the agreed order, nobody's after them, and how items stood."""

    forces: tuple[ForceMonth, ...]
    nobody: ForceMonth
    counted: Counted

    @property
    def total(self) -> ForceMonth:
        """All of them together."""
        sums = zip(*(each.figures for each in (*self.forces, self.nobody)), strict=True)
        return ForceMonth("", "All forces", *(sum(each) for each in sums))

    @property
    def has_nobody(self) -> bool:
        """Whether anything names no force or is not shared."""
        return any(self.nobody.figures)

    def kept(self) -> dict[str, Any]:
        """As the lock keeps it."""
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "MonthTotals":
        """What a lock kept."""
        names = {field.name for field in fields(ForceMonth)}
        forces = [
            ForceMonth(**{name: value for name, value in each.items() if name in names})
            for each in (*kept["forces"], kept["nobody"])
        ]
        return cls(tuple(forces[:-1]), forces[-1], Counted(**kept["counted"]))

    @property
    def digest(self) -> str:
        """The same text for the same figures."""
        text = json.dumps(self.kept(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


# By what is counted and by force: shares of the month's actual amounts, who bore or banked them, and
# what is not shared. A whole year's amounts are of no month.
_TOTALS = """
    WITH month AS MATERIALIZED (
        SELECT a.id, a.pence, a.borne_by_id, a.year, i.area_id,
               CASE i.kind WHEN 'SAVING' THEN 'SAVING' ELSE 'COST' END AS kind,
               CASE i.kind WHEN 'GRANT' THEN -1 ELSE 1 END AS sign
          FROM savings_amount a JOIN savings_item i ON i.id = a.item_id
         WHERE a.alliance_id = %(alliance)s AND a.version = 'ACTUAL' AND NOT a.whole_year
           AND a.year = %(year)s AND a.starts_on = %(month)s
    ), shared AS MATERIALIZED (
        SELECT m.id, m.kind, m.sign, s.pence, p.ratio_id
          FROM month m
          JOIN savings_pool p ON p.area_id = m.area_id AND p.year = m.year
           AND p.version = 'ACTUAL' AND p.kind = m.kind
          JOIN savings_amountshares s ON s.pool_id = p.id AND s.amount_id = m.id
    )
    SELECT CASE kind WHEN 'COST' THEN 'borne' ELSE 'banked' END, borne_by_id, sum(sign * pence)::bigint
      FROM month GROUP BY 1, 2
    UNION ALL
    SELECT CASE kind WHEN 'COST' THEN 'cost_due' ELSE 'saving_due' END, rp.force_id,
           sum(sign * s.pence[rp.position + 1])::bigint
      FROM shared s JOIN savings_ratiopart rp ON rp.ratio_id = s.ratio_id GROUP BY 1, 2
    UNION ALL
    SELECT CASE kind WHEN 'COST' THEN 'cost_due' ELSE 'saving_due' END, NULL, sum(sign * pence)::bigint
      FROM month m WHERE NOT EXISTS (SELECT 1 FROM shared s WHERE s.id = m.id) GROUP BY 1
"""


def month_totals(alliance: Alliance, month: date, year: int, counted: Counted) -> MonthTotals:
    """What the month's actual amounts come to now. Two queries."""
    sums: dict[int | None, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, {"alliance": alliance.pk, "month": month, "year": year})
        for what, force_id, pence in cursor.fetchall():
            sums[force_id][what] = pence
    return MonthTotals(
        tuple(
            ForceMonth(force.code, force.short_name, **sums[force.pk])
            for force in Force.objects.filter(alliance=alliance).order_by("position")
        ),
        ForceMonth("", "No force, or not yet shared", **sums[None]),
        counted,
    )
