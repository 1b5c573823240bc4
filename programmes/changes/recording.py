"""A service whose work is one change on record."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import models

from programmes.changes.making import making
from programmes.models import Alliance

P = ParamSpec("P")
R = TypeVar("R")

Kind = str | Callable[[Mapping[str, Any]], str]
Why = Callable[[Mapping[str, Any]], tuple[str, str]]


def _as_given(given: Mapping[str, Any]) -> tuple[str, str]:
    return str(given.get("reason", "") or ""), str(given.get("details", "") or "")


def recorded(
    kind: Kind, *, of: str, moves_all: bool = False, why: Why = _as_given
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a service's work one change of this kind; its keyword `of` is what it changes.

    `kind` may be worked out from the service's keywords, and so may `why`, the reason and the details:
    else they are its `reason` and `details`, where it has them, as `by` and `day` are. `moves_all`:
    other areas' money may move with it.
    """

    def wrap(service: Callable[P, R]) -> Callable[P, R]:
        @wraps(service)
        def make(*args: P.args, **given: P.kwargs) -> R:
            thing: Any = given[of]
            about: Any = given.get("area") or thing
            own = _areas_of(about)
            reason, details = why(given)
            with making(
                alliance=_alliance_of(thing),
                kind=kind if isinstance(kind, str) else kind(given),
                by=given.get("by"),  # type: ignore[arg-type]
                day=given.get("day"),  # type: ignore[arg-type]
                reason=reason,
                details=details,
                area_id=next(iter(own)) if own else None,
                milestone_id=thing.pk if _name(thing) == "milestone" else None,
                area_ids=None if moves_all else own,
            ):
                return service(*args, **given)

        make.kind_of_change = kind  # type: ignore[attr-defined]
        return make

    return wrap


def _alliance_of(thing: Any) -> Alliance:
    if isinstance(thing, Alliance):
        return thing
    found: Alliance = thing.alliance if getattr(thing, "alliance_id", None) else thing.item.alliance
    return found


def _areas_of(thing: models.Model) -> set[int] | None:
    """The area that a change of the thing is about; None for no area, or any."""
    if _name(thing) == "businessarea":
        return {thing.pk} if thing.pk else None
    area_id = getattr(thing, "area_id", None)
    return {area_id} if area_id and _name(thing) == "milestone" else None


def _name(thing: models.Model) -> str:
    return thing._meta.model_name or ""  # noqa: SLF001 (public, for all its underscore)
