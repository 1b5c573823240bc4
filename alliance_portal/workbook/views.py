"""A workbook brought in on a page: what it would change and do, shown first; then exactly that."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from alliance_portal.workbook.differences import Difference
from alliance_portal.workbook.forms import WorkbookForm
from alliance_portal.workbook.loading import NotAsShown, NotLoadable, Plan, load, plan
from alliance_portal.workbook.problems import as_lines
from alliance_portal.workbook.upload import on_disk
from programmes.changes import PriceMoved
from programmes.checked import CheckedPage, WhyForm
from programmes.tables import csv_file

# A page lists so many problems, and so many values of a sheet; its file and the command list all.
_PROBLEMS, _VALUES = 50, 300


@dataclass(frozen=True)
class SheetShown:
    """A sheet of the workbook: how many rows come in, change and stay, and the values that change."""

    sheet: str
    created: int
    changed: int
    unchanged: int
    differences: tuple[Difference, ...]

    @property
    def shown(self) -> tuple[Difference, ...]:
        """Those that the page lists."""
        return self.differences[:_VALUES]

    @property
    def more(self) -> int:
        """How many it does not."""
        return max(len(self.differences) - _VALUES, 0)


class LoadWorkbook(CheckedPage[WorkbookForm]):
    """Choose the file, see every value that changes with the pounds, load exactly that.

    The file is not kept: it is chosen again where it is loaded, and what was shown is its digest.
    """

    template_name = "workbook/load.html"
    check_template = "workbook/check.html"
    form_class = WorkbookForm
    heading = "Check what the workbook changes"
    save_words = "Load it"
    refused_at = "file"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For those who may do whatever a workbook can."""
        if not self.standing.may_do_everything:
            raise PermissionDenied(
                "You can see this alliance, but only an administrator may load a workbook."
            )
        return super().dispatch(request, *args, **kwargs)

    @property
    def of(self) -> str:
        """The alliance."""
        return self.standing.alliance.name

    @property
    def back(self) -> tuple[str, str]:
        """What the alliance is."""
        return reverse("overview-about", args=[self.standing.alliance.code]), "About the alliance"

    @property
    def carried(self) -> list[tuple[str, str]]:
        """Nothing: a file cannot be."""
        return []

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The step that was sent; or every value as a file, where that was asked for."""
        form = self.get_form()
        if "values" not in request.POST or not form.is_valid():
            return super().post(request, *args, **kwargs)
        try:
            found = self._plan(form)
        except ValidationError as problem:
            form.add_error(self.refused_at, problem)
            return self.form_invalid(form)
        return csv_file(
            f"{found.code}-values.csv",
            [each.name for each in fields(Difference)],
            map(astuple, found.differences),
        )

    def _plan(self, form: WorkbookForm) -> Plan:
        """What the file would change. Raises ValidationError."""
        with on_disk(form.cleaned_data["file"], "workbook.xlsx") as path, _told():
            found = plan(path)
        if found.code != self.standing.alliance.code:
            raise ValidationError(f"This is the workbook of {found.name}: choose another file")
        return found

    def check(self, form: WorkbookForm) -> dict[str, Any]:
        """Every value, old and new, and what that does to each force in each year."""
        found = self._plan(form)
        return {
            "plan": found,
            "sheets": list(_sheets(found)),
            "effect": found.effect,
            "digest": found.digest,
        }

    def make(self, form: WorkbookForm, why: WhyForm | None) -> HttpResponse:
        """Load what was shown."""
        shown = self.request.POST.get("priced", "") or "nothing"
        with on_disk(form.cleaned_data["file"], "workbook.xlsx") as path, _told():
            try:
                done = load(path, by=self.standing.user, shown=shown)
            except NotAsShown as moved:
                raise PriceMoved(moved.plan.effect) from moved
        said = "The workbook is loaded." if done else "Nothing was changed: it was loaded already."
        messages.success(self.request, said, extra_tags="moves-shares")
        return redirect(self.back[0])


@contextmanager
def _told() -> Iterator[None]:
    """The workbook's problems as the form's."""
    try:
        yield
    except NotLoadable as refusal:
        lines = as_lines(refusal.problems)
        more = [f"and {len(lines) - _PROBLEMS:,} more"] if len(lines) > _PROBLEMS else []
        raise ValidationError([*lines[:_PROBLEMS], *more]) from refusal


def _sheets(found: Plan) -> Iterator[SheetShown]:
    values = {
        sheet: tuple(each)
        for sheet, each in groupby(found.differences, key=lambda difference: difference.sheet)
    }
    for sheet in found.sheets:
        changes = found.changes[sheet]
        yield SheetShown(
            sheet=sheet,
            created=len(changes.created),
            changed=len(changes.changed),
            unchanged=changes.unchanged,
            differences=values.get(sheet, ()),
        )
