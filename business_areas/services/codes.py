"""Codes for addresses, made from names."""

from collections.abc import Iterable

from django.utils.text import slugify


def free_code(name: str, taken: Iterable[str], *, longest: int, otherwise: str) -> str:
    """The name as an address of at most `longest` characters; with a number after it if it is taken."""
    used = set(taken)
    code = slugify(name)[: longest - 5].strip("-") or otherwise
    choices = [code, *(f"{code}-{number}" for number in range(2, len(used) + 3))]
    return next(choice for choice in choices if choice not in used)
