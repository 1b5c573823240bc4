"""Reads what an alliance's ratios come from, in one query: as a part of its book, or alone."""

import json
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from programmes.models import Force
from savings.engine.rules import Rule, Size, Stay, Term
from savings.inputs import SharingInputs

# Members of a JSON object, each null where there is nothing; a statement gives %(alliance)s.
SHARING = """
    'forces', (SELECT json_agg(json_build_array(id, code, name, position) ORDER BY position)
                 FROM programmes_force WHERE alliance_id = %(alliance)s),
    'stays', (SELECT json_agg(json_build_array(area_id, force_id, joined_on, left_on)) FROM (
        SELECT NULL AS area_id, force_id, joined_on, left_on
          FROM programmes_membership WHERE alliance_id = %(alliance)s
         UNION ALL
        SELECT area_id, force_id, joined_on, left_on FROM business_areas_areamembership
         WHERE alliance_id = %(alliance)s) stay),
    'sizes', (SELECT json_agg(json_build_array(
            s.force_id, m.name, s.effective_on, s.release, s.value::text, s.source))
         FROM programmes_forcesize s JOIN programmes_sizemeasure m ON m.id = s.measure_id
        WHERE s.alliance_id = %(alliance)s AND s.withdrawn_at IS NULL),
    'rules', (SELECT json_agg(json_build_array(r.id, r.area_id, a.code, r.effective_on, r.method,
            r.sizes_as_at, r.decimals, r.source, r.agreed_on,
            (SELECT json_agg(json_build_array(m.name, t.weight::text, t.force_id, t.percent::text))
               FROM savings_sharingterm t LEFT JOIN programmes_sizemeasure m ON m.id = t.measure_id
              WHERE t.rule_id = r.id)) ORDER BY r.effective_on)
         FROM savings_sharingrule r LEFT JOIN business_areas_businessarea a ON a.id = r.area_id
        WHERE r.alliance_id = %(alliance)s)
"""


def read_sharing_inputs(alliance_id: int) -> SharingInputs:
    """The alliance's inputs as they stand now. One query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT json_build_object({SHARING})::text", {"alliance": alliance_id})
        (text,) = cursor.fetchone()
    return sharing_of(alliance_id, json.loads(text))


def sharing_of(alliance_id: int, facts: Mapping[str, Any]) -> SharingInputs:
    """The inputs that the members of SHARING say."""
    forces = tuple(
        Force(id=pk, alliance_id=alliance_id, code=code, name=name, position=position)
        for pk, code, name, position in facts["forces"] or ()
    )
    codes = {force.pk: force.code for force in forces}
    stays: dict[int | None, list[Stay]] = {None: []}
    for area_id, force_id, joined_on, left_on in facts["stays"] or ():
        stay = Stay(codes[force_id], day(joined_on), day(left_on))
        stays.setdefault(area_id, []).append(stay)
    rules: dict[int | None, list[Rule]] = {None: []}
    for pk, area_id, area, *said in facts["rules"] or ():
        rules.setdefault(area_id, []).append(_rule(pk, area, said, codes))
    return SharingInputs(
        alliance_id=alliance_id,
        forces=forces,
        stays=tuple(stays.pop(None)),
        area_stays={area_id: tuple(found) for area_id, found in stays.items() if area_id},
        rules=tuple(rules.pop(None)),
        area_rules={area_id: tuple(found) for area_id, found in rules.items() if area_id},
        sizes=tuple(
            Size(codes[pk], measure, date.fromisoformat(on), release, Decimal(value), source)
            for pk, measure, on, release, value, source in facts["sizes"] or ()
        ),
    )


def day(text: str | None) -> date | None:
    """A day as JSON has it."""
    return date.fromisoformat(text) if text else None


def _rule(pk: int, area: str | None, said: Collection[Any], codes: Mapping[int, str]) -> Rule:
    effective_on, method, as_at, decimals, source, agreed_on, terms = said
    return Rule(
        id=pk,
        effective_on=date.fromisoformat(effective_on),
        method=method,
        sizes_as_at=as_at,
        decimals=decimals,
        terms=_terms(terms or (), codes),
        source=source,
        agreed_on=day(agreed_on),
        scope=area or "",
    )


def _terms(rows: Collection[Any], codes: Mapping[int, str]) -> tuple[Term, ...]:
    """A rule's terms in natural order, never in that of their serial numbers."""
    terms = [
        Term(
            measure=measure or "",
            weight=Decimal(weight) if weight is not None else None,
            force=codes[force_id] if force_id else "",
            percent=Decimal(percent) if percent is not None else None,
        )
        for measure, weight, force_id, percent in rows
    ]
    return tuple(sorted(terms, key=lambda term: (term.measure, term.force)))
