// How commands and their answers travel. One for Tauri's IPC, one for the browser host; both become a Host here.
import type { QueryClient } from "@tanstack/vue-query";

import { createCommands, LONG, type Call, type Host } from "./client";
import { noAnswer, toErrorView } from "./errors";
import { refreshing } from "./tags";

export interface Transport {
  call: Call;
  onChanged: Host["onChanged"];
}

/** How long an answer is waited for. */
export const PATIENCE = 60_000;

/** Rejects with an ErrorView and with nothing else, at the latest after a minute. */
export const answered =
  (call: Call): Call =>
  async <T>(command: string, args: Record<string, unknown>) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      if (!LONG.includes(command)) timer = setTimeout(() => reject(noAnswer()), PATIENCE);
    });
    try {
      return await Promise.race([call<T>(command, args), late]);
    } catch (thrown) {
      throw toErrorView(thrown);
    } finally {
      clearTimeout(timer);
    }
  };

export function createHost(transport: Transport, client: QueryClient): Host {
  return { ...createCommands(refreshing(answered(transport.call), client)), onChanged: transport.onChanged };
}
