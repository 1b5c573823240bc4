"""The forms of the area pages."""

from typing import Any

from django import forms

from business_areas.models import BusinessArea
from programmes.models import Alliance, Force


class AreaFilter(forms.Form):
    """Which areas the list shows; everything is in the address."""

    search = forms.CharField(label="Name", required=False, max_length=100)
    stage = forms.ChoiceField(label="Stage", required=False)
    category = forms.ChoiceField(label="Category", required=False)
    force = forms.ChoiceField(label="Lead force", required=False)

    def __init__(self, *args: Any, alliance: Alliance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forces = Force.objects.filter(alliance=alliance).order_by("position")
        choices: dict[str, list[tuple[str, str]]] = {
            "stage": list(BusinessArea.Stage.choices),
            "category": list(BusinessArea.Category.choices),
            "force": list(forces.values_list("code", "name")),
        }
        for name, options in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "All"), *options]

    @property
    def asked(self) -> dict[str, str]:
        """What was asked for; a value that is not on offer counts as not asked."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
