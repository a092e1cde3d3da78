// Days and times on screen are told from the present of the mini-program they are about.
import { watch, type Ref } from "vue";

import type { AppView } from "@/ipc/bindings";
import { activeAccount } from "@/layout/startPath";
import { ahead } from "@/shared/now";

/** Practice time that was never moved differs by how long its answer took. */
const SAME = 5 * 60_000;

export function usePracticeTime(app: Ref<AppView | undefined>): void {
  watch(
    app,
    (view) => {
      const inPractice = view && activeAccount(view)?.environment === "practice";
      const moved = inPractice && view.practice ? new Date(view.practice.now).getTime() - Date.now() : 0;
      ahead.value = Math.abs(moved) < SAME ? 0 : moved;
    },
    { immediate: true, flush: "sync" },
  );
}
