"""A change in steps: type it, see what it does and say why, save exactly that.
One view for it (`CheckedPage`; `Checked` where it is priced by doing it and taking it back), one form
that carries what its page showed (`SeenForm`), one page of what somebody else saved first (`Conflict`).
"""

from programmes.checked.conflict import Conflict, Difference, meanwhile, seen_at
from programmes.checked.form import SeenForm
from programmes.checked.page import CheckedPage, place_problem, whole_number
from programmes.checked.rehearsed import Checked, CheckedRow
from programmes.checked.why import CheckForm, WhyForm

__all__ = [
    "CheckForm",
    "Checked",
    "CheckedPage",
    "CheckedRow",
    "Conflict",
    "Difference",
    "SeenForm",
    "WhyForm",
    "meanwhile",
    "place_problem",
    "seen_at",
    "whole_number",
]
