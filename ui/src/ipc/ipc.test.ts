import { QueryClient } from "@tanstack/vue-query";
import { beforeEach, describe, expect, expectTypeOf, it, vi } from "vitest";

import { useAction } from "./useAction";
import { texts } from "@/testing/texts";
import { typed } from "@/testing/typed";

import {
  ERROR_CODES,
  type AccountId,
  type AllocationId,
  type Day,
  type ErrorView,
  type Instant,
  type ModeChangeId,
  type Money,
  type OrderId,
  type PackId,
  type PricePerCall,
  type ProviderId,
} from "./bindings";
import { createCommands, reads, type Call, type Read } from "./client";
import { toErrorView, type ErrorText } from "./errors";
import { concerns } from "./tags";
import { tauri } from "./tauri";
import { answered, createHost, PATIENCE } from "./transport";

const invoke = vi.hoisted(() => vi.fn());
const listen = vi.hoisted(() => vi.fn());
vi.mock("@tauri-apps/api/core", () => ({ invoke }));
vi.mock("@tauri-apps/api/event", () => ({ listen }));

describe("error texts", () => {
  it("has three lines and a button for every code of the contract, in both languages", () => {
    expect(ERROR_CODES.length).toBeGreaterThan(50);
    for (const words of [texts.zh.errors.code, texts.en.errors.code]) {
      expect(Object.keys(words).sort()).toEqual([...ERROR_CODES].sort());
      for (const { what, means, todo, button } of Object.values<ErrorText>(words)) {
        expect([what, means, todo, button].every((line) => line.length > 1)).toBe(true);
        expect(button.length).toBeLessThan(20);
      }
    }
  });
});

const refused: ErrorView = { code: "timeout", params: { host: "h", seconds: "10" }, retry: { kind: "now" }, ref: "A1" };

describe("toErrorView", () => {
  it("passes the host's own form on", () => {
    expect(toErrorView(refused)).toBe(refused);
  });

  it.each([
    ["a string", "Command get_app not allowed"],
    ["an Error that quotes an argument", new Error("invalid args: hunter2")],
    ["nothing", undefined],
    ["an unknown code", { ...refused, code: "made_up" }],
  ])("shows %s as internal and keeps nothing of it", (_, thrown) => {
    expect(toErrorView(thrown)).toEqual({ code: "internal", params: {}, retry: { kind: "never" }, ref: "ui" });
  });
});

describe("useAction", () => {
  it("runs one change at a time and shows why one was refused", async () => {
    const act = useAction();
    let release: (answer: string) => void = () => undefined;
    const first = act.run(() => new Promise<string>((resolve) => (release = resolve)));
    const second = vi.fn();
    expect(await act.run(second)).toBeUndefined();
    expect(second).not.toHaveBeenCalled();
    expect(act.busy.value).toBe(true);
    release("done");
    expect(await first).toBe("done");
    expect(act.busy.value).toBe(false);
    expect(await act.run(() => Promise.reject(refused))).toBeUndefined();
    expect(act.error.value).toBe(refused);
    await act.run(() => Promise.resolve());
    expect(act.error.value).toBeNull();
  });
});

const [a1, a2] = [typed<AccountId>("a1"), typed<AccountId>("a2")];
const hostOver = (call: Call, client = new QueryClient()) => createHost({ call, onChanged: tauri.onChanged }, client);

describe("the host over Tauri", () => {
  beforeEach(() => {
    invoke.mockReset();
    listen.mockReset();
  });

  it("names commands in snake_case and arguments in camelCase, each by its meaning", async () => {
    invoke.mockResolvedValue(null);
    const host = createHost(tauri, new QueryClient());
    await host.goToStep(typed("a1"), "login");
    await host.connectAppSecret(typed("a1"), "wx1", "s");
    await host.getPacks(typed("a1"), null);
    await host.getApp();
    await host.setReminder(typed("a1"), typed("2026-12-01"));
    await host.removePriceRow(typed("quick-1000-365"), typed("2026-09-01"));
    await host.planAllocations(typed("p1"), typed("o1"), 30);
    await host.undoMode(typed("a1"), typed("c1"));
    await host.noteOrder(typed("a1"), typed("o1"), { kind: "refund_asked" });
    expect(invoke.mock.calls).toEqual([
      ["go_to_step", { account: "a1", step: "login" }],
      ["connect_app_secret", { account: "a1", appId: "wx1", appSecret: "s" }],
      ["get_packs", { account: "a1", monthlyCalls: null }],
      ["get_app", {}],
      ["set_reminder", { account: "a1", day: "2026-12-01" }],
      ["remove_price_row", { id: "quick-1000-365", from: "2026-09-01" }],
      ["plan_allocations", { provider: "p1", order: "o1", coverDays: 30 }],
      ["undo_mode", { account: "a1", change: "c1" }],
      ["note_order", { account: "a1", order: "o1", note: { kind: "refund_asked" } }],
    ]);
  });

  it("rejects with an ErrorView and with nothing else", async () => {
    invoke.mockRejectedValueOnce("permission denied").mockRejectedValueOnce({
      code: "disk_full",
      params: {},
      retry: { kind: "now" },
      ref: "B2",
    });
    const host = createHost(tauri, new QueryClient());
    await expect(host.getApp()).rejects.toMatchObject({ code: "internal", ref: "ui" });
    await expect(host.getApp()).rejects.toMatchObject({ code: "disk_full", ref: "B2" });
  });

  it("hands on what changed", async () => {
    const stop = vi.fn();
    listen.mockResolvedValue(stop);
    const heard = vi.fn();
    expect(await tauri.onChanged(heard)).toBe(stop);
    expect(listen.mock.calls[0]?.[0]).toBe("changed");
    const changed = { account: "a1", tags: ["usage"] };
    listen.mock.calls[0]?.[1]({ payload: changed });
    expect(heard).toHaveBeenCalledWith(changed);
  });
});

describe("waiting for an answer", () => {
  it("ends after a minute and says so, but not for the sync of all accounts", async () => {
    vi.useFakeTimers();
    try {
      const ended = vi.fn();
      const call = answered(() => new Promise<never>(() => undefined));
      const late = call("get_app", {}).catch((error: ErrorView) => error);
      void call("sync_all", {}).finally(ended);
      await vi.advanceTimersByTimeAsync(PATIENCE);
      expect(await late).toEqual({ code: "no_answer", params: {}, retry: { kind: "now" }, ref: "ui" });
      await vi.advanceTimersByTimeAsync(100 * PATIENCE);
      expect(ended).not.toHaveBeenCalled();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("a command that changes something", () => {
  it.each(["answered", "refused"])("has what it changes fetched again before it is %s, and nothing else", async (how) => {
    const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: false } } });
    const asked: string[] = [];
    const host = hostOver(async (command, args) => {
      asked.push([command, args.account ?? ""].join(" ").trim());
      if (command === "set_mode" && how === "refused") throw refused;
      return null as never;
    }, client);
    const ask = reads(host);
    const watched: Read<unknown>[] = [ask.getMemberCard(a1), ask.getMemberCard(a2), ask.getOverview(a1), ask.getPriceList(null)];
    for (const read of watched) await client.fetchQuery(read);
    asked.length = 0;
    await host.setMode(a1, "manual").catch(() => undefined);
    const stale = watched.map((read) => client.getQueryState(read.queryKey)?.isInvalidated);
    expect(stale).toEqual([true, false, true, false]);
    expect(asked).toEqual(["set_mode a1"]);
  });
});

/** Texts that are types of their own. */
interface Texts {
  account: AccountId;
  provider: ProviderId;
  order: OrderId;
  pack: PackId;
  allocation: AllocationId;
  change: ModeChangeId;
  instant: Instant;
  day: Day;
  money: Money;
  price: PricePerCall;
}
/** Every pair of which the one is taken for the other. */
type Mistaken<All> = {
  [One in keyof All]: { [Other in Exclude<keyof All, One>]: All[One] extends All[Other] ? [One, Other] : never }[Exclude<keyof All, One>];
}[keyof All];

// Said to the compiler, in the check of the types: when these run, nothing is compared.
describe("ids, days and amounts", () => {
  it("are texts, and not taken for one another", () => {
    expectTypeOf<Texts[keyof Texts]>().toExtend<string>();
    expectTypeOf<Mistaken<Texts>>().toBeNever();
  });

  it("are not made of any text by a command", () => {
    const host = createCommands(() => new Promise(() => undefined));
    const order: OrderId = typed("o1");
    // @ts-expect-error a plain text
    void host.getUsage("a1");
    // @ts-expect-error another's id
    void host.getUsage(order);
    // @ts-expect-error an instant
    void host.setReminder(a1, typed<Instant>("2026-12-01T00:00:00+08:00"));
  });
});

describe("tags", () => {
  it("refetches what a change concerns, and only that account's", () => {
    const ask = reads(createCommands(tauri.call));
    expect(concerns(ask.getUsage(a1).queryKey, { account: a1, tags: ["usage"] })).toBe(true);
    expect(concerns(ask.getUsage(a2).queryKey, { account: a1, tags: ["usage"] })).toBe(false);
    expect(concerns(ask.getUsage(a2).queryKey, { account: null, tags: ["usage"] })).toBe(true);
    expect(concerns(ask.getWizard(a1).queryKey, { account: a1, tags: ["member_card"] })).toBe(false);
    expect(concerns(ask.getOverview(a1).queryKey, { account: a1, tags: ["member_card"] })).toBe(true);
    expect(concerns(ask.getPacks(a1, 50).queryKey, { account: a1, tags: ["usage"] })).toBe(true);
    expect(concerns(ask.getApp().queryKey, { account: a1, tags: ["app"] })).toBe(true);
    expect(concerns(ask.getWizard(a1).queryKey, { account: a1, tags: ["purchase"] })).toBe(true);
  });
});
