// The mini-program the page speaks of.
import { computed } from "vue";

import { useApp } from "@/ipc/queries";

import { activeAccount } from "./startPath";

export function useActiveAccount() {
  const { data: app } = useApp();
  const account = computed(() => (app.value && activeAccount(app.value)) ?? null);
  /** Empty without an account. */
  const id = computed(() => account.value?.id ?? "");
  return { app, account, id };
}
