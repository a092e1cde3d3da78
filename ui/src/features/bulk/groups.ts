// Allocations that read alike are one line: nine packs for one mini-program are "9 × 250", not nine lines.
import type { AllocationId, AllocationView } from "@/ipc/bindings";

export interface AllocationGroup {
  /** The first one's id. */
  readonly id: AllocationId;
  readonly one: AllocationView;
  readonly ids: readonly AllocationId[];
}

const likeness = (one: AllocationView) =>
  JSON.stringify([one.receiver_app_id, one.order, one.sku, one.state, one.asked_at, one.code, one.held, one.cancel_until]);

/** In the order of the first of each group. */
export function grouped(allocations: readonly AllocationView[]): AllocationGroup[] {
  const groups = new Map<string, { id: AllocationId; one: AllocationView; ids: AllocationId[] }>();
  for (const one of allocations) {
    const key = likeness(one);
    const group = groups.get(key);
    if (group) group.ids.push(one.id);
    else groups.set(key, { id: one.id, one, ids: [one.id] });
  }
  return [...groups.values()];
}
