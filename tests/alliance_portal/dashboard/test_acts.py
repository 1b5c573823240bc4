"""What forces settled, closed and posted is told in what changed since a day."""

import re
from html import unescape

import pytest
from django.test import Client

from programmes.models import Alliance
from savings.settling import services
from tests import factories
from tests.savings.closing import test_services as closing
from tests.savings.settlements import name_everyone, the_hills, work_out
from tests.savings.settling import test_services as settling

pytestmark = pytest.mark.django_db


def told(client: Client) -> str:
    page = client.get("/alliances/hills/changes/?since=2016-01-01").content.decode()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_what_forces_said_to_each_other_is_told(client: Client) -> None:
    hills: Alliance = the_hills()
    name_everyone(hills)
    work_out(hills)
    client.force_login(factories.role(alliance=hills).user)
    alice, bob = factories.user(name="Alice"), factories.user(name="Bob")

    made = settling.propose(hills, alice)
    settling.agree(made, "north", "south")
    payment = settling.pay(made, alice, 65_00)
    services.take_payment_off(payment=payment, reason="The bank sent it back", by=alice)
    services.choose_way(alliance=hills, through=None, tolerance_pence=5, by=alice)
    closing.confirm(closing.ask(hills, alice), bob)

    shown = told(client)
    for sentence in (
        "settlement of 2016/17 proposed",
        "North Police answered a settlement",
        "South Police answered a settlement",
        "a settlement’s payment recorded",
        "a settlement’s payment taken off the record The bank sent it back",
        "how settlements are paid changed",
        "North Police asked that 2016/17 be closed",
        "2016/17 closed",
    ):
        assert f"Programme {sentence}" in shown, sentence
