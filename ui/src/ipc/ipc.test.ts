import { beforeEach, describe, expect, it, vi } from "vitest";

import { texts } from "@/testing/texts";

import { useAct } from "./act";
import { ERROR_CODES, type ErrorView } from "./bindings";
import { toErrorView, type ErrorText } from "./errors";
import { createFakeHost } from "./fake";
import { concerns, queryKeys } from "./tags";
import { commandName, createTauriHost } from "./tauri";

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

describe("useAct", () => {
  it("runs one change at a time and shows why one was refused", async () => {
    const act = useAct();
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

describe("the host over Tauri", () => {
  beforeEach(() => {
    invoke.mockReset();
    listen.mockReset();
  });

  it("names commands in snake_case and arguments in camelCase", async () => {
    invoke.mockResolvedValue(null);
    const host = createTauriHost();
    await host.goToStep("a1", "login");
    await host.connectAppSecret("a1", "wx1", "s");
    await host.getPacks("a1", null);
    await host.getApp();
    expect(invoke.mock.calls).toEqual([
      ["go_to_step", { account: "a1", step: "login" }],
      ["connect_app_secret", { account: "a1", appId: "wx1", appSecret: "s" }],
      ["get_packs", { account: "a1", monthlyCalls: null }],
      ["get_app", {}],
    ]);
    expect(commandName("connectMemberCardUsage")).toBe("connect_member_card_usage");
  });

  it("has a method for everything the contract and the fake host have", () => {
    const tauri = Object.keys(createTauriHost()).sort();
    const fake = Object.keys(createFakeHost())
      .filter((key) => key !== "control")
      .sort();
    expect(tauri).toEqual(fake);
  });

  it("rejects with an ErrorView and with nothing else", async () => {
    invoke.mockRejectedValueOnce("permission denied").mockRejectedValueOnce({
      code: "disk_full",
      params: {},
      retry: { kind: "now" },
      ref: "B2",
    });
    const host = createTauriHost();
    await expect(host.getApp()).rejects.toMatchObject({ code: "internal", ref: "ui" });
    await expect(host.getApp()).rejects.toMatchObject({ code: "disk_full", ref: "B2" });
  });

  it("hands on what changed", async () => {
    const stop = vi.fn();
    listen.mockResolvedValue(stop);
    const heard = vi.fn();
    expect(await createTauriHost().onChanged(heard)).toBe(stop);
    expect(listen.mock.calls[0]?.[0]).toBe("changed");
    const changed = { account: "a1", tags: ["usage"] };
    listen.mock.calls[0]?.[1]({ payload: changed });
    expect(heard).toHaveBeenCalledWith(changed);
  });
});

describe("tags", () => {
  it("refetches what a change concerns, and only that account's", () => {
    expect(concerns(queryKeys.usage("a1"), { account: "a1", tags: ["usage"] })).toBe(true);
    expect(concerns(queryKeys.usage("a2"), { account: "a1", tags: ["usage"] })).toBe(false);
    expect(concerns(queryKeys.usage("a2"), { account: null, tags: ["usage"] })).toBe(true);
    expect(concerns(queryKeys.wizard("a1"), { account: "a1", tags: ["member_card"] })).toBe(false);
    expect(concerns(queryKeys.overview("a1"), { account: "a1", tags: ["member_card"] })).toBe(true);
    expect(concerns(queryKeys.packs("a1", 50), { account: "a1", tags: ["usage"] })).toBe(true);
    expect(concerns(queryKeys.app(), { account: "a1", tags: ["app"] })).toBe(true);
    expect(concerns(queryKeys.wizard("a1"), { account: "a1", tags: ["purchase"] })).toBe(true);
  });
});
