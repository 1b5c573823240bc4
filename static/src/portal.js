import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  createAll,
} from "govuk-frontend";
import { addUpPercentages } from "./scripts/percentages.js";
import { openDetailsForPrinting } from "./scripts/printing.js";
import { startRoadmap } from "./scripts/roadmap.js";
import { startHtmx } from "./scripts/htmx.js";
import { watchTables } from "./scripts/tables.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");

for (const component of [
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
]) {
  createAll(component);
}

openDetailsForPrinting();
startRoadmap();
addUpPercentages();
watchTables();
startHtmx();
