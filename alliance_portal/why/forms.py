"""Which figure's move is asked about, and between which moments."""

from functools import cached_property

from django import forms

from savings.bridge import Chosen
from savings.engine.periods import NotAPeriod, parse_year
from savings.forms import STORED, ApportionedFilter
from savings.moments import LAST_CHANGE, LAST_MONTH

_LONGEST = 40


class WhyForm(ApportionedFilter):
    """The figure as the apportioned page chooses it, and two moments as they are typed."""

    version = forms.ChoiceField(label="Version", choices=STORED)
    since = forms.CharField(label="From the end of", required=False)
    until = forms.CharField(label="To the end of", required=False)

    @cached_property
    def chosen(self) -> Chosen:
        """The figure; anything unknown is the usual choice, and no year means all of them."""
        self.is_valid()
        given = self.cleaned_data
        try:
            year = parse_year(given.get("year") or "")
        except NotAPeriod:
            year = None
        version, view = given.get("version") or "forecast", given.get("kind") or "saving"
        return Chosen(version.upper(), view, year)

    def moment(self, name: str) -> str:
        """One of the moments as it was typed."""
        return str(self.data.get(name, "")).strip()[:_LONGEST]

    def typed(self) -> dict[str, str]:
        """What the boxes of the moments hold; nothing for a choice that is a link."""
        moments = {name: self.moment(name) for name in ("since", "until")}
        if moments["since"] in (LAST_MONTH, LAST_CHANGE):
            moments["since"] = ""
        return moments
