// Bars by year, a measure above the other, each on the scale that it has for every group.
import { base, CATEGORIES, INK, LINE, TEXT, VALUES, widthOf } from "./look.js";
import { roundScale, tickWords } from "./scale.js";

const EDGE = 4;
// Not nought, but not entered.
const HATCHED = {
  color: "transparent",
  decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: Math.PI / 4, color: LINE },
};

export function bars({ series, groups }, { unit, group, width, words }) {
  const { rows } = groups[group];
  const labels = rows.map((row) => row.label);
  const part = 100 / series.length;
  const scales = series.map((_, at) => {
    const scale = roundScale(ofEvery(groups, at), 2);
    return { ...scale, words: tickWords(unit, scale) };
  });
  const left = Math.max(...scales.map(({ min, max, words }) => roomFor(words(min), words(max))));
  const band = (width - left - EDGE) / labels.length;
  const label = Math.max(...labels.map(widthOf)) + 6;
  const every = Math.max(1, Math.ceil(label / band));
  // The last year's name may be wider than its bars.
  const right = EDGE + Math.max(0, (label - band) / 2);
  const last = series.length - 1;
  return {
    ...base(words, "shadow"),
    axisPointer: { link: [{ xAxisIndex: "all" }] },
    grid: series.map((_, at) => ({
      left,
      right,
      outerBoundsMode: "none",
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
    yAxis: scales.map(({ words, ...scale }, at) => ({
      ...VALUES,
      ...scale,
      gridIndex: at,
      name: series[at].name,
      nameGap: 8,
      nameTextStyle: { ...TEXT, color: INK, align: "left" },
      axisLabel: { ...VALUES.axisLabel, formatter: words },
    })),
    series: [
      ...series.map((each, at) => ({
        ...bar(at),
        name: each.name,
        data: rows.map((row) => row.cells[at].value ?? "-"),
        color: each.colour,
      })),
      ...series.map((_, at) => ({
        ...bar(at),
        data: rows.map((row) => (row.cells[at].isMissing ? scales[at].max : "-")),
        silent: true,
        barGap: "-100%",
        itemStyle: HATCHED,
      })),
    ],
  };
}

/** A measure's bars; those that are hatched stand in the place of the others. */
function bar(at) {
  return {
    type: "bar",
    xAxisIndex: at,
    yAxisIndex: at,
    barMaxWidth: 36,
    barCategoryGap: "30%",
    emphasis: { disabled: true },
  };
}

function ofEvery(groups, at) {
  return groups.flatMap((group) => group.rows.map((row) => row.cells[at].value ?? 0));
}

/** Room for the longer of two labels, so that the axes of all measures and groups are in line. */
function roomFor(...labels) {
  return Math.max(...labels.map(widthOf)) + 12;
}
