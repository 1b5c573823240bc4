"""The register in the administration site; areas, their members, people and milestones to read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from business_areas.models import (
    AreaMembership,
    BusinessArea,
    Dependency,
    DesignStrand,
    Milestone,
    MovedDate,
    RaidItem,
    Staffing,
)
from programmes.administration import ServiceAdmin
from programmes.change_log import register_change_logs
from programmes.read_only import ReadOnlyAdmin, ReadOnlyRows


@admin.register(BusinessArea)
class BusinessAreaAdmin(ReadOnlyAdmin):
    """Areas."""

    list_display = ("name", "alliance", "category", "stage", "lead_force", "publish")
    list_filter = ("alliance", "category", "stage", "publish")
    list_select_related = ("alliance", "lead_force")
    search_fields = ("name", "code")


class InArea(ReadOnlyAdmin):
    """A table whose rows belong to an area, and so to its alliance."""

    search_fields = ("area__name", "area__code")


@admin.register(AreaMembership)
class AreaMembershipAdmin(InArea):
    """Which force shares an area from when until when; an area without any is shared by all."""

    list_display = ("area", "force", "joined_on", "left_on")
    list_filter = ("alliance",)
    list_select_related = ("area", "force")


@admin.register(Staffing)
class StaffingAdmin(InArea):
    """People before, and in the shared team."""

    list_display = ("area", "force", "as_at", "baseline_fte", "shared_fte")
    list_filter = ("alliance",)
    list_select_related = ("area", "force")


@admin.register(DesignStrand)
class DesignStrandAdmin(InArea):
    """How far structure, processes and technology have come."""

    list_display = ("area", "strand", "status")
    list_filter = ("alliance", "strand", "status")
    list_select_related = ("area",)


class MovedDates(ReadOnlyRows):
    """The dates as changes on record moved them."""

    model = MovedDate
    fields = readonly_fields = ("made_at", "which", "from_on", "to_on", "reason", "made_by")
    ordering = ("-change__made_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the change and who made it."""
        return super().get_queryset(request).select_related("change__made_by", "milestone")

    @admin.display(description="Changed at")
    def made_at(self, row: MovedDate) -> Any:
        """When, as its change says."""
        return row.change.made_at

    @admin.display(description="Changed by", empty_value="")
    def made_by(self, row: MovedDate) -> Any:
        """Who, as its change says."""
        return row.change.made_by


@admin.register(Milestone)
class MilestoneAdmin(ReadOnlyAdmin):
    """Milestones and their dates."""

    inlines = (MovedDates,)
    list_display = ("name", "area", "alliance", "kind", "approved_on", "forecast_on", "actual_on")
    list_filter = ("alliance", "kind")
    list_select_related = ("area", "alliance")
    search_fields = ("name", "code", "area__name")


@admin.register(Dependency)
class DependencyAdmin(ServiceAdmin):
    """Which milestone waits for which."""

    list_display = ("milestone", "provider", "note")
    list_filter = ("alliance",)
    list_select_related = ("milestone", "provider")
    search_fields = ("milestone__name", "provider__name")


@admin.register(RaidItem)
class RaidItemAdmin(ServiceAdmin):
    """Risks, assumptions, issues, decisions, actions and dependencies."""

    list_display = ("title", "kind", "alliance", "area", "owner", "due_on", "closed_on")
    list_filter = ("alliance", "kind")
    list_select_related = ("alliance", "area")
    search_fields = ("title", "code", "owner")


register_change_logs("business_areas")
