"""Sizes from a published file: read, each figure shown with what it would move, checked, saved."""

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.generic import FormView

from alliance_portal.size_files.cells import NotAsPublished
from alliance_portal.size_files.forms import Carried, FileForm, TakeForm
from alliance_portal.size_files.offered import (
    Offer,
    day_key_of,
    differing,
    figures_of,
    grouped,
    key_of,
    lots_of,
)
from alliance_portal.size_files.reading import figures_in
from alliance_portal.workbook.upload import on_disk
from programmes import services, words
from programmes.models import Force, ForceSize, SizeMeasure
from programmes.pages import InAlliance
from programmes.permissions import Action
from programmes.services import Figure
from savings.pages.sizes import figures as shown
from savings.pages.sizes.grid_forms import SizesWhy
from savings.pages.sizes.views import OfSizes
from savings.selectors.size_grid import size_grid
from savings.selectors.size_price import price_sizes

CHOOSE = "size_files/choose.html"


class ReadSizes(InAlliance, FormView[FileForm]):
    """Choose the file; what it offers is shown next. It is not kept, and nothing is saved."""

    template_name = "size_files/read.html"
    form_class = FileForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For those who may change sizes."""
        self.standing.require(Action.RECORD_SIZES)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def forces(self) -> list[Force]:
        """The alliance's, in the agreed order."""
        return list(Force.objects.filter(alliance=self.standing.alliance).order_by("position"))

    def get_form_kwargs(self) -> dict[str, Any]:
        """The alliance's measures."""
        measures = SizeMeasure.objects.filter(alliance=self.standing.alliance).order_by("name")
        return {**super().get_form_kwargs(), "measures": measures}

    def get_initial(self) -> dict[str, Any]:
        """The measure that the address names."""
        return {"measure": self.request.GET.get("measure", "")}

    def form_valid(self, form: FileForm) -> HttpResponse:
        """What the file offers, or why it is not read."""
        given = form.cleaned_data
        file = given["file"]
        try:
            with on_disk(file, _name_on_disk(file.name)) as path:
                source = path.parent if path.suffix == ".csv" else path
                found = figures_in(source, self.forces, given["people"], given["count"])
        except ValidationError as problem:
            form.add_error("file", problem)
            return self.form_invalid(form)
        except NotAsPublished as problem:
            form.add_error("file", list(problem.sentences))
            return self.form_invalid(form)
        figures = figures_of(found, self.forces, Path(file.name).name)
        carried = Carried(Path(file.name).name[:200], tuple(figures), {})
        return self._offered(given["measure"], carried)

    def _offered(self, measure: SizeMeasure, carried: Carried) -> HttpResponse:
        """The page on which the figures are chosen."""
        page = TakeSizes()
        page.setup(self.request, code=self.standing.alliance.code)
        page.measure, page.carried_in = measure, carried
        return render(self.request, CHOOSE, page.get_context_data(form=TakeForm()))


class TakeSizes(OfSizes):
    """A file's figures beside those on record; those that are taken are checked and saved at once."""

    template_name = CHOOSE
    check_template = "savings/sizes/check.html"
    form_class = TakeForm
    save_words = "Save these sizes"
    change_words = "Change what is taken"
    refused_at = "take"
    carried_in: Carried

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """With what the page before carried; without it, to the choice of a file."""
        given = request.POST if request.method == "POST" else request.GET
        carried = Carried.from_token(given.get("figures", ""), self.forces)
        if carried is None:
            messages.info(request, "The figures of the file are no longer here: choose it again.")
            return redirect("money-sizes-import", code=self.standing.alliance.code)
        self.carried_in = carried
        known = SizeMeasure.objects.filter(alliance=self.standing.alliance)
        asked = given.get("measure", "")
        self.measure = next((each for each in known if str(each.pk) == asked), None)
        if self.measure is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def on_record(self) -> dict[int, dict[date, ForceSize]]:
        """What counts, by force and date."""
        found = size_grid(self.measure, may_change=()).on_record
        return {force_id: dict(by_date) for force_id, by_date in found.items()}

    @cached_property
    def mine(self) -> list[Figure]:
        """The file's figures of the forces whose sizes the person may change."""
        return [each for each in self.carried_in.figures if each.force in self.forces]

    @cached_property
    def offers(self) -> list[Offer]:
        """Those of them that are not on record so."""
        return differing(self.mine, self.on_record)

    def get_form(self, form_class: Any = None) -> TakeForm:
        """With what can be taken."""
        form: TakeForm = super().get_form(form_class)
        form.offer({key for each in self.mine for key in _keys_of(each)})
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each figure with what it alone would move, and what of the file is not offered."""
        context = super().get_context_data(**kwargs)
        if "effect" in context:  # the check page
            return context
        form: TakeForm = context["form"]
        lots = lots_of(self.measure, grouped(self.offers), self.on_record)
        sent = set(self.request.POST.getlist("take")) if form.is_bound else None
        ticked = {lot.key for lot in lots if (lot.is_taken if sent is None else lot.key in sent)}
        releases = {
            (force_id, day): size.release
            for force_id, by_date in self.on_record.items()
            for day, size in by_date.items()
        }
        shown_now = Carried(self.carried_in.file, self.carried_in.figures, releases)
        return {
            **context,
            "view": self,
            "measure": self.measure,
            "lots": [(lot, lot.key in ticked) for lot in lots],
            "token": shown_now.token,
            "told": self._told(),
        }

    def _told(self) -> list[str]:
        """What of the file is not offered, and which forces it does not have."""
        figures = self.carried_in.figures
        others, same = len(figures) - len(self.mine), len(self.mine) - len(self.offers)
        told = []
        if same:
            told.append(
                words.counted(same, "figure is", "figures are")
                + " on record already, with the same value."
            )
        if others:
            told.append(
                words.counted(others, "figure is", "figures are")
                + " of forces whose sizes you may not change."
            )
        there = {each.force for each in figures}
        told += [
            f"The file has no figure of {force.name}."
            for force in self.forces
            if force not in there
        ]
        return told

    @property
    def carried(self) -> list[tuple[str, str]]:
        """The figures, and which are taken."""
        given = self.request.POST
        take = [("take", key) for key in given.getlist("take")]
        return [("figures", given["figures"]), ("measure", str(self.measure.pk)), *take]

    def _taken(self, form: TakeForm) -> list[Figure]:
        """What was chosen and is not on record yet."""
        keys = set(form.cleaned_data["take"])
        figures = (offer.figure for offer in self.offers)
        return [each for each in figures if not keys.isdisjoint(_keys_of(each))]

    def _lines(self, form: TakeForm) -> list[shown.FigureLine]:
        return shown.lines_of(self._taken(form), self.on_record, self.standing.today)

    def check(self, form: TakeForm) -> dict[str, Any]:
        """The figures beside those before, and what they move together.

        Raises SameSize, RestatedMeanwhile, NothingToShareBy.
        """
        taken = self._taken(form)
        if not taken:
            raise services.SameSize(len(form.cleaned_data["take"]))
        for each in taken:
            now = self.on_record.get(each.force.pk, {}).get(each.effective_on)
            if now and now.release != self.carried_in.seen.get(
                (each.force.pk, each.effective_on), 0
            ):
                now.force = each.force
                raise services.RestatedMeanwhile(now)
        lines = self._lines(form)
        return {
            "by_date": shown.by_date(lines),
            "count": words.counted(len(lines), "size"),
            "source": self.carried_in.file,
            "doubts": shown.doubts_of(lines),
            **self.priced(price_sizes(self.measure, added=shown.unsaved(self.measure, taken))),
        }

    def why(self, form: TakeForm, data: Any) -> SizesWhy:
        """Why; and whether it is right, where one would ask."""
        doubts = shown.doubts_of(self._lines(form))
        return SizesWhy(data, day=self.standing.today, asks_sure=bool(doubts))

    def act(self, form: TakeForm) -> object:
        """Put the figures on record."""
        return services.record_figures(
            measure=self.measure,
            figures=self._taken(form),
            by=self.standing.user,
            seen=self.carried_in.seen,
        )

    def make(self, form: TakeForm, why: Any) -> HttpResponse:
        """Save once, however often it is sent."""
        return super().make(form, why) if self._taken(form) else self.is_there_already()

    def saved(self, form: TakeForm) -> HttpResponse:
        """The sizes on record."""
        count = words.counted(len(self._taken(form)), "size is", "sizes are")
        said = f"{self.measure.name}: {count} saved from {self.carried_in.file}."
        messages.success(self.request, said, extra_tags="moves-shares")
        return redirect("money-sizes", code=self.standing.alliance.code)


def _keys_of(figure: Figure) -> tuple[str, str]:
    """By itself, and with the others of its date."""
    return key_of(figure), day_key_of(figure.effective_on)


def _name_on_disk(name: str) -> str:
    """A CSV file is named as the sheet that it is."""
    suffix = Path(name).suffix.lower()
    return f"Data{suffix}" if suffix == ".csv" else f"file{suffix}"
