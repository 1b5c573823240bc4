// Amounts and sizes as people and spreadsheets write them, in whole units (pence, ten thousandths of
// a size) and never in a float. Reads what programmes/written/numbers.py and the forms' fields read; a
// test holds the two together.

const LONGEST = 40;
const SURE = 15; // digits that a spreadsheet keeps; those after them are noise of its arithmetic
const KINDS = {
  pounds: { places: 2, least: -(10n ** 15n), most: 10n ** 15n, one: "an amount", no: "no amount", several: "no amounts" },
  sizes: { places: 4, least: 0n, most: 10n ** 19n, one: "a size", no: "no size", several: "no sizes" },
};
const INVISIBLE = /[\p{Cf}\ufe00-\ufe0f\u034f]/gu;
const SPACES = /[\u00a0\u2007\u2009\u202f\t]/g;
const DASHES = /[\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d]/g;
const POUND = "(?:\u00c2?\u00a3)?";
const GAP = "[ \\n\\r\\f\\v]*";
const GROUPED = "\\d{1,3}(?:,\\d{3})+|\\d{1,3}(?: \\d{3})+|\\d+";
const NUMBER = new RegExp(
  `^(\\()?${GAP}(${POUND})${GAP}([-+])?${GAP}(${POUND})${GAP}` +
    `((?:${GROUPED})(?:\\.\\d*)?|\\.\\d+)${GAP}(-)?${GAP}(\\))?$`,
);

/** How the numbers of a table are written: by its `data-kind`, else pounds. */
export function kindOf(element) {
  const { kind, shows } = element.closest("table").dataset;
  return { ...KINDS[kind || "pounds"], shows: Number(shows ?? 2), sign: kind ? "" : "£" };
}

/** Whole units as a BigInt; null for a blank, undefined for what is no number of the kind. */
export function unitsIn(text, kind) {
  const plain = text.replace(INVISIBLE, "").replace(SPACES, " ").replace(DASHES, "-").trim();
  if (plain === "") return null;
  if (plain.replace(/^£/, "").trim() === "-") return 0n;
  const found = plain.length <= LONGEST ? NUMBER.exec(plain) : null;
  if (!found) return undefined;
  const [, open, before, sign, after, digits, behind, close] = found;
  const minuses = [open, sign === "-", behind].filter(Boolean).length;
  if ((before && after) || Boolean(open) !== Boolean(close) || minuses > 1) return undefined;
  if (sign === "+" && minuses) return undefined;
  const size = wholeUnits(digits.replace(/[, ]/g, ""), kind.places);
  if (size === undefined) return undefined;
  const units = minuses ? -size : size;
  return units < kind.least || units > kind.most ? undefined : units;
}

/** "1234.5" at two places is 123450n; undefined where more places are no noise. */
function wholeUnits(digits, places) {
  const [whole, behind = ""] = digits.split(".");
  const decimals = behind.replace(/0+$/, "");
  if (decimals.length <= places) return BigInt(whole + decimals.padEnd(places, "0"));
  const all = (whole + behind).replace(/^0+/, "");
  const over = all.length - SURE;
  if (over <= 0) return undefined;
  const unit = 10n ** BigInt(over);
  const kept = rounded(BigInt(all), unit) * unit;
  const ofUnit = 10n ** BigInt(behind.length - places);
  return kept % ofUnit === 0n ? kept / ofUnit : undefined;
}

/** How many units it is, halves to the even one. */
function rounded(number, unit) {
  const twice = (number % unit) * 2n;
  const down = number / unit;
  return down + (twice > unit || (twice === unit && down % 2n === 1n) ? 1n : 0n);
}

/** As a page writes it: "−£1,234.50"; a size with as many decimals as it has and the others show. */
export function written(units, kind) {
  const digits = (units < 0n ? -units : units).toString().padStart(kind.places + 1, "0");
  const whole = digits.slice(0, -kind.places).replace(/\B(?=(\d{3})+$)/g, ",");
  const behind = digits.slice(-kind.places).replace(/0+$/, "").padEnd(kind.shows, "0");
  return `${units < 0n ? "\u2212" : ""}${kind.sign}${whole}${behind ? "." : ""}${behind}`;
}
