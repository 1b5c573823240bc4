"""Checks a proof file of the Alliance Portal without the portal.

    python3 verify.py proof.json

Plain Python 3.10 or later with nothing to install: no database, no network, no line of the portal's own
code. From the amounts, sizes, rules and members in the file it derives every ratio, every share, every
total and the year's settlement again, and names each figure that the file has otherwise. Exit status: 0
if everything agrees, 1 if anything does not, 2 if the file cannot be read.

The method, in whole pence and whole numbers throughout:

1. The rule in force on a period's first day is the area's own, if one has started and not ended, else the
   alliance's. The members are the forces that belong to the alliance, and to the area if it has a list.
2. By size: each measure's proportions, weighed. Sizes are the latest on or before 1 April of the year (or
   the period's first day), in the latest release. The percentages come by largest remainder at the rule's
   decimals: round every part down, then one unit each to the largest remainders, ties to the earlier force.
3. A pool is an area's costs less grants, or its savings, of one version, that one ratio divides. Its total
   is divided by largest remainder, and so is every line, in the order of item, period and bearer.
4. Lines are then made to agree with the total. While some line lets a force that holds too much hand a
   penny to one that holds too little, the move that gives up least remainder is made (ties: earlier line,
   earlier force). Then the shortest chain of such moves (ties: least remainder, earlier line, earlier
   force), through the total itself only if there is no other.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import gcd, lcm
from pathlib import Path
from typing import Any

FORMAT, METHOD = 1, 2
Record = dict[str, Any]
SECTIONS = (
    *("proof", "forces", "members", "rules", "sizes", "ratios"),
    *("pools", "amounts", "totals", "settlement"),
)


# --- Dividing --------------------------------------------------------------------------------------


@dataclass
class Row:
    """An amount divided: its sign, each force's whole pence and remainder, and who has an odd penny."""

    sign: int
    down: list[int]
    rest: list[int]
    odd: set[int]

    def shares(self) -> list[int]:
        """Each force's pence, with the amount's sign."""
        return [self.sign * (pence + (force in self.odd)) for force, pence in enumerate(self.down)]


def divide(amount: int, weights: list[int]) -> Row:
    """The amount by largest remainder."""
    whole, size = sum(weights), abs(amount)
    down = [size * weight // whole for weight in weights]
    rest = [size * weight % whole for weight in weights]
    ranking = sorted(range(len(weights)), key=lambda force: (-rest[force], force))
    return Row((amount > 0) - (amount < 0), down, rest, {*ranking[: size - sum(down)]})


def divide_pool(amounts: list[int], weights: list[int]) -> tuple[list[int], list[list[int]]]:
    """Each force's share of the total, and of each line: they agree."""
    rows, total = [divide(amount, weights) for amount in amounts], divide(sum(amounts), weights)
    over = [-due for due in total.shares()]
    for row in rows:
        over = [have + pence for have, pence in zip(over, row.shares(), strict=True)]
    hand_over(rows, over)
    direction = next((row.sign for row in rows if row.sign), 1)
    through_total = Row(-total.sign, total.down, total.rest, total.odd)
    while any(over):
        hops = chain(rows, over, direction) or chain([*rows, through_total], over, direction)
        for row, giver, taker in hops:
            row.odd ^= {giver, taker}
        over[hops[0][1]] -= direction
        over[hops[-1][2]] += direction
    return total.shares(), [row.shares() for row in rows]


def hand_over(rows: list[Row], over: list[int]) -> None:
    """Move odd pennies within lines from forces that hold too much to forces that hold too little."""
    while any(over):
        offers = [
            (found[0], at, found) for at, row in enumerate(rows) if (found := offer(row, over))
        ]
        heapify(offers)
        sides = [force > 0 for force in over], [force < 0 for force in over]
        if not offers:
            return
        # Until a force has neither too much nor too little any more, only the moved line's offer changes.
        while offers and sides == ([force > 0 for force in over], [force < 0 for force in over]):
            _, at, (_, giver, taker) = heappop(offers)
            rows[at].odd ^= {giver, taker}
            over[giver] -= rows[at].sign
            over[taker] += rows[at].sign
            if next_one := offer(rows[at], over):
                heappush(offers, (next_one[0], at, next_one))


def offer(row: Row, over: list[int]) -> tuple[int, int, int] | None:
    """What the line's cheapest move gives up, who gives and who takes; None if it has no move."""
    givers = [force for force in row.odd if over[force] * row.sign > 0]
    takers = [
        force
        for force, rest in enumerate(row.rest)
        if over[force] * row.sign < 0 and rest and force not in row.odd
    ]
    if not givers or not takers:
        return None
    giver = min(givers, key=lambda force: (row.rest[force], force))
    taker = min(takers, key=lambda force: (-row.rest[force], force))
    return row.rest[giver] - row.rest[taker], giver, taker


def chain(rows: list[Row], over: list[int], direction: int) -> list[tuple[Row, int, int]]:
    """The shortest chain from a force with too much to one with too little; empty if there is none."""
    paths: dict[int, tuple[int, list[tuple[Row, int, int]]]] = {
        force: (0, []) for force, pence in enumerate(over) if pence * direction > 0
    }
    edge = sorted(paths)
    while edge:
        best: dict[int, tuple[int, int, int]] = {}
        for giver in edge:
            for at, row in enumerate(rows):
                for taker in takers_from(row, giver, direction):
                    cost = (row.rest[giver] - row.rest[taker]) * row.sign * direction
                    step = (paths[giver][0] + cost, at, giver)
                    if taker not in paths and step < best.get(taker, (step[0] + 1,)):
                        best[taker] = step
        for taker, (cost, at, giver) in best.items():
            paths[taker] = cost, [*paths[giver][1], (rows[at], giver, taker)]
        ends = [(paths[force][0], force) for force in best if over[force] * direction < 0]
        if ends:
            return paths[min(ends)[1]][1]
        edge = sorted(best)
    return []


def takers_from(row: Row, giver: int, direction: int) -> list[int]:
    """The forces to which `giver` could pass a penny of the line."""
    sign, has = row.sign * direction, giver in row.odd
    if not sign or not row.rest[giver] or has != (sign > 0):
        return []
    return [force for force, rest in enumerate(row.rest) if rest and (force in row.odd) != has]


# --- The ratio -------------------------------------------------------------------------------------


class NoRatio(Exception):
    """Nothing says how to divide; the amounts are not yet shared."""


def ratio_on(proof: Record, area: str, day: str, known: dict[Any, Record]) -> Record:
    """The ratio of an area on a period's first day, as the file should have it. Raises NoRatio."""
    rule, forces = rule_on(proof["rules"], area, day), members_on(proof, area, day)
    if rule is None or not forces:
        raise NoRatio
    year = int(day[:4]) - (day[5:7] < "04")
    read_on = f"{year:04d}-04-01" if rule["sizes_as_at"] == "YEAR" else day
    key = rule["area"], rule["effective_on"], read_on, *forces
    if key not in known:
        known[key] = work_out(rule, forces, read_on, proof["sizes"])
    return known[key]


def work_out(rule: Record, forces: list[str], read_on: str, sizes: list[Record]) -> Record:
    """The rule's ratio between the forces by their sizes on a day. Raises NoRatio."""
    sizes_on: str | None = None
    evidence: list[Record] = []
    if rule["method"] == "SIZE":
        exact, evidence = by_size(rule, forces, read_on, sizes)
        sizes_on = read_on
        if rule["sizes_as_at"] != "YEAR":
            sizes_on = max(size["effective_on"] for size in evidence)
    elif rule["method"] == "FIXED":
        exact = as_stated(rule, forces)
    else:
        exact = [Fraction(1)] * len(forces)
    whole = lcm(*(part.denominator for part in exact))
    weights = [int(part * whole) for part in exact]
    weights = [weight // gcd(*weights) for weight in weights]
    decimals = 4 if rule["decimals"] is None else rule["decimals"]
    units = divide(100 * 10**decimals, weights).shares()
    return {
        "forces": forces,
        "weights": weights if rule["decimals"] is None else units,
        "percentages": [f"{Decimal(unit).scaleb(-decimals):.{decimals}f}" for unit in units],
        "decimals": rule["decimals"],
        "rule_area": rule["area"],
        "rule_effective_on": rule["effective_on"],
        "rule_source": rule["source"],
        "sizes_on": sizes_on,
        "evidence": evidence,
    }


def rule_on(rules: list[Record], area: str, day: str) -> Record | None:
    """The area's own rule from its start to its end, else the alliance's."""
    for scope in (area, ""):
        started = [rule for rule in rules if rule["area"] == scope and rule["effective_on"] <= day]
        newest = max(started, key=lambda rule: rule["effective_on"], default=None)
        if newest and newest["method"] != "ALLIANCE":
            return newest
    return None


def members_on(proof: Record, area: str, day: str) -> list[str]:
    """The forces that share the area on the day, in the agreed order."""
    stays: dict[str, set[str]] = defaultdict(set)
    for stay in proof["members"]:
        stays[stay["area"]] |= set()
        if (stay["joined_on"] or "") <= day and (not stay["left_on"] or day < stay["left_on"]):
            stays[stay["area"]].add(stay["force"])
    members = stays[""] & stays[area] if area in stays else stays[""]
    return [force["code"] for force in proof["forces"] if force["code"] in members]


def by_size(
    rule: Record, forces: list[str], day: str, sizes: list[Record]
) -> tuple[list[Any], list[Any]]:
    """Each force's exact part, and the sizes that it comes from."""
    terms = sorted((term["measure"], Fraction(term["weight"])) for term in rule["terms"])
    parts, evidence = [Fraction(0)] * len(forces), []
    for measure, weight in terms:
        found = [size_on(sizes, force, measure, day) for force in forces]
        values = [Fraction(size["value"]) for size in found]
        if not sum(values):
            raise NoRatio
        share_of = weight / sum(each for _, each in terms)
        parts = [
            part + share_of * value / sum(values) for part, value in zip(parts, values, strict=True)
        ]
        evidence += found
    return parts, evidence


def size_on(sizes: list[Record], force: str, measure: str, day: str) -> Record:
    """The latest size on or before the day, in its latest release."""
    known = [
        size
        for size in sizes
        if (size["force"], size["measure"]) == (force, measure) and size["effective_on"] <= day
    ]
    if not known:
        raise NoRatio
    return max(known, key=lambda size: (size["effective_on"], size["release"]))


def as_stated(rule: Record, forces: list[str]) -> list[Fraction]:
    """The percentages that the rule states; they fit the members and add up to exactly 100."""
    stated = {term["force"]: Fraction(term["percent"]) for term in rule["terms"]}
    strangers = [force for force, percent in stated.items() if percent and force not in forces]
    if strangers or set(forces) - set(stated) or sum(stated.values()) != 100:
        raise NoRatio
    return [stated[force] for force in forces]


def name_of(ratio: Record, basis: str) -> str:
    """The ratio's digest, by which the portal knows it."""
    content: list[Any] = [
        ratio["forces"],
        ratio["weights"],
        ratio["decimals"],
        ratio["percentages"],
    ]
    content += [ratio["rule_effective_on"], ratio["rule_source"], ratio["rule_area"]]
    content += [ratio["sizes_on"], basis]
    for size in ratio["evidence"]:
        value = format(Decimal(size["value"]).normalize(), "f")
        about = size["force"], size["measure"], size["effective_on"]
        content.append([*about, size["release"], value, size["source"]])
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


# --- Comparing -------------------------------------------------------------------------------------


class Checked:
    """What was compared, and a sentence for each figure that does not agree."""

    def __init__(self, proof: Record) -> None:
        self.proof = proof
        self.figures = 0
        self.wrong: list[str] = []
        self.names = {force["code"]: force["name"] for force in proof["forces"]}
        self.places = {force["code"]: at for at, force in enumerate(proof["forces"])}
        self.stated = {ratio["digest"]: ratio for ratio in proof["ratios"]}
        self.known: dict[Any, Record] = {}
        self.totals: Counter[Any] = Counter()
        self.account: dict[str, Counter[str]] = defaultdict(Counter)

    def pence(self, what: str, said: int, due: int) -> None:
        """Compare two amounts of money."""
        self.same(what, said, due, pounds)

    def same(self, what: str, said: object, due: object, shown: Callable[..., str] = str) -> None:
        """Compare what the file says with what it should say."""
        self.figures += 1
        if said != due:
            said, due = shown(said), shown(due)
            self.wrong.append(f"{what} is {said} in the file; the method gives {due}.")

    def ratio(self, area: str, day: str) -> Record | None:
        """The derived ratio; None where nothing can be shared."""
        try:
            return ratio_on(self.proof, area, day, self.known)
        except NoRatio:
            return None


def check(proof: Record) -> Checked:
    """Derive everything that the file says and compare."""
    checked = Checked(proof)
    checked.same("The format of the file", proof["proof"]["format"], FORMAT)
    for section in SECTIONS:
        digest = digest_of(proof[section])
        checked.same(f"The digest of “{section}”", proof["digests"].get(section), digest)
    inside: dict[int | None, list[Record]] = defaultdict(list[Any])
    for amount in proof["amounts"]:
        inside[amount["pool"]].append(amount)
        keep_account(checked, amount)
    for at, pool in enumerate(proof["pools"]):
        amounts = inside.pop(at, [])
        check_pool(checked, pool, sorted(amounts, key=lambda each: order_of(checked, each)))
    for strays in inside.values():
        checked.wrong += [f"{line_name(each)} lies in no pool of the file." for each in strays]
    homes = [
        (pool["area"], pool["kind"], pool["version"], pool["ratio"]) for pool in proof["pools"]
    ]
    checked.same("The number of pools that stand twice", len(homes) - len(set(homes)), 0)
    check_totals(checked)
    check_settlement(checked)
    return checked


def check_pool(checked: Checked, pool: Record, amounts: list[Record]) -> None:
    """One pool: its ratio, its total, its shares, and those of each of its amounts."""
    name = f"{pool['area']}, {pool['version']} {pool['kind']}s"
    lines = [signed(each, each["pence"]) for each in amounts]
    checked.pence(f"{name}: the total", pool["total"], sum(lines))
    for each in amounts:
        home = each["area"], "saving" if each["kind"] == "saving" else "cost", each["version"]
        said = pool["area"], pool["kind"], pool["version"]
        checked.same(f"{line_name(each)}: where it is shared", said, home)
    forces, weights = check_ratio(checked, name, pool, amounts)
    as_many = [each for each in (pool, *amounts) if len(each["shares"]) != len(forces)]
    if as_many:
        who = name if as_many[0] is pool else line_name(as_many[0])
        checked.same(f"{who}: the number of shares", len(as_many[0]["shares"]), len(forces))
    elif pool["engine"] != METHOD:
        check_laws(checked, name, pool["total"], pool["shares"], weights)
        for each in amounts:
            check_laws(checked, line_name(each), each["pence"], each["shares"], weights)
    elif forces:
        totals, shares = divide_pool(lines, weights)
        compare(checked, name, forces, pool["shares"], totals)
        for each, due in zip(amounts, shares, strict=True):
            compare(
                checked, line_name(each), forces, each["shares"], [signed(each, x) for x in due]
            )
    for force, pence in zip(forces, pool["shares"], strict=False):
        checked.totals[pool["version"], pool["kind"], force] += pence
        checked.account[force][pool["kind"] + "_due"] += pence * (pool["version"] == "actual")


def check_ratio(
    checked: Checked, name: str, pool: Record, amounts: list[Record]
) -> tuple[list[Any], list[Any]]:
    """The pool's forces and weights as derived, or as stated where they do not agree."""
    stated = checked.stated.get(pool["ratio"]) or {"forces": [], "weights": []}
    forces, weights = stated["forces"], [int(weight) for weight in stated["weights"]]
    for day in sorted({first_day(each["period"]) for each in amounts}):
        ratio = checked.ratio(pool["area"], day)
        if ratio is None or not forces:
            found, due = bool(forces), ratio is not None
            checked.same(f"{name}: whether there is a ratio on {day}", found, due)
            continue
        checked.same(f"{name}: who shares on {day}", forces, ratio["forces"])
        shown = dict(zip(forces, stated["percentages"], strict=False))
        for force, due in zip(ratio["forces"], ratio["percentages"], strict=True):
            what = f"{name}: the percentage of {checked.names[force]} on {day}"
            checked.same(what, shown.get(force), due)
        checked.same(f"{name}: the weights on {day}", weights, ratio["weights"])
        digest = name_of(ratio, stated["basis"])
        checked.same(f"{name}: the ratio’s digest on {day}", pool["ratio"], digest)
        if forces == ratio["forces"]:
            weights = ratio["weights"]
    return forces, weights


def check_laws(
    checked: Checked, name: str, pence: int, shares: list[Any], weights: list[Any]
) -> None:
    """What another version of the method divided: the shares add up, each within a penny of exact."""
    checked.pence(f"{name}: the sum of the shares", sum(shares), pence)
    whole = sum(weights)
    exact = zip(shares, weights, strict=True)
    far = [share for share, weight in exact if abs(share * whole - pence * weight) >= whole]
    checked.same(f"{name}: the number of shares that are a penny or more from exact", len(far), 0)


def compare(
    checked: Checked, name: str, forces: list[Any], said: list[Any], due: list[Any]
) -> None:
    """Each force's share."""
    for force, in_file, by_method in zip(forces, said, due, strict=True):
        checked.pence(f"{name}: the share of {checked.names[force]}", in_file, by_method)


def check_totals(checked: Checked) -> None:
    """Each force's costs and savings of the year are the plain sums of its pools."""
    said = {
        (row["version"], row["kind"], row["force"]): row["pence"] for row in checked.proof["totals"]
    }
    for version, kind, force in sorted(said.keys() | checked.totals.keys()):
        what = f"All {version} {kind}s of {checked.names.get(force, force)}"
        due = checked.totals[version, kind, force]
        checked.pence(what, said.get((version, kind, force), 0), due)


def keep_account(checked: Checked, amount: Record) -> None:
    """Who bore or banked an actual amount."""
    if amount["version"] == "actual" and amount["borne_by"]:
        what = "banked" if amount["kind"] == "saving" else "borne"
        checked.account[amount["borne_by"]][what] += signed(amount, amount["pence"])


def check_settlement(checked: Checked) -> None:
    """Each force's account: costs borne less due, savings due less banked, and what closed years bring.

    Savings count as soon as any says who banked it.
    """
    counts = any("banked" in each for each in checked.account.values())
    for row in checked.proof["settlement"]:
        found, name = checked.account[row["force"]], checked.names[row["force"]]
        savings = [found["saving_due"], found["banked"]] if counts else [0, 0]
        figures = [found["borne"], found["cost_due"], *savings]
        named = zip(("borne", "due", "saving_due", "banked"), figures, strict=True)
        for what, due in named:
            checked.pence(f"Settlement, {what.replace('_', ' ')}, {name}", row[what], due)
        borne, due, saving_due, banked = figures
        net = borne - due + saving_due - banked + row["adjustment"]
        checked.pence(f"Settlement, net, {name}", row["net"], net)


# --- In small --------------------------------------------------------------------------------------


def signed(amount: Record, pence: int) -> int:
    """A grant comes off the costs that it is shared with."""
    return -pence if amount["kind"] == "grant" else pence


def order_of(checked: Checked, amount: Record) -> tuple[Any, ...]:
    """The order of lines in a pool: item, first day, months before years, bearer's place."""
    period = amount["period"]
    place = checked.places[amount["borne_by"]] if amount["borne_by"] else -1
    return amount["item"], first_day(period), "/" in period, place


def first_day(period: str) -> str:
    """1 April of a financial year such as 2016/17, the 1st of a month such as 2016-04."""
    return f"{period[:4]}-04-01" if "/" in period else f"{period}-01"


def line_name(amount: Record) -> str:
    """What an amount is called."""
    bearer = f", {amount['borne_by']}" if amount["borne_by"] else ""
    return f"{amount['area']}, {amount['item']}, {amount['version']}, {amount['period']}{bearer}"


def pounds(pence: int) -> str:
    """£1,234.56."""
    return f"{'-' * (pence < 0)}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def digest_of(section: object) -> str:
    """A section's digest: sha256 of its records as JSON, one a line, keys in order, without spaces."""
    found = hashlib.sha256()
    for record in section if isinstance(section, list) else [section]:
        found.update(json.dumps(record, sort_keys=True, separators=(",", ":")).encode() + b"\n")
    return found.hexdigest()


def main(arguments: list[str]) -> int:
    """Read the file, print what does not agree, and say so by the exit status."""
    if len(arguments) != 1:
        print("Say which file: python3 verify.py proof.json", file=sys.stderr)
        return 2
    try:
        proof = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
        about = proof["proof"]
        checked = check(proof)
    except OSError as problem:
        print(f"{arguments[0]} cannot be read: {problem.strerror}.", file=sys.stderr)
        return 2
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as problem:
        print(f"{arguments[0]} is not a whole proof file: {problem!r}.", file=sys.stderr)
        return 2
    print(f"{about['name']}, {about['year']} ({about['state']}), made {about['made_at']}")
    for sentence in checked.wrong:
        print(f"DOES NOT AGREE  {sentence}")
    amounts, pools = len(proof["amounts"]), len(proof["pools"])
    print(
        f"{amounts:,} amounts in {pools:,} pools derived again, {checked.figures:,} comparisons made."
    )
    result = f"{len(checked.wrong):,} do not agree." if checked.wrong else "Every figure agrees."
    print(result)
    return 1 if checked.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
