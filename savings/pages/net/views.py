"""A year's net to settle, area by area: the page, and its table as a file."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView

from programmes.csv_lines import Cell
from programmes.downloads import Download
from programmes.pages import InAlliance
from programmes.tables import about, table_file
from savings.engine.periods import year_label, year_slug
from savings.selectors.net import AreaNets, NetToSettle, net_to_settle
from savings.views import year_or_404

COLUMNS = ("Business area", "Force", "Costs borne (£)", "Costs due (£)", "Net to settle (£)")
NO_BEARER, NOT_SHARED, ALL = "Bearer not recorded", "Not yet shared", "All forces"


class NetPage(InAlliance, TemplateView):
    """Borne, due and net of every area and force, adding up to the dashboard's."""

    template_name = "savings/net.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The year's nets; 404 for an address that is no year."""
        found = net_to_settle(self.standing.alliance, year_or_404(self.kwargs["year"]))
        return super().get_context_data(net=found, slug=year_slug(found.year), **kwargs)


class NetFile(Download):
    """The table of the page."""

    ending = "csv"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Its rows, from one moment of the database."""
        alliance = self.standing.alliance
        found = net_to_settle(alliance, year_or_404(kwargs["year"]))
        return table_file(
            f"{alliance.code}-net-to-settle-{year_slug(found.year)}",
            self.ending,
            "net to settle",
            COLUMNS,
            rows_of(found),
            about(
                alliance,
                self.standing.today,
                f"Net to settle, {year_label(found.year)} forecast costs, net of grants",
            ),
        )


def rows_of(found: NetToSettle) -> Iterator[tuple[Cell, ...]]:
    """The page's rows in its order, in pounds; a net is empty while anything is not shared."""
    for each in (*found.areas, found.total):
        yield from _rows(each, is_netted=found.is_netted)


def _rows(nets: AreaNets, *, is_netted: bool) -> Iterator[tuple[Cell, ...]]:
    name = nets.area.name if nets.area else "All areas"
    for each in nets.nets:
        net = _pounds(each.net) if is_netted else None
        yield name, each.force.name, _pounds(each.borne), _pounds(each.due), net
    if nets.unnamed:
        yield name, NO_BEARER, _pounds(nets.unnamed), None, None
    if nets.unshared:
        yield name, NOT_SHARED, None, _pounds(nets.unshared), None
    yield name, ALL, _pounds(nets.borne), _pounds(nets.due), None


def _pounds(pence: int) -> Decimal:
    return Decimal(pence).scaleb(-2)
