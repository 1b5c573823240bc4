"""Which areas the list shows, and in what order: all of it in the address."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.http import QueryDict
from django_filters import CharFilter, ChoiceFilter, FilterSet

from business_areas.lateness import LATE_DAYS
from business_areas.models import BusinessArea, Rating
from business_areas.selectors.listing import (
    NOTHING_SAID,
    ORDERS,
    RATINGS,
    Said,
    with_deadlines,
)
from business_areas.silence import is_silent
from programmes.models import Alliance, Force, Role, User
from programmes.plain_text import Plain

MINE, NOBODY = "mine", "nobody"
# A line break stands in no word that is looked for.
_GAP = Value("\n", TextField())


def _owners(alliance: Alliance) -> QuerySet[User]:
    """Whose areas the list can be asked for: those who own one, and whoever has a role, by name."""
    owning = BusinessArea.objects.filter(alliance=alliance, owner__isnull=False).values("owner")
    here = Role.objects.filter(alliance=alliance, user__is_active=True).values("user")
    return User.objects.filter(Q(pk__in=owning) | Q(pk__in=here)).order_by("name", "pk")


def known_query(asked: str) -> str:
    """Of a list's query that a page carries, what the list knows: for the way back to it."""
    given = QueryDict(asked[:2000])
    names = (*AreaFilter.base_filters, "sort", "page")
    known = {name: given[name] for name in names if name in given}
    return urlencode(known)


def _of_reader(asked: QueryDict, user: User) -> QueryDict:
    """What is asked with the reader's number for “mine”: a link or a view means its maker, not its reader."""
    if asked.get("owner") != MINE:
        return asked
    found = asked.copy()
    found["owner"] = str(user.pk)
    return found


class AreaFilter(FilterSet):  # type: ignore[misc]
    """What an address asks of the list; a value that is not on offer counts as not asked.

    `said` has each area's statuses and last update, by its number; without it no area has either.
    Withdrawn areas are shown only if asked for.
    """

    search = CharFilter(method="named", label="Search", max_length=1000)
    stage = ChoiceFilter(choices=BusinessArea.Stage.choices, label="Stage", empty_label="All")
    category = ChoiceFilter(
        choices=BusinessArea.Category.choices, label="Category", empty_label="All"
    )
    force = ChoiceFilter(field_name="lead_force__code", label="Lead force", empty_label="All")
    status = ChoiceFilter(
        method="rated",
        label="Status",
        empty_label="Any",
        choices=[(value, Rating(value).label) for value in RATINGS],
    )
    owner = ChoiceFilter(method="owned", label="Owner", empty_label="Anyone")
    show = ChoiceFilter(
        method="only",
        label="Which areas",
        empty_label="All areas",
        choices=[
            ("due", "Due this month"),
            ("overdue", "Overdue"),
            ("quiet", "No update for 30 days"),
            ("hold", "On hold"),
            ("late", f"More than {LATE_DAYS} days later than approved"),
            ("moved", "Not on the approved date"),
            ("unapproved", "No approved go-live date"),
        ],
    )

    def __init__(
        self,
        data: QueryDict,
        *,
        user: User,
        alliance: Alliance,
        day: date,
        said: Mapping[int, Said] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(_of_reader(data, user), queryset=with_deadlines(alliance, day), **options)
        self.user, self.day, self.said = user, day, said or {}
        forces = Force.objects.filter(alliance=alliance).order_by("position")
        people = _owners(alliance).values_list("pk", "name", "email")
        for name, choices in {
            "force": [(force.code, force.name) for force in forces],
            "owner": [
                (str(user.pk), "Me"),
                (NOBODY, "Nobody yet"),
                *((str(pk), called or email) for pk, called, email in people if pk != user.pk),
            ],
        }.items():
            self.filters[name].extra["choices"] = choices

    @property
    def asked(self) -> dict[str, str]:
        """What was asked for and can be, the order too; nothing that was left open."""
        self.form.is_valid()
        given = {name: self.form.cleaned_data.get(name) or "" for name in self.filters}
        return {name: value for name, value in {**given, "sort": self.order}.items() if value}

    @property
    def order(self) -> str:
        """The order asked for: a name of `ORDERS`, with "-" before it for the other way round."""
        asked = str(self.data.get("sort", ""))
        return asked if asked.removeprefix("-") in ORDERS else ""

    @property
    def query(self) -> str:
        """The address's query that shows this list again, without what means nothing."""
        return urlencode(self.asked)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the order was asked for."""
        return bool(self.asked.keys() - {"sort"})

    def filter_queryset(self, queryset: Any) -> Any:
        """The areas asked for; withdrawn ones only where their stage is."""
        found = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("stage") != BusinessArea.Stage.WITHDRAWN:
            found = found.exclude(stage=BusinessArea.Stage.WITHDRAWN)
        return found

    def named(self, queryset: Any, name: str, value: str) -> Any:
        """Areas with every word in their name, head or summary, however either is typed."""
        queryset = queryset.alias(
            plain=Plain(Concat("name", _GAP, "head", _GAP, "summary", output_field=TextField()))
        )
        for word in value.split():
            queryset = queryset.filter(plain__contains=Plain(Value(word, TextField())))
        return queryset

    def owned(self, queryset: Any, name: str, value: str) -> Any:
        """Areas of nobody, or of the person with that number."""
        if value == NOBODY:
            return queryset.filter(owner__isnull=True)
        return queryset.filter(owner_id=int(value))

    def rated(self, queryset: Any, name: str, value: str) -> Any:
        """Areas of which the worst of the three statuses is `value`."""
        found = [
            area.pk for area in self.queryset if self.said.get(area.pk, NOTHING_SAID).worst == value
        ]
        return queryset.filter(pk__in=found)

    def only(self, queryset: Any, name: str, value: str) -> Any:
        """Areas that are due, overdue, silent, on hold, late, moved or without an approved date."""
        if value == "hold":
            return queryset.filter(on_hold_since__isnull=False)
        if value == "quiet":
            quiet = [
                area.pk
                for area in self.queryset
                if is_silent(area.stage, self.said.get(area.pk, NOTHING_SAID).updated_on, self.day)
            ]
            return queryset.filter(pk__in=quiet)
        return queryset.filter(**{f"is_{value}": True})
