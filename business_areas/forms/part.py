"""One part of an area's page, edited on a short page of its own."""

from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar

from django.utils.functional import cached_property

from business_areas.models import BusinessArea
from business_areas.services import areas
from programmes.checked import SeenForm
from programmes.models import Force, User
from programmes.seen import Seen


class PartForm(SeenForm):
    """A part of an area: `title` names the page, and `save` writes what was typed.

    `may_change` says of which forces the person may change facts.
    """

    title: ClassVar[str]
    names: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        *args: Any,
        area: BusinessArea,
        day: date,
        may_change: Callable[[Force], bool] = lambda _: True,
        **kwargs: Any,
    ) -> None:
        self.area, self.day, self.may_change = area, day, may_change
        super().__init__(*args, **kwargs)
        self.build()
        self.initial = {name: self.for_page(name, value) for name, value in self.now.items()}
        self.initial.update(self.suggested())

    def stored(self) -> Seen:
        """What is on record of this part."""
        return areas.facts_of(self.area, self.names)

    def suggested(self) -> dict[str, Any]:
        """What the page proposes of fields that are not on record."""
        return {}

    def build(self) -> None:
        """Fill in the choices of the fields."""

    def save(self, by: User) -> BusinessArea:
        """Write it. Raises PartChanged, ValidationError."""
        return areas.change_area(
            area=self.area, values=self.cleaned_data, by=by, day=self.day, seen=self.seen
        )

    @cached_property
    def forces(self) -> list[Force]:
        """The alliance's forces in the agreed order. One query."""
        return list(Force.objects.filter(alliance_id=self.area.alliance_id).order_by("position"))

    @property
    def own_forces(self) -> list[Force]:
        """Those of them whose facts the person may change."""
        return [force for force in self.forces if self.may_change(force)]
