/** Whether it is more than one cell of a spreadsheet: then the portal reads it, by its one reader. */
export function isBlock(text) {
  return /[\t\r\n\v\f\u0085\u2028\u2029]/.test(text.replace(/[\r\n]+$/, ""));
}

/** What goes into which cell, by name, and what is said of it; or why nothing does. */
export async function read(form, box, rows) {
  const asked = new FormData();
  for (const each of form.querySelectorAll("input[type=hidden]:not([name=seen])")) {
    asked.append(each.name, each.value);
  }
  asked.append("fill", "paste");
  asked.append("at", box.name);
  asked.append("rows", rows);
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: asked,
      headers: { Accept: "application/json" },
    });
    if (answer.redirected) return { refused: "You are signed out: sign in on another tab, then paste it again." };
    if (answer.ok) return await answer.json();
  } catch {
    // No answer came; the same is said.
  }
  return { refused: "The portal could not read it just now: paste it again." };
}
