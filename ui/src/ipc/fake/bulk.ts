// The in-memory host: a service provider's bulk orders and their allocations, and the open console windows.
import type { AllocationView, BulkOrderView, ConvertiblePackView, ProviderView, ShareView } from "../bindings";
import type { Context, Part } from "./context";
import { beijing, later, refusal, type FakeWorld } from "./world";

const CHOICES = [30, 90, 180, 365];
const PACKS_MAX = 20;
const PACKS: ConvertiblePackView[] = [
  { sku: "20000178", name: null, calls: 1_000, days: 365 },
  { sku: "20000179", name: null, calls: 250, days: 90 },
];

export interface FakeBulk {
  providers: ProviderView[];
  orders: BulkOrderView[];
  /** Accounts of the plan; the first ones run dry first. */
  shares: ShareView[];
  allocations: AllocationView[];
  /** What was sent together, by the page's name for it. */
  batches: Record<string, AllocationView[]>;
}

export const newBulk = (): FakeBulk => ({ providers: [], orders: [], shares: [], allocations: [], batches: {} });

/** A provider with one order, and so many mini-programs of which every third runs dry soon. */
export function fillBulk(world: FakeWorld, accounts = 12): void {
  const at = beijing(world.now);
  world.bulk.providers = [{ id: "provider-1", name: "晋业微平台", environment: "practice", app_id: "wxfacade00000000a1", connected_at: at }];
  world.bulk.orders = [
    { id: "DD1", name: "集采 100,000 次", price: "2600.00", paid_at: at, valid_until: beijing(later(world.now, 365)), used: 12_000, total: 100_000 },
    { id: "DD2", name: "集采 1,000,000 次", price: "26000.00", paid_at: null, valid_until: null, used: null, total: null },
  ];
  const soon = (place: number) => place % 3 === 0;
  world.bulk.shares = Array.from({ length: accounts }, (_, place) => ({
    account: `shop-${place}`,
    name: `门店会员中心 ${String(place + 1).padStart(3, "0")}`,
    app_id: place === 1 ? null : `wx${String(place).padStart(16, "0")}`,
    kind: place === 1 ? ("unknown" as const) : soon(place) ? ("allocate" as const) : ("enough" as const),
    dry_on: place === 1 ? null : beijing(later(world.now, soon(place) ? 3 + place : 200 + place)).slice(0, 10),
    remaining: place === 1 ? null : soon(place) ? 20 + place : 900,
    sku: soon(place) ? "20000178" : null,
    count: soon(place) ? 1 : 0,
    calls: soon(place) ? 1_000 : 0,
    under_way: null,
  }));
  world.bulk.shares.sort((a, b) => Number(b.kind === "allocate") - Number(a.kind === "allocate"));
}

export function bulkMethods({
  world,
  now,
  touch,
}: Context): Part<
  | "connectProvider"
  | "getProviders"
  | "getBulkOrders"
  | "planAllocations"
  | "sendAllocations"
  | "retryAllocations"
  | "getAllocations"
  | "cancelAllocation"
  | "openPracticeProvider"
  | "getConsoles"
  | "showConsole"
> {
  const { bulk } = world;
  const told = () => touch("", "bulk");
  return {
    async connectProvider(environment, name, appId, appSecret) {
      if (!/^wx[0-9a-z]{16}$/.test(appId)) throw refusal("app_id_invalid");
      if (!/^[0-9a-z]{32}$/.test(appSecret)) throw refusal("app_secret_invalid");
      fillBulk(world);
      const provider = { id: "provider-1", name, environment, app_id: appId, connected_at: now() };
      bulk.providers = [provider];
      return provider;
    },
    async getProviders() {
      return [...bulk.providers];
    },
    async getBulkOrders() {
      return [...bulk.orders];
    },
    async planAllocations(_provider, order, coverDays) {
      const found = bulk.orders.find((one) => one.id === order);
      if (!found) throw refusal("order_wrong");
      const shares = bulk.shares.map((share): ShareView => {
        const sent = bulk.allocations.filter((one) => one.receiver_app_id === share.app_id && (one.state === "open" || one.state === "accepted"));
        if (sent.length === 0) return { ...share };
        const calls = sent.reduce((sum, one) => sum + (PACKS.find((pack) => pack.sku === one.sku)?.calls ?? 0), 0);
        return { ...share, kind: "under_way", sku: null, count: 0, calls: 0, under_way: { allocations: sent.length, calls } };
      });
      return {
        order,
        cover_days: coverDays ?? 90,
        cover_choices: CHOICES,
        left: (found.total ?? 0) - (found.used ?? 0),
        planned: shares.reduce((sum, share) => sum + share.calls, 0),
        packs: PACKS,
        shares,
        packs_max: PACKS_MAX,
      };
    },
    async sendAllocations(_provider, order, picks, batch, again) {
      if (picks.length === 0) throw refusal("allocation_invalid");
      const before = bulk.batches[batch];
      if (before) return { kind: "sent", allocations: before };
      const receivers = picks.flatMap(({ app_id }) => {
        const served = bulk.allocations.filter((one) => one.receiver_app_id === app_id && ["open", "accepted", "done"].includes(one.state));
        const name = bulk.shares.find((share) => share.app_id === app_id)?.name ?? null;
        return served.length > 0 ? [{ app_id, name, allocations: served.length }] : [];
      });
      if (!again && receivers.length > 0) return { kind: "ask_first", receivers };
      const sent = picks.flatMap((pick) =>
        Array.from({ length: pick.count }, (): AllocationView => ({
          id: `allocation-${world.nextId++}`,
          order,
          sku: pick.sku,
          receiver_app_id: pick.app_id,
          receiver_name: bulk.shares.find((share) => share.app_id === pick.app_id)?.name ?? null,
          state: "open",
          asked_at: now(),
          code: null,
          held: false,
          cancel_until: null,
        })),
      );
      bulk.allocations = [...sent, ...bulk.allocations];
      bulk.batches[batch] = sent;
      return { kind: "sent", allocations: sent };
    },
    async retryAllocations() {
      settle(world, "done");
      told();
      return [...bulk.allocations];
    },
    async getAllocations() {
      return bulk.allocations.map((one) => ({ ...one }));
    },
    async cancelAllocation(id) {
      const found = bulk.allocations.find((one) => one.id === id);
      if (!found) throw refusal("not_found");
      Object.assign(found, { state: "cancelled", cancel_until: null, held: false });
      return { ...found };
    },
    async openPracticeProvider() {
      world.opened.push("provider");
    },
    async getConsoles() {
      return [...world.consoles];
    },
    async showConsole(account) {
      world.opened.push(`show:${account}`);
    },
  };
}

/** What the background work would do: everything that is open comes to this end. */
export function settle(world: FakeWorld, state: "done" | "accepted" | "failed", at = world.now): void {
  for (const one of world.bulk.allocations) {
    if (one.state !== "open" && one.state !== "accepted") continue;
    one.state = state;
    one.code = state === "failed" ? "no_relationship" : null;
    one.cancel_until = state === "failed" ? null : beijing(later(at, 7));
    one.held = false;
    const share = world.bulk.shares.find((share) => share.app_id === one.receiver_app_id);
    if (share && state === "done") Object.assign(share, { kind: "enough", sku: null, count: 0, calls: 0 });
  }
}
