// Axes that end on round numbers, and the words on them.

const PENCE = { billion: 1e11, million: 1e8, thousand: 1e5, pound: 100 };

/** Ends and step of an axis that holds these numbers and nought, in about `steps` steps. */
export function roundScale(values, steps, leastStep = 0) {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  if (low === high) return { min: 0, max: Math.max(1, leastStep), interval: Math.max(1, leastStep) };
  const rough = (high - low) / steps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const interval = Math.max(leastStep, [1, 2, 2.5, 5, 10].find((each) => each * power >= rough) * power);
  return {
    min: Math.floor(low / interval) * interval,
    max: Math.ceil(high / interval) * interval,
    interval,
  };
}

/** How the ticks of an axis are written: money in one unit for all of them, counts as they are. */
export function tickWords(unit, { min, max, interval }) {
  if (unit !== "pence") return (value) => String(value);
  const largest = Math.max(Math.abs(min), Math.abs(max));
  const [size, ending] =
    largest >= PENCE.billion
      ? [PENCE.billion, "bn"]
      : largest >= PENCE.million
        ? [PENCE.million, "m"]
        : largest >= PENCE.thousand * 10
          ? [PENCE.thousand, "k"]
          : [PENCE.pound, ""];
  const step = interval / size;
  const places = [0, 1].find((each) => isWhole(step * 10 ** each)) ?? 2;
  return (value) => {
    if (value === 0) return "£0";
    const written = (Math.abs(value) / size).toLocaleString("en-GB", {
      minimumFractionDigits: places,
      maximumFractionDigits: places,
    });
    return `${value < 0 ? "−" : ""}£${written}${ending}`;
  };
}

function isWhole(number) {
  return Math.abs(number - Math.round(number)) < 1e-9;
}

/** Where an axis of time is marked: every 1 April, and each financial year's name in its middle. */
export function yearMarks(first, last, width) {
  const names = [];
  const begins = [];
  for (let year = new Date(first).getUTCFullYear() - 1; Date.UTC(year, 3, 1) <= last; year += 1) {
    const begin = Date.UTC(year, 3, 1);
    const middle = Date.UTC(year, 9, 1);
    if (begin > first && begin < last) begins.push(begin);
    if (middle > first && middle < last) names.push(middle);
  }
  const every = Math.max(1, Math.ceil((names.length * 58) / Math.max(width, 1)));
  return { begins, names: names.filter((_, at) => at % every === 0) };
}

export function yearName(middle) {
  const year = new Date(middle).getUTCFullYear();
  return `${year}/${String((year + 1) % 100).padStart(2, "0")}`;
}
