import htmx from "htmx.org";

/** Sets htmx up for a strict content security policy and for pages that others must not see. */
export function startHtmx() {
  htmx.config.includeIndicatorStyles = false;
  htmx.config.allowEval = false;
  // Pages hold money and names: none is kept in the browser's storage.
  htmx.config.historyCacheSize = 0;

  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, pathInfo } = event.detail;
    if (landedElsewhere(xhr.responseURL, pathInfo.requestPath)) {
      event.detail.shouldSwap = false;
      window.location.reload();
    }
  });
}

/** Whether the answer came from another page than the one asked: the sign-in page, after a session ended. */
function landedElsewhere(answered, asked) {
  if (!answered) return false;
  return new URL(answered).pathname !== new URL(asked, window.location.href).pathname;
}
