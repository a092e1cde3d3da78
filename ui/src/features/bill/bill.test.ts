import { flushPromises } from "@vue/test-utils";
import { describe, expect, it } from "vitest";

import type { BillView, ExportTable } from "@/ipc/bindings";
import { expectAccessible } from "@/testing/axe";
import { mountWithHost, type Mounted, type MountOptions } from "@/testing/mount";
import { until } from "@/testing/page";
import { expectReachable, expectTranslated } from "@/testing/step";

import BillPage from "./BillPage.vue";

async function open(scene = "bill.explained", options: MountOptions = {}) {
  const page = await mountWithHost(BillPage, { path: "/bill", scene, ...options });
  await flushPromises();
  return page;
}

/** Hands a file over as the system's dialog would. */
async function pick(page: Mounted, content = "时间\n2026-11-20 10:32", name = "会员.csv") {
  const input = page.get("bill.file.input");
  Object.defineProperty(input.element, "files", { value: [new File([content], name)], configurable: true });
  const before = page.host.calls("readBillFile");
  await input.trigger("change");
  await until(() => expect(page.host.calls("readBillFile")).toBe(before + 1));
  await flushPromises();
}

/** Fetched from the platform, or from a file where that is what was recorded. */
async function fetched(scene?: string, options?: MountOptions) {
  const page = await open(scene, options);
  if (page.host.read("compareBillPlatform")) await page.click("bill.fetch");
  else {
    await pick(page);
    await page.click("bill.compare");
  }
  return page;
}
const kind = (page: Mounted) => page.get("bill.answer").attributes("data-kind");
const answer = (page: Mounted) => page.get("bill.answer.title").text();
const rowCount = (page: Mounted) => page.get("bill.days.table").findAll("tbody [data-row]").length;

/** The same where the records may have only a part of a day. */
const opened = (bill: BillView): BillView => ({
  ...bill,
  verdict: "open",
  open: bill.missing,
  missing: 0,
  days: bill.days.map((day) => ({ ...day, open: day.missing, missing: 0 })),
});

describe("check the bill", () => {
  it("begins with where records can come from and what is usual", async () => {
    const page = await open();
    expect(page.has("bill.fetch")).toBe(true);
    expect(page.get("bill.records").text()).toContain("不保存");
    expect(page.get("bill.why").text()).toContain("点了允许，但没取到号码");
    expect(page.has("bill.answer")).toBe(false);
  });

  it("offers no platform that is not connected", async () => {
    const page = await open("usage.days");
    expect(page.has("bill.fetch")).toBe(false);
    expect(page.has("bill.file")).toBe(true);
  });

  it("answers first: how much too much, and how much of it has a reason", async () => {
    const reasons = await fetched();
    expect(reasons.get("bill.reason.again").attributes("data-value")).toBe("3");
    const page = await fetched("bill.missing");
    expect(kind(page)).toBe("missing");
    expect(answer(page)).toBe("有 2 次扣减，记录里找不到");
    const counts = ["charged", "members", "explained", "missing"].map((name) => Number(page.get(`bill.${name}`).text()));
    expect(counts).toEqual([45, 43, 0, 2]);
    expect(document.activeElement).toBe(page.get("bill.answer.title").element);
    const sections = page.get("bill").findAll("section").map((section) => section.attributes("data-testid"));
    expect(sections).toEqual(["bill.answer", "bill.days", "bill.ticket"]);
  });

  it.each([
    ["explained", "比新会员多扣了 5 次，都有原因"],
    ["missing", "有 2 次扣减，记录里找不到"],
    ["uncharged", "没有多扣，还有 2 次领卡没扣费"],
    ["agrees", "都对上了，微信没有多扣"],
  ])("has an answer of its own when the bill is %s", async (wanted, title) => {
    const page = await fetched(`bill.${wanted}`);
    expect([kind(page), answer(page)]).toEqual([wanted, title]);
    expect(page.has("bill.ticket")).toBe(wanted === "missing");
  });

  it.each([
    ["too_many", "可能不是这个小程序的"],
    ["too_few", "可能不全"],
    ["no_common_day", "微信的数还没有"],
  ] as const)("accuses nobody when the file cannot be compared: %s", async (verdict, title) => {
    const page = await fetched(`bill.${verdict}`);
    expect(answer(page)).toContain(title);
    expect(page.has("bill.ticket")).toBe(false);
    expect(page.has("bill.missing")).toBe(false);
    expect(page.has("bill.reason.again")).toBe(false);
  });

  it("sets apart what an incomplete file leaves open, and writes no ticket for it", async () => {
    const page = await fetched("bill.missing", { change: ({ read, answer }) => answer("compareBillFile", opened(read("compareBillFile"))) });
    expect(answer(page)).toBe("有 2 次先对不上，记录可能没记全");
    const counts = ["charged", "members", "explained", "open", "missing"].map((name) => Number(page.get(`bill.${name}`).text()));
    expect(counts).toEqual([45, 43, 0, 2, 0]);
    expect(page.has("bill.ticket")).toBe(false);
  });

  it("says which days a file covers, and that rows found twice count once", async () => {
    const page = await open("bill.twice");
    await pick(page);
    await page.click("bill.compare");
    expect(page.get("bill.covers").text()).toMatch(/^只对文件里有的日子：记录从 .+到 .+/);
    expect(page.get("bill.remarks").text()).toContain("有 15 行和别的行完全相同，只算一次");
  });

  it("shows the days that differ, and all of them on request", async () => {
    const page = await fetched();
    const { days } = page.host.read("compareBillPlatform");
    expect(rowCount(page)).toBe(days.filter((day) => day.reasons.length > 0).length);
    expect(rowCount(page)).toBeLessThan(days.length);
    await page.click("bill.days.shown.all");
    expect(rowCount(page)).toBe(days.length);
  });

  it("opens a day: reasons with their times, and the readings around it", async () => {
    const page = await fetched();
    const day = page.get("bill.days.table").find("tbody [data-row]").attributes("data-row") ?? "";
    await page.click(`bill.days.open.${day}`);
    const dialog = document.querySelector<HTMLElement>('[data-testid="bill.day"]');
    expect(dialog?.textContent).toContain("老会员又授权了一次 · 1 次");
    expect(dialog?.textContent).toContain(`${day} 10:`);
    expect(dialog?.textContent).toContain("读到累计");
    dialog?.querySelector("button")?.click();
    await flushPromises();
    expect(document.querySelector('[data-testid="bill.day"]')).toBeNull();
  });

  it("shows what a file holds before anything is compared, and compares by the chosen columns", async () => {
    const page = await open("bill.missing");
    await pick(page);
    expect(page.host.sent("readBillFile")).toEqual([{ account: page.account, name: "会员.csv", bytes: expect.any(String) as unknown }]);
    expect(page.get("bill.columns").text()).toContain("按标题和内容猜的");
    expect(page.get("bill.sample").text()).toMatch(/138\*{4}\d{4}/);
    expect((page.get("bill.columns.time").element as HTMLSelectElement).value).toBe("2");
    await page.get("bill.columns.version").setValue("none");
    await page.get("bill.columns.zone").setValue("utc");
    await page.click("bill.compare");
    const columns = { time: 2, who: 1, way: null, version: null, outcome: 3, zone: "utc" };
    expect(page.host.sent("compareBillFile")).toEqual([{ account: page.account, columns }]);
    expect(page.get("bill.answer").text()).toContain("会员.csv");
    await page.click("bill.again");
    expect(page.has("bill.answer")).toBe(false);
    page.host.answer("readBillFile", { remembered: true });
    await pick(page);
    expect(page.get("bill.columns").text()).toContain("照你上次选的");
  });

  it("says that it is at work, and asks once", async () => {
    const page = await open();
    const release = page.host.hold("compareBillPlatform");
    await page.click("bill.fetch");
    expect(page.get("bill.fetch").attributes("aria-busy")).toBe("true");
    await page.click("bill.fetch");
    release();
    await flushPromises();
    expect(page.host.calls("compareBillPlatform")).toBe(1);
    expect(page.has("bill.answer")).toBe(true);
  });

  it("refuses a file that is not a table, and a choice without a time, and goes on", async () => {
    const page = await open("bill.missing");
    page.host.refuse("readBillFile", "file_unreadable", { file: "会员.csv", name: "会员.csv" });
    await pick(page, "");
    expect(page.text()).toContain("读不了这个文件：会员.csv");
    expect(page.has("bill.columns")).toBe(false);
    await pick(page);
    await page.get("bill.columns.time").setValue("none");
    page.host.refuse("compareBillFile", "bill_time_missing");
    await page.click("bill.compare");
    expect(page.text()).toContain("没有找到能读的登记时间");
    expect(page.has("bill.columns")).toBe(true);
  });

  it("says so when the platform cannot be reached", async () => {
    const page = await open();
    page.host.refuse("compareBillPlatform", "unreachable", { host: "card.example.com" });
    await page.click("bill.fetch");
    expect(page.text()).toContain("card.example.com");
    expect(page.has("bill.answer")).toBe(false);
  });

  it("has nothing to compare with before a whole day was read", async () => {
    const page = await open("shop");
    expect(page.has("bill.records")).toBe(false);
    await page.click("bill.to_usage");
    await until(() => expect(page.path()).toBe("/usage"));
  });

  it("says how old the figures are, and what was left out", async () => {
    const page = await fetched("bill.stale", { change: ({ answer }) => answer("compareBillPlatform", { left_out: 3 }) });
    expect(page.get("bill.stale").text()).toContain("微信的用量只读到");
    expect(page.get("bill.remarks").text()).toContain("有 3 行的时间认不出来");
  });

  it("forgets a comparison when another mini-program is shown", async () => {
    const page = await fetched("bill.first_of_two");
    expect(page.has("bill.answer")).toBe(true);
    await page.host.becomes("bill.second_of_two", { account: null, tags: ["app"] });
    await until(() => expect(page.has("bill.answer")).toBe(false));
  });

  it("saves the ticket with days, counts and times, and without anybody's number", async () => {
    const page = await fetched("bill.missing");
    page.host.answer("exportText", { name: "扣费核对说明.txt", path: "/exports/扣费核对说明.txt" });
    await page.click("bill.ticket.save");
    expect(page.get("bill.ticket.saved").text()).toContain("扣费核对说明");
    const text = `${page.host.sent("exportText")[0]?.text as string}`;
    expect(text).toBe((page.get("bill.ticket.text").element as HTMLTextAreaElement).value);
    expect(text).toContain("wxfacade0000000001");
    expect(text).toContain("有 2 次扣减在我们的记录里找不到");
    expect(text.match(/^· \d{4}-\d\d-\d\d：扣减/gm)).toHaveLength(2);
    expect(text.match(/累计数：\d{4}-\d\d-\d\d \d\d:\d\d 为/g)).toHaveLength(2);
    expect(text).not.toMatch(/1\d{10}|\d{3}\*{4}\d{4}/);
  });

  it("copies the ticket, and says so", async () => {
    const page = await fetched("bill.missing");
    expect(page.get("bill.ticket.copied").text()).toBe("");
    await page.click("bill.ticket.copy");
    expect(page.get("bill.ticket.copied").text()).toBe("已复制，可以粘贴了");
    expect(page.host.sent("copyText")).toEqual([{ text: (page.get("bill.ticket.text").element as HTMLTextAreaElement).value }]);
    page.host.refuse("copyText", "clipboard_failed");
    await page.click("bill.ticket.copy");
    expect(page.get("bill.ticket.copied").text()).toBe("");
    expect(page.get("error").attributes("data-code")).toBe("clipboard_failed");
  });

  it("says so when the ticket cannot be written", async () => {
    const page = await fetched("bill.missing");
    page.host.refuse("exportText", "disk_full");
    await page.click("bill.ticket.save");
    expect(page.get("bill.ticket").text()).toContain("磁盘满了");
  });

  it("exports every day with its reasons in columns of their own", async () => {
    const page = await fetched();
    page.host.answer("exportTable", { name: "扣费核对.xlsx", path: "/exports/扣费核对.xlsx" });
    await page.get("bill.export").trigger("keydown", { key: "Enter" });
    await flushPromises();
    document.querySelector('[data-testid="bill.export.xlsx"]')?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    await until(() => expect(page.host.sent("exportTable")).toHaveLength(1));
    const table = page.host.sent("exportTable")[0]?.table as ExportTable;
    expect(table.columns).toHaveLength(12);
    expect(table.rows).toHaveLength(page.host.read("compareBillPlatform").days.length);
    const sums = table.columns.map((_, place) => table.rows.reduce((sum, row) => sum + Number(place > 1 ? row[place] : 0), 0));
    expect(sums.slice(5)).toEqual([3, 0, 2, 0, 0, 0, 0]);
  });

  it.each(["zh", "en"] as const)("is accessible and speaks %s in every state", async (language) => {
    const page = await open("bill.missing", { language });
    const check = async () => {
      expectTranslated(page.element);
      expectReachable(page.element);
      await expectAccessible(page.element);
    };
    await check();
    await pick(page);
    await check();
    await page.click("bill.compare");
    await check();
  });
});
