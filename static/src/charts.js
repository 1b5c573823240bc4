// Draws the charts of a page from their tables, and again when a part of the page was replaced.
import { Figure } from "./charts/figure.js";

const drawn = new Map();

function drawAll() {
  for (const [element, figure] of drawn) {
    if (element.isConnected) continue;
    figure.leave();
    drawn.delete(element);
  }
  for (const element of document.querySelectorAll("[data-app-chart]")) {
    if (!drawn.has(element)) drawn.set(element, new Figure(element));
  }
}

drawAll();
document.body.addEventListener("htmx:afterSettle", drawAll);
window.addEventListener("beforeprint", () => drawn.forEach((figure) => figure.drawForPrinting()));
window.addEventListener("afterprint", () => drawn.forEach((figure) => figure.draw()));
