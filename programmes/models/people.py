"""Who may sign in, and what each may do in which alliance."""

from typing import Any, Self

import pghistory
import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from programmes.models.alliances import Alliance, Force
from programmes.recorded import Recorded, recorded_at


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A saved user; the address is kept in lower case."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A saved administrator of the whole portal."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with that address, typed in any case; never one that merely looks like it."""
        return self.get(email=(username or "").lower())


# Both columns are the trigger's own: every door is on record, and none winds the count back.
_CREDENTIALS = """
IF TG_OP = 'INSERT' THEN
    NEW.password_set_at = COALESCE(NEW.password_set_at, clock_timestamp());
    RETURN NEW;
END IF;
NEW.deactivations = OLD.deactivations + (OLD.is_active AND NOT NEW.is_active)::int;
NEW.password_set_at = CASE
    WHEN NEW.password = OLD.password THEN OLD.password_set_at ELSE clock_timestamp()
END;
RETURN NEW;
"""


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address."""

    email = models.EmailField(
        "email address",
        max_length=254,
        unique=True,
        error_messages={"unique": "Another user has this e-mail address."},
    )
    name = models.CharField(max_length=200)
    is_active = models.BooleanField("can sign in", default=True)
    is_staff = models.BooleanField("can use the administration site", default=False)
    joined_at = recorded_at()
    password_set_at = models.DateTimeField(null=True, editable=False)
    deactivations = models.PositiveIntegerField("times switched off", default=0, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "email"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="user_email_in_lower_case",
                violation_error_message="An e-mail address is kept in lower case.",
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="credentials",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_CREDENTIALS,
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The person's name."""
        return self.name

    def get_short_name(self) -> str:
        """The person's name; the portal does not guess which part is the first."""
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must know: it ends with the password, and for good with a deactivation."""
        known = f"{self.password}{self.deactivations}"
        return salted_hmac(
            "programmes.User.session", known, secret=secret, algorithm="sha256"
        ).hexdigest()


class RoleQuerySet(models.QuerySet["Role"]):
    """Roles as the permissions module asks for them."""

    def of(self, user: User) -> Self:
        """The user's roles with their alliances and forces. One query."""
        return self.filter(user=user).select_related("alliance", "force")


@pghistory.track()
class Role(Recorded):
    """What a user may do in one alliance, for one force or for all of them."""

    class Kind(models.TextChoices):
        PROGRAMME_MANAGER = "PROGRAMME_MANAGER", "Programme manager"
        FINANCE_OFFICER = "FINANCE_OFFICER", "Finance officer"
        CHIEF_OFFICER = "CHIEF_OFFICER", "Chief officer"
        PANEL_MEMBER = "PANEL_MEMBER", "Panel member or auditor"

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="roles")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="roles")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    force = models.ForeignKey(
        Force, on_delete=models.CASCADE, null=True, blank=True, related_name="roles"
    )

    objects = RoleQuerySet.as_manager()

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["alliance", "kind", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "user", "kind", "force"],
                nulls_distinct=False,
                name="role_once",
                violation_error_message="This user already has that role.",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        "PROGRAMME_MANAGER",
                        "FINANCE_OFFICER",
                        "CHIEF_OFFICER",
                        "PANEL_MEMBER",
                    ]
                ),
                name="role_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_kind_display().lower()}, {self.alliance}"
