// What the window loads first: the saved page, painted before anything else is read; then the app.
import "@/shared/styles/tokens.css";

import { painted, restorePage } from "./restorePage";

/** A window that nobody sees paints nothing. */
const PATIENCE_MS = 250;

const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
const patience = () => new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));

async function paint(): Promise<void> {
  const page = window.__SAVED_PAGE__;
  if (!page) return;
  restorePage(page);
  await Promise.race([frame().then(frame), patience()]);
  painted.at = Date.now();
}

// A file that misses the box it was meant for would take the window away.
for (const event of ["dragover", "drop"] as const) window.addEventListener(event, (dropped) => dropped.preventDefault());

void paint().then(() => import("./main"));
