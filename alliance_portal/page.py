"""What every page's frame needs to know."""

from typing import Any

from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, Any]:
    """Adds `portal` to the context of every template."""
    return {"portal": {}}
