"""The statements, each as PDF and as Word."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from programmes.downloads import Download
from savings.engine.periods import year_slug
from savings.papers.statements.methodology import methodology
from savings.papers.statements.parts import Statement
from savings.papers.statements.pdf import as_pdf
from savings.papers.statements.settlement import settlement_statement
from savings.papers.statements.word import as_word
from savings.papers.year import StillBehind
from savings.views import year_or_404

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MADE = {"pdf": (as_pdf, "application/pdf"), "docx": (as_word, _WORD)}


class StatementFile(Download):
    """A statement as a file, by `ending`."""

    ending = "pdf"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The file; 404 where there is nothing to state; a page that waits while shares are behind."""
        try:
            statement = self.statement()
        except StillBehind as problem:
            return self.waiting(str(problem))
        if statement is None:
            raise Http404("There is nothing to settle in that year.")
        make, content_type = _MADE[self.ending]
        answer = HttpResponse(make(statement), content_type=content_type)
        name = f"{self.standing.alliance.code}-{self.called()}.{self.ending}"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    def called(self) -> str:
        """The file's name without alliance and ending."""
        raise NotImplementedError

    def statement(self) -> Statement | None:
        """What is stated. Raises StillBehind."""
        raise NotImplementedError


class Methodology(StatementFile):
    """How the alliance shares."""

    def called(self) -> str:
        """Its name."""
        return "methodology"

    def statement(self) -> Statement:
        """As at today."""
        return methodology(self.standing.alliance, self.standing.today)


class SettlementPaper(StatementFile):
    """A year's settlement."""

    def called(self) -> str:
        """Its name, with the year."""
        return f"settlement-statement-{year_slug(self.year)}"

    @property
    def year(self) -> int:
        """The year of the address. Raises Http404."""
        return year_or_404(self.kwargs["year"])

    def statement(self) -> Statement | None:
        """The newest version, or a draft; None where nothing is to be settled."""
        return settlement_statement(self.standing.alliance, self.year, self.standing.today)
