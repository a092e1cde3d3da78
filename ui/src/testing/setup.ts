// jsdom has no layout: what Reka measures or captures answers harmlessly.
import { enableAutoUnmount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, vi } from "vitest";

import { useOverlay } from "@/layout/shortcuts";
import { useNotes } from "@/shared/ui/notes";

import { RECORDED_AT, unanswered } from "./recorded";

enableAutoUnmount(afterEach);
// Words like "today" are the computer's: it stands where the recordings were made, whenever the tests run.
beforeEach(() => void vi.setSystemTime(RECORDED_AT));
afterEach(() => {
  useNotes().clear();
  useOverlay().close();
  expect(unanswered.splice(0), "asked, and answered by no recording").toEqual([]);
});

class NoResize {
  observe() {}
  unobserve() {}
  disconnect() {}
}
globalThis.ResizeObserver ??= NoResize as unknown as typeof ResizeObserver;
Element.prototype.scrollIntoView ??= () => undefined;
Element.prototype.scrollTo ??= function (this: Element, to?: ScrollToOptions | number) {
  if (typeof to === "object") this.scrollTop = to.top ?? this.scrollTop;
};
Element.prototype.hasPointerCapture ??= () => false;
Element.prototype.setPointerCapture ??= () => undefined;
Element.prototype.releasePointerCapture ??= () => undefined;
window.matchMedia ??= ((query: string) => ({
  matches: false,
  media: query,
  onchange: null,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
  addListener: () => undefined,
  removeListener: () => undefined,
  dispatchEvent: () => false,
})) as typeof window.matchMedia;
