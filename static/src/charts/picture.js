// A chart as a picture that stands alone: title, measure, key, plots, and what its figures are.
import { FONT, INK, MUTED } from "./look.js";

export const WIDTH = 960;
const EDGE = 24;
const INSIDE = WIDTH - 2 * EDGE;
const GAP = 24;
const MOST_BESIDE = 4;

export function picture(element, { series, groups }, drawn) {
  const parts = [];
  let y = EDGE;
  const put = (words, size, { bold = false, colour = INK, after = 0 } = {}) => {
    for (const line of wrapped(words, size, bold)) {
      y += size * 1.3;
      parts.push(text(line, EDGE, y, size, bold, colour));
    }
    y += after;
  };

  put(wordsOf(element, ".app-chart__title"), 21, { bold: true, after: 4 });
  put(wordsOf(element, ".app-chart__measure"), 16, { colour: MUTED, after: 12 });
  if (series.length > 1) {
    parts.push(keyOf(element, series, y));
    y += 30;
  }

  const height = element.querySelector(".app-chart__plot").clientHeight + 40;
  const beside = Math.min(MOST_BESIDE, groups.length);
  const width = (INSIDE - GAP * (beside - 1)) / beside;
  groups.forEach(({ name }, group) => {
    const x = EDGE + (group % beside) * (width + GAP);
    if (group && group % beside === 0) y += height + (name ? 28 : 0) + GAP;
    if (name) parts.push(text(name, x, y + 18, 16, true));
    const plot = drawn(group, width, height);
    parts.push(plot.replace(/^<svg/, `<svg x="${x}" y="${y + (name ? 28 : 0)}"`));
  });
  y += height + (groups[0].name ? 28 : 0) + 8;
  put(element.dataset.source, 14, { colour: MUTED });
  y = Math.ceil(y + EDGE);

  const frame = `xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}"`;
  const title = `<title>${escaped(wordsOf(element, ".app-chart__title"))}</title>`;
  const paper = `<rect width="${WIDTH}" height="${y}" fill="#ffffff"/>`;
  return { svg: `<svg ${frame}>${title}${paper}${parts.join("")}</svg>`, height: y };
}

/** The key as it is on the page, each swatch with its name beside it. */
function keyOf(element, series, y) {
  const swatches = element.querySelectorAll(".app-chart__swatch");
  let x = EDGE;
  return series
    .map(({ name }, at) => {
      const wide = Number(swatches[at].getAttribute("width"));
      const frame = `width="${wide}" height="12" viewBox="0 0 ${wide} 12"`;
      const swatch = `<svg x="${x}" y="${y + 4}" ${frame}>${marksOf(swatches[at])}</svg>`;
      const label = text(name, x + wide + 8, y + 15, 16);
      x += wide + 8 + measured(name, 16, false) + 28;
      return swatch + label;
    })
    .join("");
}

function marksOf(svg) {
  return [...svg.children].map((mark) => new XMLSerializer().serializeToString(mark)).join("");
}

function wordsOf(element, selector) {
  return element.querySelector(selector).textContent.trim().replace(/\s+/g, " ");
}

function text(words, x, y, size, isBold = false, colour = INK) {
  const weight = isBold ? ' font-weight="bold"' : "";
  return `<text x="${x}" y="${y}" font-family="${FONT}" font-size="${size}"${weight} fill="${colour}">${escaped(words)}</text>`;
}

function escaped(words) {
  return words.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const pen = document.createElement("canvas").getContext("2d");

function measured(words, size, isBold) {
  pen.font = `${isBold ? "bold " : ""}${size}px ${FONT}`;
  return pen.measureText(words).width;
}

/** The words in lines that fit; a word that is too long on its own is cut. */
function wrapped(words, size, isBold) {
  const lines = [""];
  for (let word of words.split(" ")) {
    while (measured(word, size, isBold) > INSIDE) word = `${word.slice(0, -2)}…`;
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (measured(longer, size, isBold) <= INSIDE) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
