"""The shares file as a download: the same rows as `export_shares`."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.http import FileResponse, HttpRequest, StreamingHttpResponse

from programmes.downloads import Download, sealed, spool
from savings.engine.periods import NotAPeriod, parse_year, year_slug
from savings.exports import ShareRow, as_csv, share_rows, write_xlsx
from savings.outturn_shares import outturn_rows
from savings.selectors.outturn import OUTTURN

_VERSIONS = ("approved", "forecast", "actual", OUTTURN.lower())


class SharesFile(Download):
    """What both kinds of download ask for: a version and a year, or all of them."""

    def asked(self) -> dict[str, Any]:
        """The alliance, and which version and year; None for all."""
        version = self.request.GET.get("version", "")
        return {
            "alliance": self.standing.alliance,
            "version": version.upper() if version in _VERSIONS else None,
            "year": self._year(),
        }

    def rows(
        self, read: Callable[..., Iterable[ShareRow]], day: date, **more: Any
    ) -> Iterable[ShareRow]:
        """The rows that are asked for, as `read` gives them; of the outturn those that count on `day`."""
        asked = self.asked()
        if asked["version"] != OUTTURN:
            return read(**asked, **more)
        return outturn_rows(read(**{**asked, "version": None}, **more), day)

    def _year(self) -> int | None:
        try:
            return parse_year(self.request.GET.get("year", ""))
        except NotAPeriod:
            return None

    def file_name(self, ending: str) -> str:
        """The file's name: what is in it."""
        asked = self.asked()
        parts = [self.standing.alliance.code, "shares"]
        if asked["year"] is not None:
            parts.append(year_slug(asked["year"]))
        if asked["version"]:
            parts.append(asked["version"].lower())
        return f"{'-'.join(parts)}.{ending}"


class SharesCsv(SharesFile):
    """As CSV."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        """The rows, from one moment of the database."""
        response = StreamingHttpResponse(
            as_csv(self.rows(share_rows, self.standing.today)),
            content_type="text/csv; charset=utf-8",
        )
        response["Content-Disposition"] = f'attachment; filename="{self.file_name("csv")}"'
        return response


class SharesWorkbook(SharesFile):
    """As a spreadsheet with typed cells."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        """The rows, from one moment of the database."""
        out = spool()
        write_xlsx(self.rows(share_rows, self.standing.today), out)
        return FileResponse(sealed(out), as_attachment=True, filename=self.file_name("xlsx"))
