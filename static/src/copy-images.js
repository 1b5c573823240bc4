// Copies the pictures that the built style sheet names, and our own, beside it.
// A picture that is named and cannot be found stops the build.
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const built = join(here, "..", "..", "var", "assets", "portal");
const sources = [
  join(here, "images"),
  join(here, "..", "node_modules", "@ministryofjustice", "frontend", "moj", "assets", "images"),
];

mkdirSync(join(built, "images"), { recursive: true });
cpSync(join(here, "images"), join(built, "images"), { recursive: true });

const css = readFileSync(join(built, "portal.css"), "utf8");
for (const [, address] of css.matchAll(/url\(["']?([^"')]+)["']?\)/g)) {
  if (address.startsWith("data:")) continue;
  const source = sources.map((folder) => join(folder, basename(address))).find(existsSync);
  if (!source) throw new Error(`portal.css names ${address}, which is in none of ${sources.join(", ")}`);
  cpSync(source, join(built, "images", basename(address)));
}
