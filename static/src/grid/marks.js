import { kindOf, unitsIn } from "./numbers.js";

const ROOMS = [9, 11, 13, 16, 20]; // characters

/** Whether a box says another number than is on record; a blank is no number. */
export function isChanged(box) {
  const kind = kindOf(box);
  return box.value.trim() !== box.dataset.was && unitsIn(box.value, kind) !== unitsIn(box.dataset.was, kind);
}

export function isWrong(box) {
  return unitsIn(box.value, kindOf(box)) === undefined;
}

/** Says under a box what it said, or that it is no number; in words and in colour. */
export function mark(box) {
  const cell = box.closest("td");
  const wrong = isWrong(box);
  const changed = isChanged(box);
  cell.classList.toggle("app-grid__changed", changed);
  box.classList.toggle("app-grid__box--wrong", wrong);
  cell.querySelectorAll(".app-grid__was, .app-grid__problem").forEach((said) => said.remove());
  box.removeAttribute("aria-invalid");
  box.removeAttribute("aria-describedby");
  makeRoom(box);
  if (wrong) {
    box.setAttribute("aria-invalid", "true");
    say(cell, box, "app-grid__problem", `not ${kindOf(box).one}`);
  } else if (changed) {
    say(cell, box, "app-grid__was", `was ${box.dataset.was || "blank"}`);
  }
}

/** Wider boxes for a longer number; the style sheet has a width for each of these. */
function makeRoom(box) {
  const { dataset } = box.closest("table");
  const room = ROOMS.find((each) => each >= box.value.length) || ROOMS.at(-1);
  if (room > Number(dataset.room)) dataset.room = room;
}

function say(cell, box, name, words) {
  const said = document.createElement("span");
  said.className = name;
  said.id = `${box.name}-said`;
  said.textContent = words;
  cell.append(said);
  box.setAttribute("aria-describedby", said.id);
}
