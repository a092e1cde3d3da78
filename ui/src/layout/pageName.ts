/** Focuses the page's name, where a keyboard or a screen reader begins. Returns false without one. */
export function focusPageName(options?: FocusOptions): boolean {
  const name = document.querySelector<HTMLElement>("main h1[tabindex]");
  name?.focus(options);
  return name !== null;
}
