// What several pages do about the mini-program on screen: read its usage again, and go to a step of its wizard.
import { toValue, type MaybeRefOrGetter } from "vue";
import { useRouter } from "vue-router";

import type { Action } from "@/ipc/useAction";
import type { AccountId, Step } from "@/ipc/bindings";
import { useHost } from "@/ipc/host";
import { useStoreAnswer } from "@/ipc/queries";

export function useAccountActions(id: MaybeRefOrGetter<AccountId>, act: Action) {
  const host = useHost();
  const store = useStoreAnswer();
  const router = useRouter();
  return {
    readAgain: () => act.run(() => host.syncUsage(toValue(id))),
    async goToStep(step: Step) {
      const account = toValue(id);
      const done = await act.run(async () => {
        store.wizard(await host.goToStep(account, step));
        return true;
      });
      if (done) await router.push(`/wizard/${account}`);
    },
  };
}
