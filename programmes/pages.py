"""What every page inside an alliance begins with: who is looking, and one moment of the database."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.response import SimpleTemplateResponse
from django.views.generic.base import ContextMixin, View

from programmes.permissions import Standing, standing
from programmes.snapshot import one_snapshot

SAFE_METHODS = frozenset({"GET", "HEAD"})


class InAlliance(ContextMixin, View):
    """A page under /alliances/CODE/: a user who may not see the alliance gets the 404 of a missing one.

    A page that is only read sees one moment of the database, from its first query to its last.
    """

    standing: Standing

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the user's standing; the page's frame reads it from the request."""
        super().setup(request, *args, **kwargs)
        self.standing = standing(request.user, kwargs["code"])
        request.standing = self.standing  # type: ignore[attr-defined]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer; for a page that is only read, within one snapshot."""
        if request.method not in SAFE_METHODS:
            return super().dispatch(request, *args, **kwargs)
        with one_snapshot():
            response = super().dispatch(request, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse):
                response.render()
            return response

    def http_method_not_allowed(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """A plain page in place of Django's empty answer."""
        answer = render(request, "405.html", status=405)
        answer["Allow"] = super().http_method_not_allowed(request, *args, **kwargs)["Allow"]
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The alliance, and what the user may do."""
        return super().get_context_data(
            alliance=self.standing.alliance, standing=self.standing, **kwargs
        )
