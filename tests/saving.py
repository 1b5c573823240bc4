"""Saving on a page as a person does: whoever has not been shown the price is, and saves that."""

import re
from collections.abc import Mapping
from typing import Any

from django.test import Client

_PRICED = re.compile(r'name="priced" value="([^"]+)"')


def saved(client: Client, address: str, sent: Mapping[str, Any], **how: Any) -> Any:
    """The answer to what was sent to be saved, at the second try where the first shows the price."""
    sent = {**sent, "save": "1"}
    answer = client.post(address, sent, **how)
    shown = _PRICED.search(answer.content.decode()) if answer.status_code == 200 else None
    return client.post(address, {**sent, "priced": shown[1]}, **how) if shown else answer
