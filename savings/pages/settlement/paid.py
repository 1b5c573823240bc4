"""The pages on which a payment is put on record, or taken off it."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from programmes.permissions import Action
from savings.pages.settlement import forms
from savings.pages.settlement.acts import OfVersion
from savings.settling import services


class RecordPaid(OfVersion):
    """A payment that the settlement asks for was made."""

    form_class = forms.PaidForm
    heading = "Record a payment"
    save_words = "Record it as paid"
    facts = "savings/settlement/_to_pay.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The payment that the address names: either side may record it."""
        super().setup(request, *args, **kwargs)
        forces = {each.force.code: each.force for each in self.version.answers}
        try:
            self.payer, self.payee = forces[kwargs["payer"]], forces[kwargs["payee"]]
        except KeyError as problem:
            raise Http404("The settlement has no such payment.") from problem
        asked = (
            each.pence
            for each in self.version.to_pay
            if (each.payer.force, each.payee.force) == (self.payer, self.payee)
        )
        self.pence = next(asked, 0)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For the finance officers of the two."""
        if not self.standing.may(Action.SETTLE, of=self.payee):
            self.standing.require(Action.SETTLE, of=self.payer)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Who pays whom how much."""
        return super().get_context_data(
            payer=self.payer, payee=self.payee, pence=self.pence, stopped=not self.pence, **kwargs
        )

    def get_initial(self) -> dict[str, Any]:
        """With the reference that the version asks to be quoted."""
        return {"reference": self.version.row.reference}

    def write(self, given: Mapping[str, Any]) -> None:
        """Put it on record."""
        services.record_payment(
            settlement=self.version.row,
            payer=self.payer,
            payee=self.payee,
            pence=self.pence,
            paid_on=given["paid_on"],
            reference=given["reference"],
            by=self.standing.user,
        )
        self.done = "The payment is on record."


class TakePaidOff(OfVersion):
    """A payment on record was not made so."""

    form_class = forms.TakeOffForm
    heading = "Take a payment off the record"
    save_words = "Take it off the record"
    facts = "savings/settlement/_was_paid.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The payment that the address names; one that is gone was taken off already."""
        super().setup(request, *args, **kwargs)
        self.payment = next((x for x in self.version.paid if x.pk == kwargs["pk"]), None)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For the finance officers of the two."""
        if self.payment is None:
            messages.info(request, "That payment is not on record, or not any more.")
            return redirect(self.back[0])
        if not self.standing.may(Action.SETTLE, of=self.payment.payee):
            self.standing.require(Action.SETTLE, of=self.payment.payer)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The payment."""
        return super().get_context_data(payment=self.payment, **kwargs)

    def write(self, given: Mapping[str, Any]) -> None:
        """Take it off."""
        assert self.payment
        services.take_payment_off(
            payment=self.payment, reason=given["reason"], by=self.standing.user
        )
        self.done = "The payment is off the record, and is asked for again."
