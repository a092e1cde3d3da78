/** A page begins at its name, for who goes by keyboard or by ear. False where it has none. */
export function focusPageName(options?: FocusOptions): boolean {
  const name = document.querySelector<HTMLElement>("main h1[tabindex]");
  name?.focus(options);
  return name !== null;
}
