import { kindOf, unitsIn, written } from "./numbers.js";

/** Adds up columns, and rows and the whole again where rows have a sum, in whole units. */
export function addUp(table) {
  const kind = kindOf(table);
  const wide = table.tFoot.rows[0] ? cellsOf(table.tFoot.rows[0]).length : 0;
  const sums = new Map();
  for (const row of table.tBodies[0].rows) {
    const sign = BigInt(row.dataset.sign || 1);
    const numbers = cellsOf(row).map((cell) => unitsOf(cell, kind));
    const whole = BigInt(row.dataset.more || 0) + numbers.reduce((sum, units) => sum + units, 0n);
    say(sumOf(row), whole, kind);
    const group = row.dataset.row || "";
    const of = sums.get(group) || { columns: Array(wide).fill(0n), whole: 0n };
    if (numbers.length === wide) numbers.forEach((units, at) => (of.columns[at] += sign * units));
    of.whole += sign * whole;
    sums.set(group, of);
  }
  for (const row of table.tFoot.rows) {
    const { columns, whole } = sums.get(row.dataset.total);
    cellsOf(row).forEach((cell, at) => (cell.textContent = written(columns[at], kind).replace("£", "")));
    say(sumOf(row), whole, kind);
  }
}

function cellsOf(row) {
  return [...row.querySelectorAll("td:not(.app-grid__sum)")];
}

function sumOf(row) {
  return row.querySelector(".app-grid__sum");
}

function say(cell, units, kind) {
  if (cell) cell.textContent = written(units, kind);
}

function unitsOf(cell, kind) {
  const box = cell.querySelector("input");
  return unitsIn(box ? box.value : cell.dataset.stays || "", kind) || 0n;
}
