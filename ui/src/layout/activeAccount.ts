// The mini-program the page speaks of.
import { computed } from "vue";

import type { AccountId } from "@/ipc/bindings";
import { noId } from "@/ipc/ids";
import { useApp } from "@/ipc/queries";

import { activeAccount } from "./startPath";

export function useActiveAccount() {
  const { data: app } = useApp();
  const account = computed(() => (app.value && activeAccount(app.value)) ?? null);
  /** Empty without an account. */
  const id = computed(() => account.value?.id ?? noId<AccountId>());
  return { app, account, id };
}
