// The in-memory host as a transport: each command calls the method of its name, with the arguments in their order.
import type { Call, Commands, Host } from "../client";
import type { Transport } from "../transport";

export function overMethods(host: Host): Transport {
  const call: Call = <T>(command: string, args: Record<string, unknown>) => {
    const method = command.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()) as keyof Commands;
    return (host[method] as (...values: unknown[]) => Promise<T>)(...Object.values(args));
  };
  return { call, onChanged: host.onChanged };
}
