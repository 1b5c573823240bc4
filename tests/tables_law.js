() => {
  // A force a column may be more than any window holds.
  const MOST_COLUMNS = 8;
  const broken = [];
  const seen = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && getComputedStyle(element).visibility !== "hidden";
  };
  const said = (element) => `<${element.tagName.toLowerCase()} class="${element.className}"> “${element.textContent.trim().replace(/\s+/g, " ").slice(0, 60)}”`;
  const hidden = (element) => element.closest(".govuk-visually-hidden, svg, [hidden], details:not([open])");
  const main = document.querySelector("main");
  for (const element of main.querySelectorAll("td, th, dd, dt, li, p, .app-figure__number, span, a, strong")) {
    if (!/[0-9]/.test(element.textContent) || !seen(element) || hidden(element)) continue;
    const style = getComputedStyle(element);
    if (style.display === "inline") continue;
    if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0) {
      const inner = [...element.querySelectorAll(".app-scroll")];
      if (!inner.length) broken.push(`clipped: ${said(element)} ${element.scrollWidth} > ${element.clientWidth}`);
    }
  }
  for (const table of main.querySelectorAll("table.app-table"))
    if (!table.closest(".app-scroll")) broken.push(`has no region to scroll in: ${said(table)}`);
  const scrolls = (element) => {
    const style = getComputedStyle(element);
    const x = /auto|scroll/.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
    const y = /auto|scroll/.test(style.overflowY) && element.scrollHeight > element.clientHeight + 1;
    return [x, y];
  };
  for (const element of document.querySelectorAll("body *")) {
    if (!seen(element) || element.tagName === "TEXTAREA") continue;
    const [x, y] = scrolls(element);
    if (y) broken.push(`scrolls inside the page: ${said(element)}`);
    if (!x) continue;
    const columns = Math.max(0, ...[...element.querySelectorAll("tr")].map((row) => row.cells.length));
    if (window.innerWidth >= 900 && columns <= MOST_COLUMNS) broken.push(`does not fit: ${said(element)} ${element.scrollWidth} > ${element.clientWidth}`);
    for (let up = element.parentElement; up && up !== document.body; up = up.parentElement)
      if (scrolls(up).some(Boolean)) broken.push(`scrolls inside a scroller: ${said(element)}`);
  }
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.data.trim() || !seen(parent) || hidden(parent)) continue;
    for (const match of node.data.matchAll(/[^\s\-–—/\u200b]{2,24}(?=[\s\-–—/]|$)/g)) {
      if (match.index > 0 && !/[\s\-–—/]/.test(node.data[match.index - 1])) continue;
      const range = document.createRange();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      const tops = new Set([...range.getClientRects()].filter((box) => box.width > 0.5).map((box) => Math.round(box.top / 4)));
      if (tops.size > 1) broken.push(`broken word: “${match[0]}” in ${said(parent)}`);
    }
  }
  return [...new Set(broken)];
}
