"""Whether proposed settlements are still what was proposed, and clear themselves."""

from collections.abc import Iterator

from savings.engine.periods import year_label
from savings.models import Settlement
from savings.settling.document import account_in, digest_of


def settlements_differ(alliance_id: int) -> Iterator[str]:
    """A sentence for each version with another digest, or nets that do not add up. One query."""
    for each in Settlement.objects.filter(alliance=alliance_id).order_by("year", "number"):
        name = f"Settlement {year_label(each.year)}, version {each.number}"
        if digest_of(each.document) != each.digest:
            yield f"{name}, is not what was proposed: its digest is another."
        elif sum(account_in(each.document).account.nets().values()):
            yield f"{name}, has nets that do not add up to nothing."
