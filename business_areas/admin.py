"""Areas, their members, people, design, milestones and register in the administration site."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from business_areas import services
from business_areas.models import (
    AreaMembership,
    BusinessArea,
    DateChange,
    Dependency,
    DesignStrand,
    Milestone,
    RaidItem,
    Staffing,
)
from programmes.administration import KeptAdmin, RecordedForm, ServiceAdmin, editor
from programmes.change_log import register_change_logs
from programmes.form_fields import TextField


@admin.register(BusinessArea)
class BusinessAreaAdmin(KeptAdmin):
    """Areas; one that is given up gets the stage “withdrawn”, and its figures stay."""

    list_display = ("name", "alliance", "category", "stage", "lead_force", "publish")
    list_filter = ("alliance", "category", "stage", "publish")
    list_select_related = ("alliance", "lead_force")
    search_fields = ("name", "code")


class InArea(ServiceAdmin):
    """A table whose rows belong to an area, and so to its alliance."""

    search_fields = ("area__name", "area__code")


@admin.register(AreaMembership)
class AreaMembershipAdmin(InArea):
    """Which force shares an area from when until when; an area without any is shared by all."""

    list_display = ("area", "force", "joined_on", "left_on")
    list_filter = ("alliance",)
    list_select_related = ("area", "force")

    def save_model(
        self, request: HttpRequest, obj: AreaMembership, form: Any, change: bool
    ) -> None:
        """Through the service, so that shares follow."""
        services.save_area_membership(membership=obj, by=editor(request))

    def delete_model(self, request: HttpRequest, obj: AreaMembership) -> None:
        """Through the service, so that shares follow."""
        services.delete_area_membership(membership=obj, by=editor(request))


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


class MilestoneForm(RecordedForm):
    """A milestone; a date that moves needs a reason, which is kept with the old and new dates."""

    reason = TextField(
        longest=60,
        required=False,
        help_text="Needed when the approved, forecast or actual date moves; kept with the change.",
    )

    def clean(self) -> Any:
        """Ask for the reason where it is typed."""
        cleaned = super().clean()
        moved = self.instance.pk and {"approved_on", "forecast_on", "actual_on"} & {
            *self.changed_data
        }
        if moved and not self.cleaned_data.get("reason"):
            self.add_error("reason", "Say why the date moves.")
        return cleaned


class DateChanges(admin.TabularInline[DateChange, Milestone]):
    """The dates as they moved, to read."""

    model = DateChange
    fields = readonly_fields = ("changed_at", "which", "from_on", "to_on", "reason", "changed_by")
    extra = 0
    can_delete = False
    ordering = ("-changed_at",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: the service writes them."""
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        """With who did it."""
        return super().get_queryset(request).select_related("changed_by", "milestone")


@admin.register(Milestone)
class MilestoneAdmin(ServiceAdmin):
    """Milestones; forecasts that start from one follow its date."""

    form = MilestoneForm
    fixed = ("alliance", "area")
    inlines = (DateChanges,)
    list_display = ("name", "area", "alliance", "kind", "approved_on", "forecast_on", "actual_on")
    list_filter = ("alliance", "kind")
    list_select_related = ("area", "alliance")
    search_fields = ("name", "code", "area__name")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The original baseline is set once."""
        baseline = ("baseline_on",) if obj and obj.baseline_on else ()
        return [*super().get_readonly_fields(request, obj), *baseline]

    def save_model(self, request: HttpRequest, obj: Milestone, form: Any, change: bool) -> None:
        """Through the service, so that forecasts and shares follow."""
        services.save_milestone(
            milestone=obj, reason=form.cleaned_data["reason"], by=editor(request)
        )


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
