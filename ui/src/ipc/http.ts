// The transport over HTTP, for the browser host. Not part of a release bundle.
import type { Changed } from "./bindings";
import type { Transport } from "./transport";

/** `token` is in the page's address, as the browser host opened it. */
export function http(token: string): Transport {
  return {
    async call(command, args) {
      const answer = await fetch(`/command/${command}`, {
        method: "POST",
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
        body: JSON.stringify(args),
      });
      const body: unknown = await answer.json();
      if (!answer.ok) throw body;
      // What the app would show in a window of its own, which is found again by the page it began with.
      const opens = answer.headers.get("X-Opens");
      if (opens !== null) window.open(opens, new URL(opens).pathname, "popup");
      return body as never;
    },
    async onChanged(listener) {
      // An event source sends no header of ours.
      const events = new EventSource(`/changed?token=${encodeURIComponent(token)}`);
      events.onmessage = (event: MessageEvent<string>) => listener(JSON.parse(event.data) as Changed);
      await new Promise((resolve) => (events.onopen = resolve));
      return () => events.close();
    },
  };
}
