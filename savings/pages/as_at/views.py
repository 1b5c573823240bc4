"""Apportioned savings as they stood at a past moment, marked as such on the page and in its files."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.views.generic import TemplateView

from programmes.downloads import sealed, spool
from programmes.pages import InAlliance
from savings.downloads import SharesFile
from savings.engine.periods import year_slug
from savings.explain import TooLarge, check_size
from savings.exports import ShareRow, write_xlsx
from savings.forms import ApportionedFilter
from savings.moments import NotAMoment, moment_of
from savings.past_shares import as_past_csv, past_share_rows
from savings.selectors.apportioned import Apportioned, apportioned
from savings.views import Chosen


class AsAt(InAlliance, TemplateView):
    """The figures of a version, kind and year at a moment that the address says."""

    template_name = "savings/as_at.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The figures; or one sentence that says what is wrong with the moment."""
        chosen, asked = Chosen.of(self.request), self.request.GET.get("at", "").strip()
        choices = ApportionedFilter(initial={"version": chosen.version, "kind": chosen.kind})
        context = super().get_context_data(chosen=chosen, at=asked, choices=choices, **kwargs)
        alliance = self.standing.alliance
        try:
            moment = moment_of(alliance, asked, self.standing.today)
            check_size(alliance)
        except NotAMoment as problem:
            return {**context, "problem": str(problem)}
        except TooLarge as problem:
            return {**context, "too_large": problem}
        self.request.stood_at = moment.words  # type: ignore[attr-defined]
        table = self._table(chosen, moment.at)
        query = {"at": asked, "version": chosen.version, "kind": chosen.kind}
        since = {"since": moment.at.isoformat(), "year": year_slug(table.year)}
        return {
            **context,
            "moment": moment,
            "table": table,
            "query": urlencode(query),
            "since": f"{chosen.why}&{urlencode(since)}",
        }

    def _table(self, chosen: Chosen, at: datetime) -> Apportioned:
        return apportioned(
            alliance=self.standing.alliance,
            version=chosen.version.upper(),
            view=chosen.kind,
            year=chosen.year,
            today=self.standing.today,
            at=at,
        )

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """A wrong moment is a bad request, as well as a sentence."""
        status = 400 if "problem" in context else 200
        return super().render_to_response(context, status=status, **kwargs)


class SharesAsAt(SharesFile):
    """Every share as it stood: the file's name and each of its rows say at which moment."""

    ending = "csv"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The rows; 404 for an address that says no moment, or where a page would be too large."""
        alliance = self.standing.alliance
        try:
            moment = moment_of(alliance, request.GET.get("at", "").strip(), self.standing.today)
            check_size(alliance)
        except (NotAMoment, TooLarge) as problem:
            raise Http404(str(problem)) from problem
        rows = list(self.rows(past_share_rows, alliance.today(moment.at.date()), at=moment.at))
        stood = f"shares-as-at-{moment.at:%Y-%m-%d-%H%M}"
        name = self.file_name(self.ending).replace("shares", stood, 1)
        return self.file(rows, moment.words, name)

    def file(self, rows: list[ShareRow], stood_at: str, name: str) -> HttpResponseBase:
        """The rows as CSV."""
        response = StreamingHttpResponse(
            as_past_csv(rows, stood_at), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


class SharesAsAtWorkbook(SharesAsAt):
    """As a spreadsheet with typed cells."""

    ending = "xlsx"

    def file(self, rows: list[ShareRow], stood_at: str, name: str) -> HttpResponseBase:
        """The rows as a workbook."""
        out = spool()
        write_xlsx(rows, out, stood_at=stood_at)
        return FileResponse(sealed(out), as_attachment=True, filename=name)
