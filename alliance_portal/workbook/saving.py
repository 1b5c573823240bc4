"""Writes the changes of a workbook to the database, in bulk; the caller holds the transaction."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model

from alliance_portal.workbook.columns import Row
from alliance_portal.workbook.comparing import Pair, SheetChanges
from alliance_portal.workbook.rules import Rule
from alliance_portal.workbook.sheets import (
    COLUMNS,
    MEASURE,
    OF_ITS_WAY,
    ROW_TYPE,
    AllianceRow,
    ForceRow,
    ItemRow,
)
from alliance_portal.workbook.tables import TABLES
from business_areas.models import BusinessArea, Milestone
from programmes.models import Alliance, ForceSize, SizeMeasure, User
from savings.models import SettlementWay, SharingRule, SharingTerm

BATCH = 2_000
Progress = Callable[[int], object]


def no_progress(_rows: int) -> None:
    """Tell nobody."""


class Writer:
    """Writes sheet after sheet of one alliance, in the order in which they refer to one another.

    Every created or changed row costs a share of a bulk insert; an unchanged one costs nothing.
    """

    def __init__(self, alliance: Alliance, *, by: User | None, progress: Progress) -> None:
        self.alliance = alliance
        self.by = by
        self.progress = progress
        self._ids: dict[str, dict[Any, int]] = {}

    def write(self, sheet: str, changes: SheetChanges) -> None:
        """Write one sheet's changes; the sheets that it refers to are written already."""
        if not changes:
            return
        if sheet == "sharing_rules":
            self._write_rules(changes)
            return
        if sheet == "force_sizes":
            self._add_measures(row.measure for row in changes.created)
        self._update(sheet, changes)  # first: it makes room where only one row of a kind may be
        created = [self._instance(sheet, row) for row in changes.created]
        if sheet == "force_sizes":
            self._number_releases(created)
        for start in range(0, len(created), BATCH):
            TABLES[sheet].objects.bulk_create(created[start : start + BATCH])
            self.progress(len(created[start : start + BATCH]))
        self._ids.pop(sheet, None)

    def write_way(self, row: AllianceRow) -> None:
        """How the alliance settles, if its row says something else; the forces are written already."""
        through = self._known("forces")[row.settled_through] if row.settled_through else None
        left_alone = row.left_alone_pence or 0
        found = SettlementWay.objects.filter(alliance=self.alliance).first()
        way = found or SettlementWay(alliance=self.alliance)
        if (way.through_id, way.tolerance_pence) != (through, left_alone):
            way.through_id, way.tolerance_pence = through, left_alone
            way.save()

    def _update(self, sheet: str, changes: SheetChanges) -> None:
        """An insert that meets its own identity and updates: one statement a batch, no loop."""
        pairs = changes.changed
        if sheet == "milestones":  # an area gives up its go-live before another becomes it
            pairs = tuple(sorted(pairs, key=lambda pair: pair[1].kind == "GO_LIVE"))
        fields = _written_fields(sheet, pairs)
        if sheet == "amounts":
            borne = tuple(pair for pair in pairs if pair[0].borne_by != pair[1].borne_by)
            self._set(sheet, borne, [*fields, "borne_by"])
            pairs = tuple(pair for pair in pairs if pair[0].borne_by == pair[1].borne_by)
        self._set(sheet, pairs, fields)
        if sheet == "business_areas":
            self._end_holds(before.pk for before, after in pairs if after.stage == "WITHDRAWN")

    def _set(self, sheet: str, pairs: tuple[Pair, ...], fields: list[str]) -> None:
        changed = [self._instance(sheet, row, pk=before.pk) for before, row in pairs]
        for start in range(0, len(changed), BATCH):
            batch = changed[start : start + BATCH]
            TABLES[sheet].objects.bulk_create(
                batch, update_conflicts=True, unique_fields=["pk"], update_fields=fields
            )
            self.progress(len(batch))

    def _end_holds(self, withdrawn: Iterable[int]) -> None:
        """A withdrawn area is not on hold: there is no work to hold."""
        held = BusinessArea.objects.filter(pk__in=list(withdrawn), on_hold_since__isnull=False)
        held.update(on_hold_since=None, hold_reason="")

    def _instance(self, sheet: str, row: Row, pk: int | None = None) -> Model:
        values: dict[str, Any] = {}
        for column in COLUMNS[sheet]:
            value = getattr(row, column.attribute)
            if column.attribute in TABLES[sheet].links:
                values[f"{column.attribute}_id"] = self._id_of(column.references, row, value)
            elif column.attribute == "period":
                values["starts_on"], values["whole_year"] = value.starts_on, value.whole_year
                values["year"] = value.year
            elif column.attribute == "ramp":
                values["ramp"] = list(value)
            else:
                values[column.attribute] = value
        if isinstance(row, ForceRow):
            values["position"] = row.position
        elif sheet == "force_sizes":
            values["recorded_by"] = self.by
        return TABLES[sheet].model(pk=pk, alliance_id=self.alliance.pk, **values)

    def _id_of(self, sheet: str, row: Row, code: str) -> int | None:
        """The identity of what `code` means in a row; None for a blank."""
        if not code:
            return None
        if sheet:
            return self._known(sheet)[code]
        if row.SHEET == "force_sizes":
            return self._known("measures")[code]
        assert isinstance(row, ItemRow)
        milestones = self._known("milestones")
        own = (row.area, code)
        return milestones[own] if own in milestones else milestones["", code]

    def _known(self, sheet: str) -> dict[Any, int]:
        """Identities by code of what the alliance has now; one query a sheet."""
        if sheet not in self._ids:
            if sheet == "milestones":
                rows = Milestone.objects.filter(alliance=self.alliance)
                found = rows.values_list("area__code", "code", "pk")
                self._ids[sheet] = {(area or "", code): pk for area, code, pk in found}
            elif sheet == "measures":
                measures = SizeMeasure.objects.filter(alliance=self.alliance)
                names = measures.values_list("name", "pk")
                self._ids[sheet] = {MEASURE.tidy(name): pk for name, pk in names}
            else:
                of_alliance = TABLES[sheet].objects.filter(alliance=self.alliance)
                self._ids[sheet] = dict(of_alliance.values_list("code", "pk"))
        return self._ids[sheet]

    def _add_measures(self, names: Iterable[str]) -> None:
        missing = sorted(set(names) - self._known("measures").keys() - {""})
        if missing:
            SizeMeasure.objects.bulk_create(
                SizeMeasure(alliance=self.alliance, name=name) for name in missing
            )
            self._ids.pop("measures")

    def _number_releases(self, created: list[Any]) -> None:
        """Each new size is the next release of its force, measure and date."""
        of_alliance = ForceSize.objects.filter(alliance=self.alliance)
        last: dict[tuple[Any, ...], int] = {}
        found = of_alliance.values_list("force_id", "measure_id", "effective_on", "release")
        for *key, release in found:
            last[tuple(key)] = max(release, last.get(tuple(key), 0))
        for size in created:
            of_figure = (size.force_id, size.measure_id, size.effective_on)
            last[of_figure] = size.release = last.get(of_figure, 0) + 1

    def _write_rules(self, changes: SheetChanges) -> None:
        """Rules with their terms; the terms of a changed rule are replaced as a set."""
        rules: list[Rule] = [*changes.created, *(after for _, after in changes.changed)]
        self._add_measures(term.measure for rule in rules for term in rule.terms)
        for before, after in changes.changed:
            self._rule(after, pk=before.pk).save()
            if before.terms != after.terms:
                SharingTerm.objects.filter(rule_id=before.pk).delete()
                SharingTerm.objects.bulk_create(self._terms(after, before.pk))
        created = [self._rule(rule) for rule in changes.created]
        SharingRule.objects.bulk_create(created)
        for rule, made in zip(changes.created, created, strict=True):
            SharingTerm.objects.bulk_create(self._terms(rule, made.pk))
        self.progress(len(rules))

    def _rule(self, rule: Rule, pk: int | None = None) -> SharingRule:
        stored = SharingRule.objects.get(pk=pk) if pk else SharingRule(alliance=self.alliance)
        stored.area_id = self._known("business_areas")[rule.area] if rule.area else None
        assert rule.effective_on is not None
        stored.effective_on = rule.effective_on
        stored.method, stored.sizes_as_at = rule.method, rule.sizes_as_at
        stored.decimals, stored.agreed_on = rule.decimals, rule.agreed_on
        stored.source = rule.source
        return stored

    def _terms(self, rule: Rule, pk: int) -> list[SharingTerm]:
        return [
            SharingTerm(
                alliance=self.alliance,
                rule_id=pk,
                measure_id=self._known("measures")[term.measure] if term.measure else None,
                weight=term.weight,
                force_id=self._known("forces")[term.force] if term.force else None,
                percent=term.percent,
            )
            for term in rule.terms
        ]


def save_alliance(row: AllianceRow, stored: Alliance | None) -> Alliance:
    """The alliance with what its row says, saved if that differs or it is new."""
    alliance = stored or Alliance(code=row.code)
    own = [c.attribute for c in COLUMNS["alliance"] if c.attribute not in OF_ITS_WAY]
    values = {name: getattr(row, name) for name in own}
    changed = [name for name, new in values.items() if getattr(alliance, name) != new]
    for name in changed:
        setattr(alliance, name, values[name])
    if stored is None:
        alliance.save()
    elif changed:
        alliance.save(update_fields=changed)
    return alliance


def _written_fields(sheet: str, pairs: Iterable[tuple[Any, Any]]) -> list[str]:
    """What an update of rows on record sets; `pairs` are the rows before and after.

    Never what the row is found by, and a force's place only where one moves: whoever sets what is
    there once in an alliance, even to what it was, holds back everybody who saves something that
    refers to the row. Only a stay is found by its force and corrected.
    """
    names = [c.attribute for c in COLUMNS[sheet]]
    if sheet not in ("members", "area_members"):
        names = [name for name in names if name not in ROW_TYPE[sheet].KEY]
    if sheet == "forces" and any(before.position != after.position for before, after in pairs):
        names.append("position")
    return names
