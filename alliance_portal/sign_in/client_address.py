"""Where a request comes from, whoever may have written its headers."""

import ipaddress
import re

from django.conf import settings
from django.http import HttpRequest

_WITH_PORT = re.compile(r"\[(?P<six>[^\]]+)\](:\d+)?|(?P<four>[\d.]+):\d+")
_HOME_NETWORK = 64  # bits of an IPv6 address that one subscriber has; the rest is theirs to choose


def client_address(request: HttpRequest) -> str:
    """The client's IPv4 address or IPv6 network; empty if the request came through a socket.

    Each proxy adds to the right of X-Forwarded-For what it saw, so that with TRUSTED_PROXY_COUNT
    proxies of one's own that many parts from the right are true, and the rest may be invented. A
    request that passed fewer proxies is taken for what it is: its own neighbour's.
    """
    count: int = settings.TRUSTED_PROXY_COUNT
    parts = request.headers.get("X-Forwarded-For", "").split(",")
    neighbour = _network(request.META.get("REMOTE_ADDR", ""))
    if not 0 < count <= len(parts):
        return neighbour
    return _network(parts[-count]) or neighbour


def _network(written: str) -> str:
    """An address without its port and, for IPv6, without what its owner can change; else nothing."""
    text = written.strip()
    if found := _WITH_PORT.fullmatch(text):
        text = found["six"] or found["four"]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address.packed, _HOME_NETWORK), strict=False))
