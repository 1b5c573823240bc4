// Reads a chart by keyboard: the arrows move from row to row, and each is shown and spoken.
// A slider is what screen readers pass arrow keys to; its text is the row.

const ROWS_IN_A_PAGE = 4;

export class Reader {
  constructor(figure) {
    this.figure = figure;
    this.rows = figure.data.groups.flatMap((group, panel) => group.rows.map((_, at) => ({ group, panel, at })));
    this.at = this.first();
    this.isHere = false;
    this.plots = figure.element.querySelector(".app-chart__plots");
    const { id } = figure.element;
    for (const [name, value] of Object.entries({
      tabindex: 0,
      role: "slider",
      "aria-labelledby": `${id}-title`,
      "aria-valuemin": 1,
      "aria-valuemax": this.rows.length,
    })) {
      this.plots.setAttribute(name, value);
    }
    this.speak();
    this.plots.addEventListener("keydown", (event) => this.press(event));
    this.plots.addEventListener("focus", () => this.come());
    this.plots.addEventListener("blur", () => this.go());
  }

  /** Where reading begins: at the alliance's day, or at the first row. */
  first() {
    const day = Date.parse(this.figure.element.dataset.day);
    const found = this.rows.findIndex(({ group, at }) => group.rows[at].on >= day);
    return Math.max(0, found);
  }

  press(event) {
    const last = this.rows.length - 1;
    const to = {
      ArrowRight: this.at + 1,
      ArrowUp: this.at + 1,
      ArrowLeft: this.at - 1,
      ArrowDown: this.at - 1,
      PageUp: this.at + this.page(),
      PageDown: this.at - this.page(),
      Home: 0,
      End: last,
    }[event.key];
    if (event.key === "Escape") this.go();
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.at = Math.min(last, Math.max(0, to));
    this.isHere = true;
    this.speak();
    this.show();
  }

  page() {
    const { groups } = this.figure.data;
    return groups.length > 1 ? groups[0].rows.length : ROWS_IN_A_PAGE;
  }

  speak() {
    const { group, at } = this.rows[this.at];
    this.plots.setAttribute("aria-valuenow", this.at + 1);
    this.plots.setAttribute("aria-valuetext", this.figure.words(group, at).join(", ").replace(", ", ": "));
  }

  come() {
    if (!this.plots.matches(":focus-visible")) return;
    this.isHere = true;
    this.show();
  }

  go() {
    this.isHere = false;
    for (const drawing of this.figure.drawings) drawing.dispatchAction({ type: "hideTip" });
  }

  /** The box at the row that is being read. */
  show() {
    if (!this.isHere) return;
    const { group, panel, at } = this.rows[this.at];
    this.figure.drawings.forEach((drawing, each) => {
      if (each !== panel) drawing.dispatchAction({ type: "hideTip" });
    });
    const series = group.rows[at].cells.findIndex((cell) => cell.value !== null);
    const shown = { type: "showTip", seriesIndex: Math.max(0, series), dataIndex: at };
    this.figure.drawings[panel].dispatchAction(shown);
  }
}
