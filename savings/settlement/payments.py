"""The payments that clear a settlement: from those who are to pay to those who are to receive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# The fewest payments are found exactly for so many forces; the work doubles with each one more.
MOST_EXACT = 12

Nets = Mapping[int, int]  # force, in the agreed order: pence, above nought it is to receive


@dataclass(frozen=True)
class Payment:
    """Pence from one force to another."""

    payer: int
    payee: int
    pence: int


def directly(nets: Nets) -> tuple[Payment, ...]:
    """The payments between forces that clear the nets, by payer and then payee in the agreed order.

    Never more than one fewer than there are forces with a net. For up to MOST_EXACT such forces it is
    the fewest possible: n forces need n − k payments where they fall into at most k groups whose nets
    add up to nought each. Raises ValueError for nets that don't add up to nought.
    """
    _check(nets)
    owing = [(force, pence) for force, pence in nets.items() if pence]
    groups = _most_groups(owing) if len(owing) <= MOST_EXACT else [owing]
    return _in_order(nets, [payment for group in groups for payment in _cleared(group)])


def through(host: int, nets: Nets) -> tuple[Payment, ...]:
    """The payments where one force takes from all who are to pay, and pays all who are to receive.

    Raises ValueError for nets that don't add up to nought.
    """
    _check(nets)
    others = [(force, pence) for force, pence in nets.items() if pence and force != host]
    return _in_order(
        nets,
        [
            Payment(force, host, -pence) if pence < 0 else Payment(host, force, pence)
            for force, pence in others
        ],
    )


def _check(nets: Nets) -> None:
    if left := sum(nets.values()):
        raise ValueError(f"The nets add up to {left} pence and not to nought.")


def _in_order(nets: Nets, payments: Sequence[Payment]) -> tuple[Payment, ...]:
    place = {force: at for at, force in enumerate(nets)}
    order = sorted(payments, key=lambda each: (place[each.payer], place[each.payee]))
    return tuple(order)


def _cleared(group: Sequence[tuple[int, int]]) -> list[Payment]:
    """One fewer payments than forces, or fewer: the first who pays pays the first who receives."""
    payers = [[force, -pence] for force, pence in group if pence < 0]
    payees = [[force, pence] for force, pence in group if pence > 0]
    found = []
    while payers and payees:
        pence = min(payers[0][1], payees[0][1])
        found.append(Payment(payers[0][0], payees[0][0], pence))
        for side in (payers, payees):
            side[0][1] -= pence
            if not side[0][1]:
                del side[0]
    return found


def _most_groups(owing: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """As many groups as there can be whose nets add up to nought, each in the agreed order.

    Over every set of forces: lined up one after another, how often can their sum so far be nought?
    Each time it is, a group ends.
    """
    sums, ends, last = [0], [0], [0]
    for chosen in range(1, 1 << len(owing)):
        lowest = chosen & -chosen
        sums.append(sums[chosen ^ lowest] + owing[lowest.bit_length() - 1][1])
        before = [chosen ^ 1 << at for at in range(len(owing)) if chosen >> at & 1]
        best = max(before, key=lambda rest: ends[rest])
        ends.append(ends[best] + (sums[chosen] == 0))
        last.append(best)
    groups: list[list[tuple[int, int]]] = []
    chosen = (1 << len(owing)) - 1
    while chosen:
        if not sums[chosen]:
            groups.append([])
        place = (chosen ^ last[chosen]).bit_length() - 1
        groups[-1].append(owing[place])
        chosen = last[chosen]
    order = {force: at for at, (force, _) in enumerate(owing)}
    return [sorted(group, key=lambda each: order[each[0]]) for group in groups]
