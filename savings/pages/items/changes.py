"""The pages that add, change and take away an item, each with its price and on record."""

from typing import Any, ClassVar

from django.contrib import messages
from django.core.validators import slug_re
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from business_areas.models import BusinessArea
from programmes.checked import CheckedRow
from programmes.models import Change
from programmes.permissions import Action
from savings import services
from savings.models import Item
from savings.pages.items.forms import ItemForm, TakeAwayForm, as_typed


class ChangeItem(CheckedRow):
    """A change of one item; `title` says what it does."""

    kind = Change.Kind.ITEM
    template_name = "savings/items/typed.html"
    form_class: type[Any] = ItemForm
    title: ClassVar[str] = ""
    done: ClassVar[str] = ""
    item: Item

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For those who may; the item or the area must be the alliance's."""
        self.standing.require(Action.CHANGE_AMOUNTS)
        self.row = self.item = self.find()
        self.area_ids = {self.item.area_id}
        return super().dispatch(request, *args, **kwargs)

    def find(self) -> Item:
        """The item that the address names. Raises Http404."""
        items = Item.objects.select_related("area", "alliance", "milestone")
        code = self.kwargs["item_code"]
        return get_object_or_404(items, alliance=self.standing.alliance, code=code)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The alliance's milestones."""
        return {
            **super().get_form_kwargs(),
            "alliance": self.standing.alliance,
            "item": self.item,
        }

    @property
    def of(self) -> str:
        """The item, or the area of a new one."""
        return self.item.name if self.item.pk else self.item.area.name

    @property
    def back(self) -> tuple[str, str]:
        """The item; the list from a new one."""
        code = self.standing.alliance.code
        if self.item.pk:
            return reverse("money-item", args=[code, self.item.code]), self.item.name
        return reverse("money-items", args=[code]), "Items"

    def said_by(self, row: Item) -> str:
        """The item in a few words."""
        return f"{row.get_kind_display().lower()}, {row.get_recurrence_display().lower()}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What it is."""
        return super().get_context_data(item=self.item, title=self.title, **kwargs)

    def act(self, form: Any) -> object:
        """Write it."""
        written = services.save_item(
            item=form.as_item(), by=self.standing.user, seen_revision=self.seen
        )
        self.code = written.code
        return written

    def saved(self, form: Any) -> HttpResponse:
        """The item."""
        messages.success(self.request, f"{self.of}: {self.done}.", extra_tags="moves-shares")
        return redirect("money-item", self.standing.alliance.code, self.code)


class AddItem(ChangeItem):
    """A new item of an area; its months are typed afterwards, or follow its milestone."""

    title = "Add an item"
    done = "the item is added"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page; of the area that was chosen on the list, if one was."""
        chosen = request.GET.get("area", "")
        if slug_re.match(chosen) and "area_code" not in kwargs:
            return redirect("money-item-add-area", self.standing.alliance.code, chosen)
        return super().dispatch(request, *args, **kwargs)

    def find(self) -> Item:
        """A new one of the area that the address names. Raises Http404."""
        areas = BusinessArea.objects.filter(alliance=self.standing.alliance)
        area = get_object_or_404(areas, code=self.kwargs.get("area_code", ""))
        return Item(alliance=self.standing.alliance, area=area)


class EditItem(ChangeItem):
    """An item on record that says something else."""

    title = "Change the item"
    done = "the item is changed"

    def get_initial(self) -> dict[str, Any]:
        """What it says."""
        return as_typed(self.item)


class TakeAway(ChangeItem):
    """An item that never should have been, with all of its amounts."""

    form_class = TakeAwayForm
    title = "Take the item away"
    done = "the item is taken away"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Nothing is typed."""
        return super(ChangeItem, self).get_form_kwargs()

    def act(self, form: Any) -> None:
        """Delete it with its amounts."""
        item = Item.objects.select_related("alliance").get(pk=self.item.pk)
        services.delete_item(item=item, by=self.standing.user, seen_revision=self.seen)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """That its amounts go with it."""
        return super().get_context_data(takes_away=True, **kwargs)

    def saved(self, form: TakeAwayForm) -> HttpResponse:
        """The list."""
        messages.success(self.request, f"{self.of}: {self.done}.", extra_tags="moves-shares")
        return redirect("money-items", code=self.standing.alliance.code)
