// The mini-program the page speaks of. A page about one has nothing to show without; then the wizard comes first.
import { computed, watchEffect } from "vue";
import { useRouter } from "vue-router";

import { useApp } from "@/ipc/queries";

import { activeAccount } from "./startPath";

export function useActiveAccount(needed = true) {
  const router = useRouter();
  const { data: app } = useApp();
  const account = computed(() => (app.value && activeAccount(app.value)) ?? null);
  watchEffect(() => {
    if (needed && app.value && !account.value) void router.replace("/wizard");
  });
  /** Empty as long as there is none. */
  const id = computed(() => account.value?.id ?? "");
  return { app, account, id };
}
