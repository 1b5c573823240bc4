"""The sheets of sizes and ratios: from each force's size to the whole numbers that divide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

from savings.engine.rules import Rule
from savings.papers.working.sheet import Column, Look, Sheet
from savings.papers.year import Ready, Record

_SIZES = [
    Column("ratio", "Ratio", "number"),
    Column("what", "What is measured", "long"),
    Column("weight", "Weight of the measure", "number"),
    Column("size", "Size", "number", by_force=True),
    Column("all", "All forces", "number"),
    Column("part", "Part of the whole", "number", by_force=True),
    Column("source", "Date, release and source", "text", by_force=True),
]
_RATIOS = [
    Column("ratio", "Ratio", "number"),
    Column("basis", "Basis", "long"),
    Column("rule", "Rule in force from", "text"),
    Column("sizes_on", "Sizes as at", "text"),
    Column("decimals", "Decimal places", "number"),
    Column("units", "Units in 100%", "number"),
    Column("exact", "Exact units", "number", by_force=True),
    Column("down", "Rounded down", "number", by_force=True),
    Column("lost", "Lost by it", "number", by_force=True),
    Column("odd", "Odd unit", "number", by_force=True),
    Column("percentage", "Percentage", "number", by_force=True),
    Column("portal", "Percentage in the portal", "number", by_force=True),
    Column("weight", "Whole number that divides", "number", by_force=True),
    Column("whole", "All of these", "number"),
    Column("sums", "The percentages add up to 100", "check"),
    Column("same", "As in the portal", "check"),
    Column("stands", "What divides is as the sizes", "check"),
]
_PICTURE = 4  # decimals of the percentages of a rule that divides by exact sizes


@dataclass(frozen=True)
class Measured:
    """One measure of a ratio: its weight, and what each force counts; nought for who is no member."""

    what: str
    weight: Fraction
    sizes: Sequence[Fraction]
    sources: Sequence[str]


class Ratios:
    """Both sheets, and the weights by which each ratio divides: a number for each force of the alliance."""

    def __init__(self, book: Any, look: Look, ready: Ready) -> None:
        names = [force.name for force in ready.inputs.forces]
        self.sizes = Sheet(book, look, "Sizes", _SIZES, names)
        self.ratios = Sheet(book, look, "Ratios", _RATIOS, names)
        self.number: dict[str, int] = {}
        self.weights: dict[str, list[int]] = {}
        order = ready.inputs.order
        found = []
        for at, ratio in enumerate(ready.ratios, start=1):
            digest = ratio["digest"]
            self.number[digest] = at
            stated = dict(zip(ratio["forces"], map(int, ratio["weights"]), strict=True))
            self.weights[digest] = [stated.get(force, 0) for force in order]
            rule = ready.rule_of.get(digest)
            measures = measured(rule, ratio, order) if rule else []
            found.append((rule, ratio, measures))
            for measure in measures:
                self._size(at, measure)
        for rule, ratio, measures in found:
            self._ratio(rule, ratio, measures, order)

    def _size(self, number: int, measure: Measured) -> None:
        sheet = self.sizes
        sheet.add()
        sheet.given("ratio", number)
        sheet.given("what", measure.what)
        sheet.given("weight", measure.weight)
        whole = sum(measure.sizes)
        for force, size in enumerate(measure.sizes):
            sheet.given("size", size, force)
            sheet.formula(
                "part", f"{sheet.cell('size', force)}/{sheet.cell('all')}", size / whole, force
            )
            sheet.given("source", measure.sources[force], force)
        sheet.formula("all", f"SUM({sheet.cells('size')})", whole)

    def _ratio(
        self, rule: Rule | None, ratio: Record, measures: Sequence[Measured], order: Sequence[str]
    ) -> None:
        sheet = self.ratios
        sheet.add()
        number = self.number[ratio["digest"]]
        sheet.given("ratio", number)
        for key in ("basis", "sizes_on"):
            sheet.given(key, ratio[key])
        sheet.given("rule", ratio["rule_effective_on"])
        decimals = _PICTURE if rule is None or rule.decimals is None else rule.decimals
        sheet.given("decimals", decimals)
        sheet.formula("units", f"100*10^{sheet.cell('decimals')}", 100 * 10**decimals)
        stated = dict(zip(ratio["forces"], ratio["percentages"], strict=True))
        shown = [float(stated.get(force, 0)) for force in order]
        for force in sheet.forces:
            sheet.given("portal", shown[force], force)
        if measures:
            units = self._percentages(measures, number, decimals)
        else:
            units = []
            for force in sheet.forces:
                sheet.given("percentage", shown[force], force, look="placed")
        weights = self.weights[ratio["digest"]]
        by_formula = units == weights
        for force, weight in enumerate(weights):
            if by_formula:
                odd = f"{sheet.cell('down', force)}+{sheet.cell('odd', force)}"
                sheet.formula("weight", odd, weight, force)
            else:
                sheet.given("weight", weight, force, look="placed")
        whole = sum(weights)
        sheet.formula("whole", f"SUM({sheet.cells('weight')})", whole)
        cells = sheet.cells
        sheet.formula("sums", f"ROUND(SUM({cells('percentage')})-100,6)=0", True)
        same = f"SUMPRODUCT(--(ROUND({cells('percentage')}-{cells('portal')},6)<>0))=0"
        sheet.formula("same", same, True)
        near = f"ABS({cells('weight')}/{sheet.cell('whole')}*100-{cells('percentage')})"
        sheet.formula("stands", f"SUMPRODUCT(--({near}>0.0001))=0", True)

    def _percentages(self, measures: Sequence[Measured], number: int, decimals: int) -> list[int]:
        """The cells from exact units to percentages; the units as the cells come to them."""
        sheet, sizes = self.ratios, self.sizes
        cell, cells = sheet.cell, sheet.cells
        units = 100 * 10**decimals
        exact = [round(float(part * units), 6) for part in parts_of(measures)]
        down = [floor(each) for each in exact]
        lost = [round(each - below, 6) for each, below in zip(exact, down, strict=True)]
        first = sorted(sheet.forces, key=lambda force: (-lost[force], force))[: units - sum(down)]
        mine = f"({sizes.column('ratio')}={cell('ratio')})"
        weights = f"{mine}*{sizes.column('weight')}"
        for force in sheet.forces:
            weighed = f"SUMPRODUCT({weights}*{sizes.column('part', force)})/SUMPRODUCT({weights})"
            sheet.formula("exact", f"ROUND({weighed}*{cell('units')},6)", exact[force], force)
            sheet.formula("down", f"INT({cell('exact', force)})", down[force], force)
            lost_here = f"ROUND({cell('exact', force)}-{cell('down', force)},6)"
            sheet.formula("lost", lost_here, lost[force], force)
            rank = f"1+SUMPRODUCT(--({cells('lost')}>{cell('lost', force)}))"
            if force:
                rank += f"+SUMPRODUCT(--({cells('lost', force)}={cell('lost', force)}))"
            left = f"{cell('units')}-SUM({cells('down')})"
            sheet.formula("odd", f"IF({left}>={rank},1,0)", int(force in first), force)
            sum_ = f"({cell('down', force)}+{cell('odd', force)})/10^{cell('decimals')}"
            value = (down[force] + (force in first)) / 10**decimals
            sheet.formula("percentage", sum_, value, force)
        return [down[force] + (force in first) for force in sheet.forces]


def parts_of(measures: Sequence[Measured]) -> list[Fraction]:
    """Each force's exact part of the whole."""
    weights = sum(measure.weight for measure in measures)
    parts = [Fraction(0)] * len(measures[0].sizes)
    for measure in measures:
        whole = sum(measure.sizes)
        for force, size in enumerate(measure.sizes):
            parts[force] += measure.weight / weights * size / whole
    return parts


def measured(rule: Rule, ratio: Record, order: Sequence[str]) -> list[Measured]:
    """What the ratio comes from: sizes of each measure, stated percentages, or one each."""
    members = ratio["forces"]
    if rule.method == "FIXED":
        stated = {term.force: Fraction(term.percent or 0) for term in rule.terms}
        sizes = [stated.get(force, Fraction(0)) for force in order]
        return [Measured("Stated percentages", Fraction(1), sizes, [""] * len(order))]
    if rule.method != "SIZE":
        sizes = [Fraction(force in members) for force in order]
        return [Measured("One each", Fraction(1), sizes, [""] * len(order))]
    by_measure: dict[str, Mapping[str, Record]] = {}
    for each in ratio["evidence"]:
        by_measure.setdefault(each["measure"], {})[each["force"]] = each  # type: ignore[index]
    weights = {
        term.measure: Fraction(1 if term.weight is None else term.weight) for term in rule.terms
    }
    return [
        Measured(
            measure,
            weights[measure],
            [Fraction(found[force]["value"]) if force in found else Fraction(0) for force in order],
            [_source(found[force]) if force in found else "" for force in order],
        )
        for measure, found in by_measure.items()
    ]


def _source(size: Record) -> str:
    return f"{size['effective_on']}, release {size['release']}: {size['source']}"
