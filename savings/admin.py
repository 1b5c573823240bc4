"""Rules, items, amounts, years, runs and requests in the administration site, all to read."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from programmes import words
from programmes.change_log import register_change_logs
from programmes.read_only import ReadOnlyAdmin, ReadOnlyRows
from savings.engine.periods import year_label
from savings.models import (
    Amount,
    FinancialYear,
    Item,
    RecomputeRequest,
    Run,
    SharingRule,
    SharingTerm,
)


class Terms(ReadOnlyRows):
    """The rule's measures with their weights, or its forces with their percentages."""

    model = SharingTerm
    exclude = ("alliance",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SharingTerm]:
        """With what each line's name is made of."""
        return super().get_queryset(request).select_related("measure", "force")


@admin.register(SharingRule)
class SharingRuleAdmin(ReadOnlyAdmin):
    """Sharing rules with their terms."""

    inlines = (Terms,)
    list_display = ("__str__", "alliance", "area", "effective_on", "method", "agreed_on")
    list_filter = ("alliance", "method")
    list_select_related = ("alliance", "area")
    search_fields = ("area__name", "source")


@admin.register(Item)
class ItemAdmin(ReadOnlyAdmin):
    """Items; with a full-year value and a ramp the portal works the forecast out."""

    list_display = ("name", "alliance", "area", "kind", "recurrence", "cashable", "owner")
    list_filter = ("alliance", "kind", "recurrence", "cashable")
    list_select_related = ("alliance", "area")
    search_fields = ("name", "code", "area__name")


@admin.register(Amount)
class AmountAdmin(ReadOnlyAdmin):
    """Amounts, those that people gave and those that the portal derived."""

    fields = ("item", "version", "starts_on", "whole_year", "pence", "borne_by", "derived")
    list_display = ("item", "version", "period", "pounds", "borne_by", "derived")
    list_filter = ("alliance", "version", "year", "derived")
    list_select_related = ("item", "borne_by")
    search_fields = ("item__name", "item__code")
    ordering = ("-id",)
    show_full_result_count = False

    @admin.display(description="Amount (£)", ordering="pence")
    def pounds(self, amount: Amount) -> str:
        """Pounds and pence, a minus before a negative amount."""
        return words.pounds(amount.pence).replace("£", "")

    @admin.display(ordering="starts_on")
    def period(self, amount: Amount) -> str:
        """The month or the financial year."""
        return amount.period.label


@admin.register(FinancialYear)
class FinancialYearAdmin(ReadOnlyAdmin):
    """Financial years; a closed one stays closed."""

    list_display = ("label", "alliance", "closed_at", "closed_by")
    list_filter = ("alliance",)
    list_select_related = ("alliance", "closed_by")

    @admin.display(description="Year", ordering="year")
    def label(self, year: FinancialYear) -> str:
        """2016/17."""
        return year_label(year.year)


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    """What the workers did."""

    changed_in_portal = False
    list_display = ("number", "alliance", "cause", "state", "started_at", "finished_at", "problem")
    list_filter = ("state", "alliance")
    list_select_related = ("alliance",)
    show_full_result_count = False


@admin.register(RecomputeRequest)
class RecomputeRequestAdmin(ReadOnlyAdmin):
    """What the workers have still to do."""

    changed_in_portal = False
    list_display = ("area", "year", "cause", "asked_at", "asked_by")
    list_filter = ("alliance",)
    list_select_related = ("area", "asked_by")


register_change_logs("savings")
