/** Tells each table's region whether the table fits: then its header stays at the top of the window. */
export function watchTables() {
  const measured = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      target.classList.toggle("app-scroll--fits", target.scrollWidth <= target.clientWidth);
    }
  });
  const watch = (within) => within.querySelectorAll(".app-scroll").forEach((region) => measured.observe(region));

  watch(document);
  // Parts of a page are fetched again and replaced.
  document.addEventListener("htmx:afterSettle", () => watch(document));
}
