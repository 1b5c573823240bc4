"""A year's settlement as a statement: each force's account, the payments, and area by area."""

from collections.abc import Iterator, Sequence
from datetime import date

from programmes import words
from programmes.models import Alliance
from savings.engine.periods import year_label
from savings.models import RecomputeRequest, Settlement
from savings.papers.statements import method
from savings.papers.statements.parts import Block, Heading, Paragraph, Points, Statement, Table
from savings.papers.year import StillBehind
from savings.selectors.settlement import AreaRows, YearSettlement, year_settlement
from savings.settlement import Figures
from savings.settling.versions import Version, version_of


def settlement_statement(alliance: Alliance, year: int, today: date) -> Statement | None:
    """The year's newest version as it was proposed; without one, what comes out now, as a draft.

    None for a year with nothing to settle. Nine queries at most. Raises StillBehind for a draft of
    shares that are still to be worked out.
    """
    proposed = Settlement.objects.filter(alliance=alliance, year=year).order_by("-number").first()
    version = version_of(proposed, newest=proposed.number) if proposed else None
    if version is None and RecomputeRequest.objects.filter(alliance=alliance, year=year).exists():
        raise StillBehind(year)
    found = version.settlement if version else year_settlement(alliance, year, "ACTUAL")
    if found.is_empty:
        return None
    note = [("Data note", alliance.data_note)] if alliance.data_note else []
    return Statement(
        title=f"Settlement of {year_label(year)}: {alliance.name}",
        facts=[("State", _state(version)), ("As at", words.day(today)), *note],
        blocks=[
            Paragraph(method.SETTLED),
            *_missing(found),
            Heading("Each force"),
            _table("Each force’s account, in pounds", found, [found.total]),
            *_payments(found),
            *_answers(version),
            Heading("By business area"),
            *(_table(each.name, found, [each]) for each in (*found.areas, *found.adjusted)),
            Heading("How shares are worked out"),
            Paragraph(method.OUTSIDE),
        ],
    )


def _state(version: Version | None) -> str:
    if version is None:
        return "Draft: as it comes out now; nothing has been proposed"
    row = version.row
    by = f" by {row.proposed_by}" if row.proposed_by else ""
    return f"Version {row.number}, proposed{by} at {words.moment(row.proposed_at)}; digest {row.digest}"


def _missing(found: YearSettlement) -> Iterator[Block]:
    """What stands in the way of netting."""
    if found.is_whole:
        return
    points = []
    if found.total.has_unnamed:
        nobody = found.total.nobody
        points.append(
            f"No force is named for {words.pounds(nobody.borne)} of costs borne and "
            f"{words.pounds(nobody.banked)} of savings banked."
        )
    if found.total.has_unshared:
        nobody = found.total.nobody
        points.append(
            f"{words.pounds(nobody.due)} of costs and {words.pounds(nobody.saving_due)} of savings are not "
            "yet shared."
        )
    yield Heading("What is missing")
    yield Points(points or ["The adjustments of closed years do not come to nothing."])


def _table(name: str, found: YearSettlement, of: Sequence[AreaRows]) -> Table:
    savings, adjusted = found.counts_savings, found.has_adjustments
    head = ["Force", "Costs borne", "Costs due"]
    head += ["Savings due", "Savings banked"] if savings else []
    head += ["Adjustments"] if adjusted else []
    rows = []
    for each in of:
        for row in each.rows:
            net = words.signed_pounds(row.figures.net) if found.is_netted else "not known"
            rows.append([row.force.name, *_figures(row.figures, savings, adjusted), net])
        nobody = each.nobody
        if nobody != Figures():
            cells = _figures(nobody, savings, adjusted)
            rows.append(["Not named or not shared", *cells, ""])
        rows.append(["Together", *_figures(each.all_forces, savings, adjusted), ""])
    return Table(name, [*head, "Net"], rows)


def _figures(of: Figures, savings: bool, adjusted: bool) -> list[str]:
    cells = [of.borne, of.due]
    cells += [of.saving_due, of.banked] if savings else []
    cells += [of.adjustment] if adjusted else []
    return [words.pounds(pence) for pence in cells]


def _payments(found: YearSettlement) -> Iterator[Block]:
    if not found.is_whole:
        return
    yield Heading("Payments that clear it")
    paid = [
        f"{each.payer.force.commissioner or each.payer.force.name} pays "
        f"{each.payee.force.commissioner or each.payee.force.name} {words.pounds(each.pence)}."
        for each in found.payments
    ]
    yield Points(paid) if paid else Paragraph("Nothing is to be paid.")


def _answers(version: Version | None) -> Iterator[Block]:
    if version is None:
        return
    yield Heading("What each force has said")
    rows = [[answer.force.name, answer.sentence] for answer in version.answers]
    yield Table("Answers to this version", ["Force", "Answer"], rows, figures=False)
