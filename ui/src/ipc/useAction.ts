// One change at a time: busy while the host works, the error in its own form when it refuses.
// What one field of a form is refused for is a slip: it is said at that field, not in a box.
import { shallowRef, type ShallowRef } from "vue";

import type { ErrorCode, ErrorView } from "./bindings";
import { toErrorView } from "./errors";

export interface Action {
  readonly busy: ShallowRef<boolean>;
  readonly error: ShallowRef<ErrorView | null>;
  readonly slip: ShallowRef<ErrorView | null>;
  /** Runs the change. Resolves to its answer, or to `undefined` when it was refused (see `error`, or `slip` for one of
   *  `slips`) or when another one is still running: a second click never sends a second request. */
  run<T>(change: () => Promise<T>, slips?: readonly ErrorCode[]): Promise<T | undefined>;
  clear(): void;
}

/** What is said at the field that these codes are of. */
export function slipOf(act: Action, ...codes: readonly ErrorCode[]): ErrorView | null {
  const slip = act.slip.value;
  return slip && codes.includes(slip.code) ? slip : null;
}

export function useAction(): Action {
  const busy = shallowRef(false);
  const error = shallowRef<ErrorView | null>(null);
  const slip = shallowRef<ErrorView | null>(null);
  function clear() {
    error.value = null;
    slip.value = null;
  }
  return {
    busy,
    error,
    slip,
    async run(change, slips = []) {
      if (busy.value) return undefined;
      busy.value = true;
      clear();
      try {
        return await change();
      } catch (thrown) {
        const refused = toErrorView(thrown);
        if (slips.includes(refused.code)) slip.value = refused;
        else error.value = refused;
        return undefined;
      } finally {
        busy.value = false;
      }
    },
    clear,
  };
}
