// Keys that work on every page, and what they open. What they open is fetched when it is first wanted.
import { useEventListener } from "@vueuse/core";
import { readonly, shallowRef } from "vue";
import { useRouter } from "vue-router";

import { pagePath, usePageNames } from "./pages";
import { scrollByKey } from "./scroller";

/** `accounts`: the palette with nothing but mini-programs in it. */
export type Overlay = "palette" | "accounts" | "sheet";

const overlay = shallowRef<Overlay | null>(null);

export function useOverlay() {
  return {
    overlay: readonly(overlay),
    open: (wanted: Overlay) => (overlay.value = wanted),
    close: () => (overlay.value = null),
  };
}

/** On a Mac the key that everybody uses there. */
export const isMac = /mac/i.test(navigator.platform);

/** How keys are written: one word a key. */
export const KEYS = {
  palette: [isMac ? "⌘" : "Ctrl", "K"],
  sheet: ["?"],
  page: (place: number) => [isMac ? "⌥" : "Alt", String(place)],
  search: ["/"],
  notes: ["F8"],
  close: ["Esc"],
  // The window's own, see windows.rs.
  zoom: [isMac ? "⌘" : "Ctrl", "+", "−"],
  zoomBack: [isMac ? "⌘" : "Ctrl", "0"],
} as const;

/** Somebody writes: letters are theirs. */
function isWriting(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable=true]") !== null;
}

/** Only one thing is on top of the page at a time. */
const isCovered = () => document.querySelector("[role=dialog]") !== null;

/** For a page with a field to search in: the key that leads to it. */
export function useSearchKey(focus: () => void): void {
  useEventListener(window, "keydown", (event: KeyboardEvent) => {
    if (event.key !== "/" || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isWriting(event.target) || isCovered()) return;
    event.preventDefault();
    focus();
  });
}

export function useShortcuts(): void {
  const router = useRouter();
  const pages = usePageNames();
  useEventListener(window, "keydown", (event: KeyboardEvent) => {
    const { altKey, ctrlKey, metaKey, shiftKey } = event;
    if (event.defaultPrevented || event.isComposing) return;
    scrollByKey(event);
    if ((ctrlKey || metaKey) && !altKey && !shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (overlay.value === "palette" || overlay.value === "accounts") overlay.value = null;
      else if (!isCovered()) overlay.value = "palette";
      return;
    }
    if (ctrlKey || metaKey || isCovered()) return;
    if (event.key === "?" && !altKey && !isWriting(event.target)) {
      event.preventDefault();
      overlay.value = "sheet";
      return;
    }
    // By the place of the key: on a Mac, Alt makes another letter of it.
    const place = /^Digit([1-9])$/.exec(event.code)?.[1];
    const page = altKey && !shiftKey && place ? pages.value[Number(place) - 1] : undefined;
    if (page) {
      event.preventDefault();
      void router.push(pagePath(page));
    }
  });
}
