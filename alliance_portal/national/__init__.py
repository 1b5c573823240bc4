"""Invented alliances over the 43 territorial forces, for benchmarks and load tests."""

from alliance_portal.national.making import NationalDataExists, make_national
from alliance_portal.national.removing import national_alliances, remove_national

__all__ = ["NationalDataExists", "make_national", "national_alliances", "remove_national"]
