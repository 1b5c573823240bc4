"""Makes as much invented national data as is asked for, the same for the same seed."""

from collections.abc import Callable, Sequence

import numpy as np
from django.db import connection, transaction

from alliance_portal.national.alliance import AREAS, Structure, make_structure
from alliance_portal.national.amounts import make_amounts
from alliance_portal.national.programme import make_programme
from alliance_portal.national.removing import national_alliances
from alliance_portal.national.sizes import RealForce, real_forces
from business_areas.models import Milestone
from savings.requests import request_recompute

Progress = Callable[[int], object]


class NationalDataExists(Exception):
    """National alliances are there already."""


def make_national(
    *, alliances: int, amounts: int, seed: int = 1, progress: Progress | None = None
) -> int:
    """Write that many alliances with that many amounts between them; how many amounts.

    One alliance has all 43 forces, two have 10 to 20, the others 2 to 7. Each alliance is a
    transaction of its own, asks for its shares, and calls `progress` with its number of amounts.
    Raises NationalDataExists.
    """
    if national_alliances().exists():
        raise NationalDataExists("There are national alliances already; use --replace.")
    random = np.random.default_rng(seed)
    for number in range(1, alliances + 1):
        count = amounts * number // alliances - amounts * (number - 1) // alliances
        with transaction.atomic():
            make_alliance(number, _forces(number, random), amounts=count, random=random)
        if progress:
            progress(count)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return amounts


def make_alliance(
    number: int,
    forces: Sequence[RealForce],
    *,
    amounts: int,
    random: np.random.Generator,
    areas: int = AREAS,
) -> tuple[Structure, tuple[Milestone, ...]]:
    """Write the `number`th alliance (from 1) and ask for its shares; what is in it, and its go-lives."""
    structure = make_structure(number, forces, random, areas=areas)
    go_lives = make_programme(structure)
    make_amounts(structure, amounts, random)
    request_recompute(alliance=structure.alliance, cause="National data made")
    return structure, go_lives


def _forces(number: int, random: np.random.Generator) -> Sequence[RealForce]:
    every = real_forces()
    if number == 1:
        return every
    size = random.integers(10, 21) if number <= 3 else random.integers(2, 8)
    return [
        every[place] for place in sorted(random.choice(len(every), size, replace=False).tolist())
    ]
