"""Lines whose forces don't add up to the pool's total, made to agree with it by moving odd pennies.

A line holds, for each force, the remainder over its whole pennies and whether it got an odd penny
for it. Amounts may be of either sign: odd pennies and remainders are those of the absolute amount,
and `sign` says which way they count. The rules below mirror when every sign is turned round.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace
from typing import NamedTuple


@dataclass(slots=True)
class Line:
    """One amount: its sign (-1, 0, 1) each force's remainder and whether it has an odd penny."""

    sign: int
    remainders: list[int]
    odd: list[bool]


class Handover(NamedTuple):
    """An odd penny that could pass, within a line, from force to force; cheap ones go first."""

    cost: int
    giver: int
    taker: int


class Hop(NamedTuple):
    """One link of a chain: a penny of `row` passes between two forces, in the pool's direction."""

    row: int
    source: int
    target: int


def agree(lines: Sequence[Line], total: Line, surplus: list[int]) -> None:
    """Move odd pennies, in place, until no force has a surplus (or a deficit, a negative surplus).

    `surplus` is what each force's lines hold beyond its share of the total; it adds up to zero and
    is all zeros in the end. First, while some line lets a force with a surplus give directly to one
    with a deficit, the move that costs least remainder is made (ties to the earlier line, then the
    earlier force). Then shortest chains of forces. As a last resort a chain may pass through
    `total`, whose forces then take the other whole penny beside their exact share of it.
    """
    _move_directly(lines, surplus)
    direction = next((line.sign for line in lines if line.sign), 1)
    slack = Line(-total.sign, total.remainders, total.odd)
    while any(surplus):
        rows = lines
        chain = shortest_chain(rows, surplus, direction)
        if chain is None:
            rows = [*lines, slack]
            chain = shortest_chain(rows, surplus, direction)
        if chain is None:
            raise AssertionError(
                "A controlled rounding always exists; this pool's state is broken."
            )
        for hop in chain:
            odd = rows[hop.row].odd
            odd[hop.source], odd[hop.target] = odd[hop.target], odd[hop.source]
        surplus[chain[0].source] -= direction
        surplus[chain[-1].target] += direction


def cheapest(line: Line, surplus: Sequence[int]) -> Handover | None:
    """The line's cheapest handover from a force with too many pennies to one with too few, if any.

    A negative line helps a force with a surplus by *giving* it an odd (negative) penny. Only a
    force with a remainder can take one, so that no share is ever a whole penny from exact.
    """
    giver = taker = -1
    lowest, highest = 0, 0
    sign = line.sign
    for force, over in enumerate(surplus):
        side = over * sign
        if side > 0:
            if line.odd[force] and (giver < 0 or line.remainders[force] < lowest):
                giver, lowest = force, line.remainders[force]
        elif side < 0 and not line.odd[force] and line.remainders[force] > highest:
            taker, highest = force, line.remainders[force]
    if giver < 0 or taker < 0:
        return None
    return Handover(lowest - highest, giver, taker)


def _move_directly(lines: Sequence[Line], surplus: list[int]) -> None:
    """Make direct moves, cheapest first, until none is left.

    A move never makes another one cheaper: forces only leave the sides of surplus and deficit, and
    a line gives its cheapest first. So a queue of lower bounds finds the cheapest at each step.
    """
    queue = []
    for index, line in enumerate(lines):
        offer = cheapest(line, surplus)
        if offer:
            queue.append((offer.cost, index))
    heapify(queue)
    while queue:
        cost, index = queue[0]
        line = lines[index]
        offer = cheapest(line, surplus)
        if offer is None:
            heappop(queue)
        elif offer.cost > cost:
            heapreplace(queue, (offer.cost, index))
        else:
            line.odd[offer.giver], line.odd[offer.taker] = False, True
            surplus[offer.giver] -= line.sign
            surplus[offer.taker] += line.sign


def shortest_chain(
    rows: Sequence[Line], surplus: Sequence[int], direction: int
) -> list[Hop] | None:
    """The shortest chain of hops from a force with a surplus to one with a deficit, or None.

    Among the shortest, the one that costs least remainder; ties to the earlier row, then force.
    `direction` turns every sign round when it is -1, so that mirrored pools get mirrored chains.
    """
    cost_to = {force: 0 for force, over in enumerate(surplus) if over * direction > 0}
    reached_by: dict[int, Hop] = {}
    frontier = sorted(cost_to)
    while frontier:
        offers: dict[int, tuple[int, Hop]] = {}
        for source in frontier:
            for target, cost, row in _links(rows, source, cost_to, direction):
                offer = (cost_to[source] + cost, Hop(row, source, target))
                if target not in offers or offer < offers[target]:
                    offers[target] = offer
        for target, (cost, hop) in offers.items():
            cost_to[target], reached_by[target] = cost, hop
        ends = [force for force in offers if surplus[force] * direction < 0]
        if ends:
            return _walk_back(min(ends, key=lambda force: (cost_to[force], force)), reached_by)
        frontier = sorted(offers)
    return None


def _links(
    rows: Sequence[Line], source: int, known: dict[int, int], direction: int
) -> list[tuple[int, int, int]]:
    """(target, cost, row) for each force not yet known that `source` can pass a penny to."""
    links = []
    for row, line in enumerate(rows):
        sign = line.sign * direction
        own = line.remainders[source]
        if sign == 0 or line.odd[source] != (sign > 0) or own == 0:
            continue
        for target, remainder in enumerate(line.remainders):
            if remainder and target not in known and line.odd[target] != line.odd[source]:
                links.append((target, (own - remainder) * sign, row))
    return links


def _walk_back(end: int, reached_by: dict[int, Hop]) -> list[Hop]:
    chain = []
    while end in reached_by:
        hop = reached_by[end]
        chain.append(hop)
        end = hop.source
    return chain[::-1]
