// Allocations that read alike are one line.
import type { AllocationId, AllocationView } from "@/ipc/bindings";
import { alike } from "@/shared/alike";

export interface AllocationGroup {
  /** The first one's id. */
  readonly id: AllocationId;
  readonly one: AllocationView;
  readonly ids: readonly AllocationId[];
}

/** In the order of the first of each group. */
export const grouped = (allocations: readonly AllocationView[]): AllocationGroup[] =>
  alike(allocations, (one) => [one.receiver_app_id, one.order, one.sku, one.state, one.asked_at, one.code, one.held, one.cancel_until]).flatMap((group) => {
    const [one] = group;
    return one ? [{ id: one.id, one, ids: group.map(({ id }) => id) }] : [];
  });
