import { penceIn, pounds } from "./pence.js";

/** Adds up rows, columns and the whole again, in pence. */
export function addUp(table) {
  const sums = new Map();
  for (const row of table.tBodies[0].rows) {
    const sign = BigInt(row.dataset.sign);
    const months = [...row.cells].slice(1, -1).map(penceOf);
    const whole = BigInt(row.dataset.more || 0) + months.reduce((sum, pence) => sum + pence, 0n);
    row.lastElementChild.textContent = pounds(whole);
    const of = sums.get(row.dataset.row) || { months: Array(12).fill(0n), whole: 0n };
    if (months.length === 12) months.forEach((pence, at) => (of.months[at] += sign * pence));
    of.whole += sign * whole;
    sums.set(row.dataset.row, of);
  }
  for (const row of table.tFoot.rows) {
    const { months, whole } = sums.get(row.dataset.total);
    months.forEach((pence, at) => (row.cells[at + 1].textContent = pounds(pence).replace("£", "")));
    row.lastElementChild.textContent = pounds(whole);
  }
}

function penceOf(cell) {
  const box = cell.querySelector("input");
  return penceIn(box ? box.value : cell.dataset.stays || "") || 0n;
}
