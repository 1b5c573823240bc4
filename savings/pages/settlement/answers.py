"""The pages on which a force answers a version: agree, dispute a line, let a dispute go."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest

from programmes.permissions import Action
from savings.models import SettlementAnswer
from savings.pages.settlement import forms
from savings.pages.settlement.acts import OfVersion
from savings.settling import services
from savings.settling.versions import stakes_of


class ForForce(OfVersion):
    """An answer that is given for one force, by whoever speaks for it."""

    action = Action.ANSWER

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the force that the person speaks for."""
        return {**super().get_form_kwargs(), "forces": self.own_forces()}

    def may_make(self, form: Any) -> bool:
        """Refuses whoever speaks for another force, whatever else is typed."""
        if code := self.request.POST.get("force", ""):
            self.force_of(code)
        return super().may_make(form)


class Agree(ForForce):
    """A force agrees to all that it does not dispute."""

    form_class = forms.ForForceForm
    heading = "Agree to this settlement"
    save_words = "Agree"
    facts = "savings/settlement/_agreed.html"

    def write(self, given: Mapping[str, Any]) -> None:
        """Agree."""
        force = self.force_of(given["force"])
        services.agree(settlement=self.version.row, force=force, by=self.standing.user)
        self.done = f"{force.name} has agreed to version {self.version.row.number}."


class OfLine(ForForce):
    """Something said of a line: an area's costs or savings."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The line that the address names."""
        super().setup(request, *args, **kwargs)
        kinds = {"costs": SettlementAnswer.Kind.COST, "savings": SettlementAnswer.Kind.SAVING}
        areas = [a for a in self.version.settlement.of.areas if a.code == kwargs["area_code"]]
        if not areas or kwargs["kind"] not in kinds:
            raise Http404("The settlement has no such line.")
        self.area, self.line = areas[0], kinds[kwargs["kind"]]
        lines = self.version.settlement.of.account.lines
        if (self.area.pk, self.line == "SAVING") not in {(x.area, x.is_saving) for x in lines}:
            raise Http404("The settlement has no such line.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is at stake."""
        return super().get_context_data(
            line=self.version.name_of(self.area.pk, self.line),
            stakes=stakes_of(self.version.settlement, self.area.pk, self.line),
            **kwargs,
        )


class Dispute(OfLine):
    """A force disputes a line; the rest can still be agreed and paid."""

    form_class = forms.DisputeForm
    heading = "Dispute a line"
    save_words = "Dispute it"
    facts = "savings/settlement/_at_stake.html"

    def write(self, given: Mapping[str, Any]) -> None:
        """Dispute it."""
        force = self.force_of(given["force"])
        services.dispute(
            settlement=self.version.row,
            force=force,
            area=self.area,
            kind=self.line,
            about=given["about"],
            note=given["note"],
            owner=given["owner"],
            by_on=given["by_on"],
            by=self.standing.user,
        )
        line = self.version.name_of(self.area.pk, self.line)
        self.done = f"{force.name} disputes {line}. The rest can still be agreed and paid."


class LetGo(OfLine):
    """A force no longer disputes a line."""

    form_class = forms.LetGoForm
    heading = "Let a dispute go"
    save_words = "Let it go"
    facts = "savings/settlement/_at_stake.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The force that the address names."""
        super().setup(request, *args, **kwargs)
        self.force = self.force_of(kwargs["force_code"])

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whose dispute it is, the address says."""
        kept = super().get_form_kwargs()
        del kept["forces"]
        return kept

    def write(self, given: Mapping[str, Any]) -> None:
        """Let it go."""
        services.let_go(
            settlement=self.version.row,
            force=self.force,
            area=self.area,
            kind=self.line,
            note=given["note"],
            by=self.standing.user,
        )
        line = self.version.name_of(self.area.pk, self.line)
        self.done = f"{self.force.name} no longer disputes {line}."
