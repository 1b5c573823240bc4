"""Every sheet of an alliance workbook and its columns: the one description that all else reads.

A sheet is a class of frozen rows. An attribute made with `column` is a column of that name (money
attributes end in `_pence`, their columns do not); `row` is where it stands in the file and `pk` its
identity in the portal, and neither counts when rows are compared.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from alliance_portal.workbook.columns import Column, Row, column, columns_of
from alliance_portal.workbook.figures import DecimalPlaces, Money, Number, Ramp, Whole
from alliance_portal.workbook.periods import MonthOrYear
from alliance_portal.workbook.values import Choice, Code, Date, Text, WebAddress, YesNo
from programmes.written.limits import MOST_OFFSET, MOST_PEOPLE, MOST_WEIGHT
from programmes.written.texts import LONGEST_NOTE
from savings.engine.periods import Period

NOTE = Text(longest=LONGEST_NOTE, lines=True)
NAME = Text(longest=200)
SOURCE = Text(longest=500)
MEASURE = Text(longest=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class AllianceRow(Row):
    """The alliance; `settled_through` (a force, or blank: directly) and `left_alone_pence` are its way of
    settling, which is a table of its own."""

    SHEET = "alliance"
    KEY = ("code",)

    code: str = column(Code(), required=True)
    name: str = column(NAME, required=True)
    summary: str = column(NOTE)
    explored_on: date | None = column(Date())
    agreed_on: date | None = column(Date())
    target_on: date | None = column(Date())
    base: str = column(NAME)
    total_budget_pence: int | None = column(Money(minimum=0), header="total_budget")
    in_scope_budget_pence: int | None = column(Money(minimum=0), header="in_scope_budget")
    held_on: date | None = column(Date())
    data_note: str = column(NOTE)
    settled_through: str = column(Code(), references="forces")
    left_alone_pence: int | None = column(Money(minimum=0), header="left_alone")


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceRow(Row):
    """A force; `position` is its place in the agreed order, which is the order of the rows."""

    SHEET = "forces"
    KEY = ("code",)

    code: str = column(Code(), required=True)
    name: str = column(NAME, required=True)
    chief_constable: str = column(NAME)
    commissioner: str = column(NAME)
    website: str = column(WebAddress())
    position: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow(Row):
    SHEET = "members"
    KEY = ("force", "joined_on")

    force: str = column(Code(), required=True, references="forces")
    joined_on: date | None = column(Date())
    left_on: date | None = column(Date())


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceSizeRow(Row):
    """A size and its release: rows with the same force, measure and date restate one another."""

    SHEET = "force_sizes"
    KEY = ("force", "measure", "effective_on")

    force: str = column(Code(), required=True, references="forces")
    measure: str = column(MEASURE, required=True)
    effective_on: date | None = column(Date(), required=True)
    value: Decimal | None = column(Number(), required=True)
    source: str = column(SOURCE, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingRuleRow(Row):
    """A rule, or one of its terms: rows with the same area and date make one rule."""

    SHEET = "sharing_rules"
    KEY = ("area", "effective_on", "measure", "force")

    area: str = column(Code(), references="business_areas")
    effective_on: date | None = column(Date(), required=True)
    method: str = column(Choice("size", "fixed", "equal", "alliance"), required=True)
    sizes_as_at: str = column(Choice("year", "period"))
    measure: str = column(MEASURE)
    weight: Decimal | None = column(Number(maximum=MOST_WEIGHT))
    force: str = column(Code(), references="forces")
    percent: Decimal | None = column(Number(places=6, maximum=Decimal(100), percent=True))
    decimals: int | None = column(DecimalPlaces())
    agreed_on: date | None = column(Date())
    source: str = column(SOURCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRow(Row):
    SHEET = "gates"
    KEY = ("code",)

    code: str = column(Code(), required=True)
    name: str = column(NAME, required=True)
    order: int | None = column(Whole(), required=True)
    baseline_on: date | None = column(Date())
    forecast_on: date | None = column(Date())
    decided_on: date | None = column(Date())
    decision: str = column(NAME)
    operational: str = column(NAME)
    financial: str = column(NAME)
    political: str = column(NAME)
    note: str = column(NOTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOffRow(Row):
    SHEET = "sign_offs"
    KEY = ("gate", "force", "office")

    gate: str = column(Code(), required=True, references="gates")
    force: str = column(Code(), required=True, references="forces")
    office: str = column(NAME, required=True)
    name: str = column(NAME)
    decision: str = column(NAME)
    decided_on: date | None = column(Date())
    caveat: str = column(NOTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessAreaRow(Row):
    SHEET = "business_areas"
    KEY = ("code",)

    code: str = column(Code(), required=True)
    name: str = column(NAME, required=True)
    category: str = column(Choice("business support", "operational policing"), required=True)
    stage: str = column(
        Choice(
            *("proposed", "business case", "design", "consultation"),
            *("implementation", "live", "closed", "withdrawn"),
        ),
        required=True,
    )
    lead_force: str = column(Code(), references="forces")
    head: str = column(NAME)
    summary: str = column(NOTE)
    in_scope_budget_pence: int | None = column(Money(minimum=0), header="in_scope_budget")
    publish: bool = column(YesNo())


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaMemberRow(Row):
    SHEET = "area_members"
    KEY = ("area", "force", "joined_on")

    area: str = column(Code(), required=True, references="business_areas")
    force: str = column(Code(), required=True, references="forces")
    joined_on: date | None = column(Date())
    left_on: date | None = column(Date())


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffingRow(Row):
    SHEET = "staffing"
    KEY = ("area", "force", "as_at")

    area: str = column(Code(), required=True, references="business_areas")
    force: str = column(Code(), required=True, references="forces")
    as_at: date | None = column(Date(), required=True)
    baseline_fte: Decimal | None = column(Number(places=2, maximum=MOST_PEOPLE))
    shared_fte: Decimal | None = column(Number(places=2, maximum=MOST_PEOPLE))


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignRow(Row):
    SHEET = "design"
    KEY = ("area", "strand")

    area: str = column(Code(), required=True, references="business_areas")
    strand: str = column(Choice("structure", "processes", "technology"), required=True)
    status: str = column(Choice("not started", "in design", "agreed", "in place"), required=True)
    note: str = column(NOTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneRow(Row):
    SHEET = "milestones"
    KEY = ("area", "code")

    area: str = column(Code(), references="business_areas")
    code: str = column(Code(), required=True)
    name: str = column(NAME, required=True)
    kind: str = column(
        Choice("business case", "consultation", "decision", "go-live", "review", "other"),
        required=True,
    )
    baseline_on: date | None = column(Date())
    approved_on: date | None = column(Date())
    forecast_on: date | None = column(Date())
    actual_on: date | None = column(Date())
    owner: str = column(NAME)
    note: str = column(NOTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow(Row):
    SHEET = "items"
    KEY = ("code",)

    code: str = column(Code(longest=80), required=True)
    area: str = column(Code(), required=True, references="business_areas")
    name: str = column(NAME, required=True)
    kind: str = column(Choice("cost", "saving", "grant"), required=True)
    recurrence: str = column(Choice("one-off", "recurring"), required=True)
    cashable: str = column(Choice("cashable", "non-cashable"))
    owner: str = column(NAME)
    milestone: str = column(Code())
    offset_months: int = column(Whole(blank=0, minimum=-MOST_OFFSET, maximum=MOST_OFFSET))
    full_year_pence: int | None = column(Money(), header="full_year_value")
    ramp: tuple[int, ...] = column(Ramp())


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountRow(Row):
    SHEET = "amounts"
    KEY = ("item", "version", "period", "borne_by")

    item: str = column(Code(longest=80), required=True, references="items")
    version: str = column(Choice("approved", "forecast", "actual"), required=True)
    period: Period | None = column(MonthOrYear(), required=True)
    pence: int | None = column(Money(), header="amount", required=True)
    borne_by: str = column(Code(), references="forces")


@dataclass(frozen=True, slots=True, kw_only=True)
class RaidRow(Row):
    SHEET = "raid"
    KEY = ("code",)

    code: str = column(Code(), required=True)
    area: str = column(Code(), references="business_areas")
    kind: str = column(
        Choice("risk", "issue", "decision", "action", "assumption", "dependency"), required=True
    )
    title: str = column(Text(longest=300), required=True)
    owner: str = column(NAME)
    likelihood: int | None = column(Whole(minimum=1, maximum=5))
    impact: int | None = column(Whole(minimum=1, maximum=5))
    raised_on: date | None = column(Date())
    due_on: date | None = column(Date())
    closed_on: date | None = column(Date())
    note: str = column(NOTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """An alliance in rows: what a file says, or what the portal holds."""

    alliance: tuple[AllianceRow, ...] = ()
    forces: tuple[ForceRow, ...] = ()
    members: tuple[MemberRow, ...] = ()
    force_sizes: tuple[ForceSizeRow, ...] = ()
    sharing_rules: tuple[SharingRuleRow, ...] = ()
    gates: tuple[GateRow, ...] = ()
    sign_offs: tuple[SignOffRow, ...] = ()
    business_areas: tuple[BusinessAreaRow, ...] = ()
    area_members: tuple[AreaMemberRow, ...] = ()
    staffing: tuple[StaffingRow, ...] = ()
    design: tuple[DesignRow, ...] = ()
    milestones: tuple[MilestoneRow, ...] = ()
    items: tuple[ItemRow, ...] = ()
    amounts: tuple[AmountRow, ...] = ()
    raid: tuple[RaidRow, ...] = ()

    def rows(self, sheet: str) -> tuple[Row, ...]:
        """The rows of the sheet of that name."""
        found: tuple[Row, ...] = getattr(self, sheet)
        return found


# What of the alliance's row says how it settles.
OF_ITS_WAY = ("settled_through", "left_alone_pence")

ROW_TYPES: tuple[type[Row], ...] = (
    *(AllianceRow, ForceRow, MemberRow, ForceSizeRow, SharingRuleRow, GateRow, SignOffRow),
    *(BusinessAreaRow, AreaMemberRow, StaffingRow, DesignRow, MilestoneRow),
    *(ItemRow, AmountRow, RaidRow),
)


COLUMNS: dict[str, tuple[Column, ...]] = {
    row_type.SHEET: columns_of(row_type) for row_type in ROW_TYPES
}
ROW_TYPE: dict[str, type[Row]] = {row_type.SHEET: row_type for row_type in ROW_TYPES}
HEADERS: dict[str, dict[str, Column]] = {
    sheet: {column.header: column for column in columns} for sheet, columns in COLUMNS.items()
}
