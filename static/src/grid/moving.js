const STEPS = { ArrowUp: -1, ArrowDown: 1, Enter: 1 };

/** Arrows and Enter go from box to box; Tab is the browser's. */
export function move(event) {
  const box = event.target;
  if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  if (event.shiftKey && event.key !== "Enter") return;
  if (event.key in STEPS) {
    event.preventDefault();
    go(below(box, event.shiftKey ? -1 : STEPS[event.key]));
  } else if (event.key === "ArrowLeft" && isAt(box, 0)) {
    event.preventDefault();
    go(beside(box, -1));
  } else if (event.key === "ArrowRight" && isAt(box, box.value.length)) {
    event.preventDefault();
    go(beside(box, 1));
  }
}

/** Whether the caret can go no further that way, or all of the text is chosen. */
function isAt(box, end) {
  const { selectionStart, selectionEnd, value } = box;
  if (selectionStart === 0 && selectionEnd === value.length) return true;
  return selectionStart === end && selectionEnd === end;
}

function below(box, step) {
  const cell = box.closest("td");
  const rows = cell.closest("tbody").rows;
  for (let at = cell.parentElement.sectionRowIndex + step; rows[at]; at += step) {
    const found = rows[at].cells[cell.cellIndex]?.querySelector("input");
    if (found) return found;
  }
  return null;
}

function beside(box, step) {
  const cells = box.closest("tr").cells;
  for (let at = box.closest("td").cellIndex + step; cells[at]; at += step) {
    const found = cells[at].querySelector("input");
    if (found) return found;
  }
  return null;
}

function go(box) {
  box?.focus();
  box?.select();
}
