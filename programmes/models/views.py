"""Lists that a person keeps coming back to, by name."""

import pghistory
from django.conf import settings
from django.db import models

from programmes.models.alliances import Alliance
from programmes.recorded import Recorded


@pghistory.track()
class SavedView(Recorded):
    """A list's filters, search and order under a name: the query of its address.

    `page` is the name of the list's address. A shared view is seen by everyone in the alliance.
    """

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="saved_views")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views"
    )
    page = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    query = models.CharField(max_length=2000, blank=True)
    is_shared = models.BooleanField("shared with everyone in the alliance", default=False)

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "user", "page", "name"],
                name="saved_view_once",
                violation_error_message="You already have a view with this name.",
            )
        ]

    def __str__(self) -> str:
        return self.name
