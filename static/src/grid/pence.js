// Amounts as people and spreadsheets write them, in whole pence and never in a float.
// Reads what programmes/written/numbers.py and the form's field read; a test holds the two together.

const LONGEST = 40;
const SURE = 15; // digits that a spreadsheet keeps; those after them are noise of its arithmetic
const MOST = 10n ** 15n;
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

/** Whole pence as a BigInt; null for a blank, undefined for what is no amount. */
export function penceIn(text) {
  const plain = text.replace(INVISIBLE, "").replace(SPACES, " ").replace(DASHES, "-").trim();
  if (plain === "") return null;
  if (plain.replace(/^£/, "").trim() === "-") return 0n;
  const found = plain.length <= LONGEST ? NUMBER.exec(plain) : null;
  if (!found) return undefined;
  const [, open, before, sign, after, digits, behind, close] = found;
  const minuses = [open, sign === "-", behind].filter(Boolean).length;
  if ((before && after) || Boolean(open) !== Boolean(close) || minuses > 1) return undefined;
  if (sign === "+" && minuses) return undefined;
  const pence = wholePence(digits.replace(/[, ]/g, ""));
  if (pence === undefined || pence > MOST) return undefined;
  return minuses ? -pence : pence;
}

/** "1234.5" is 123450n; undefined where there is a part of a penny that is no noise. */
function wholePence(digits) {
  const [whole, behind = ""] = digits.split(".");
  const decimals = behind.replace(/0+$/, "");
  if (decimals.length <= 2) return BigInt(whole + decimals.padEnd(2, "0"));
  const all = (whole + behind).replace(/^0+/, "");
  const over = all.length - SURE;
  if (over <= 0) return undefined;
  const unit = 10n ** BigInt(over);
  const kept = rounded(BigInt(all), unit) * unit;
  const ofPenny = 10n ** BigInt(behind.length - 2);
  return kept % ofPenny === 0n ? kept / ofPenny : undefined;
}

/** How many units it is, halves to the even one. */
function rounded(number, unit) {
  const twice = (number % unit) * 2n;
  const down = number / unit;
  return down + (twice > unit || (twice === unit && down % 2n === 1n) ? 1n : 0n);
}

/** As a page writes it: "−£1,234.50". */
export function pounds(pence) {
  const size = (pence < 0n ? -pence : pence).toString().padStart(3, "0");
  const whole = size.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${pence < 0n ? "\u2212" : ""}£${whole}.${size.slice(-2)}`;
}
