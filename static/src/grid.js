// A grid of months or of sizes: pasting, moving, totals while typing, and what is marked. Without it the page is
// a form like any other.
import { isChanged, isWrong, mark } from "./grid/marks.js";
import { move } from "./grid/moving.js";
import { kindOf } from "./grid/numbers.js";
import { isBlock, read } from "./grid/pasting.js";
import { addUp } from "./grid/totals.js";

class Grid {
  constructor(form) {
    this.form = form;
    this.table = form.querySelector(".app-grid__table");
    this.boxes = [...this.table.querySelectorAll("input.app-grid__box")];
    this.said = form.querySelector("[data-grid-said]");
    this.pasted = form.querySelector("[data-grid-pasted]");
    this.undo = form.querySelector("[data-grid-undo]");
    this.before = new Map();
    this.isLeaving = false;
    this.table.addEventListener("input", (event) => this.show([event.target]));
    this.table.addEventListener("keydown", (event) => this.isBox(event.target) && move(event));
    this.table.addEventListener("paste", (event) => this.isBox(event.target) && this.paste(event));
    this.undo.addEventListener("click", () => this.takeBack());
    form.addEventListener("submit", () => this.send());
    window.addEventListener("beforeunload", (event) => this.leave(event));
    window.addEventListener("pageshow", () => this.begin());
  }

  /** A page that the browser kept has boxes that were put aside when it was sent. */
  begin() {
    this.isLeaving = false;
    for (const box of this.boxes) box.disabled = false;
    this.show(this.boxes.filter((box) => isChanged(box)));
  }

  isBox(element) {
    return element.matches("input.app-grid__box");
  }

  show(boxes) {
    for (const box of boxes) if (this.isBox(box)) mark(box);
    addUp(this.table);
    this.say(this.said, this.counted());
  }

  counted() {
    const changed = this.boxes.filter(isChanged).length;
    const wrong = this.boxes.filter(isWrong).length;
    const said = changed === 0 ? "Nothing is changed yet." : `${changed} ${changed === 1 ? "cell is" : "cells are"} changed.`;
    const { no, several } = kindOf(this.table);
    return wrong ? `${said} ${wrong} ${wrong === 1 ? `is ${no}` : `are ${several}`}.` : said;
  }

  say(place, words) {
    if (place.textContent !== words) place.textContent = words;
  }

  async paste(event) {
    const rows = event.clipboardData.getData("text/plain");
    if (!isBlock(rows)) return;
    event.preventDefault();
    const box = event.target;
    this.tell("Reading what you pasted…");
    const { texts, said, refused } = await read(this.form, box, rows);
    if (refused) return this.tell(`Nothing is pasted. ${refused}`, true);
    const into = this.boxes.filter((each) => each.name in texts);
    this.before = new Map(into.map((each) => [each, each.value]));
    for (const each of into) each.value = texts[each.name];
    this.undo.hidden = false;
    this.tell(`Pasted: ${said}`);
    this.show(into);
  }

  takeBack() {
    for (const [box, value] of this.before) box.value = value;
    this.show([...this.before.keys()]);
    this.undo.hidden = true;
    this.tell("The paste is undone.");
    [...this.before.keys()][0]?.focus();
  }

  tell(words, isRefusal = false) {
    this.say(this.pasted, words);
    this.pasted.classList.toggle("app-grid__pasted--refused", isRefusal);
    this.pasted.scrollIntoView({ block: "nearest" });
  }

  /** Sends only the cells that are changed: a form has its limit, and the page says what the rest were. */
  send() {
    this.isLeaving = true;
    for (const box of this.boxes) box.disabled = box.value.trim() === box.dataset.was;
  }

  leave(event) {
    if (!this.isLeaving && this.boxes.some(isChanged)) event.preventDefault();
  }
}

for (const form of document.querySelectorAll("[data-app-grid]:has(.app-grid__table)")) new Grid(form);
