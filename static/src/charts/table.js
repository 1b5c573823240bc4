// Reads what a chart shows from the table beside it: only numbers in data-v are drawn.

export function readTable(table) {
  const heads = [...table.querySelectorAll("thead [data-colour]")];
  return {
    series: heads.map(({ textContent, dataset }) => ({
      name: textContent.trim(),
      colour: dataset.colour,
      marker: dataset.marker,
      isDashed: "dashed" in dataset,
    })),
    groups: [...table.tBodies].map((body) => ({
      name: body.dataset.group,
      rows: [...body.querySelectorAll("[data-row]")].map(readRow),
    })),
  };
}

function readRow({ dataset, cells }) {
  return {
    label: dataset.row,
    on: Date.parse(dataset.on),
    isMain: "main" in dataset,
    isTotal: "total" in dataset,
    cells: [...cells].slice(1).map((cell) => ({
      value: "v" in cell.dataset ? Number(cell.dataset.v) : null,
      text: cell.textContent.trim(),
      isMissing: "missing" in cell.dataset,
    })),
  };
}

/** The drawn numbers of a row, each with the name of its column. */
export function readings(series, row) {
  return row.cells
    .map((cell, at) => ({ ...cell, name: series[at].name }))
    .filter((cell) => cell.value !== null);
}
