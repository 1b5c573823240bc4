import { unitsIn, written } from "../grid/numbers.js";

const PERCENT = { places: 6, least: 0n, most: 100_000_000n, shows: 0, sign: "" };
const WHOLE = 100_000_000n;

/** Says below stated percentages what they come to, while they are typed. */
export function addUpPercentages() {
  for (const form of document.querySelectorAll("form:has([data-app-percentage])")) {
    const boxes = [...form.querySelectorAll("[data-app-percentage]")];
    const said = document.createElement("p");
    said.className = "govuk-body";
    said.setAttribute("role", "status");
    boxes.at(-1).closest(".govuk-form-group").after(said);
    const show = () => (said.textContent = sentence(boxes));
    form.addEventListener("input", (event) => boxes.includes(event.target) && show());
    show();
  }
}

function sentence(boxes) {
  const units = boxes.map((box) => unitsIn(box.value.replace(/%\s*$/, ""), PERCENT));
  if (units.every((each) => each === null) || units.includes(undefined)) return "";
  const sum = units.reduce((total, each) => total + (each || 0n), 0n);
  const percent = (number) => `${written(number, PERCENT)}%`;
  if (sum === WHOLE) return "100%: the percentages add up.";
  return sum < WHOLE
    ? `${percent(sum)}: ${percent(WHOLE - sum)} is missing.`
    : `${percent(sum)}: ${percent(sum - WHOLE)} is too much.`;
}
