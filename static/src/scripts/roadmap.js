import { savePng } from "./pictures.js";

/** Lets a button keep the picture at the address `data-app-picture` as PNG, under `data-app-picture-name`. */
export function keepPictures() {
  for (const button of document.querySelectorAll("[data-app-picture]")) {
    button.addEventListener("click", () => keep(button.dataset));
  }
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
