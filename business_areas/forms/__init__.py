"""The forms of the area pages."""

from business_areas.forms.listing import SaveViewForm
from business_areas.forms.many import ManyMonthForm, ManyOwnerForm, ManyStageForm
from business_areas.forms.part import PartForm
from business_areas.forms.parts import PART_FORMS
from business_areas.forms.states import AddAreaForm, HoldForm

__all__ = [
    "PART_FORMS",
    "AddAreaForm",
    "HoldForm",
    "ManyMonthForm",
    "ManyOwnerForm",
    "ManyStageForm",
    "PartForm",
    "SaveViewForm",
]
