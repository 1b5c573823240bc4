"""Invented alliances over the 43 territorial forces, for benchmarks and load tests."""

from alliance_portal.national.making import NationalDataExists, make_alliance, make_national
from alliance_portal.national.removing import (
    national_alliances,
    remove_alliances,
    remove_national,
)
from alliance_portal.national.sizes import real_forces

__all__ = [
    "NationalDataExists",
    "make_alliance",
    "make_national",
    "national_alliances",
    "real_forces",
    "remove_alliances",
    "remove_national",
]
