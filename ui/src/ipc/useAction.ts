// One change at a time: busy while the host works, the error in its own form when it refuses.
import { shallowRef, type ShallowRef } from "vue";

import type { ErrorView } from "./bindings";
import { toErrorView } from "./errors";

export interface Action {
  readonly busy: ShallowRef<boolean>;
  readonly error: ShallowRef<ErrorView | null>;
  /** Runs the change. Resolves to its answer, or to `undefined` when it was refused (see `error`) or when another
   *  one is still running: a second click never sends a second request. */
  run<T>(change: () => Promise<T>): Promise<T | undefined>;
  clear(): void;
}

export function useAction(): Action {
  const busy = shallowRef(false);
  const error = shallowRef<ErrorView | null>(null);
  return {
    busy,
    error,
    async run(change) {
      if (busy.value) return undefined;
      busy.value = true;
      error.value = null;
      try {
        return await change();
      } catch (thrown) {
        error.value = toErrorView(thrown);
        return undefined;
      } finally {
        busy.value = false;
      }
    },
    clear() {
      error.value = null;
    },
  };
}
