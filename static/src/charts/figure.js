// One chart on the page: drawn from its table, read by keyboard, kept as a file.
import { BarChart, CustomChart, LineChart } from "echarts/charts";
import { GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { savePng, saveSvg } from "../scripts/pictures.js";
import { bars } from "./bars.js";
import { lines } from "./lines.js";
import { WIDTH as PICTURE_WIDTH, picture } from "./picture.js";
import { Reader } from "./reader.js";
import { readTable, readings } from "./table.js";
import { waterfall } from "./waterfall.js";

echarts.use([BarChart, CustomChart, GridComponent, LineChart, MarkLineComponent, SVGRenderer, TooltipComponent]);

const KINDS = { bars, lines, waterfall };
// The style sheet gives plots on paper this part of their height.
const WIDTH_ON_PAPER = 660;
const PART_OF_HEIGHT_ON_PAPER = 0.65;

export class Figure {
  constructor(element) {
    this.element = element;
    this.kind = KINDS[element.dataset.appChart];
    this.data = readTable(element.querySelector("table"));
    const plots = [...element.querySelectorAll(".app-chart__plot")];
    this.drawings = plots.map((plot) => echarts.init(plot, null, { renderer: "svg" }));
    this.reader = new Reader(this);
    this.isOnPaper = false;
    this.watcher = new ResizeObserver(() => {
      if (!this.isOnPaper) this.draw();
    });
    this.watcher.observe(element.querySelector(".app-chart__plots"));
    for (const button of element.querySelectorAll("[data-app-save]")) {
      button.addEventListener("click", () => this.save(button.dataset.appSave));
    }
    this.draw();
    element.dataset.drawn = "";
  }

  draw() {
    this.isOnPaper = false;
    this.drawings.forEach((drawing, group) => {
      drawing.resize({ width: "auto", height: "auto" });
      drawing.setOption(this.option(group, drawing.getWidth()), true);
    });
    this.reader.show();
  }

  /** A sheet is as wide as it is, whatever the window was. */
  drawForPrinting() {
    if (this.isOnPaper) return;
    this.isOnPaper = true;
    const beside = Math.min(3, this.drawings.length);
    const width = WIDTH_ON_PAPER / beside - 14 * (beside - 1);
    this.drawings.forEach((drawing, group) => {
      drawing.resize({ width, height: drawing.getHeight() * PART_OF_HEIGHT_ON_PAPER });
      drawing.setOption(this.option(group, width), true);
    });
  }

  option(group, width) {
    const { unit, day, dayLabel } = this.element.dataset;
    const words = (at) => this.words(this.data.groups[group], at).join("\n");
    return this.kind(this.data, { unit, dayLabel, day: Date.parse(day), group, width, words });
  }

  /** What a row says: its name, then each number that is drawn. */
  words(group, at) {
    const row = group.rows[at];
    const { series } = this.data;
    const name = group.name ? `${group.name}, ${row.label}` : row.label;
    return [name, ...readings(series, row).map(({ name, text }) => `${name}: ${text}`)];
  }

  async save(ending) {
    const { svg, height } = picture(this.element, this.data, (group, width, plotHeight) => {
      const drawing = echarts.init(null, null, { renderer: "svg", ssr: true, width, height: plotHeight });
      drawing.setOption(this.option(group, width));
      const drawn = drawing.renderToSVGString();
      drawing.dispose();
      return drawn;
    });
    const name = `${this.element.dataset.file}.${ending}`;
    if (ending === "png") await savePng(name, svg, { width: PICTURE_WIDTH, height });
    else saveSvg(name, svg);
  }

  leave() {
    this.watcher.disconnect();
    for (const drawing of this.drawings) drawing.dispose();
  }
}
