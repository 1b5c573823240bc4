// What every chart has in common.

export const FONT = "Arial, Helvetica, sans-serif";
export const INK = "#0b0c0c";
export const MUTED = "#505a5f";
export const LINE = "#d8dbdd";

export const TEXT = { fontFamily: FONT, fontSize: 14, color: MUTED };

const pen = document.createElement("canvas").getContext("2d");
pen.font = `${TEXT.fontSize}px ${FONT}`;

/** How wide a text is drawn here, whichever font this machine has in Arial's place. */
export function widthOf(text) {
  return Math.ceil(pen.measureText(text).width);
}

export const VALUES = {
  type: "value",
  axisLabel: { ...TEXT, margin: 8 },
  axisLine: { show: false },
  axisTick: { show: false },
  splitLine: { lineStyle: { color: LINE } },
};

export const CATEGORIES = {
  axisLabel: { ...TEXT, margin: 8 },
  axisLine: { show: true, lineStyle: { color: MUTED } },
  axisTick: { lineStyle: { color: MUTED } },
  splitLine: { show: false },
};

/** Options of every chart; `words` makes the text of the box at a row from its place. */
export function base(words, pointer) {
  return {
    animation: false,
    textStyle: TEXT,
    tooltip: {
      renderMode: "richText",
      trigger: "axis",
      confine: true,
      transitionDuration: 0,
      backgroundColor: "#ffffff",
      borderColor: MUTED,
      borderWidth: 1,
      padding: [8, 10],
      textStyle: { fontFamily: FONT, fontSize: 14, lineHeight: 20, color: INK },
      axisPointer: { type: pointer, lineStyle: { color: MUTED, type: "solid" }, shadowStyle: { color: "rgba(18, 67, 109, 0.08)" }, label: { show: false } },
      formatter: (points) => words([points].flat()[0].dataIndex),
    },
  };
}
