"""From a supposed change to the page where it is really made, with what was supposed filled in."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from programmes.checked import whole_number
from programmes.models import Alliance, Force, SizeMeasure
from savings.book import Book
from savings.models import Scenario
from savings.pages.rules.forms import EXACT
from savings.what_if.keeping import Kept, changes_of
from savings.what_if.supposed import DateMoves, MoneyMoves, RuleHolds, SizeMoves


def measures_of(alliance: Alliance) -> dict[str, int]:
    """What sizes are counted in, by name. One query."""
    return dict(SizeMeasure.objects.filter(alliance=alliance).values_list("name", "pk"))


def door_of(what_if: Scenario, kept: Kept, book: Book, measures: Mapping[str, int]) -> str:
    """The address of the page that makes the change; "" where nothing of it is left."""
    change, code = kept.change, what_if.alliance.code
    filled = urlencode({"what_if": what_if.pk, "number": kept.number})
    match change:
        case SizeMoves():
            if change.measure not in measures:
                return ""
            then = change.apply(book).sharing.book.latest(change.force, change.measure, change.on)
            box = {f"size-{change.force}": f"{then.value.normalize():f}"} if then else {}
            day = {"measure": measures[change.measure], "effective_on": change.on.isoformat()}
            return f"{reverse('money-sizes-record', args=[code])}?{urlencode({**day, **box})}"
        case RuleHolds():
            name, more = (
                ("money-rule-set-area", [change.area]) if change.area else ("money-rule-set", [])
            )
            return f"{reverse(name, args=[code, *more])}?{filled}"
        case DateMoves():
            found = [each for each in book.milestones.values() if each.code == change.milestone]
            if not found:
                return ""
            area = book.areas.get(found[0].area_id or 0)
            to = urlencode({"to": change.on.isoformat()})
            if area:
                return f"{reverse('date-change', args=[code, area.code, change.milestone])}?{to}"
            return f"{reverse('programme-date-change', args=[code, change.milestone])}?{to}"
        case MoneyMoves():
            return reverse("money-item", args=[code, change.item])
    return reverse("settings", args=[code])


def supposed_in(alliance: Alliance, query: Mapping[str, str]) -> Any:
    """The supposed change that an address speaks of; None for none."""
    pk, number = whole_number(query.get("what_if")), query.get("number", "")
    if pk is None:
        return None
    what_if = Scenario.objects.filter(alliance=alliance, pk=pk).first()
    changes = changes_of(what_if) if what_if else ()
    return next((kept.change for kept in changes if str(kept.number) == number), None)


def rule_filled_in(alliance: Alliance, query: Mapping[str, str]) -> dict[str, Any]:
    """What the form of a rule begins with, if the address speaks of a supposed one."""
    change = supposed_in(alliance, query)
    if not isinstance(change, RuleHolds):
        return {}
    measures = measures_of(alliance)
    forces = dict(Force.objects.filter(alliance=alliance).values_list("code", "pk"))
    return {
        "effective_on": change.on,
        "method": change.method,
        "sizes_as_at": change.sizes_as_at,
        "decimals": EXACT if change.decimals is None else str(change.decimals),
        **{f"weight_{measures[m]}": w for m, w in change.weights.items() if m in measures},
        **{f"percent_{forces[f]}": p for f, p in change.percents.items() if f in forces},
    }
