import { readFileSync } from "node:fs";
import { flushPromises } from "@vue/test-utils";
import { describe, expect, it } from "vitest";

import type { AccountId } from "@/ipc/bindings";
import { useNotes } from "@/shared/ui/notes";
import { expectAccessible } from "@/testing/axe";
import { mountWithHost, type MountOptions } from "@/testing/mount";
import { until } from "@/testing/page";
import { expectReachable, expectTranslated } from "@/testing/step";
import { typed } from "@/testing/typed";

import { PARTS } from "./parts";
import SettingsPage from "./SettingsPage.vue";

const { notes, undo, close } = useNotes();
const first = () => notes.value[0]?.id ?? 0;

const open = (tab = "accounts", options: MountOptions = {}) =>
  mountWithHost(SettingsPage, { path: `/settings?tab=${tab}`, scene: "settings", ...options });
type Page = Awaited<ReturnType<typeof open>>;

/** Chooses from a menu as a person does: open, then the entry. */
async function choose(page: Page, menu: string, entry: string) {
  await page.get(menu).trigger("keydown", { key: "Enter" });
  await until(() => expect(document.querySelector(`[data-testid="${menu}.${entry}"]`)).not.toBeNull());
  document.querySelector<HTMLElement>(`[data-testid="${menu}.${entry}"]`)?.click();
  await flushPromises();
}
const type = async (testid: string, value: string) => {
  const field = document.querySelector<HTMLInputElement>(`[data-testid="${testid}"]`);
  if (!field) throw new Error(`no ${testid}`);
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await flushPromises();
};
const submit = async (testid: string) => {
  document.querySelector(`[data-testid="${testid}"]`)?.closest("form")?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  await flushPromises();
};
async function remove(page: Page, id: AccountId) {
  await choose(page, manage(id), "remove");
  document.querySelector<HTMLElement>('[data-testid="settings.remove.do"]')?.click();
  await flushPromises();
}
const ids = (page: Page) => page.host.read("getSettings").accounts.map(({ id }) => id) as [AccountId, AccountId];
const manage = (id: AccountId) => `settings.accounts.manage.${id}`;
const names = (page: Page) => page.get("settings.accounts").findAll("tbody th").map((head) => head.text());

describe("settings: accounts", () => {
  it("say what the keyring holds for each", async () => {
    const page = await open();
    expect(names(page)).toEqual(["晋味小馆", "青禾书店"]);
    expect(page.get("settings.accounts").text()).toContain("登录邮箱和密码、AppSecret");
  });

  it("archive, show what is archived, and take it back", async () => {
    const page = await open();
    const [, second] = ids(page);
    await page.host.leadsTo("settings.archived", "settings.unarchived");
    await choose(page, manage(second), "archive");
    expect(names(page)).toEqual(["晋味小馆"]);
    expect(notes.value[0]?.text).toBe("「青禾书店」已归档");
    await page.click("settings.accounts.which.archived");
    expect(names(page)).toEqual(["青禾书店"]);
    await undo(first());
    await flushPromises();
    expect(page.has("settings.accounts.empty")).toBe(true);
    expect(page.host.sent("archiveAccount")).toEqual([true, false].map((archived) => ({ account: second, archived })));
  });

  it("delete nothing for good as long as it can be taken back", async () => {
    const page = await open();
    const [, second] = ids(page);
    await page.host.leadsTo("settings.removed", "settings.restored");
    await remove(page, second);
    expect(names(page)).toEqual(["晋味小馆"]);
    expect(page.host.calls("finishRemoval")).toBe(0);
    await undo(first());
    await flushPromises();
    expect(names(page)).toEqual(["晋味小馆", "青禾书店"]);
    expect([page.host.sent("removeAccount"), page.host.sent("restoreAccount")]).toEqual([[{ account: second }], [{ account: second }]]);
    expect(page.host.calls("finishRemoval")).toBe(0);
  });

  it("ask before they are deleted, and offer to archive instead", async () => {
    const page = await open();
    const [, second] = ids(page);
    await choose(page, manage(second), "remove");
    const dialog = () => document.querySelector('[data-testid="settings.remove"]');
    await until(() => expect(dialog()?.textContent).toMatch(/删除「青禾书店」？.*找不回来/));
    expect(page.host.calls("removeAccount")).toBe(0);
    await page.host.leadsTo("settings.archived");
    document.querySelector<HTMLElement>('[data-testid="settings.remove.archive"]')?.click();
    await until(() => expect(notes.value[0]?.text).toBe("「青禾书店」已归档"));
    expect([dialog(), page.host.calls("removeAccount")]).toEqual([null, 0]);
  });

  it("destroy what was deleted when the note goes, and say when that failed", async () => {
    const page = await open();
    const [first_, second] = ids(page);
    await page.host.leadsTo("settings.removed");
    await remove(page, second);
    page.host.refuse("finishRemoval", "keyring_locked");
    close(first());
    await until(() => expect(notes.value[0]?.text).toContain("还没清除干净"));
    await page.host.leadsTo("settings.none_left");
    await remove(page, first_);
    close(notes.value.at(-1)?.id ?? 0);
    await flushPromises();
    expect(page.host.sent("finishRemoval")).toEqual([{ account: second }, { account: first_ }]);
    expect(page.has("settings.accounts.empty")).toBe(true);
  });

  it("rename, refuse an empty name at its field, and take it back", async () => {
    const page = await open();
    const [account] = ids(page);
    page.host.refuse("setAccountName", "name_empty");
    await choose(page, manage(account), "rename");
    await type("settings.rename.name", "  ");
    await submit("settings.rename.name");
    expect(document.querySelector("[data-testid='settings.rename'] [role=alert]")).not.toBeNull();
    await type("settings.rename.name", "晋味总店");
    await page.host.leadsTo("settings.renamed", "settings.named_back");
    await submit("settings.rename.name");
    expect(names(page)).toEqual(["晋味总店", "青禾书店"]);
    await undo(first());
    await flushPromises();
    expect(names(page)).toEqual(["晋味小馆", "青禾书店"]);
    expect(page.host.sent("setAccountName").slice(-2)).toEqual(["晋味总店", "晋味小馆"].map((name) => ({ account, name })));
  });

  it("find one of many", async () => {
    const page = await open("accounts", {
      change({ read, answer }) {
        const [one] = read("getSettings").accounts;
        answer("getSettings", { accounts: Array.from({ length: 8 }, (_, shop) => ({ ...one!, id: typed<AccountId>(`branch-${shop}`), name: `分店 ${shop + 1} 号` })) });
      },
    });
    await page.type("settings.accounts.search", "7 号");
    expect(names(page)).toEqual(["分店 7 号"]);
    await page.type("settings.accounts.search", "没有");
    expect(page.has("settings.accounts.empty")).toBe(true);
  });

  it("lead to the wizard for another one", async () => {
    const page = await open();
    await page.click("settings.accounts.add");
    await until(() => expect(page.path()).toBe("/wizard"));
  });
});

describe("settings: price list", () => {
  const rows = (page: Page) => page.get("settings.prices.table").findAll("tbody tr").length;

  it("shows every row with its source and its date, and both dates where sources disagree", async () => {
    const page = await open("prices");
    await until(() => expect(page.has("settings.prices.table")).toBe(true));
    for (const row of page.get("settings.prices.table").findAll("tbody tr")) expect(row.text()).toMatch(/\d{4}-\d\d-\d\d 核对/);
    expect(page.get("settings.prices.table").text()).toContain("推测");
    const standard = page.get("settings.standard.mini_program.quick").text();
    expect(standard).toContain("2023 年 8 月 28 日起收费（按这个算）");
    expect(standard).toContain("另有说法：2023 年 8 月 26 日起收费");
    expect(standard).toContain("2023 年 6 月 26 日核对");
  });

  it("writes a row of one's own, marks it, and goes back", async () => {
    const page = await open("prices");
    await until(() => expect(page.has("settings.prices.table")).toBe(true));
    const before = rows(page);
    const row = page.host.read("getPriceList").rows.find(({ id }) => id === "q-365-1000")!;
    await page.host.leadsTo("prices.own", "prices.reset", "prices.back");
    await choose(page, `settings.prices.change.${row.id}@${row.from}`, "edit");
    page.host.refuse("setPriceRow", "price_invalid", { row: "1", field: "price" });
    await type("settings.price.price", "3o");
    await submit("settings.price.price");
    expect(document.querySelector("[data-testid='settings.price'] [role=alert]")?.textContent).toContain("最多两位小数");
    await type("settings.price.price", "36");
    await submit("settings.price.price");
    await until(() => expect(page.get("settings.prices.state").text()).toContain("有 1 行是你自己改的"));
    const sent = (price: string) => ({ draft: expect.objectContaining({ capability: "quick", calls: 1000, days: 365, price }) as unknown });
    expect(page.host.sent("setPriceRow")).toEqual([sent("3o"), sent("36")]);
    expect(page.get("settings.prices.table").text()).toContain("¥36.00");
    expect(rows(page)).toBe(before);
    await page.click("settings.prices.all");
    expect(rows(page)).toBe(before + 1);
    await page.click("settings.prices.reset");
    expect(page.get("settings.prices.state").text()).toContain("自带的价目");
    await undo(notes.value.at(-1)?.id ?? 0);
    await flushPromises();
    expect(page.get("settings.prices.state").text()).toContain("有 1 行");
  });

  it("imports a file, and says when it cannot be read", async () => {
    const page = await open("prices");
    await until(() => expect(page.has("settings.prices.table")).toBe(true));
    const pick = async (file: File) => {
      const input = page.get("settings.prices.import.input").element as HTMLInputElement;
      Object.defineProperty(input, "files", { value: [file], configurable: true });
      await page.get("settings.prices.import.input").trigger("change");
      await flushPromises();
    };
    page.host.refuse("importPriceList", "file_unreadable", { file: "空.csv" });
    await pick(new File([""], "空.csv"));
    await until(() => expect(page.get("error").attributes("data-code")).toBe("file_unreadable"));
    await page.host.leadsTo("prices.imported");
    await pick(new File(["capability,calls\n"], "价目.csv"));
    await until(() => expect(page.get("settings.prices.table").text()).toContain("¥33.00"));
    expect(page.host.sent("importPriceList").at(-1)).toEqual({ name: "价目.csv", bytes: window.btoa("capability,calls\n") });
    expect(notes.value.at(-1)?.text).toBe("已导入 价目.csv");
  });

  it("asks before a price of nothing is saved, also one typed in full width", async () => {
    const page = await open("prices");
    await until(() => expect(page.has("settings.prices.table")).toBe(true));
    const row = page.host.read("getPriceList").rows.find(({ id }) => id === "q-365-1000")!;
    await page.host.leadsTo("prices.own");
    await choose(page, `settings.prices.change.${row.id}@${row.from}`, "edit");
    await type("settings.price.price", "￥０．００");
    await submit("settings.price.price");
    expect(page.host.calls("setPriceRow")).toBe(0);
    expect(document.querySelector("[data-testid='settings.price.is_free']")?.textContent).toContain("价格填的是 0 元");
    await type("settings.price.price", "36");
    expect(document.querySelector("[data-testid='settings.price.is_free']")).toBeNull();
    await type("settings.price.price", "0");
    await submit("settings.price.price");
    await submit("settings.price.price");
    expect(page.host.sent("setPriceRow").map(({ draft }) => (draft as { price: string }).price)).toEqual(["0"]);
  });

  it("says of a price of nothing that it is one", async () => {
    const page = await open("prices", {
      change: ({ read, answer }) => answer("getPriceList", { rows: read("getPriceList").rows.map((row, n) => (n === 0 ? { ...row, own: true, price: typed("0.00") } : row)) }),
    });
    await until(() => expect(page.has("settings.prices.free")).toBe(true));
    expect(page.get("settings.prices.free").text()).toContain("有 1 个自己改的价格是 0 元");
  });

  it("names the field of an imported row in the table's words, with what it takes, at the button", async () => {
    const page = await open("prices");
    await until(() => expect(page.has("settings.prices.table")).toBe(true));
    const input = page.get("settings.prices.import.input").element as HTMLInputElement;
    Object.defineProperty(input, "files", { value: [new File(["x"], "价目.csv")], configurable: true });
    page.host.refuse("importPriceList", "price_invalid", { row: "2", field: "capability" });
    await page.get("settings.prices.import.input").trigger("change");
    await until(() => expect(page.has("error")).toBe(true));
    expect(page.get("error").text()).toContain("第 2 行填得不对（付费能力）");
    expect(page.get("settings.prices.allowed").text()).toContain("「手机号快速验证」或「手机号实时验证」");
    const order = page.get("settings.prices.import").element.compareDocumentPosition(page.get("error").element);
    expect(order & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
  });

  it("offers the list as a template, in the words that are taken back", async () => {
    const page = await open("prices", { change: ({ answer }) => answer("exportTable", { name: "资源包价目表.csv", path: "/exports/资源包价目表.csv" }) });
    await until(() => expect(page.has("settings.prices.table")).toBe(true));
    await choose(page, "settings.prices.template", "csv");
    const [{ table }] = page.host.sent("exportTable") as [{ table: { columns: { head: string }[]; rows: unknown[][] } }];
    expect(table.columns.map(({ head }) => head)).toEqual(["付费能力", "次数", "有效天数", "价格（元）", "原价（元）", "从哪天起", "来源", "核对日期"]);
    expect(table.rows[0]?.[0]).toBe("手机号快速验证");
  });

  it("keeps the list on screen when it cannot be read again", async () => {
    const page = await open("prices");
    await until(() => expect(page.has("settings.prices.table")).toBe(true));
    page.host.refuse("getPriceList", "disk_failed");
    page.host.emit({ account: null, tags: ["price_list"] });
    await flushPromises();
    expect(page.get("error").attributes("data-code")).toBe("disk_failed");
    expect(page.has("settings.prices.table")).toBe(true);
  });
});

describe("settings: look, network, about", () => {
  it("sets language and theme", async () => {
    const page = await open("general");
    await page.click("settings.theme.dark");
    expect(page.host.sent("setTheme")).toEqual([{ theme: "dark" }]);
    await page.click("settings.language.en");
    await until(() => expect(page.get("settings.appearance").text()).toContain("Appearance and language"));
    expect(page.host.sent("setLanguage")).toEqual([{ language: "en" }]);
  });

  it("sets a proxy, refuses an invalid one, and goes back", async () => {
    const page = await open("general");
    await page.click("settings.proxy.address");
    await page.type("settings.proxy.address_field", "http://shop:secret@proxy:80");
    page.host.refuse("setProxy", "proxy_invalid");
    await submit("settings.proxy.address_field");
    expect(page.get("error").attributes("data-code")).toBe("proxy_invalid");
    expect(document.activeElement).toBe(page.get("settings.proxy.address_field").element);
    expect(page.text()).not.toContain("TEST-0001");
    // As networks are mostly written down.
    page.host.refuse("setProxy", "proxy_invalid");
    await page.type("settings.proxy.address_field", " 192.168.1.2：8080 ");
    await submit("settings.proxy.address_field");
    expect(page.host.sent("setProxy").at(-1)).toEqual({ choice: { kind: "address", address: "http://192.168.1.2:8080" } });
    await page.host.leadsTo("settings.proxy", "settings.no_proxy");
    await page.type("settings.proxy.address_field", "http://proxy.shop:8080");
    await submit("settings.proxy.address_field");
    expect(page.has("error")).toBe(false);
    expect(page.host.sent("setProxy").at(-1)).toEqual({ choice: { kind: "address", address: "http://proxy.shop:8080" } });
    await undo(first());
    expect(page.host.sent("setProxy").at(-1)).toEqual({ choice: { kind: "system" } });
  });

  it("chooses what closing the window does, and starting at log-in", async () => {
    const page = await open("general");
    await until(() => expect(page.has("settings.background")).toBe(true));
    expect(page.get("settings.background").text()).toContain("还没选过");
    page.host.answer("setClosing", { tray: true, closing: "quit", at_log_in: false });
    await page.click("settings.closing.quit");
    expect(page.host.sent("setClosing")).toEqual([{ closing: "quit" }]);
    await until(() => expect(page.get("settings.background").text()).not.toContain("还没选过"));
    page.host.refuse("setAtLogIn", "autostart_failed");
    await page.get("settings.at_log_in").setValue(true);
    await until(() => expect(page.get("settings.background").text()).toContain("系统没有记下"));
    await until(() => expect((page.get("settings.at_log_in").element as HTMLInputElement).checked).toBe(false));
  });

  it("says why closing quits where there is no tray", async () => {
    const page = await open("general", { change: (host) => host.answer("getBackground", { tray: false, closing: null, at_log_in: null }) });
    await until(() => expect(page.has("settings.background.no_tray")).toBe(true));
    expect(page.has("settings.closing.quit")).toBe(false);
    expect(page.has("settings.at_log_in")).toBe(false);
  });

  it("sets how often usage is read, and reads nothing by itself when that is chosen", async () => {
    const page = await open("general");
    expect((page.get("settings.watch.interval").element as HTMLSelectElement).value).toBe("3");
    page.host.answer("setReadEvery", { ...page.host.read("getSettings"), read_every: null });
    await page.get("settings.watch.interval").setValue("never");
    await flushPromises();
    expect(page.host.sent("setReadEvery")).toEqual([{ hours: null }]);
    await until(() => expect((page.get("settings.watch.interval").element as HTMLSelectElement).value).toBe("never"));
    await page.get("settings.watch.interval").setValue("6");
    await flushPromises();
    expect(page.host.sent("setReadEvery").at(-1)).toEqual({ hours: 6 });
  });

  it("sets the days of cover and the quiet hours, over midnight too", async () => {
    const page = await open("general");
    const now = page.host.read("getSettings");
    expect(page.has("settings.watch.from")).toBe(false);
    page.host.answer("setAlerting", { ...now, quiet_hours: { from: 22, to: 8 } });
    await page.get("settings.watch.quiet").setValue(true);
    expect(page.host.sent("setAlerting")).toEqual([{ warnDays: 14, quietFrom: 22, quietTo: 8 }]);
    await until(() => expect(page.has("settings.watch.from")).toBe(true));
    await page.get("settings.watch.from").setValue("23");
    await flushPromises();
    expect(page.host.sent("setAlerting").at(-1)).toEqual({ warnDays: 14, quietFrom: 23, quietTo: 8 });
    await page.get("settings.watch.cover").setValue("7");
    await flushPromises();
    expect(page.host.sent("setAlerting").at(-1)).toEqual({ warnDays: 7, quietFrom: 22, quietTo: 8 });
    page.host.refuse("setAlerting", "disk_full");
    await page.get("settings.watch.quiet").setValue(false);
    await until(() => expect(page.get("error").attributes("data-code")).toBe("disk_full"));
    expect((page.get("settings.watch.quiet").element as HTMLInputElement).checked).toBe(true);
  });

  it("says what it is, where things are and what is never sent", async () => {
    const page = await open("about");
    expect(page.get("settings.about.version").text()).toBe("0.1.0");
    expect(page.get("settings.about.home").text()).toContain("merchant-companion");
    expect(page.get("settings.about.never").text()).toContain("手机号不保存");
  });

  it("names every library of the window with its licence", () => {
    const { dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as { dependencies: Record<string, string> };
    const named = new Map(PARTS.map((part) => [part.name, part.licence]));
    // What speaks to the shell is a part of Tauri, which is named as a whole.
    for (const name of Object.keys(dependencies).filter((name) => !name.includes("tauri"))) {
      const { license } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")) as { license: string };
      const words = license.split(/ OR | AND /).sort().join(" / ");
      expect([name, named.get(name)]).toEqual([name, words]);
    }
  });
});

describe("settings", () => {
  const tabs = ["accounts", "prices", "general", "backups", "privacy", "about"];
  const looks = tabs.flatMap((tab) => (["zh", "en"] as const).map((language) => [tab, language] as const));
  it.each(looks)("is accessible, reachable and complete: %s in %s", async (tab, language) => {
    const page = await open(tab, { language });
    const card = tab === "backups" ? "backups.list" : `settings.${tab === "general" ? "proxy" : tab}`;
    await until(() => expect(page.element.querySelector(`[data-testid^="${card}"]`)).not.toBeNull());
    await expectAccessible(page.element);
    expectTranslated(page.element);
    expectReachable(page.element);
  });

  it("explains when it cannot be read", async () => {
    const page = await open();
    page.host.refuse("getSettings", "disk_failed");
    page.host.emit({ account: null, tags: ["app"] });
    await flushPromises();
    expect(page.get("error").attributes("data-code")).toBe("disk_failed");
    await page.click("error.act");
    expect(page.has("error")).toBe(false);
  });
});
