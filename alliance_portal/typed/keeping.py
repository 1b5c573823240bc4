"""What was typed into a form that could not be saved, kept in the browser's session until it is.

Only for whom the form's page was made: the page says so in a hidden field, signed.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Self
from urllib.parse import SplitResult, urlsplit, urlunsplit

from django.core import signing
from django.http import HttpRequest

PAGE_OF = "page_of"
SIGNED_OUT = "You were signed out before this was saved. Check it, then save."
SIGNED_IN_SINCE = (
    "This is not saved, because you signed in after you opened it. Check it, then save."
)
MOST_CHARACTERS, MOST_PAGES = 500_000, 5

_SESSION_KEY = "typed"
_NEVER_KEPT = {"csrfmiddlewaretoken", PAGE_OF}
_signer = signing.Signer(salt="typed.page_of")


@dataclass(frozen=True)
class Typed:
    """The fields of one form: where it was sent, the page that it stood on, whose it is, why it waits.

    `fields` has every value of each name, in the page's order; `page` is empty if it is not known.
    """

    address: str
    page: str
    user_id: int
    why: str
    fields: dict[str, list[str]]

    @classmethod
    def sent_in(cls, request: HttpRequest, why: str) -> Self | None:
        """What a form carries; None unless its page was made for somebody, or if it has secrets."""
        user_id = page_of(request)
        if user_id is None or request.path.startswith("/accounts/"):
            return None
        return cls(request.get_full_path(), _stood_on(request), user_id, why, fields_of(request))

    @property
    def is_too_much(self) -> bool:
        """True if it is more than a session should carry."""
        values = (value for values in self.fields.values() for value in values)
        return sum(map(len, values)) > MOST_CHARACTERS

    @property
    def texts(self) -> list[str]:
        """What a person wrote in words, to be copied by hand."""
        return texts_of(self.fields)


def fields_of(request: HttpRequest) -> dict[str, list[str]]:
    """The fields that a form sent, without the page's own tokens and without passwords."""
    return {
        name: [str(value) for value in values]
        for name, values in request.POST.lists()
        if name not in _NEVER_KEPT and "password" not in name.lower()
    }


def texts_of(fields: dict[str, list[str]]) -> list[str]:
    """The values that are more than one word; the rest are choices, dates and numbers."""
    return [
        value for values in fields.values() for value in values if len(value.strip().split()) > 1
    ]


def signed_page_of(user_id: int) -> str:
    """What a page made for a user carries in its forms."""
    return _signer.sign_object(user_id)


def page_of(request: HttpRequest) -> int | None:
    """For whom the page of the form that was sent was made; None if it does not say or was tampered with."""
    try:
        found: int = _signer.unsign_object(request.POST.get(PAGE_OF, ""))
    except signing.BadSignature:
        return None
    return found


def is_from_our_own_page(request: HttpRequest) -> bool:
    """True if the browser says that a page of this very host sent the form; no other site can."""
    origin = _address_in(request, "Origin")
    return (origin.scheme, origin.netloc) == (request.scheme, request.get_host())


def _stood_on(request: HttpRequest) -> str:
    """The page of ours that the form stood on, as the browser says; empty if it does not."""
    said = _address_in(request, "Referer")
    return urlunsplit(("", "", *said[2:4], "")) if said.netloc == request.get_host() else ""


def _address_in(request: HttpRequest, header: str) -> SplitResult:
    """The parts of the address that the header holds; all empty if it holds none."""
    try:
        return urlsplit(request.headers.get(header, ""))
    except ValueError:
        return urlsplit("")


def keep(request: HttpRequest, typed: Typed) -> None:
    """Put it into the session, the latest of each address; past MOST_PAGES the oldest goes."""
    kept = request.session.get(_SESSION_KEY, {})
    kept.pop(typed.address, None)
    kept[typed.address] = asdict(typed)
    request.session[_SESSION_KEY] = dict(list(kept.items())[-MOST_PAGES:])


def forget(request: HttpRequest, address: str) -> None:
    """Drop what was typed for an address; nothing happens if there is nothing."""
    kept = request.session.get(_SESSION_KEY, {})
    if address in kept:
        request.session[_SESSION_KEY] = {k: v for k, v in kept.items() if k != address}


def kept(request: HttpRequest) -> Iterator[Typed]:
    """What the session holds, oldest first."""
    found: dict[str, Any] = request.session.get(_SESSION_KEY, {})
    for each in found.values():
        yield Typed(**each)


def drop_others(request: HttpRequest, user_id: int) -> None:
    """What somebody else typed in this browser is gone as soon as another user signs in."""
    for typed in list(kept(request)):
        if typed.user_id != user_id:
            forget(request, typed.address)
