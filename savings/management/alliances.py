"""The alliances that a command is asked about."""

from collections.abc import Sequence

from django.core.management.base import CommandError

from programmes.models import Alliance


def alliances_named(codes: Sequence[str]) -> list[Alliance]:
    """The alliances with these codes, or all of them for none. Raises CommandError naming the unknown."""
    alliances = list(Alliance.objects.order_by("code"))
    if not codes:
        return alliances
    by_code = {alliance.code: alliance for alliance in alliances}
    for code in codes:
        if code not in by_code:
            known = ", ".join(by_code) or "none is loaded yet"
            raise CommandError(f"There is no alliance with the code “{code}”; known: {known}.")
    return [by_code[code] for code in codes]
