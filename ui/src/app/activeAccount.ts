// The mini-program the page speaks of. Without one there is nothing to show but the wizard.
import { computed, watchEffect } from "vue";
import { useRouter } from "vue-router";

import { useApp } from "@/ipc/queries";

import { activeAccount } from "./startPath";

export function useActiveAccount() {
  const router = useRouter();
  const { data: app } = useApp();
  const account = computed(() => (app.value && activeAccount(app.value)) ?? null);
  watchEffect(() => {
    if (app.value && !account.value) void router.replace("/wizard");
  });
  /** Empty as long as there is none. */
  const id = computed(() => account.value?.id ?? "");
  return { app, account, id };
}
