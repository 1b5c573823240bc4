"""Rules, items, amounts and years in the administration site; runs and requests to read."""

from typing import Any

from django.contrib import admin
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest

from programmes import words
from programmes.administration import (
    ReadOnlyAdmin,
    RefusableForm,
    ServiceAdmin,
    WithinAlliance,
    editor,
)
from programmes.change_log import register_change_logs
from savings import services
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


class Terms(WithinAlliance, admin.TabularInline[SharingTerm, SharingRule]):
    """The rule's measures with their weights, or its forces with their percentages."""

    model = SharingTerm
    form = RefusableForm
    exclude = ("alliance",)
    extra = 3

    def get_queryset(self, request: HttpRequest) -> QuerySet[SharingTerm]:
        """With what each line's name is made of."""
        return super().get_queryset(request).select_related("measure", "force")


@admin.register(SharingRule)
class SharingRuleAdmin(ServiceAdmin):
    """Sharing rules, written with their terms as one."""

    inlines = (Terms,)
    list_display = ("__str__", "alliance", "area", "effective_on", "method", "agreed_on")
    list_filter = ("alliance", "method")
    list_select_related = ("alliance", "area")
    search_fields = ("area__name", "source")

    def save_model(self, request: HttpRequest, obj: SharingRule, form: Any, change: bool) -> None:
        """Wait for the terms: the service takes both."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Through the service, so that shares follow."""
        terms = []
        for formset in formsets:
            formset.save(commit=False)  # so that the site can say what changed
            terms += [
                row.instance
                for row in formset.forms
                if row not in formset.deleted_forms and (row.instance.pk or row.has_changed())
            ]
        services.save_rule(rule=form.instance, terms=terms, by=editor(request))
        connection.check_constraints()

    def delete_model(self, request: HttpRequest, obj: SharingRule) -> None:
        """Through the service, so that shares follow."""
        services.delete_rule(rule=obj, by=editor(request))


@admin.register(Item)
class ItemAdmin(ServiceAdmin):
    """Items; with a full-year value and a ramp the portal works the forecast out."""

    list_display = ("name", "alliance", "area", "kind", "recurrence", "cashable", "owner")
    list_filter = ("alliance", "kind", "recurrence", "cashable")
    list_select_related = ("alliance", "area")
    search_fields = ("name", "code", "area__name")

    def save_model(self, request: HttpRequest, obj: Item, form: Any, change: bool) -> None:
        """Through the service, so that forecast and shares follow."""
        services.save_item(item=obj, by=editor(request))

    def delete_model(self, request: HttpRequest, obj: Item) -> None:
        """Through the service, so that shares follow."""
        services.delete_item(item=obj, by=editor(request))


@admin.register(Amount)
class AmountAdmin(ServiceAdmin):
    """Amounts; those that the portal derived are to read."""

    fields = ("item", "version", "starts_on", "whole_year", "pence", "borne_by")
    fixed = ("item",)
    raw_id_fields = ("item",)
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

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not of a derived amount."""
        return not (obj and obj.derived) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not of a derived amount."""
        return not (obj and obj.derived) and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Amount, form: Any, change: bool) -> None:
        """Through the service, so that shares follow."""
        services.save_amount(amount=obj, by=editor(request))

    def delete_model(self, request: HttpRequest, obj: Amount) -> None:
        """Through the service, so that shares follow."""
        services.delete_amount(amount=obj, by=editor(request))


@admin.register(FinancialYear)
class FinancialYearAdmin(ServiceAdmin):
    """Financial years; a closed one stays closed."""

    fixed = ("alliance", "year")
    readonly_fields = ("closed_at", "closed_by")
    list_display = ("label", "alliance", "closed_at", "closed_by")
    list_filter = ("alliance",)
    list_select_related = ("alliance", "closed_by")

    @admin.display(description="Year", ordering="year")
    def label(self, year: FinancialYear) -> str:
        """2016/17."""
        return year_label(year.year)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not of a closed year."""
        return not (obj and obj.closed_at) and super().has_delete_permission(request, obj)


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    """What the workers did."""

    list_display = ("number", "alliance", "cause", "state", "started_at", "finished_at", "problem")
    list_filter = ("state", "alliance")
    list_select_related = ("alliance",)
    show_full_result_count = False


@admin.register(RecomputeRequest)
class RecomputeRequestAdmin(ReadOnlyAdmin):
    """What the workers have still to do."""

    list_display = ("area", "year", "cause", "asked_at", "asked_by")
    list_filter = ("alliance",)
    list_select_related = ("area", "asked_by")


register_change_logs("savings")
