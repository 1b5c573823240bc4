"""The shares file: one row per amount and force, in a stable order, streamed from the database."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import IO, Any

import xlsxwriter
from django.db import connection, transaction

from programmes.csv_lines import csv_lines
from programmes.models import Alliance
from savings.engine.periods import Period, year_label

NOT_SHARED = "Not yet shared: "
OPEN, CLOSED = "open", "closed"


@dataclass(frozen=True)
class ShareRow:
    """A row of the file, as interface documents it: pounds as Decimals, percentage at the rule's decimals.

    `year_state` is “closed” where the figures stay as they are, else “open”.

    An amount that is not yet shared has one row without force, percentage or share, and `basis`
    says why; it is never shown as zero.
    """

    alliance: str
    area: str
    item: str
    kind: str
    recurrence: str
    cashable: str
    version: str
    financial_year: str
    period: str
    amount: Decimal
    force: str
    percentage: str
    share: Decimal | None
    rule_effective_on: date | None
    sizes_as_at: date | None
    basis: str
    borne_by: str
    year_state: str


COLUMNS = tuple(field.name for field in fields(ShareRow))
STOOD_AT = "stood_at"

# Every row is wanted, so tables are joined as wholes. PostgreSQL, which may have counted them while a
# load was not yet committed, would take them for empty and look each row up in all of the other table.
_TABLES_AS_WHOLES = "SET LOCAL enable_nestloop = off"

# Each amount's row of shares is laid out against its ratio's parts, and not through the view of all
# shares: without statistics, as after a load, PostgreSQL would join that pool by pool.
_ROWS = """
    SELECT %(code)s, ar.code, i.code, i.kind, i.recurrence, i.cashable, a.version, a.year,
           a.starts_on, a.whole_year, a.pence,
           f.code, rp.percentage, r.decimals, s.pence[rp.position + 1], r.rule_effective_on, r.sizes_on,
           coalesce(r.basis, %(not_shared)s || coalesce(w.withheld, 'it is still being worked out.')),
           b.code, y.id IS NOT NULL
      FROM savings_amount a
      JOIN savings_item i ON i.id = a.item_id
      JOIN business_areas_businessarea ar ON ar.id = i.area_id
      LEFT JOIN (savings_amountshares s
                 JOIN savings_pool p ON p.id = s.pool_id AND p.alliance_id = %(alliance)s
                 JOIN savings_sharingratio r ON r.id = p.ratio_id)
        ON s.amount_id = a.id
       AND p.area_id = i.area_id AND p.year = a.year AND p.version = a.version
       AND p.kind = CASE i.kind WHEN 'SAVING' THEN 'SAVING' ELSE 'COST' END
      LEFT JOIN savings_ratiopart rp ON rp.ratio_id = r.id
      LEFT JOIN programmes_force f ON f.id = rp.force_id
      LEFT JOIN LATERAL (
           SELECT min(q.withheld) AS withheld FROM savings_pool q
            WHERE s.pool_id IS NULL AND q.ratio_id IS NULL AND q.area_id = i.area_id
              AND q.year = a.year AND q.version = a.version
              AND q.kind = CASE i.kind WHEN 'SAVING' THEN 'SAVING' ELSE 'COST' END) w ON true
      LEFT JOIN programmes_force b ON b.id = a.borne_by_id
      LEFT JOIN savings_financialyear y
        ON y.alliance_id = a.alliance_id AND y.year = a.year AND y.closed_at IS NOT NULL
     WHERE a.alliance_id = %(alliance)s
       AND (%(year)s::int IS NULL OR a.year = %(year)s::int)
       AND (%(version)s::text IS NULL OR a.version = %(version)s::text)
     ORDER BY ar.code COLLATE "C", i.code COLLATE "C",
              array_position(ARRAY['APPROVED','FORECAST','ACTUAL'], a.version::text),
              a.starts_on, a.whole_year, coalesce(b.position, -1), f.position
"""


def share_rows(
    *, alliance: Alliance, year: int | None = None, version: str | None = None
) -> Iterator[ShareRow]:
    """The alliance's rows, of one financial year and version ("FORECAST" …) or of all. One query.

    Streamed, two thousand rows at a time, from one moment of the database.
    """
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        with connection.cursor() as planner:
            planner.execute(_TABLES_AS_WHOLES)
        cursor.itersize = 2000  # type: ignore[attr-defined]
        cursor.execute(
            _ROWS,
            {
                "code": alliance.code,
                "alliance": alliance.pk,
                "year": year,
                "version": version,
                "not_shared": NOT_SHARED,
            },
        )
        for row in cursor:
            yield _row(row)


def _row(row: tuple[Any, ...]) -> ShareRow:
    (alliance, area, item, kind, recurrence, cashable, version, year, starts_on, whole_year, pence,
     force, percentage, decimals, share, rule_on, sizes_on, basis, borne_by, is_closed) = row  # fmt: skip
    return ShareRow(
        alliance=alliance,
        area=area,
        item=item,
        kind=word(kind),
        recurrence=word(recurrence),
        cashable=word(cashable),
        version=word(version),
        financial_year=year_label(year),
        period=Period(starts_on, whole_year).label,
        amount=in_pounds(pence),
        force=force or "",
        percentage=""
        if percentage is None
        else f"{percentage:.{4 if decimals is None else decimals}f}",
        share=None if share is None else in_pounds(share),
        rule_effective_on=rule_on,
        sizes_as_at=sizes_on,
        basis=basis,
        borne_by=borne_by or "",
        year_state=CLOSED if is_closed else OPEN,
    )


def word(stored: str) -> str:
    """A stored state as the workbook writes it: ONE_OFF is one-off."""
    return stored.lower().replace("_", "-")


def in_pounds(pence: int) -> Decimal:
    """Pence as the file has them."""
    return Decimal(pence).scaleb(-2)


def as_csv(rows: Iterable[ShareRow]) -> Iterator[str]:
    """The file as UTF-8 CSV, a line at a time; text that a spreadsheet would run is made inert."""
    return csv_lines(chain([COLUMNS], map(astuple, rows)))


def as_json(rows: Iterable[ShareRow]) -> Iterator[str]:
    """The file as a JSON array of objects; pounds and percentages are strings, so no digit is lost."""
    yield "["
    for place, row in enumerate(rows):
        values = dict(zip(COLUMNS, astuple(row), strict=True))
        for name in ("amount", "share"):
            values[name] = None if values[name] is None else f"{values[name]:.2f}"
        for name in ("rule_effective_on", "sizes_as_at"):
            values[name] = values[name].isoformat() if values[name] else None
        yield (",\n" if place else "\n") + json.dumps(values, ensure_ascii=False)
    yield "\n]\n"


_WIDTHS = {
    "area": 26,
    "item": 34,
    "basis": 34,
    "amount": 15,
    "share": 15,
    "force": 18,
    STOOD_AT: 26,
}


def write_xlsx(rows: Iterable[ShareRow], out: IO[bytes], *, stood_at: str = "") -> None:
    """The file as a workbook with typed cells: real numbers, real dates, no formulas.

    `stood_at` is the past moment, in words, that a last column says of every row.
    """
    columns = (*COLUMNS, STOOD_AT) if stood_at else COLUMNS
    book = xlsxwriter.Workbook(
        out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold = book.add_format({"bold": True, "bottom": 1})
    money = book.add_format({"num_format": "#,##0.00;[Red]-#,##0.00"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    percentages = [
        book.add_format({"num_format": "0." + "0" * places if places else "0"})
        for places in range(5)
    ]
    sheet = book.add_worksheet("shares")
    for column, name in enumerate(columns):
        sheet.set_column(column, column, _WIDTHS.get(name, 14))
        sheet.write_string(0, column, name, bold)
    sheet.freeze_panes(1, 0)
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate((*astuple(row), stood_at)[: len(columns)]):
            if isinstance(value, Decimal):
                sheet.write_number(line, column, float(value), money)
            elif isinstance(value, date):
                sheet.write_datetime(line, column, value, day)
            elif columns[column] == "percentage" and value:
                shown = percentages[len(value.partition(".")[2])]
                sheet.write_number(line, column, float(value), shown)
            elif value is not None:
                sheet.write_string(line, column, str(value))
    book.close()
