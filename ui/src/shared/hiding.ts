// Figures that are not to be seen, as on a screen that customers see. Every number of calls and every amount goes through
// `formats.ts`, which asks here.
import { shallowRef } from "vue";

/** What stands for a figure; the same in notifications (`src-tauri/src/words.rs`). */
export const HIDDEN = "•••";

export const areFiguresHidden = shallowRef(false);
