"""The home page, and an alliance's overview."""

from typing import Any

from django.utils import timezone
from django.views.generic import TemplateView

from alliance_portal.overview import my_alliances, overview
from programmes.pages import InAlliance
from programmes.snapshot import one_snapshot


class Home(TemplateView):
    """The alliances that the user may see."""

    template_name = "home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each alliance with the headline of where it stands."""
        with one_snapshot():
            alliances = my_alliances(self.request.user)
        return super().get_context_data(alliances=alliances, **kwargs)


class Overview(InAlliance, TemplateView):
    """What the alliance is, its forces, what is live, and the headline numbers."""

    template_name = "overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The overview as at the alliance's day."""
        alliance = self.standing.alliance
        return super().get_context_data(
            overview=overview(alliance, alliance.today(timezone.localdate())), **kwargs
        )
