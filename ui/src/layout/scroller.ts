// The one element of a page that scrolls; the document itself never does.

export const SCROLLER = "main";

const scroller = () => document.getElementById(SCROLLER);

/** Shows the head of the page, when another view has replaced the last. In the wizard the question's column scrolls. */
export function scrollToTop(): void {
  for (const part of document.querySelectorAll("[data-scroller]")) part.scrollTo({ top: 0 });
}

const SCROLL_KEYS = new Set(["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown", " "]);

/** As long as nothing has the focus, the keys that scroll are the page's. */
export function scrollByKey({ key, target }: KeyboardEvent): void {
  if (target === document.body && SCROLL_KEYS.has(key)) scroller()?.focus({ preventScroll: true });
}
