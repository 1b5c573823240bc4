"""`python -m tests.savings.engine.golden`: write down how this version of the engine shares some pools.

Only when METHOD was raised, since these shares were stored with it.
"""

import json
import random
from pathlib import Path

from savings.engine.agreement import _move_directly
from savings.engine.method import METHOD
from savings.engine.pool import _first_rounding, _shares, share_pool
from tests.savings.engine.test_pool import NEIGHBOUR_POOL

FILE = Path(__file__).with_name("golden.json")
Pool = tuple[list[int], list[int]]


def pools() -> list[Pool]:
    """Pools with ties, with chains of forces and the last resort, and such as are met in service."""
    draw = random.Random(1)
    tied = [drawn(draw, most_lines=6, most_forces=9, largest=30, heaviest=9) for _ in range(50)]
    usual = [drawn(draw, 12, 7, 10**7, 10**6) for _ in range(25)]
    few = (drawn(draw, 8, 12, 40, 9) for _ in range(40_000))
    chained = [pool for pool in few if needs_a_chain(pool)]
    return [*tied, *usual, *chained, NEIGHBOUR_POOL]


def drawn(
    draw: random.Random, most_lines: int, most_forces: int, largest: int, heaviest: int
) -> Pool:
    amounts = [draw.randint(-largest, largest) for _ in range(draw.randint(2, most_lines))]
    return amounts, [draw.randint(1, heaviest) for _ in range(draw.randint(3, most_forces))]


def needs_a_chain(pool: Pool) -> bool:
    """Whether moving odd pennies directly leaves some force with too many or too few."""
    amounts, weights = pool
    parts, (*lines, total) = _first_rounding([*amounts, sum(amounts)], weights, sum(weights))
    held = [_shares(line, part) for line, part in zip(lines, parts, strict=False)]
    due = _shares(total, parts[-1])
    surplus = [sum(each) - own for *each, own in zip(*held, due, strict=True)]
    _move_directly(lines, surplus)
    return any(surplus)


def lines_of(pool: Pool) -> list[list[int]]:
    return [list(line) for line in share_pool(*pool).lines]


if __name__ == "__main__":
    found = [
        {"amounts": amounts, "weights": weights, "lines": lines_of((amounts, weights))}
        for amounts, weights in pools()
    ]
    written = ",\n".join(json.dumps(each) for each in found)
    FILE.write_text(f'{{"method": {METHOD}, "pools": [\n{written}\n]}}\n')
