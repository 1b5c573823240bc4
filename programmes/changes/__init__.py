"""The one way to change anything: whatever a person does is one change on record, with its effect.

A service says with `recorded` what kind of change it makes. Whatever it writes, and whatever other
services write for it, is one change: what differed, old to new, is read from what the database's
triggers recorded; what it did to shares is worked out by the keeper of the book.
"""

from programmes.changes.making import (
    BookKeeper,
    Making,
    PriceMoved,
    having_shown,
    hold,
    keep_books_with,
    keep_typed_with,
    making,
    number_of_change,
    rehearse,
    through,
)
from programmes.changes.recording import recorded

__all__ = [
    "BookKeeper",
    "Making",
    "PriceMoved",
    "having_shown",
    "hold",
    "keep_books_with",
    "keep_typed_with",
    "making",
    "number_of_change",
    "recorded",
    "rehearse",
    "through",
]
