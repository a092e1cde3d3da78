// Keeps the page on screen for the next start (see restorePage.ts).
import { useMutationObserver, useTimeoutFn } from "@vueuse/core";

import type { Host } from "@/ipc/client";

import { appRoot, pageOnScreen } from "./restorePage";

/** A page stands when nothing on it has changed for so long. */
const SETTLED_MS = 1_000;

/** Keeps the page on screen whenever it has changed and stands again. */
export function useSavedPage(host: Host): void {
  let last = "";
  const { start } = useTimeoutFn(
    () => {
      const page = pageOnScreen();
      if (!page || page.html === last) return;
      last = page.html;
      // Without it the next start shows an empty window a moment longer; the host logs why.
      void host.savePage(page).catch(() => undefined);
    },
    SETTLED_MS,
    { immediate: false },
  );
  useMutationObserver(appRoot, () => void start(), { childList: true, subtree: true, attributes: true, characterData: true });
}
