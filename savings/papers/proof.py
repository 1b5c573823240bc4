"""The proof file: a year's inputs, rules, ratios and shares as JSON, for `verify.py` to derive again.

Streamed: what grows with the amounts is never held.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256

from django.utils import timezone

from savings.engine.method import METHOD
from savings.engine.periods import year_label
from savings.exports import CLOSED, OPEN
from savings.inputs import SharingInputs
from savings.papers.year import Ready, Record, amounts_of, iso
from savings.selectors.accounts import read_account

FORMAT = 1


def proof_lines(ready: Ready) -> Iterator[str]:
    """The file, a record a line, with the digest of each part at its end. Six queries."""
    digests: dict[str, str] = {}
    about = _about(ready)
    digests["proof"] = sha256(_canonical(about)).hexdigest()
    yield '{\n"proof": ' + json.dumps(about, ensure_ascii=False)
    for name, records in _sections(ready):
        digest = sha256()
        yield f',\n"{name}": ['
        for at, record in enumerate(records):
            digest.update(_canonical(record))
            yield (",\n" if at else "\n") + json.dumps(record, ensure_ascii=False)
        yield "\n]"
        digests[name] = digest.hexdigest()
    yield ',\n"digests": ' + json.dumps(digests, indent=1) + "\n}\n"


def _canonical(record: Record) -> bytes:
    """A record as its digest takes it."""
    return json.dumps(record, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _about(ready: Ready) -> Record:
    alliance = ready.alliance
    return {
        "format": FORMAT,
        "method": METHOD,
        "alliance": alliance.code,
        "name": alliance.name,
        "year": year_label(ready.year),
        "state": CLOSED if ready.is_closed else OPEN,
        "made_at": timezone.localtime().isoformat(" ", "seconds"),
        "held_on": iso(alliance.held_on),
        "note": alliance.data_note,
    }


def _sections(ready: Ready) -> Iterator[tuple[str, Iterable[Record]]]:
    """The parts of the file in their order."""
    inputs = ready.inputs
    yield "forces", ({"code": each.code, "name": each.name} for each in inputs.forces)
    yield "members", _members(ready)
    yield "rules", _rules(inputs)
    yield "sizes", _sizes(ready)
    yield "ratios", ready.ratios
    yield "pools", ready.pools
    yield "amounts", amounts_of(ready)
    yield "totals", totals_of(ready)
    yield "settlement", settlement_of(ready)


def _members(ready: Ready) -> Iterator[Record]:
    lists = ready.inputs.area_stays
    of_areas = sorted((code, lists[pk]) for pk, code in ready.areas.items() if pk in lists)
    for area, stays in [("", ready.inputs.stays), *of_areas]:
        for stay in stays:
            yield {
                "area": area,
                "force": stay.force,
                "joined_on": iso(stay.joined_on),
                "left_on": iso(stay.left_on),
            }


def _rules(inputs: SharingInputs) -> Iterator[Record]:
    for rules in (inputs.rules, *inputs.area_rules.values()):
        for rule in rules:
            yield {
                "area": rule.scope,
                "effective_on": iso(rule.effective_on),
                "method": rule.method,
                "sizes_as_at": rule.sizes_as_at,
                "decimals": rule.decimals,
                "source": rule.source,
                "agreed_on": iso(rule.agreed_on),
                "terms": [
                    {"measure": term.measure, "weight": str(term.weight)}
                    if term.measure
                    else {"force": term.force, "percent": str(term.percent)}
                    for term in rule.terms
                ],
            }


def _sizes(ready: Ready) -> Iterator[Record]:
    """Those on record; of a closed year those that it was closed with, whatever was restated since."""
    if ready.is_closed:
        used = {
            (each["force"], each["measure"], each["effective_on"], each["release"]): each
            for ratio in ready.ratios
            for each in ratio["evidence"]
        }
        yield from (used[key] for key in sorted(used))
        return
    for size in ready.inputs.sizes:
        yield {
            "force": size.force,
            "measure": size.measure,
            "effective_on": iso(size.effective_on),
            "release": size.release,
            "value": format(size.value.normalize(), "f"),
            "source": size.source,
        }


def totals_of(ready: Ready) -> Iterator[Record]:
    """Each force's costs and savings of each version: the plain sums of its pools."""
    forces = {ratio["digest"]: ratio["forces"] for ratio in ready.ratios}
    sums: Counter[tuple[str, str, str]] = Counter()
    for pool in ready.pools:
        for force, pence in zip(forces.get(pool["ratio"], ()), pool["shares"], strict=False):
            sums[pool["version"], pool["kind"], force] += pence
    for (version, kind, force), pence in sorted(sums.items()):
        yield {"version": version, "kind": kind, "force": force, "pence": pence}


def settlement_of(ready: Ready) -> Iterator[Record]:
    """Each force's account of the actual amounts; nothing while they do not come out whole. Five queries."""
    of = read_account(ready.alliance, ready.year, "ACTUAL")
    if not of.account.is_whole:
        return
    figures = of.account.figures()
    for force in of.forces:
        own = figures[force.pk]
        yield {
            "force": force.code,
            "borne": own.borne,
            "due": own.due,
            "saving_due": own.saving_due,
            "banked": own.banked,
            "adjustment": own.adjustment,
            "net": own.net,
        }
