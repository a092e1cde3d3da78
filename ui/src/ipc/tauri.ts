// The transport over Tauri's IPC.
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";

import type { Changed } from "./bindings";
import type { Transport } from "./transport";

export const tauri: Transport = {
  call: (command, args) => invoke(command, args),
  onChanged: (listener) => listen<Changed>("changed", (event) => listener(event.payload)),
};
