// The page as it last stood. The host keeps it in a file and hands it to the next window, which shows it until the app
// itself stands: figures are there as soon as the window is, each with the time at which it was read. Only pages that
// never show a secret say `data-keep`, and nothing that was typed is in the markup.
// The window loads this before anything else, so it imports nothing.
import type { SavedPage } from "@/ipc/bindings";

/** When a saved page was painted, in milliseconds since 1970; null without one. */
export const painted: { at: number | null } = { at: null };

export const appRoot = () => document.getElementById("app");

/** The page on screen, if it may be kept. */
export function pageOnScreen(): SavedPage | null {
  const root = appRoot();
  if (!root?.querySelector("[data-keep]")) return null;
  const copy = root.cloneNode(true) as HTMLElement;
  for (const element of copy.querySelectorAll("[data-testid], [style], canvas, [role=alert]")) {
    // Nothing in a picture of a page can be used, so nothing of it is found.
    element.removeAttribute("data-testid");
    // The policy allows no style in markup; the script puts it back.
    const style = element.getAttribute("style");
    if (style !== null) {
      element.removeAttribute("style");
      element.setAttribute("data-style", style);
    }
  }
  const { lang, dataset } = document.documentElement;
  return { lang, theme: dataset.theme === "dark" ? "dark" : "light", html: copy.innerHTML };
}

/** Shows a saved page. */
export function restorePage(page: SavedPage): void {
  const root = appRoot();
  if (!root) return;
  document.documentElement.lang = page.lang;
  document.documentElement.dataset.theme = page.theme;
  root.inert = true;
  root.innerHTML = page.html;
  for (const element of root.querySelectorAll<HTMLElement | SVGElement>("[data-style]")) {
    element.style.cssText = element.dataset.style ?? "";
  }
}

/** Makes room for the app. */
export function removeRestoredPage(): void {
  const root = appRoot();
  if (!root) return;
  root.inert = false;
  root.replaceChildren();
}
