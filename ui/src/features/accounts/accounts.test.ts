import { flushPromises } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from "vitest";

import type { AccountId, ExportTable } from "@/ipc/bindings";
import App from "@/app/App.vue";
import { expectAccessible } from "@/testing/axe";
import { mountWithHost, type MountOptions } from "@/testing/mount";
import { until } from "@/testing/page";
import type { RecordedHost } from "@/testing/recorded";
import { expectTranslated } from "@/testing/step";
import { typed } from "@/testing/typed";

// Nothing is laid out here: the box says how large it would be.
let sizes: (MockInstance | undefined)[] = [];
beforeEach(() => {
  sizes = (["clientHeight", "clientWidth", "offsetHeight", "offsetWidth"] as const).map((side) =>
    vi.spyOn(side.startsWith("client") ? Element.prototype : HTMLElement.prototype, side as "clientHeight", "get").mockReturnValue(600),
  );
});
afterEach(() => sizes.forEach((size) => size?.mockRestore()));

/** The three shops of the scene: one that is dry, one whose figures cannot be read, one that lasts. */
const DRY = 0;
const UNREAD = 1;
const LASTS = 2;

async function open(scene = "three", options: MountOptions = {}) {
  const page = await mountWithHost(App, { path: "/accounts", scene, ...options });
  await until(() => expect(page.has("accounts.table")).toBe(true));
  const ids = page.host.read("getAccounts").accounts.map(({ id }) => id);
  return Object.assign(page, { ids, row: (place: number) => ids[place]! });
}

const rows = () => [...document.querySelectorAll<HTMLElement>("[data-row]")];
const order = () => rows().map((row) => row.dataset.row);
const opener = (id: string) => document.querySelector<HTMLElement>(`[data-opens="${id}"]`);
async function press(key: string, target: Element | null = document.activeElement) {
  target?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  await flushPromises();
}

describe("all mini-programs", () => {
  it("is where several of them begin, the worst first, in words", async () => {
    const page = await mountWithHost(App, { scene: "three" });
    await until(() => expect(order()).toEqual(page.host.read("getAccounts").accounts.map(({ id }) => id)));
    expect(page.host.read("getAccounts").accounts.map(({ situation }) => situation.kind)).toEqual(["dry_used_up", "cannot_read", "trial_enough"]);
    expect(page.path()).toBe("/accounts");
    const states = rows().map((row) => row.querySelector("[data-state]")?.textContent);
    expect(states[0]).toContain("用完了");
    expect(states[1]).toMatch(/读不到.*AppSecret 不对/);
    expect(states[2]).toMatch(/大约用到 \d{4} 年/);
    expect(page.get("accounts.summary").text()).toBe("共 3 个，1 个用完了，1 个读不到");
    expect(page.get("rail.accounts").attributes("aria-current")).toBe("page");
  });

  it("says which of them is a mini-game", async () => {
    const page = await open("three", {
      change(host) {
        const [first, ...others] = host.read("getAccounts").accounts;
        host.answer("getAccounts", { accounts: [{ ...first!, kind: "mini_game" }, ...others] });
      },
    });
    await until(() => expect(rows().length).toBe(3));
    expect(rows().map((row) => row.textContent.includes("小游戏"))).toEqual([true, false, false]);
    expect(page.ids[0]).toBe(order()[0]);
  });

  it("has no entry where there is but one", async () => {
    const page = await mountWithHost(App, { scene: "shop" });
    await until(() => expect(page.has("overview")).toBe(true));
    expect(page.has("rail.accounts")).toBe(false);
  });

  it.each([
    ["书店", [UNREAD]],
    ["qhsd", [UNREAD]],
    ["miAN", [DRY]],
    ["00004", [DRY]],
    ["会员", [DRY, UNREAD, LASTS]],
  ])("finds by %s", async (word, expected) => {
    const page = await open();
    await page.type("accounts.search", word);
    // Pinyin comes a moment after the page.
    await until(() => expect(order()).toEqual(expected.map(page.row)));
    expect(page.get("accounts.found").text()).toBe(`找到 ${expected.length} 个`);
  });

  it("says when nothing is found, and shows all again", async () => {
    const page = await open();
    await page.type("accounts.search", "没有这家");
    expect(page.has("accounts.table")).toBe(false);
    await page.click("accounts.clear");
    expect(order()).toHaveLength(3);
  });

  it("goes by keyboard alone: to the field, into the list, along it, into a mini-program", async () => {
    const page = await open();
    await press("/", document.body);
    expect(document.activeElement).toBe(page.get("accounts.search").element);
    await press("ArrowDown");
    await until(() => expect(document.activeElement).toBe(opener(page.row(DRY))));
    await press("ArrowDown");
    await until(() => expect(document.activeElement).toBe(opener(page.row(UNREAD))));
    await press("End");
    await until(() => expect(document.activeElement).toBe(opener(page.row(LASTS))));
    await press("ArrowDown");
    expect(document.activeElement).toBe(opener(page.row(LASTS)));
    await press("Home");
    await until(() => expect(document.activeElement).toBe(opener(page.row(DRY))));
    // One Tab stop.
    expect(rows().map((row) => row.querySelector("button")?.tabIndex)).toEqual([0, -1, -1]);
    await page.host.leadsTo("three.dry");
    opener(page.row(DRY))?.click();
    await until(() => expect(page.path()).toBe("/overview"));
    expect(page.host.sent("selectAccount")).toEqual([{ account: page.row(DRY) }]);
  });

  it("begins here and opens the overview also where the wizard is unfinished", async () => {
    const unfinished = ({ read, answer }: RecordedHost) =>
      answer("getApp", { accounts: read("getApp").accounts.map((account) => ({ ...account, wizard_at: "connect" as const })) });
    const page = await mountWithHost(App, { scene: "three", change: unfinished });
    await until(() => expect(order()).toHaveLength(3));
    expect(page.path()).toBe("/accounts");
    page.host.answer("selectAccount", page.host.read("getApp"));
    const [, second] = page.host.read("getAccounts").accounts;
    opener(second!.id)?.click();
    await until(() => expect(page.path()).toBe("/overview"));
  });

  it("opens the first hit by Enter, but not what a Chinese keyboard composes", async () => {
    const page = await open();
    await page.type("accounts.search", "qhsd");
    await until(() => expect(order()).toEqual([page.row(UNREAD)]));
    await page.host.leadsTo("three.unread");
    const field = page.get("accounts.search");
    await field.trigger("keydown", { key: "Enter", isComposing: true });
    await flushPromises();
    expect(page.path()).toBe("/accounts");
    await field.trigger("keydown", { key: "Enter" });
    await until(() => expect(page.host.sent("selectAccount")).toEqual([{ account: page.row(UNREAD) }]));
  });

  it("sorts by a column, and back to the worst first", async () => {
    const page = await open();
    await page.click("accounts.table.sort.remaining");
    const left = () => order();
    expect(left()).not.toEqual([]);
    const once = left();
    await page.click("accounts.table.sort.remaining");
    expect(left()).toEqual([...once].reverse());
    await page.click("accounts.table.sort.remaining");
    expect(left()).toEqual(page.ids);
  });

  it("hides archived ones unless asked, and leads them to the settings", async () => {
    const page = await open("three.archived");
    const [first, second, archived] = page.ids;
    expect(order()).toEqual([first, second]);
    await page.get("accounts.archived").setValue(true);
    await flushPromises();
    expect(order()).toEqual([first, second, archived]);
    opener(archived!)?.click();
    await until(() => expect(page.path()).toBe("/settings?tab=accounts"));
  });

  it("reads all of them again and tells how that went", async () => {
    const page = await open();
    await page.host.leadsTo("three.read_again");
    await page.click("accounts.sync");
    expect(page.host.calls("syncAll")).toBe(1);
    await until(() => expect(page.get("accounts.progress").text()).toBe("读到了 3 个"));
    expect(rows()[1]?.textContent).not.toContain("读不到");
  });

  it("shows how far reading is, and can be stopped", async () => {
    const page = await open();
    page.host.answer("getSyncAll", { running: true, total: 1000, done: 312, failed: 0, held_back: 0, cancelled: false });
    page.host.emit({ account: null, tags: ["sync"] });
    await flushPromises();
    expect(page.get("accounts.progress").text()).toBe("正在读取 312 / 1,000…");
    page.host.answer("getSyncAll", { running: false, cancelled: true });
    await page.click("accounts.stop");
    expect(page.host.calls("cancelSyncAll")).toBe(1);
    await until(() => expect(page.get("accounts.progress").text()).toBe("停在 312 / 1,000"));
  });

  it("keeps its rows and explains when it cannot be read", async () => {
    const page = await open();
    page.host.refuse("getAccounts", "disk_failed");
    page.host.emit({ account: null, tags: ["usage"] });
    await flushPromises();
    expect(page.get("error").attributes("data-code")).toBe("disk_failed");
    expect(order()).toHaveLength(3);
    await page.click("error.act");
    expect(page.has("error")).toBe(false);
  });

  it("keeps few of a thousand in the document and says how many there are", async () => {
    const page = await open("accounts", {
      change({ read, answer }) {
        const { accounts } = read("getAccounts");
        answer("getAccounts", { accounts: Array.from({ length: 984 }, (_, shop) => ({ ...accounts[shop % accounts.length]!, id: typed<AccountId>(`shop-${shop}`), archived: false })) });
      },
    });
    await until(() => expect(rows().length).toBeGreaterThan(5));
    expect(rows().length).toBeLessThan(60);
    expect(page.get("accounts.summary").text()).toContain("共 984 个");
    // The row of heads is one more.
    expect(page.get("accounts.table").find("table").attributes("aria-rowcount")).toBe("985");
    expect(rows()[0]?.getAttribute("aria-rowindex")).toBe("2");
  });

  it("is chosen where one is switched to another", async () => {
    const page = await open();
    await page.goTo("/overview");
    await until(() => expect(page.has("overview")).toBe(true));
    await page.click("app.account");
    await until(() => expect(document.querySelector('[data-testid="palette.page.accounts"]')).not.toBeNull());
    document.querySelector<HTMLElement>('[data-testid="palette.page.accounts"]')?.click();
    await until(() => expect(page.path()).toBe("/accounts"));
  });

  it.each(["zh", "en"] as const)("is accessible and complete in %s", async (language) => {
    const page = await open("three", { language });
    await expectAccessible(page.element.parentElement ?? document.body);
    expectTranslated(page.get("accounts").element);
  });

  it("adds many from a list that is pasted, and says at each line what became of it", async () => {
    const page = await open();
    await page.click("accounts.add_many");
    const shown = (testid: string) => document.querySelector<HTMLElement>(`[data-testid="${testid}"]`);
    await until(() => expect(shown("accounts.many.list")).not.toBeNull());
    await expectAccessible(document.body);
    const list = shown("accounts.many.list") as HTMLTextAreaElement;
    list.value = "南桥面馆, wx0123456789abcdef, 0123456789abcdef0123456789abcdef";
    list.dispatchEvent(new Event("input"));
    await flushPromises();
    await page.host.leadsTo("three.added");
    shown("accounts.many.add")?.click();
    await until(() => expect(shown("accounts.many.summary")?.dataset.added).toBe("1"));
    const [sent] = page.host.sent("addAccounts");
    expect(new TextDecoder().decode(Uint8Array.from(atob(String(sent?.bytes)), (c) => c.charCodeAt(0)))).toBe("南桥面馆, wx0123456789abcdef, 0123456789abcdef0123456789abcdef");
    expect(sent?.environment).toBe("practice");
    const states = [...document.querySelectorAll<HTMLElement>("[data-testid='accounts.many.lines'] [data-state]")];
    expect(states.map((state) => state.dataset.state)).toEqual(["added", "known", "refused"]);
    expect(states[2]?.textContent).toContain("AppSecret");
    // The secrets are not left on the screen.
    expect(list.value).toBe("");
    expectTranslated(document.body);
  });

  it("stops a list that is worked on, also from a dialog that was opened again", async () => {
    const page = await open("three.added", { change: (host) => host.answer("getAdding", { running: true }) });
    await page.click("accounts.add_many");
    const stop = () => document.querySelector<HTMLElement>("[data-testid='accounts.many.stop']");
    await until(() => expect(stop()).not.toBeNull());
    stop()?.click();
    await until(() => expect(page.host.calls("stopAdding")).toBe(1));
  });

  it("says at the list what is wrong with it", async () => {
    const page = await open();
    await page.click("accounts.add_many");
    const shown = (testid: string) => document.querySelector<HTMLElement>(`[data-testid="${testid}"]`);
    await until(() => expect(shown("accounts.many.list")).not.toBeNull());
    const list = shown("accounts.many.list") as HTMLTextAreaElement;
    list.value = "晋味";
    list.dispatchEvent(new Event("input"));
    await flushPromises();
    page.host.refuse("addAccounts", "account_list_invalid");
    shown("accounts.many.add")?.click();
    await until(() => expect(shown("error")?.dataset.code).toBe("account_list_invalid"));
    expect(list.value).toBe("晋味");
    expect(document.activeElement).toBe(list);
  });

  it("exports what it shows", async () => {
    const page = await open();
    page.host.answer("exportTable", { name: "all.csv", path: "/shop/all.csv" });
    await page.click("accounts.export");
    const csv = () => document.querySelector<HTMLElement>("[data-testid='accounts.export.csv']");
    await until(() => expect(csv()).not.toBeNull());
    csv()?.click();
    await until(() => expect(page.host.calls("exportTable")).toBe(1));
    const table = page.host.sent("exportTable")[0]?.table as ExportTable;
    const accounts = page.host.read("getAccounts").accounts;
    expect(table.rows.map(([name]) => name)).toEqual(accounts.map(({ name }) => name));
    expect(table.rows.map((row) => row[4])).toEqual(accounts.map(({ remaining }) => remaining));
    expect(table.rows.every((row) => row.length === table.columns.length)).toBe(true);
  });
});
