// Figures are hidden, or seen, as the app says; from any window and from the tray.
import { watch, type Ref } from "vue";

import type { AppView } from "@/ipc/bindings";
import { areFiguresHidden } from "@/shared/hiding";

export function useHiding(app: Ref<AppView | undefined>): void {
  watch(
    app,
    (view) => {
      areFiguresHidden.value = view?.figures_hidden ?? false;
    },
    { immediate: true, flush: "sync" },
  );
}
