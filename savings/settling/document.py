"""What a proposed settlement says, for good: its figures, and what they were made of."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from business_areas.models import BusinessArea
from programmes.models import Alliance, Force
from savings.models import Pool
from savings.selectors.accounts import Adjusted, YearAccount
from savings.selectors.settlement import YearSettlement
from savings.settlement import NOBODY, Account, Line

Document = Mapping[str, Any]


def document_of(alliance: Alliance, found: YearSettlement, day: date) -> dict[str, Any]:
    """The settlement as plain values: forces, areas, every line with what shared it, payments.

    Two queries.
    """
    of, made_of = found.of, _made_of(alliance, found.of)
    codes = {force.pk: force.code for force in of.forces}
    return {
        "alliance": {"id": alliance.pk, "code": alliance.code, "name": alliance.name},
        "year": of.year,
        "until": of.until.isoformat() if of.until else None,
        "as_at": day.isoformat(),
        "through": found.through.code if found.through else None,
        "forces": [
            {
                "id": each.pk,
                "code": each.code,
                "name": each.name,
                "policing_body": each.commissioner,
            }
            for each in of.forces
        ],
        "areas": [{"id": each.pk, "code": each.code, "name": each.name} for each in of.areas],
        "adjustments": {codes[force]: pence for force, pence in of.account.adjustments.items()},
        "adjusted": [
            {
                "year": each.year,
                "area": {"id": each.area.pk, "code": each.area.code, "name": each.area.name},
                "savings": each.is_saving,
                "nets": {codes[force]: pence for force, pence in each.nets.items()},
            }
            for each in of.adjusted
        ],
        "lines": [
            {
                "area": line.area,
                "savings": line.is_saving,
                "held": _by_code(line.held, codes),
                "due": _by_code(line.due, codes),
                "made_of": made_of.get((line.area, line.is_saving), []),
            }
            for line in of.account.lines
        ],
        "payments": [
            {"payer": each.payer.force.code, "payee": each.payee.force.code, "pence": each.pence}
            for each in found.payments
        ],
    }


def digest_of(document: Document) -> str:
    """The document's hash, whatever order its keys are kept in."""
    written = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def figures_of(document: Document) -> dict[str, Any]:
    """What of the document is money: two with the same figures settle the same."""
    return {
        **{key: document[key] for key in ("until", "through", "adjustments")},
        "lines": {
            (line["area"], line["savings"]): (
                {code: pence for code, pence in line["held"].items() if pence},
                {code: pence for code, pence in line["due"].items() if pence},
            )
            for line in document["lines"]
        },
    }


def account_in(document: Document) -> YearAccount:
    """The account that the document has, with forces and areas as they were called then."""
    alliance = document["alliance"]["id"]
    forces = tuple(
        Force(
            pk=each["id"],
            alliance_id=alliance,
            code=each["code"],
            name=each["name"],
            commissioner=each["policing_body"],
        )
        for each in document["forces"]
    )
    areas = tuple(
        BusinessArea(pk=each["id"], alliance_id=alliance, code=each["code"], name=each["name"])
        for each in document["areas"]
    )
    ids = {force.code: force.pk for force in forces}
    lines = tuple(
        Line(line["area"], line["savings"], _by_id(line["held"], ids), _by_id(line["due"], ids))
        for line in document["lines"]
    )
    adjustments = {ids[code]: pence for code, pence in document["adjustments"].items()}
    until = date.fromisoformat(document["until"]) if document["until"] else None
    account = Account(tuple(ids.values()), lines, adjustments)
    adjusted = tuple(
        Adjusted(
            each["year"],
            BusinessArea(
                pk=each["area"]["id"],
                alliance_id=alliance,
                code=each["area"]["code"],
                name=each["area"]["name"],
            ),
            each["savings"],
            {ids[code]: pence for code, pence in each["nets"].items()},
        )
        for each in document.get("adjusted", ())  # versions of before there were any have none
    )
    return YearAccount(document["year"], "ACTUAL", until, forces, areas, account, adjusted)


def through_in(document: Document, forces: Iterable[Force]) -> Force | None:
    """The force that the document pays through."""
    return next((force for force in forces if force.code == document["through"]), None)


def _by_code(pence: Mapping[int | None, int], codes: Mapping[int, str]) -> dict[str, int]:
    return {codes[force]: each for force, each in pence.items() if force is not NOBODY}


def _by_id(pence: Mapping[str, int], ids: Mapping[str, int]) -> dict[int | None, int]:
    return {ids[code]: each for code, each in pence.items()}


def _made_of(
    alliance: Alliance, of: YearAccount
) -> Mapping[tuple[int, bool], Sequence[dict[str, Any]]]:
    """What shared each line: the pools of the year with their rule, sizes and percentages. Two queries."""
    pools = (
        Pool.objects.filter(alliance=alliance, year=of.year, version=of.version)
        .select_related("ratio")
        .prefetch_related("ratio__parts__force")
        .order_by("area", "kind", "starts_on", "pk")
    )
    found: dict[tuple[int, bool], list[dict[str, Any]]] = {}
    for pool in pools:
        assert pool.ratio
        made = {
            "basis": pool.ratio.basis,
            "rule_from": pool.ratio.rule_effective_on.isoformat(),
            "sizes_on": pool.ratio.sizes_on.isoformat() if pool.ratio.sizes_on else None,
            "percentages": {
                each.force.code: str(each.percentage) for each in pool.ratio.parts.all()
            },
            "sizes": pool.ratio.evidence,
            "pence": pool.total_pence,
            "inputs": pool.inputs_hash,
        }
        found.setdefault((pool.area_id, pool.kind == Pool.Kind.SAVING), []).append(made)
    return found
