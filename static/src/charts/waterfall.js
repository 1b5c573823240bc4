// From one total to another: each step begins where the one before it ended. Every bar has its figure
// beside it, so there is no scale to read.
import { base, FONT, INK, MUTED, widthOf } from "./look.js";

const STEP_COLOUR = "#f46a25";
const FONT_OF_LABELS = `14px ${FONT}`;
// The room between a bar and its name, and its figure.
const BEFORE = 12;
const NARROW = 420;

export function waterfall({ series: [{ colour }], groups: [{ rows }] }, { width, words }) {
  const spans = spansOf(rows);
  const ends = spans.flat();
  const isNarrow = width < NARROW;
  const names = BEFORE + Math.max(...rows.map((row) => widthOf(row.label)));
  const steps = { rows, spans, colour, isNarrow, names };
  return {
    ...base(words, "shadow"),
    grid: { left: isNarrow ? 1 : names, right: BEFORE + Math.max(...rows.map((row) => widthOf(signed(row)))), top: 2, bottom: 2 },
    xAxis: { type: "value", show: false, min: Math.min(0, ...ends), max: Math.max(1, ...ends) },
    yAxis: {
      type: "category",
      inverse: true,
      data: rows.map((row) => row.label),
      axisTick: { show: false },
      axisLabel: { show: false },
      axisLine: { lineStyle: { color: MUTED } },
    },
    series: [
      {
        type: "custom",
        data: spans.map(([from, to], at) => [to, at, from]),
        encode: { x: [0, 2], y: 1 },
        clip: false,
        renderItem: ({ dataIndex }, api) => step(steps, dataIndex, api),
      },
    ],
  };
}

/** Where each bar begins and ends: totals begin at nought. */
export function spansOf(rows) {
  let reached = 0;
  return rows.map((row) => {
    const from = row.isTotal ? 0 : reached;
    reached = from + row.cells[0].value;
    return [from, reached];
  });
}

function step({ rows, spans, colour, isNarrow, names }, at, api) {
  const row = rows[at];
  const [from, to] = spans[at];
  const [left, middle] = api.coord([Math.min(from, to), at]);
  const [right] = api.coord([Math.max(from, to), at]);
  const [end] = api.coord([to, at]);
  const band = api.size([0, 1])[1];
  // Where there is no room beside a bar, its name stands above it.
  const height = isNarrow ? band * 0.42 : band * 0.58;
  const top = isNarrow ? middle + band / 2 - height - 5 : middle - height / 2;
  const name = isNarrow
    ? { x: 4, y: top - 10, align: "left" }
    : { x: names - BEFORE, y: middle, align: "right" };
  const parts = [
    {
      type: "rect",
      shape: { x: left, y: top, width: from === to ? 0 : Math.max(1.5, right - left), height },
      style: { fill: row.isTotal ? colour : STEP_COLOUR },
    },
    words(row.label, name),
    words(signed(row), { x: right + 8, y: top + height / 2, align: "left" }),
  ];
  if (at < rows.length - 1) {
    const shape = { x1: end, x2: end, y1: from === to ? top : top + height, y2: top + band };
    parts.push({ type: "line", shape, style: { stroke: MUTED, lineWidth: 1 } });
  }
  return { type: "group", children: parts };
}

function words(text, { x, y, align }) {
  return { type: "text", style: { text, x, y, align, verticalAlign: "middle", fill: INK, font: FONT_OF_LABELS } };
}

function signed(row) {
  const [{ text, value }] = row.cells;
  return !row.isTotal && value > 0 ? `+${text}` : text;
}
