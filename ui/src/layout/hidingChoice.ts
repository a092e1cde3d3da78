// Hiding figures from those who look over a shoulder.
import { useHost } from "@/ipc/host";
import { useStoreAnswer } from "@/ipc/queries";
import { useAction } from "@/ipc/useAction";

export function useHidingChoice() {
  const host = useHost();
  const store = useStoreAnswer();
  const act = useAction();
  return {
    /** Why it could not be. */
    refused: act.error,
    forget: act.clear,
    choose: (hidden: boolean) => act.run(async () => store.app(await host.hideFigures(hidden))),
  };
}
