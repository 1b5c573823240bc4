"""People and benefits in the administration site; alliances, forces, sizes and gates to read."""

from typing import Any

from allauth.account.admin import EmailAddress
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from programmes.administration import KeptAdmin, ServiceAdmin, WithinAlliance
from programmes.change_log import register_change_logs
from programmes.credentials import NewPasswordForm, NewPersonForm, PersonForm
from programmes.models import (
    Alliance,
    Benefit,
    Force,
    ForceSize,
    Gate,
    Membership,
    Role,
    SignOff,
    SizeMeasure,
    User,
)
from programmes.read_only import ReadOnlyAdmin

admin.site.site_header = "Alliance portal"
admin.site.site_title = "Alliance portal"
admin.site.index_title = "Reference data"
admin.site.enable_nav_sidebar = False
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.unregister(Group)  # roles say who may do what
admin.site.unregister(EmailAddress)  # a person has one address, their own


class RoleInline(WithinAlliance, admin.TabularInline[Role, User]):
    """What the person may do, and where."""

    model = Role
    extra = 1

    def alliance_id(self, request: HttpRequest) -> None:
        """A person may have roles in several alliances."""


@admin.register(User)
class PersonAdmin(KeptAdmin, UserAdmin[User]):
    """People are never taken away, since history names them; they are kept from signing in."""

    form = PersonForm  # type: ignore[assignment]
    add_form = NewPersonForm
    change_password_form = NewPasswordForm
    change_user_password_template = "admin/password_of_person.html"  # noqa: S105
    fixed = ()
    fieldsets = (
        (None, {"fields": ("email", "name", "password", "password_set_at")}),
        ("Access", {"fields": ("is_active", "is_staff", "is_superuser", "last_login")}),
        (None, {"fields": ("your_password",)}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),
        (None, {"fields": ("your_password",)}),
    )
    readonly_fields = ("last_login", "password_set_at")
    inlines = (RoleInline,)
    list_display = ("email", "name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "roles__kind", "roles__alliance")
    search_fields = ("email", "name")
    ordering = ("name", "email")
    filter_horizontal = ()

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Save, unless it locks the one who saves out."""
        may_enter = obj.is_active and obj.is_staff and obj.is_superuser
        if obj.pk == request.user.pk and not may_enter:
            raise ValidationError(
                "You cannot take your own access away; ask another administrator."
            )
        super().save_model(request, obj, form, change)


@admin.register(Role)
class RoleAdmin(ServiceAdmin):
    """Roles, by alliance."""

    list_display = ("user", "kind", "alliance", "force")
    list_filter = ("kind", "alliance")
    list_select_related = ("user", "alliance", "force")
    search_fields = ("user__email", "user__name")
    raw_id_fields = ("user",)


@admin.register(Alliance)
class AllianceAdmin(ReadOnlyAdmin):
    """Alliances."""

    list_display = ("name", "code", "agreed_on", "target_on", "held_on")
    search_fields = ("name", "code")


@admin.register(Force)
class ForceAdmin(ReadOnlyAdmin):
    """Forces; their order settles ties."""

    list_display = ("name", "alliance", "position", "chief_constable", "commissioner")
    list_filter = ("alliance",)
    list_select_related = ("alliance",)
    search_fields = ("name", "code")


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    """Which force is in the alliance from when until when."""

    list_display = ("force", "alliance", "joined_on", "left_on")
    list_filter = ("alliance",)
    list_select_related = ("force", "alliance")
    search_fields = ("force__name",)


@admin.register(SizeMeasure)
class SizeMeasureAdmin(ReadOnlyAdmin):
    """What forces' sizes are counted in."""

    list_display = ("name", "alliance")
    list_filter = ("alliance",)
    list_select_related = ("alliance",)
    search_fields = ("name",)


@admin.register(ForceSize)
class ForceSizeAdmin(ReadOnlyAdmin):
    """Sizes on record, each release of them."""

    list_display = ("force", "measure", "effective_on", "value", "release", "source", "recorded_by")
    list_filter = ("alliance", "measure")
    list_select_related = ("force", "measure", "recorded_by")
    search_fields = ("force__name", "source")
    date_hierarchy = "effective_on"


@admin.register(Gate)
class GateAdmin(ReadOnlyAdmin):
    """The decision points of a programme."""

    list_display = ("name", "alliance", "order", "forecast_on", "decided_on", "decision")
    list_filter = ("alliance",)
    list_select_related = ("alliance",)
    search_fields = ("name", "code")


@admin.register(SignOff)
class SignOffAdmin(ReadOnlyAdmin):
    """Who has signed, or refused to sign, a gate."""

    list_display = ("gate", "force", "office", "name", "decision", "decided_on")
    list_filter = ("alliance",)
    list_select_related = ("gate", "force")
    search_fields = ("gate__name", "force__name", "office", "name")


@admin.register(Benefit)
class BenefitAdmin(ServiceAdmin):
    """What is gained that is not money."""

    list_display = ("title", "alliance", "kind", "owner", "target", "reached")
    list_filter = ("alliance", "kind")
    list_select_related = ("alliance",)
    search_fields = ("title", "owner")


register_change_logs("programmes")
