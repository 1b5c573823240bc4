/** Opens every <details> while the page is printed, and closes again those that it opened; lets buttons print. */
export function openDetailsForPrinting() {
  let opened = [];

  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const details of opened) details.open = true;
  });

  window.addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
    opened = [];
  });

  // On the document, because parts of a page are fetched again and replaced.
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-app-print]")) window.print();
  });
}
