"""Pages in national data against the sample alone; of the largest alliance; and what they weigh."""

from collections.abc import Mapping

from alliance_portal import national
from alliance_portal.benchmarks import ground
from alliance_portal.benchmarks.figures import Figure
from alliance_portal.benchmarks.ground import Scale
from alliance_portal.benchmarks.largest import LARGEST, SMALLER, of_size
from alliance_portal.benchmarks.reader import Seen, look, look_home
from alliance_portal.benchmarks.sample import the_sample
from alliance_portal.benchmarks.speed import ensure_shared
from alliance_portal.dashboard.home import PER_PAGE
from programmes.models import Alliance

IN_NATIONAL_DATA = 2.0
# What an alliance shows has a part that does not grow, so a page that keeps in step stays below 1;
# the rest is for other work on the machine.
GROWTH = 1.1
# The same work; counting the alliances is all that grows.
HOME_GROWTH = 1.25
HEAVIEST = 150_000
_LOOKS_A_ROUND = 10
# The home page shows alliances, and a year's checklist its points; their cells are no more for a large
# one. A settlement is worked out line by line, of which a page of forces' totals shows but the sums.
_NOT_GROWING = frozenset({"home", "year", "settlement"})


def pages(scale: Scale) -> list[Figure]:
    """Each list and dashboard page: its time in national data, its time a cell, its weight.

    The fastest of several answers counts, by the pace of a page without data looked at in turn with
    it: what is slower is other work on the machine.
    """
    times = _LOOKS_A_ROUND * scale.rounds
    ensure_shared(scale)
    with the_sample() as sample:
        with of_size(*SMALLER) as smaller, of_size(*LARGEST) as largest:
            ground.settle()
            among = look(sample, times)
            small, large = look(smaller, times), look(largest, times)
            first = Alliance.objects.order_by("name", "pk")
            of_all, of_ten = look_home(first, times), look_home(first[:PER_PAGE], times)
        national.remove_national()
        ground.settle(tightly=True)
        alone = look(sample, times)
    return [
        _in_national_data(alone, among),
        _home(of_all, of_ten),
        _growth(small, large),
        _weight({"sample": among, "smaller": small, "largest": large}),
    ]


def _in_national_data(alone: Mapping[str, Seen], among: Mapping[str, Seen]) -> Figure:
    ratios = {name: among[name].pace / alone[name].pace for name in alone}
    said = ", ".join(
        f"{name} {alone[name].ms} → {among[name].ms} ({ratios[name]:.2f})" for name in _by(ratios)
    )
    machine = among["home"].control / alone["home"].control
    detail = f"the machine {machine:.2f} times as slow meanwhile; the sample’s {said}"
    return Figure("pages-national", max(ratios.values()), IN_NATIONAL_DATA, detail)


def _home(of_all: Seen, of_ten: Seen) -> Figure:
    """The home page of one who is in every alliance, against that of one who is in a page of them."""
    detail = f"{PER_PAGE} alliances {of_ten.ms} → every alliance {of_all.ms}"
    return Figure("home-growth", of_all.pace / of_ten.pace, HOME_GROWTH, detail)


def _growth(small: Mapping[str, Seen], large: Mapping[str, Seen]) -> Figure:
    """Time a cell of the largest alliance against the smaller one's."""
    ratios = {
        name: large[name].pace / large[name].cells * small[name].cells / small[name].pace
        for name in large
        if name not in _NOT_GROWING
    }
    said = ", ".join(
        f"{name} {small[name].ms} for {small[name].cells:,} cells → "
        f"{large[name].ms} for {large[name].cells:,} ({ratios[name]:.2f})"
        for name in _by(ratios)
    )
    return Figure("pages-growth", max(ratios.values()), GROWTH, f"{_sizes()}: {said}")


def _weight(of: Mapping[str, Mapping[str, Seen]]) -> Figure:
    """The heaviest page of all with its styles and scripts."""
    weights = {
        f"{name} of the {whose}": float(seen.weight)
        for whose, pages_of in of.items()
        for name, seen in pages_of.items()
    }
    heaviest = _by(weights)[:3]
    said = ", ".join(f"{name} {weights[name] / 1000:.0f} kB" for name in heaviest)
    return Figure("pages-weight", max(weights.values()) / HEAVIEST, 1.0, f"of 150 kB: {said}")


def _by(ratios: Mapping[str, float]) -> list[str]:
    """The names, the largest number first."""
    return sorted(ratios, key=lambda name: -ratios[name])


def _sizes() -> str:
    """What was compared."""
    sizes = [f"{areas} areas × {forces} forces" for forces, areas in (SMALLER, LARGEST)]
    return " → ".join(sizes)
