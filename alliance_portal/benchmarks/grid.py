"""The grid of 60 items saved, every month of a year changed, against one raw update of its rows."""

import re
from urllib.parse import urlencode

from django.db import connection, transaction
from django.test import Client

from alliance_portal.benchmarks.figures import Figure
from alliance_portal.benchmarks.ground import Scale, seconds, settle
from alliance_portal.benchmarks.reader import reading
from alliance_portal.benchmarks.sample import the_sample
from business_areas.models import BusinessArea
from programmes.models import Alliance, Change, Role
from savings.engine.periods import months_of, year_slug
from savings.models import Amount, Item

ITEMS, YEAR = 60, 2018
# What one save may take over twice its rows' update, for what there is to do however few they are.
ALLOWANCE_SECONDS = 0.3
_FORM = "application/x-www-form-urlencoded"
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_BOX = re.compile(r'name="(c\d+-\d+-\d{6})" value="([^"]*)"')


def grid(scale: Scale) -> list[Figure]:
    """The answer to "Save", price and shares' request included; the fastest of several rounds counts."""
    own, raw = [], []
    with the_sample() as sample:
        area = _sixty_items(sample)
        address = (
            f"/alliances/{sample.code}/money/areas/{area.code}/{year_slug(YEAR)}/grid/forecast/"
        )
        with reading([sample], Role.Kind.FINANCE_OFFICER) as client:
            for _ in range(2 * scale.rounds):
                settle()
                raw.append(seconds(lambda: _update(area)))
                settle()
                own.append(_save(client, address))
            Change.objects.filter(alliance=sample).delete()  # or their maker could not go
    value = min(own) / (2 * min(raw) + ALLOWANCE_SECONDS)
    detail = (
        f"{ITEMS * 12} amounts saved in {min(own) * 1000:.0f} ms; one raw update of them"
        f" {min(raw) * 1000:.0f} ms"
    )
    return [Figure("grid", value, 1.0, detail)]


def _sixty_items(alliance: Alliance) -> BusinessArea:
    """An area of its own, each item with an amount a month."""
    common = {"alliance": alliance}
    area = BusinessArea.objects.create(
        **common, code="grid", name="Grid", category="BUSINESS_SUPPORT"
    )
    items = Item.objects.bulk_create(
        Item(**common, area=area, code=f"grid-{n}", name=f"Item {n}", kind="COST",
             recurrence="RECURRING")
        for n in range(ITEMS)
    )  # fmt: skip
    Amount.objects.bulk_create(
        Amount(**common, item=item, version="FORECAST", starts_on=month, year=YEAR, pence=1_000_00)
        for item in items
        for month in months_of(YEAR)
    )
    return area


def _update(area: BusinessArea) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE savings_amount a SET pence = a.pence + 1 FROM savings_item i"
            " WHERE i.id = a.item_id AND i.area_id = %s",
            [area.pk],
        )


def _save(client: Client, address: str) -> float:
    """Seconds of the last step. Raises ValueError if it is not saved."""
    page = client.get(address).content.decode()
    typed = {name: f"{text[:-1]}{(int(text[-1]) + 1) % 10}" for name, text in _BOX.findall(page)}
    seen = dict(_HIDDEN.findall(page))["seen"]
    checked = client.post(address, {"seen": seen, **typed}).content.decode()
    sent = {**dict(_HIDDEN.findall(checked)), "check-reason": "A benchmark.", "save": "1"}
    body = urlencode(sent)  # as a browser sends a form
    answers = []
    taken = seconds(lambda: answers.append(client.post(address, body, _FORM)))
    if len(typed) != ITEMS * 12 or answers[0].status_code != 302:
        raise ValueError(f"{address} answered {answers[0].status_code} to {len(typed)} amounts.")
    return taken
