import { savePng } from "./pictures.js";

/** Shows today in a roadmap that is wider than the window, and lets its picture be kept as PNG. */
export function startRoadmap() {
  for (const drawing of document.querySelectorAll("[data-app-today]")) showToday(drawing);
  for (const button of document.querySelectorAll("[data-app-picture]")) {
    button.addEventListener("click", () => keep(button.dataset));
  }
}

function showToday(drawing) {
  const time = drawing.querySelector(".app-roadmap__head .app-roadmap__time");
  const today = (time.offsetWidth * drawing.dataset.appToday) / 100;
  drawing.scrollLeft = today - (drawing.clientWidth - time.offsetLeft) / 2;
}

async function keep({ appPicture, appPictureName }) {
  const answer = await fetch(appPicture);
  if (!answer.ok || answer.redirected) return window.location.assign(appPicture);
  const svg = await answer.text();
  const { width, height } = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  savePng(appPictureName, svg, {
    width: width.baseVal.value,
    height: height.baseVal.value,
  });
}
