// Bars by year, a measure above the other, each on the scale that it has for every group.
import { base, CATEGORIES, INK, TEXT, VALUES } from "./look.js";
import { roundScale, tickWords } from "./scale.js";

export function bars({ series, groups }, { unit, group, width, words }) {
  const { rows } = groups[group];
  const labels = rows.map((row) => row.label);
  const part = 100 / series.length;
  const every = Math.max(1, Math.ceil((labels.length * 58) / Math.max(width - 56, 1)));
  const last = series.length - 1;
  return {
    ...base(words, "shadow"),
    axisPointer: { link: [{ xAxisIndex: "all" }] },
    grid: series.map((_, at) => ({
      left: 52,
      right: 4,
      top: `${at * part + 10}%`,
      height: `${part - 20}%`,
    })),
    xAxis: series.map((_, at) => ({
      ...CATEGORIES,
      type: "category",
      gridIndex: at,
      data: labels,
      axisTick: { show: false },
      axisLine: { ...CATEGORIES.axisLine, onZero: true },
      axisLabel: { ...CATEGORIES.axisLabel, show: at === last, interval: (place) => place % every === 0 },
    })),
    yAxis: series.map((_, at) => {
      const scale = roundScale(ofEvery(groups, at), 2);
      return {
        ...VALUES,
        ...scale,
        gridIndex: at,
        name: series[at].name,
        nameGap: 8,
        nameTextStyle: { ...TEXT, color: INK, align: "left" },
        axisLabel: { ...VALUES.axisLabel, formatter: tickWords(unit, scale) },
      };
    }),
    series: series.map((each, at) => ({
      name: each.name,
      type: "bar",
      xAxisIndex: at,
      yAxisIndex: at,
      data: rows.map((row) => row.cells[at].value ?? "-"),
      color: each.colour,
      barMaxWidth: 36,
      barCategoryGap: "30%",
      emphasis: { disabled: true },
    })),
  };
}

function ofEvery(groups, at) {
  return groups.flatMap((group) => group.rows.map((row) => row.cells[at].value ?? 0));
}
