// Lines over time: solid for what is, dashed for what is forecast, and a line that marks the day.
import { base, CATEGORIES, FONT, INK, MUTED, VALUES } from "./look.js";
import { roundScale, tickWords, yearMarks, yearName } from "./scale.js";

export function lines({ series, groups: [{ rows }] }, { unit, day, dayLabel, width, words }) {
  const first = rows[0].on;
  const last = rows.at(-1).on;
  const values = rows.flatMap((row) => row.cells.map((cell) => cell.value)).filter((value) => value !== null);
  const scale = roundScale(values, 4, unit === "pence" ? 0 : 1);
  const marks = yearMarks(first, last, width - 60);
  return {
    ...base(words, "line"),
    grid: { left: 4, right: 12, top: 30, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: {
      ...CATEGORIES,
      type: "value",
      min: first,
      max: last,
      axisTick: { ...CATEGORIES.axisTick, customValues: marks.begins },
      axisLabel: {
        ...CATEGORIES.axisLabel,
        hideOverlap: true,
        customValues: marks.names.length ? marks.names : [first, last],
        formatter: (at) => (marks.names.length ? yearName(at) : rows.find((row) => row.on === at)?.label ?? ""),
      },
    },
    yAxis: { ...VALUES, ...scale, axisLabel: { ...VALUES.axisLabel, formatter: tickWords(unit, scale) } },
    series: series.map((each, at) => ({
      name: each.name,
      type: "line",
      data: rows.map((row) => [row.on, row.cells[at].value ?? "-"]),
      color: each.colour,
      lineStyle: { color: each.colour, width: each.marker === "rect" ? 3.5 : 2.5, type: each.isDashed ? [7, 5] : "solid" },
      symbol: each.marker,
      symbolSize: (_, point) => (rows[point.dataIndex].isMain ? 8 : 0),
      showAllSymbol: true,
      itemStyle: each.isDashed ? { color: "#ffffff", borderColor: each.colour, borderWidth: 2 } : {},
      emphasis: { disabled: true },
      z: each.marker === "rect" ? 4 : 3,
      ...(at === 0 ? { markLine: markOf(day, dayLabel, first, last) } : {}),
    })),
  };
}

/** The line at the alliance's day, with its date above it; none if the day is outside. */
function markOf(day, dayLabel, first, last) {
  if (!(day >= first && day <= last)) return undefined;
  const place = (day - first) / (last - first || 1);
  return {
    silent: true,
    symbol: "none",
    data: [{ xAxis: day }],
    lineStyle: { color: MUTED, type: [2, 3], width: 1.5 },
    label: {
      formatter: dayLabel,
      position: "end",
      distance: [0, 6],
      align: place < 0.3 ? "left" : place > 0.7 ? "right" : "center",
      fontFamily: FONT,
      fontSize: 14,
      color: INK,
    },
  };
}
