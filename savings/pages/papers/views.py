"""The page of papers, and each of them as a file."""

from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.generic import TemplateView

from programmes.downloads import Download, sealed, spool
from programmes.pages import InAlliance
from savings.engine.periods import year_slug
from savings.papers import verify
from savings.papers.proof import proof_lines
from savings.papers.working import write_working
from savings.papers.year import Ready, StillBehind, TooLarge, read_year, years_with_papers
from savings.views import year_or_404

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Papers(InAlliance, TemplateView):
    """The years with money, and which papers there are of each."""

    template_name = "savings/papers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The years, the last first."""
        return super().get_context_data(years=years_with_papers(self.standing.alliance), **kwargs)


class Verifier(Download):
    """The verifier, as it stands in the portal's source."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One file of plain Python."""
        text = Path(verify.__file__).read_bytes()
        response = HttpResponse(text, content_type="text/x-python; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="verify.py"'
        return response


class YearPaper(Download):
    """A paper of a year, made once its shares are worked out; `name` is what its file is called."""

    name = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The paper; a page that waits while shares are behind; 404 for a year without money."""
        alliance, year = self.standing.alliance, year_or_404(self.kwargs["year"])
        try:
            ready = read_year(alliance, year)
        except StillBehind as problem:
            return self.waiting(str(problem))
        if not ready.pools:
            raise Http404("The alliance has no amounts in that year.")
        response = self.paper(ready)
        name = self.name.format(code=alliance.code, year=year_slug(year))
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def paper(self, ready: Ready) -> HttpResponseBase:
        """The file itself."""
        raise NotImplementedError


class ProofFile(YearPaper):
    """The proof file."""

    name = "{code}-proof-{year}.json"

    def paper(self, ready: Ready) -> HttpResponseBase:
        """Streamed into the file that is sent."""
        return StreamingHttpResponse(proof_lines(ready), content_type="application/json")


class WorkingFile(YearPaper):
    """The working workbook."""

    name = "{code}-working-{year}.xlsx"

    def paper(self, ready: Ready) -> HttpResponseBase:
        """Finished on disk; 404 where a year is too large for a spreadsheet that works itself out."""
        try:
            ready.check_size()
        except TooLarge as problem:
            raise Http404(str(problem)) from problem
        out = spool()
        write_working(ready, out)
        return FileResponse(sealed(out), content_type=_XLSX)
