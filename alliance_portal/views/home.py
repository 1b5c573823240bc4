"""The home page."""

from typing import Any

from django.views.generic import TemplateView

from alliance_portal.dashboard.home import home
from programmes.snapshot import one_snapshot


class Home(TemplateView):
    """The alliances that the user may see, side by side, and what needs their attention."""

    template_name = "home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One moment of the database."""
        with one_snapshot():
            found = home(self.request.user, self.request.GET.get("page", ""))
        return super().get_context_data(home=found, **kwargs)
